"""AnswerView: foreign text shown inert. Blocks are built one by one; nothing in it is a link, a picture or an action."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget
from typing_extensions import override

from viewer.answer.markdown import Block, BlockKind, blocks_of
from viewer.gui.theme import Appearance

LINE_PERCENT = 150.0  # 14 px text on 21 px lines
FORMATTED_UP_TO = 15_000  # characters; a longer answer stays as it streamed, so that no step takes over 50 ms
PORTION, PORTION_MS = 2_000, 4  # characters laid out at a time, and the pause between
LONGEST_LINE = 2_000  # a paragraph is laid out whole with each word that comes: it must not grow for ever


class AnswerView(QTextBrowser):
    """Grows with its text; the panel around it scrolls. `loads` counts tries to load anything (always refused)."""

    def __init__(self, pixels: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loads = 0
        self._pixels = pixels
        self._given = ""
        self._done = 0  # characters of it on screen
        self._line = 0  # characters of the last line
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(PORTION_MS)
        self._more.timeout.connect(self._append_portion)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("background: transparent")
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.setFixedHeight(0)

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.loads += 1
        return ""

    @property
    def shown(self) -> str:
        """The text given, on screen within a few portions."""
        return self._given

    def grow(self, text: str) -> None:
        """Show more of a streaming text: what is new is appended, nothing is laid out anew."""
        if not text.startswith(self._given):
            self._start_anew()
        self._given = text
        self._append_portion()

    def finish(self, text: str) -> None:
        """Show the whole text with its headings, lists and bold words."""
        if len(text) > FORMATTED_UP_TO:
            self.grow(text)
            return
        self._start_anew()
        self._given, self._done = text, len(text)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # laid out once, not with each run
        for number, block in enumerate(blocks_of(text)):
            self._insert(cursor, block, first=number == 0)
        cursor.endEditBlock()

    def _start_anew(self) -> None:
        self._more.stop()
        self.clear()
        self._given, self._done, self._line = "", 0, 0

    def _append_portion(self) -> None:
        """A burst is laid out in portions between which the window breathes."""
        portion = self._given[self._done : self._done + PORTION]
        if not portion:
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self._done:
            cursor.setBlockFormat(self._paragraph())
        for line in portion.splitlines(keepends=True):
            if self._line > LONGEST_LINE:
                cursor.insertBlock()
                self._line = 0
            cursor.insertText(line, self._format())
            self._line = 0 if line.endswith("\n") else self._line + len(line)
        cursor.endEditBlock()
        self._done += len(portion)
        if self._done < len(self._given):
            self._more.start()

    def _insert(self, cursor: QTextCursor, block: Block, *, first: bool) -> None:
        paragraph = self._paragraph()
        if block.kind is BlockKind.ITEM:
            paragraph.setLeftMargin(16 * (block.level + 1))
            paragraph.setTextIndent(-14)
            paragraph.setBottomMargin(4)
        if first:
            cursor.setBlockFormat(paragraph)
        else:
            cursor.insertBlock(paragraph)
        if block.marker:
            cursor.insertText(f"{block.marker} ", self._format())
        for run in block.runs:
            bold = run.bold or block.kind is BlockKind.HEADING
            cursor.insertText(run.text, self._format(bold=bold, fixed=run.code or block.kind is BlockKind.CODE))

    def _paragraph(self) -> QTextBlockFormat:
        paragraph = QTextBlockFormat()
        paragraph.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        paragraph.setBottomMargin(8)
        return paragraph

    def _format(self, *, bold: bool = False, fixed: bool = False) -> QTextCharFormat:
        form = QTextCharFormat()
        font = Appearance.now().font(self._pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        if fixed:
            font.setStyleHint(QFont.StyleHint.Monospace)
            font.setFamily("monospace")
        form.setFont(font)
        return form

    def _fit(self) -> None:
        height = int(self.document().size().height()) + 2 if self._given else 0
        if height != self.height():
            self.setFixedHeight(height)
