"""The foot of a panel: it stays in place while the rest scrolls. Where text is large and the window low, what need not
stay gives way to the end of what scrolls: nothing is squeezed, and the rest keeps room to be read in."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

MOST = 0.5  # of the panel's height


class Foot:
    """`layout` is the foot, filled; those of its widgets that are in `giving_way` go to the end of `scrolled`."""

    def __init__(self, layout: QVBoxLayout, scrolled: QVBoxLayout, giving_way: tuple[QWidget, ...]) -> None:
        self._layout, self._scrolled = layout, scrolled
        items = (layout.itemAt(number) for number in range(layout.count()))
        self._widgets = [widget for item in items if item is not None and (widget := item.widget()) is not None]
        self._giving_way = giving_way
        self.is_low = False

    def place(self, width: int, height: int) -> None:
        """In a panel of this size, in pixels."""
        margins = self._layout.contentsMargins()
        room = width - margins.left() - margins.right()
        shown = [one for one in self._widgets if not one.isHidden()]
        wanted = sum(height_of(one, room) + self._layout.spacing() for one in shown)
        is_low = wanted + margins.top() + margins.bottom() > MOST * height
        if is_low != self.is_low:
            self.is_low = is_low
            self._move()

    def _move(self) -> None:
        for number, widget in enumerate(self._widgets):
            if widget in self._giving_way:
                hidden = widget.isHidden()
                if self.is_low:
                    self._scrolled.addWidget(widget)
                else:
                    self._layout.insertWidget(number, widget)
                widget.setHidden(hidden)


def height_of(widget: QWidget, width: int) -> int:
    """What a widget takes in this width, in pixels."""
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
