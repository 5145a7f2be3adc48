"""How long Stop takes in every state an answer can be in, from the hand to the word *stopped* on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from viewer.answer.answer import AnswerState
from viewer.bench.measure import Figure, figure
from viewer.bench.place import MakeSession
from viewer.bench.sink import Sink, listening
from viewer.bench.window import Sitting, sitting
from viewer.document.model import Turn
from viewer.phantom.disc import DiscKind, write_disc

STOP_LIMIT = 100.0  # milliseconds


@dataclass(frozen=True, slots=True)
class Moment:
    """A state, the events that come before the other end falls silent in it, and how it is known to be reached."""

    words: str
    events: int
    reached: Callable[[Turn, Sink, int], bool]
    reasoning: int = 0  # characters of the reasoning before the answer


def _reasons(turn: Turn) -> bool:
    return turn.answer.state is AnswerState.REASONING and bool(turn.answer.reasoning)


MOMENTS = (
    Moment("as it leaves", 0, lambda turn, sink, before: True),
    Moment("while the first word is waited for", 0, lambda turn, sink, before: len(sink.arrived) > before),
    Moment("while the reasoning comes", 20, lambda turn, sink, before: _reasons(turn), reasoning=100_000),
    Moment("in the middle of the answer", 20, lambda turn, sink, before: bool(turn.answer.text)),
)


def measure_stop(make_session: MakeSession, count: int = 5) -> list[Figure]:
    """A row for each state, and one for the longest of all."""
    with sitting(make_session) as seat:
        folder = seat.session.data_folder.parent / "disc"
        write_disc(folder, DiscKind.CT, 3, 256)
        seat.window.open_path(str(folder))
        seat.until(seat.is_read)
        seat.window.act("ask")
        warming = seat.session.setup.warm_up()
        seat.until(lambda: warming.finished)
        spent = {moment.words: [stop_once(seat, moment) for _ in range(count + 1)][1:] for moment in MOMENTS}
    rows = [figure(f"stop {words}", values, limit=STOP_LIMIT) for words, values in spent.items()]
    worst = max(max(values) for values in spent.values())
    return [*rows, figure("stop, the longest in every state", [worst], limit=STOP_LIMIT)]


def stop_once(seat: Sitting, moment: Moment) -> float:
    """Milliseconds until a question on its way is told as stopped, and that is painted."""
    session = seat.session
    with listening(100_000, moment.events, moment.reasoning) as sink:
        session.setup.choose("address", sink.base_url, "bench")
        preparing = session.prepare("What is shown here?")
        seat.until(lambda: preparing.finished)
        disclosure = preparing.wait(0)
        session.send(disclosure, session.consent(disclosure))
        seat.until(lambda: moment.reached(last_turn(seat), sink, 0))
        began = time.perf_counter()
        seat.window.escape()
        seat.until(lambda: last_turn(seat).answer.state is AnswerState.STOPPED)
        seat.paint()
        return (time.perf_counter() - began) * 1000


def last_turn(seat: Sitting) -> Turn:
    """The question asked last."""
    return seat.session.store.state.conversations.items[-1].turns[-1]
