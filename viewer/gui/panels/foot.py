"""The foot of a panel: it stays in place while the rest scrolls. Where text is large and the window low, what need not
stay gives way to the end of what scrolls: nothing is squeezed, and the rest keeps room to be read in."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

MOST = 0.5  # of the panel's height


class Foot:
    """`layout` is the foot, filled with `widgets`; those of them that are in `giving_way` go to the end of `scrolled`."""

    # The widgets are handed in: asked for by `layout.itemAt`, PySide would keep the items as long as the layout, and not
    # hear of it when Qt deletes them as a widget moves. What comes to lie in their place (an icon) crashes as it goes.
    def __init__(
        self, layout: QVBoxLayout, widgets: tuple[QWidget, ...], scrolled: QVBoxLayout, giving_way: tuple[QWidget, ...]
    ) -> None:
        self._layout, self._widgets, self._scrolled = layout, widgets, scrolled
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
