"""A hand that does at random what a person may do in the window: every row of the table of actions that opens no dialog,
the wheel, drags with every tool, other sets, reports, outlines, lists of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from viewer.bench.window import Sitting
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.usecases.actions import ACTIONS
from viewer.usecases.documents import can_be_read

LEFT_OUT = frozenset(
    {"open", "open_file", "sample", "save_pdf", "forget", "quit", "full_screen", "close_disc", "rename_mark"}
)
BUTTONS = ("Show the list", "Hide the list", "Show all", "Hide all", "Show", "Go there", "Take off")
LIKED = (
    "play",
    "report",
    "clinic",
    "as_left",
    "next_key",
    "layout_three",
    "layout_one",
    "marks_list",
    "facts",
    "next_group",
)
ROWS = tuple(row.id for row in ACTIONS if row.id not in LEFT_OUT and not row.id.startswith("theme_")) + 3 * LIKED
TOOLS = ("window", "crosshair", "zoom", "pan", "arrow", "length", "ellipse", "rectangle", "region")


@dataclass(frozen=True, slots=True)
class Step:
    """What the hand does, in words, and the doing."""

    words: str
    do: Callable[[], object]


class Hand:
    """Seeded; each step is made for what is on screen then."""

    def __init__(self, seat: Sitting, chance: Random) -> None:
        self._seat, self._chance = seat, chance
        self._kinds = (
            (6, self._wheel), (6, self._row), (5, self._set), (4, self._drag), (2, self._paper), (2, self._outlines), (2, self._button),
            (1, self._explain), (1, self._move), (1, self._resize),
        )  # fmt: skip

    def steps(self, count: int) -> Iterator[Step]:
        """So many, one after the other."""
        weights = [weight for weight, _ in self._kinds]
        for make in self._chance.choices([make for _, make in self._kinds], weights, k=count):
            yield make()

    def every_set(self) -> Iterator[Step]:
        """Each set and each paper of the disc once, the first hundred."""
        for series in self._series()[:100]:
            yield self._opened(series)

    def _series(self) -> list[Series]:
        disc = self._seat.session.store.state.disc
        return list(disc.every_series) if disc is not None else []

    # --- kinds of steps
    def _wheel(self) -> Step:
        notches = self._chance.choice([1, 1, 1, -1, 2, 5, 1000, -1000])
        return Step(f"wheel {notches}", lambda: self._on_picture(lambda: self._seat.wheel(notches)))

    def _row(self) -> Step:
        row = self._chance.choice(ROWS)
        return Step(row, lambda: self._seat.window.act(row))

    def _set(self) -> Step:
        every = self._series()
        return self._opened(self._chance.choice(every)) if every else self._row()

    def _opened(self, series: Series) -> Step:
        words = "a set" if series.frames else "a paper" if can_be_read(series) else "a set explained"
        return Step(words, lambda: self._open(series.id))

    def _open(self, series_id: str) -> None:
        """As a click in the list does; more may have been read since the step was made, and the set be another."""
        series, sets = (
            next((one for one in self._series() if one.id == series_id), None),
            self._seat.window.browser.sets,
        )
        if series is not None:
            (sets.opened if series.frames else sets.explained).emit(series_id)

    def _paper(self) -> Step:
        papers = [series for series in self._series() if can_be_read(series)]
        return self._opened(self._chance.choice(papers)) if papers else self._row()

    def _explain(self) -> Step:
        every = self._series()
        name = self._chance.choice(every).id if every else ""
        return Step("report of a set", lambda: self._seat.window.pages.show_report(name))

    def _drag(self) -> Step:
        tool = self._chance.choice(TOOLS)
        ends = [self._chance.random() for _ in range(4)]
        return Step(f"drag {tool}", lambda: self._on_picture(lambda: self._dragged(tool, *ends)))

    def _dragged(self, tool: str, x: float, y: float, to_x: float, to_y: float) -> None:
        self._seat.window.act(f"tool_{tool}")
        self._on_picture(lambda: self._seat.mouse(QEvent.Type.MouseButtonPress, x, y))
        for part in (0.25, 0.5, 0.75, 1.0):
            at = x + part * (to_x - x), y + part * (to_y - y)
            self._on_picture(partial(self._seat.mouse, QEvent.Type.MouseMove, *at))
            self._seat.paint()
        self._on_picture(lambda: self._seat.mouse(QEvent.Type.MouseButtonRelease, to_x, to_y))

    def _outlines(self) -> Step:
        known = [one.id for held in self._seat.session.store.state.belongings.sets for one in held.outlines]
        chosen = tuple(known if self._chance.random() < 0.7 else known[:1])
        return Step("outlines", lambda: self._seat.session.objects.choose_outlines(chosen))

    def _button(self) -> Step:
        found = [
            one for one in self._seat.window.findChildren(QPushButton) if one.isVisible() and one.text() in BUTTONS
        ]
        return Step("a button", partial(_click, self._chance.choice(found))) if found else self._row()

    def _move(self) -> Step:
        point = (self._chance.uniform(-200, 200), self._chance.uniform(-200, 200), self._chance.uniform(-20, 20))
        plane = self._chance.choice(list(Plane))
        return Step(f"crosshair, {plane}", lambda: self._on_picture(lambda: self._seat.session.move_crosshair(point)))

    def _resize(self) -> Step:
        size = self._chance.choice([(1366, 768), (1366, 768), (960, 600), (1920, 1080)])
        return Step("resize", lambda: self._seat.window.resize(*size))

    def _on_picture(self, do: Callable[[], None]) -> None:
        if self._seat.window.active_pane is not None and self._seat.session.store.state.view.panes:
            do()


def _click(button: QPushButton) -> None:
    """What was there when the step was made may be gone."""
    if isValid(button):
        button.click()
