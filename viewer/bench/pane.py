"""What the hand feels: from an event to the end of the paint that shows it, in the real window."""

from __future__ import annotations

from PySide6.QtCore import QEvent

from viewer.bench.measure import Figure, Spent, figure, spread
from viewer.bench.place import MakeSession
from viewer.bench.window import Sitting, sitting
from viewer.document.model import Layout

STEPS = 200
STEP_LIMIT, RARE_LIMIT, FIRST_LIMIT = 8.0, 12.0, 100.0  # milliseconds
CLICKS = 6


def measure_pane(path: str, make_session: MakeSession) -> list[Figure]:
    """Scroll, window drag and crosshair over what the window opens PATH with; then the first picture of other sets."""
    with sitting(make_session) as seat:
        seat.window.open_path(path)
        seat.until(seat.is_read)
        if seat.session.store.state.view.pane is None:
            return []
        clicks = measure_clicks(seat)
        seat.until(lambda: seat.is_loaded() and seat.all_shown())
        seat.calm()
        return [*clicks, *measure_hand(seat)]


def measure_clicks(seat: Sitting) -> list[Figure]:
    """The first picture of each set after a click on it; the largest comes last and stays."""
    disc = seat.session.store.state.disc
    every = [series for series in disc.every_series if series.frames] if disc else []
    every.sort(key=lambda series: len(series.frames) * series.rows * series.columns)
    spent = []
    for series in every[-CLICKS:]:
        shown = seat.session.store.state.view.pane
        if shown is not None and shown.series_id == series.id:
            continue
        spent.append(seat.spent_to_paint(lambda: seat.session.show(series.id), seat.is_shown).wall)  # noqa: B023
    if every:
        seat.session.show(every[-1].id)
    words = f"first picture after the click, {len(spent)} other sets"
    return [figure(words, spent, limit=FIRST_LIMIT)] if spent else []


def measure_hand(seat: Sitting) -> list[Figure]:
    """In one pane, then in three."""
    state = seat.session.store.state
    pane, figures = state.view.pane, []
    count = seat.session.source(pane.series_id, pane.group).count(pane.plane) if pane else 0
    if state.view.layout is not Layout.ONE and len(state.view.panes) > 1:
        seat.window.act("layout_one")
        seat.calm()
    if count > 1:
        figures += spread(f"scroll one of {count} pictures, one pane", scrolled(seat, count), STEP_LIMIT, RARE_LIMIT)
    figures += spread("brightness and contrast, one pane", dragged(seat, "tool_window"), STEP_LIMIT, RARE_LIMIT)
    if len(state.view.panes) > 1:
        seat.window.act("layout_three")
        seat.calm()
        figures += spread("crosshair, three panes", dragged(seat, "tool_crosshair"), STEP_LIMIT, RARE_LIMIT)
    return figures


def scrolled(seat: Sitting, count: int) -> list[Spent]:
    """Notch after notch, turning round at the ends."""
    spent, way = [], 1
    for _ in range(STEPS):
        pane = seat.session.store.state.view.pane
        index = pane.index if pane else 0
        way = -1 if index >= count - 1 else 1 if index <= 0 else way
        spent.append(seat.spent_to_paint(lambda: seat.wheel(way)))  # noqa: B023  called at once
    return spent


def dragged(seat: Sitting, tool: str) -> list[Spent]:
    """A tool pulled across the picture and back."""
    seat.window.act(tool)
    seat.mouse(QEvent.Type.MouseButtonPress, 0.3, 0.5)
    seat.mouse(QEvent.Type.MouseMove, 0.35, 0.52)
    places = [(0.3 + 0.4 * abs(1 - 2 * n / STEPS), 0.45 + 0.1 * n / STEPS) for n in range(STEPS)]
    spent = [seat.spent_to_paint(lambda: seat.mouse(QEvent.Type.MouseMove, x, y)) for x, y in places]  # noqa: B023
    seat.mouse(QEvent.Type.MouseButtonRelease, 0.5, 0.5)
    seat.calm()
    return spent
