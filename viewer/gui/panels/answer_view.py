"""AnswerView: foreign text shown inert. Blocks are built one by one; nothing in it is a link, a picture or an action."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget
from typing_extensions import override

from viewer.answer.markdown import Block, BlockKind, blocks_of
from viewer.gui.theme import Appearance

LINE_PERCENT = 150.0  # 14 px text on 21 px lines
FORMATTED_UP_TO = 20_000  # characters; a longer answer stays as it streamed, so that no step takes over 50 ms


class AnswerView(QTextBrowser):
    """Grows with its text; the panel around it scrolls. `loads` counts tries to load anything (always refused)."""

    def __init__(self, pixels: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loads = 0
        self._pixels = pixels
        self._shown = ""
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
        """The text on screen, as given."""
        return self._shown

    def grow(self, text: str) -> None:
        """Show more of a streaming text: what is new is appended, nothing is laid out anew."""
        if text.startswith(self._shown):
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if not self._shown:
                cursor.setBlockFormat(self._paragraph())
            cursor.insertText(text[len(self._shown) :], self._format())
        else:
            self.clear()
            self._shown = ""
            self.grow(text)
        self._shown = text

    def finish(self, text: str) -> None:
        """Show the whole text with its headings, lists and bold words."""
        if len(text) > FORMATTED_UP_TO:
            self.grow(text)
            return
        self.clear()
        cursor = QTextCursor(self.document())
        for number, block in enumerate(blocks_of(text)):
            self._insert(cursor, block, first=number == 0)
        self._shown = text

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
        height = int(self.document().size().height()) + 2 if self._shown or not self.document().isEmpty() else 0
        if height != self.height():
            self.setFixedHeight(height)
