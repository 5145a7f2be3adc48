"""AnswerView: foreign text shown inert. Blocks are built one by one; nothing in it is a link, a picture or an action."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextLength, QTextTableFormat
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget
from typing_extensions import override

from viewer.answer.markdown import Block, BlockKind, Run, blocks_of
from viewer.gui.look.theme import Appearance

LINE_PERCENT = 150.0  # 14 px text on 21 px lines
FORMATTED_UP_TO = 15_000  # characters; a longer answer stays as it streamed, so that no step takes over 50 ms
MOST_PARTS = 800  # runs of one style, a cell of a table for four: Qt takes as long for each, however short it is
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
        self._formats: dict[tuple[bool, bool], QTextCharFormat] = {}  # of one portion: a font takes as long as a line
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
        self._is_finished = False
        Appearance.now().changed.connect(self._dress)

    def _dress(self) -> None:
        """In other letters and colours."""
        text, finished = self._given, self._is_finished
        self._start_anew()
        if finished:
            self.finish(text)
        else:
            self.grow(text)

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
        """Show the whole text with its headings, lists and bold words. What was chosen in it stays chosen."""
        blocks = blocks_of(text) if len(text) <= FORMATTED_UP_TO else None
        if blocks is None or sum(map(_parts, blocks)) > MOST_PARTS:
            self.grow(text)
            return
        chosen = self.textCursor()
        first, last = self._letters_before(chosen.selectionStart()), self._letters_before(chosen.selectionEnd())
        self._start_anew()
        self._given, self._done, self._is_finished = text, len(text), True
        self._formats.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # laid out once, not with each run
        for block in blocks:
            self._insert(cursor, block)
        cursor.endEditBlock()
        if first < last:
            self._choose(first, last)

    # A place in the text is told by the letters and figures before it: they are the same as it streamed and with its
    # headings, lists and bold words, where signs and empty lines are gone.
    def letters_above(self, height: int) -> int:
        """How many letters and figures stand before the line at this height, in pixels from the top."""
        return self._letters_before(self.cursorForPosition(QPoint(0, height)).position())

    def height_of(self, letters: int) -> int:
        """Where the line stands, in pixels from the top, that has as many letters and figures before it."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._at_letter(letters))
        return self.cursorRect(cursor).top()

    def _letters_before(self, position: int) -> int:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        return sum(map(str.isalnum, cursor.selectedText()))

    def _behind(self, letters: int) -> int:
        """The position behind that many letters and figures; the end where there are fewer."""
        position, seen = 0, 0
        for letter in self.toPlainText():
            if seen == letters:
                break
            seen += letter.isalnum()
            position += 2 if letter > "\uffff" else 1  # Qt counts in halves
        return position

    def _at_letter(self, before: int) -> int:
        """The position of the letter or figure that has as many before it."""
        return max(0, self._behind(before + 1) - 1)

    def _choose(self, first: int, last: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._at_letter(first))
        cursor.setPosition(self._behind(last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _start_anew(self) -> None:
        self._more.stop()
        self.clear()
        self._given, self._done, self._line, self._is_finished = "", 0, 0, False

    def _append_portion(self) -> None:
        """A burst is laid out in portions between which the window breathes."""
        portion = self._given[self._done : self._done + PORTION]
        if not portion:
            return
        self._formats.clear()
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

    def _insert(self, cursor: QTextCursor, block: Block) -> None:
        paragraph = self._paragraph()
        if block.kind is BlockKind.ITEM:
            paragraph.setLeftMargin(16 * (block.level + 1))
            paragraph.setTextIndent(-14)
            paragraph.setBottomMargin(4)
        if block.kind is BlockKind.TABLE:
            self._insert_table(cursor, block)
            return
        if cursor.block().length() == 1:  # empty: the first one, or the one that follows each table
            cursor.setBlockFormat(paragraph)
        else:
            cursor.insertBlock(paragraph)
        if block.marker:
            cursor.insertText(f"{block.marker} ", self._format())
        strong, fixed = block.kind is BlockKind.HEADING, block.kind is BlockKind.CODE
        self._insert_runs(cursor, block.runs, strong=strong, fixed=fixed)

    def _insert_runs(self, cursor: QTextCursor, runs: Sequence[Run], *, strong: bool, fixed: bool = False) -> None:
        for run in runs:
            text = run.text.replace("\n", "\u2028") if fixed else run.text  # lines of code stand close together
            cursor.insertText(text, self._format(bold=run.bold or strong, fixed=run.code or fixed))

    def _insert_table(self, cursor: QTextCursor, block: Block) -> None:
        """As wide as the panel, words wrapped in the cells, the head bold."""
        if cursor.block().length() == 1:
            cursor.setBlockFormat(_thin())
        shape = QTextTableFormat()
        shape.setHeaderRowCount(1)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setCellPadding(4)
        shape.setCellSpacing(0)
        shape.setBorder(1)
        shape.setBorderCollapse(True)
        shape.setBorderBrush(QColor(Appearance.now().tokens.control))
        shape.setBottomMargin(8)
        table = cursor.insertTable(len(block.rows), len(block.rows[0]), shape)
        for row, cells in enumerate(block.rows):
            for column, runs in enumerate(cells):
                self._insert_runs(table.cellAt(row, column).firstCursorPosition(), runs, strong=row == 0)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setBlockFormat(_thin())

    def _paragraph(self) -> QTextBlockFormat:
        paragraph = QTextBlockFormat()
        paragraph.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        paragraph.setBottomMargin(8)
        return paragraph

    def _format(self, *, bold: bool = False, fixed: bool = False) -> QTextCharFormat:
        known = self._formats.get((bold, fixed))
        if known is None:
            known = self._formats[bold, fixed] = self._made_format(bold=bold, fixed=fixed)
        return known

    def _made_format(self, *, bold: bool, fixed: bool) -> QTextCharFormat:
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


def _parts(block: Block) -> int:
    """How much there is to lay out in a block."""
    return 1 + len(block.runs) + sum(3 + len(cell) for row in block.rows for cell in row)


def _thin() -> QTextBlockFormat:
    """For the empty paragraphs that Qt keeps before and behind a table."""
    paragraph = QTextBlockFormat()
    paragraph.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return paragraph
