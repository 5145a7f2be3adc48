"""F6: from one part of the window to the next and back, only through what is on screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

Stop = tuple[QWidget, Callable[[], None]]


def step_focus(stops: list[Stop], by: int) -> None:
    """From the part that has the focus, or from before the first one, `by` parts on; each stop focuses itself."""
    shown = [(part, focus) for part, focus in stops if part.isVisible()]
    if not shown:
        return
    focused = QApplication.focusWidget()
    here = next((n for n, (part, _) in enumerate(shown) if focused and part.isAncestorOf(focused)), -1)
    at = here + by if here >= 0 or by > 0 else by
    shown[at % len(shown)][1]()
