"""What folds first where the window is narrow or the text large: one pure table of sizes, nothing of Qt."""

from __future__ import annotations

from dataclasses import dataclass

WIDE, NARROW, NARROWEST = 1600, 1280, 1024
STRIP = 64
LARGE_TEXT = 150
SHARE = 0.4  # the most a dock may take


@dataclass(frozen=True, slots=True)
class Room:
    """What there is to place: the window's width, the text size in percent, and what is open."""

    width: int
    percent: int = 100
    is_open: bool = True
    has_page: bool = False  # report, settings, help
    is_alone: bool = False  # a page that hides the docks (preview, or nothing open)
    left_folded: bool | None = None  # by hand; None: as the width says
    right_open: bool = True
    due: int = 3  # a first scan brings up the bar, the list, the right dock, each in an event of its own


@dataclass(frozen=True, slots=True)
class Folding:
    """What is shown, and how wide. The large pane, its slider, the notice and *Stop* never fold."""

    bar: bool  # the tool bar
    docks: bool
    right: bool
    words: bool  # words beside icons in the tool bar
    strip: bool  # the left dock shows thumbnails only
    left_width: int
    right_width: int
    most: int  # the widest a dock may be dragged
    small_panes: int


def folding(room: Room) -> Folding:
    """What gives way first: words → small panes → left dock to a strip → right dock over the small panes."""
    tight = room.width < NARROW or room.percent >= LARGE_TEXT
    tightest = room.width < NARROWEST
    strip = tightest or (tight if room.left_folded is None else room.left_folded)
    bar = room.is_open and not room.is_alone and room.due > 0
    docks = bar and room.due > 1
    right = docks and room.right_open and not room.has_page and room.due > 2
    most = int(room.width * SHARE)
    return Folding(
        bar=bar,
        docks=docks,
        right=right,
        words=not tight,
        strip=strip,
        left_width=STRIP if strip else min(_scaled(272 if room.width >= WIDE else 240, room.percent), most),
        right_width=min(480 if room.width >= WIDE else _scaled(320, room.percent), most),
        most=most,
        small_panes=0 if tightest and right else 1 if tight else 2,
    )


def _scaled(pixels: int, percent: int) -> int:
    return round(pixels * percent / 100)
