"""Answer: what came back, and how it ended. Kept apart from how it came (consult) and how it looks (gui)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from viewer.problem import Problem


class AnswerState(StrEnum):
    """How an answer stands. The first four are on the way; the others are endings and are told apart in words."""

    SENDING = "sending"
    REASONING = "reasoning"
    ANSWERING = "answering"
    WAITING = "waiting"  # the service is busy; trying again after a visible countdown
    COMPLETE = "complete"
    CUT_OFF = "cut_off"
    REFUSED = "refused"
    STOPPED = "stopped"
    BROKEN = "broken"
    TIMED_OUT = "timed_out"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self not in (self.SENDING, self.REASONING, self.ANSWERING, self.WAITING)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the service counted; None means it was not reported."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one answer. Texts are made plain before they come here.

    `blocks` is the assistant's whole content as received (JSON text), returned unchanged in a follow-up.
    """

    state: AnswerState = AnswerState.SENDING
    reasoning: str = ""
    text: str = ""
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    request_id: str = ""
    problem: Problem | None = None
    blocks: str = "[]"
    attempts: int = 1
    wait_seconds: float = 0.0  # in state waiting: how long until the next try
    seconds: float = 0.0
    hidden: bool = False  # more came than is shown; `blocks` has all of it
