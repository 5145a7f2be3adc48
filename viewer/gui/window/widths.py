"""How wide the docks were dragged, for each kind of window size; kept for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.usecases.session import Session

MOST = 10_000


class Widths:
    """Left and right dock by (wide window, text size in percent)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, tuple[int, int] | None] = {}
        self._changed: set[str] = set()

    def of(self, wide: bool, percent: int) -> tuple[int, int] | None:
        """As they were dragged in such a window, None where they never were."""
        name = _name(wide, percent)
        if name not in self._known:
            self._known[name] = _read(self._session.setting(name))
        return self._known[name]

    def remember(self, wide: bool, percent: int, widths: tuple[int, int]) -> None:
        """Dragged to this; written by `keep`."""
        name = _name(wide, percent)
        self._known[name] = widths
        self._changed.add(name)

    def keep(self) -> None:
        """Write what changed: once for a drag, not with every pixel of it."""
        for name in self._changed:
            left, right = self._known[name] or (0, 0)
            self._session.set_setting(name, f"{left} {right}")
        self._changed.clear()


def _name(wide: bool, percent: int) -> str:
    return f"docks {'wide' if wide else 'small'} {percent}"


def _read(words: str) -> tuple[int, int] | None:
    parts = words.split()
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return None
    left, right = (int(part) for part in parts)
    return (left, right) if 0 < left < MOST and 0 < right < MOST else None
