"""The foot of a panel: it stays in place while the rest scrolls. Where text is large and the window low, what need not
stay gives way to the end of what scrolls: nothing is squeezed, and the rest keeps room to be read in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

MOST = 0.55  # of the panel's height


class Foot:
    """`layout` is the foot, filled with `widgets`; those of them that are in `giving_way` go to the end of `scrolled`, one
    after the other until the rest is low enough: the first of them first."""

    # The widgets are handed in: asked for by `layout.itemAt`, PySide would keep the items as long as the layout, and not
    # hear of it when Qt deletes them as a widget moves. What comes to lie in their place (an icon) crashes as it goes.
    def __init__(
        self, layout: QVBoxLayout, widgets: tuple[QWidget, ...], scrolled: QVBoxLayout, giving_way: tuple[QWidget, ...]
    ) -> None:
        self._layout, self._widgets, self._scrolled = layout, widgets, scrolled
        self._giving_way = giving_way
        self._gone: tuple[QWidget, ...] = ()

    @property
    def is_low(self) -> bool:
        """Whether anything gave way."""
        return bool(self._gone)

    def place(self, width: int, height: int) -> None:
        """In a panel of this size, in pixels."""
        counts = range(len(self._giving_way) + 1)
        gone = next(
            (gone for count in counts if self.height_without(gone := self._giving_way[:count], width) <= MOST * height),
            self._giving_way,
        )
        if gone != self._gone:
            self._gone = gone
            self._move()

    def height_without(self, gone: tuple[QWidget, ...], width: int) -> int:
        """Pixels that the foot takes in a panel of this width without these."""
        margins = self._layout.contentsMargins()
        room = width - margins.left() - margins.right()
        shown = [one for one in self._widgets if not one.isHidden() and one not in gone]
        return margins.top() + margins.bottom() + sum(height_of(one, room) + self._layout.spacing() for one in shown)

    def _move(self) -> None:
        at = 0
        for widget in self._widgets:
            if widget in self._gone:
                move(widget, self._scrolled)
            else:
                if widget in self._giving_way:
                    move(widget, self._layout, at)
                at += 1


def move(widget: QWidget, layout: QVBoxLayout, at: int = -1) -> None:
    """Into a layout, at a place in it or its end; what was written in is written in further."""
    hidden, writing = widget.isHidden(), QApplication.focusWidget()
    layout.insertWidget(at, widget)
    widget.setHidden(hidden)
    if writing is not None and widget.isAncestorOf(writing):  # a part that comes to another parent loses it
        writing.setFocus(Qt.FocusReason.OtherFocusReason)


def height_of(widget: QWidget, width: int) -> int:
    """What a widget takes in this width, in pixels."""
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
