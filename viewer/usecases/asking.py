"""Ask: settings and keys, what would leave, and the running answer. The only caller of `disclosure.prepare`.

Order of one question: selection → prepare → the person sees those bytes → consent → ledger row,
fsynced → consult → answer → store → end state → ledger. A crash at any arrow leaves an honest record.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import stopped
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger, LedgerEntry
from viewer.consult.asking import Asking
from viewer.consult.consultation import Consultation
from viewer.consult.keys import KeyStore
from viewer.disclosure.frame import Consent, DisclosedFrame, Disclosure, PastTurn, Recipient
from viewer.document.model import Conversation, SentPicture, Turn
from viewer.index.model import DiscIndex
from viewer.problem import Problem, ProblemError, problem


def now() -> str:
    """This moment, ISO 8601 with the zone, whole seconds."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who answers, as kept in the settings."""

    provider: str = "anthropic"
    base_url: str = "https://api.anthropic.com"
    model: str = ""
    key_style: str = "bearer"


def key_name(to: Recipient) -> str:
    """Under which name a key is kept: a key for one address must never go to another that is set later."""
    return to.provider if to.provider == "anthropic" else to.base_url


def sent_picture(frame: DisclosedFrame, disc: DiscIndex | None) -> SentPicture:
    """What the store keeps of a picture that left: all but its bytes. `disc` tells the series' own number."""
    series = disc.series(frame.series_id) if disc else None
    return SentPicture(
        frame.sha256, frame.width, frame.height, frame.words, frame.series_id, frame.plane, frame.index,
        frame.group, frame.region, frame.to_slice, series.uid if series else "", frame.frame,
    )  # fmt: skip


def past_turns(conversation: Conversation | None, archive: Archive) -> tuple[PastTurn, ...]:
    """The turns of a talk that have an answer to return, each with the pictures that were new in it."""
    turns: list[PastTurn] = []
    known: set[str] = set()
    for turn in conversation.turns if conversation else ():
        if not turn.has_answer:
            continue
        new = [sent for sent in turn.sent if sent.sha256 not in known]
        known |= {sent.sha256 for sent in new}
        turns.append(
            PastTurn(
                turn.question,
                tuple(disclosed_again(sent, archive) for sent in new),
                turn.answer.blocks,
                turn.model,
                turn.base_url,
            )
        )
    return tuple(turns)


def disclosed_again(sent: SentPicture, archive: Archive) -> DisclosedFrame:
    """A picture of an earlier turn; raises ProblemError when its bytes are gone."""
    return DisclosedFrame(
        archive.picture(sent.sha256), sent.sha256, sent.width, sent.height, sent.words, sent.series_id, sent.plane, sent.index, sent.group,
        sent.region, sent.frame, sent.to_slice,
    )  # fmt: skip


def new_turn(disclosure: Disclosure, disc: DiscIndex | None) -> Turn:
    """The turn a disclosure begins."""
    to = disclosure.recipient
    return Turn(
        id=uuid.uuid4().hex[:12], asked_at=now(), question=disclosure.question,
        sent=tuple(sent_picture(frame, disc) for frame in disclosure.frames), provider=to.provider, provider_name=to.name,
        base_url=to.base_url, model=to.model, model_name=to.model_name or to.model, body_sha256=disclosure.sha256,
        words=disclosure.words, answer=Answer(), pictures_on_disc=disc.picture_count if disc else 0, estimate=disclosure.estimate.words,
    )  # fmt: skip


