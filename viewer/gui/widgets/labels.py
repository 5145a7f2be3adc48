"""Words on screen: in as many lines as they need, or cut with a tip that has the whole; icons among them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from viewer.gui.look.icons import drawn
from viewer.gui.look.theme import Appearance, tokens
from viewer.gui.widgets.plain_text import as_tip, show_text

NARROWEST_WORDS = 60
BETWEEN = " · "  # parts of a line


def in_lines(words: str, metrics: QFontMetrics, room: int) -> str:
    """Broken where a line would be wider than `room` pixels: between words, and within what has no spaces."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines += _pieces(word, metrics, room)
    return "\n".join(lines)


def _pieces(word: str, metrics: QFontMetrics, room: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and metrics.horizontalAdvance(pieces[-1] + letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


class Words(QLabel):
    """Text of a kind: title, section, strong, lead, second, caption, label, group or "" for the base. Wraps unless told."""

    def __init__(self, text: str = "", kind: str = "", wraps: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if kind:
            self.setProperty("words", kind)
        self.setWordWrap(wraps)
        self._heights: dict[int, int] = {}
        self.set_words(text)

    def set_words(self, text: str) -> None:
        """Show `text`, made plain."""
        self._heights.clear()
        show_text(self, text)

    @override
    def heightForWidth(self, width: int) -> int:
        """Kept: Qt breaks the lines of all words of a page again with every row that the page gets."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = super().heightForWidth(width)
        return height

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._heights = {}  # other letters, or another edge; also while it is being made


class Elided(QLabel):
    """One line. Where it does not fit, nor its short form, it ends in an ellipsis; the tooltip holds all of it."""

    def __init__(
        self, text: str = "", kind: str = "", parent: QWidget | None = None, *, most: int = 0, in_parts: bool = False
    ) -> None:
        """most: pixels of width it asks for where its words need them; 0: it takes what is left. in_parts: the last of
        its parts go before any word is cut."""
        super().__init__(parent)
        if kind:
            self.setProperty("words", kind)
        self._whole = self._short = ""
        self._most, self._in_parts = most, in_parts
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Maximum if most else policy.Ignored, policy.Fixed)
        self.set_words(text)

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        wide = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(min(wide, self._most), hint.height()) if self._most else hint

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(self.sizeHint().width(), NARROWEST_WORDS), hint.height()) if self._most else hint

    def set_words(self, text: str, short: str = "") -> None:
        """Show `text`, made plain; where it does not fit, `short` where there is one."""
        self._whole, self._short = text, short
        self._fit()

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), max(self.width(), 20)
        words = self._short if self._short and metrics.horizontalAdvance(self._whole) > room else self._whole
        parts = words.split(BETWEEN) if self._in_parts else [words]
        while len(parts) > 1 and metrics.horizontalAdvance(BETWEEN.join(parts)) > room:
            parts.pop()  # a whole part less says more than a part that is cut
        fitted = metrics.elidedText(BETWEEN.join(parts), Qt.TextElideMode.ElideRight, room)
        show_text(self, fitted)
        self.setToolTip(as_tip(self._whole) if fitted != self._whole else "")
        self.setAccessibleName(self._whole)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Glyph(QLabel):
    """An icon that stands in text; follows the theme."""

    def __init__(self, name: str, tint: str = "text2", pixels: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint, self._usual = name, tint, pixels
        self._fit()
        Appearance.now().changed.connect(self._fit)

    def _fit(self) -> None:
        """As large as the letters it stands beside."""
        self._pixels = Appearance.now().pixels(self._usual)
        self.setFixedSize(self._pixels, self._pixels)
        self.update()

    def set_glyph(self, name: str, token: str) -> None:
        """Another icon."""
        self._name, self._tint = name, token
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = str(getattr(tokens(), self._tint))
        painter.drawPixmap(0, 0, drawn(self._name, self._pixels, colour, self.devicePixelRatioF()))
