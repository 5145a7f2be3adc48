"""Asking: one question on its way. What the child says of it is folded into an answer, and whoever waits is told.

Callbacks run on the threads of `consultation`, must not block, and come at most thirty times a second per question; the
last one is always the ended answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from viewer.answer.accumulate import Accumulator
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import stopped
from viewer.consult.wire import Message
from viewer.disclosure.frame import Recipient
from viewer.problem import Problem, problem

OnAnswer = Callable[[Answer], None]
MayLeaveAgain = Callable[[], bool]


class Asking:
    """One question on its way. `answer` may be read at any time; `stop` takes effect before it returns."""

    def __init__(
        self, recipient: Recipient, on_answer: OnAnswer, on_stop: Callable[[], None], may_leave_again: MayLeaveAgain
    ) -> None:
        self.may_leave_again = may_leave_again
        self._recipient = recipient
        self._on_answer, self._on_stop = on_answer, on_stop
        self._accumulator = Accumulator(recipient.model)
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._began = time.monotonic()

    @property
    def answer(self) -> Answer:
        """What is known now."""
        with self._lock:
            return self._accumulator.answer()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._ended.is_set()

    def stop(self) -> None:
        """End it now: the answer is *stopped* before this returns, whatever the network does."""
        if self.end(AnswerState.STOPPED, stopped(self.answer)):
            self._on_stop()

    def wait(self, timeout: float | None = None) -> Answer:
        """Block until the end; raises TimeoutError. Not for the window's thread."""
        if not self._ended.wait(timeout):
            raise TimeoutError("the answer has not ended")
        return self.answer

    def end(self, state: AnswerState, reason: Problem | None) -> bool:
        """Set the ending; False if there was one already."""
        with self._lock:
            if self._accumulator.ended:
                return False
            self._stamp()
            self._accumulator.end(state, reason)
            self._publish()
        return True

    def fold(self, message: Message) -> None:
        """Take what the child says about this question."""
        for event in message.get("events", ()):
            with self._lock:  # taken for each event, so that Stop never waits for a long batch
                self._stamp()
                self._accumulator.add(event)
        with self._lock:
            if self._ended.is_set():
                return
            if "facts" in message:
                self._accumulator.tell(**_facts(message["facts"]))
            if message["kind"] == "over":
                self._stamp()
                self._accumulator.finish()
            self._publish()
            too_long = self._ended.is_set() and message["kind"] == "events"
        if too_long:
            self._on_stop()

    def fail(self, message: Message) -> None:
        """Take the ending that the child names."""
        with self._lock:
            if message.get("request_id"):
                self._accumulator.tell(request_id=message["request_id"])
            self.end(AnswerState(message["state"]), ended_problem(message, self._recipient))

    def _stamp(self) -> None:
        self._accumulator.tell(seconds=round(time.monotonic() - self._began, 3))

    def _publish(self) -> None:
        """Say what is known; inside the lock, so that nothing older is said after the end."""
        answer = self._accumulator.answer()
        try:
            self._on_answer(answer)
        finally:
            if answer.state.ended:
                self._ended.set()


def _facts(raw: dict[str, object]) -> dict[str, object]:
    return {name: AnswerState(str(value)) if name == "state" else value for name, value in raw.items()}


def ended_problem(message: Message, recipient: Recipient) -> Problem:
    """The Problem for an ending named by the child."""
    values = {"host": recipient.host, "model": recipient.model, **message.get("values", {})}
    return problem(message["code"], where=message.get("where", ""), **values)