class RunningQuestion:
    """One question on its way. `tell(answer)` is called from worker threads; the caller brings it home.

    No lock is held while the disk or the asking process is waited for: Stop never waits for them.
    """

    def __init__(
        self, archive: Archive, ledger: Ledger, keys: KeyStore, consultation: Consultation, disclosure: Disclosure,
        consent: Consent, turn: Turn, tell: Callable[[Answer], None],
    ) -> None:  # fmt: skip
        self.turn = turn
        self.unrecorded: Problem | None = None  # why the end of this sending could not be recorded
        self._archive, self._ledger, self._keys, self._consultation = archive, ledger, keys, consultation
        self._disclosure, self._consent, self._tell = disclosure, consent, tell
        self._asking: Asking | None = None
        self._lock = threading.Lock()
        self._recording = threading.Lock()  # held while the end is written, which may take a disk's time
        self._last = Answer()
        self._began = time.monotonic()
        self._tries = 0  # attempts with a row in the ledger
        self._end_recorded = False

    def start(self) -> None:
        """Ledger row, pictures kept, then the first byte; runs on a worker thread."""
        try:
            self._send()
        except ProblemError as failure:
            self._heard(replace(self._last, state=AnswerState.FAILED, problem=failure.problem))
        except Exception:  # a bug: the person still hears an honest end, then it is reported
            self._heard(replace(self._last, state=AnswerState.FAILED, problem=problem("asking_broke")))
            raise

    def _send(self) -> None:
        key = self._keys.get(key_name(self._disclosure.recipient))
        for frame in self._disclosure.frames:
            self._archive.keep_picture(frame.sha256, frame.png)
        self._archive.flush()
        if self._has_ended():
            return
        self._record_attempt()
        if not self._has_ended():
            asking = self._consultation.ask(
                self._disclosure, self._consent, key, self._heard, may_leave_again=self._may_leave_again
            )
            with self._lock:
                self._asking = asking
        if self._has_ended():  # stopped while the row was written, or while the question was handed over
            self._stop_asking()
            self.record_end()

    @property
    def recipient(self) -> Recipient:
        """Who was asked."""
        return self._disclosure.recipient

    def stop(self, why: Callable[[Answer], Problem] = stopped) -> Answer:
        """The answer is *stopped* at once, whatever the other side does; `why` says by whom. Returns it; the caller
        shows it and then has the end recorded, which may take a disk's time."""
        spent = time.monotonic() - self._began
        with self._lock:  # a piece that comes at this very moment is before it or after it, never lost
            last, had_ended = self._last, self._last.state.ended
            if not had_ended:
                self._last = replace(last, state=AnswerState.STOPPED, seconds=spent, problem=why(last))
        if not had_ended:  # one that has ended may just be writing its record: nothing is left to stop
            self._tell(self._last)
            self._stop_asking()
        return self._last

    def _has_ended(self) -> bool:
        with self._lock:
            return self._last.state.ended

    def _stop_asking(self) -> None:
        with self._lock:
            asking = self._asking
        if asking is not None:
            asking.stop()

    def _heard(self, answer: Answer) -> None:
        with self._lock:
            if self._last.state.ended:
                return
            self._last = answer
        if answer.state.ended:
            self.record_end()
        self._tell(answer)

    def _record_attempt(self) -> None:
        self._ledger.append(self._entry("sending", "sending"))
        self._tries += 1

    def _may_leave_again(self) -> bool:
        """Before these bytes leave once more, with the countdown over; without its row nothing leaves again."""
        try:
            self._record_attempt()
        except ProblemError:  # its own sentence says that nothing was sent
            self._heard(replace(self._last, state=AnswerState.FAILED, problem=problem("ask_not_again")))
            self._stop_asking()
        return not self._has_ended()

    def record_end(self) -> None:
        """The second row of this sending, once; `unrecorded` says why it could not be written. It is there when this
        returns, whichever thread began to write it."""
        with self._recording:
            if self._end_recorded or not self._tries:
                return
            self._end_recorded = True
            try:
                self._ledger.append(self._entry("ended", self._last.state.value))
            except ProblemError as failure:
                self.unrecorded = failure.problem

    def _entry(self, kind: str, state: str) -> LedgerEntry:
        to = self._disclosure.recipient
        return LedgerEntry(
            kind=kind, turn_id=self.turn.id, at=now(), provider=to.provider, host=to.host, model=to.model,
            body_sha256=self._disclosure.sha256, pictures=tuple(f.sha256 for f in self._disclosure.frames),
            sent_bytes=len(self._disclosure.body), state=state, request_id=self._last.request_id,
        )  # fmt: skip
