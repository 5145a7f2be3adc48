"""Talks: from a question to a turn in the store. What leaves goes through `preparing` and `asking` only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from weakref import ref

from viewer.answer.answer import Answer
from viewer.answer.ending import left, stopped
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger
from viewer.consult.consultation import Consultation
from viewer.consult.keys import KeyStore
from viewer.disclosure.frame import Consent, Disclosure, Recipient
from viewer.document.changes import AnswerReceived, ConversationShown, QuestionAsked
from viewer.document.model import Conversation
from viewer.document.store import Store
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import Problem, ProblemError, problem
from viewer.usecases import asking
from viewer.usecases.disc import OpenDisc
from viewer.usecases.preparing import prepare_question
from viewer.usecases.windows import Windows


@dataclass(frozen=True, slots=True)
class AskingParts:
    """What asking needs of the disk, the key store and the network."""

    archive: Archive
    ledger: Ledger
    keys: KeyStore
    consultation: Consultation
    learn: Callable[[Recipient, Answer], Answer]  # what an answer teaches about who gave it


class Talks:
    """Lives on the store's thread; at most one question is on its way."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        windows: Windows,
        parts: AskingParts,
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._store, self._jobs, self._windows, self._parts = store, jobs, windows, parts
        self._call_soon = call_soon
        self._about: dict[str, ref[OpenDisc]] = {}  # hash of what was prepared → the disc it shows a picture of
        self._running: asking.RunningQuestion | None = None
        self._stopped: asking.RunningQuestion | None = None  # the last one
        self.sending: Job[None] | None = None  # keeps the pictures and hands the question over
        self._talk = ""  # of the running question
        self._sent: dict[str, bytes] = {}  # of the last question, so that it can be shown before it is on the disk
        self.unrecorded: Problem | None = None

    @property
    def running(self) -> bool:
        """Whether an answer is on its way."""
        return self._running is not None

    def conversation(self, conversation_id: str) -> Conversation | None:
        """A talk by id."""
        return next((talk for talk in self._store.state.conversations.items if talk.id == conversation_id), None)

    def prepare(
        self, opened: OpenDisc | None, recipient: Recipient, question: str, conversation_id: str
    ) -> Job[Disclosure]:
        """Everything that would leave for `question` about the active pane's slice or chosen part, as it is now. Raises
        ProblemError where no picture is chosen."""
        state, talk = self._store.state, self.conversation(conversation_id)
        pane, disc = state.view.pane, state.disc
        series = disc.series(pane.series_id) if disc and pane else None
        if disc is None or pane is None or series is None or opened is None:
            raise ProblemError(problem("no_picture_chosen"))
        source = opened.source_of(series, pane.group)

        def work(job: Job[Disclosure]) -> Disclosure:
            past = asking.past_turns(talk, self._parts.archive)
            slice_ = source.slice(pane.plane, pane.index)
            self._windows.settle(source, slice_)
            window = self._windows.of(state.view.look_on(slice_), source, slice_)
            made = prepare_question(state, disc, series, pane, slice_, window, question, recipient, past)
            self._about[made.sha256] = about
            return made

        about = ref(opened)
        return self._jobs.start("prepare", work)

    def is_about(self, disclosure: Disclosure, opened: OpenDisc | None) -> bool:
        """Whether what was prepared shows a picture of this open disc, and not of one that was left since."""
        about = self._about.get(disclosure.sha256)
        return opened is not None and about is not None and about() is opened

    def send(self, opened: OpenDisc | None, disclosure: Disclosure, consent: Consent, conversation_id: str) -> str:
        """Ledger row, then send; answers arrive in the store. Returns the turn's id. Raises ProblemError while an answer is
        on its way, and for a picture of a disc that was left."""
        if self._running is not None:
            raise ProblemError(problem("already_asking"))
        if not self.is_about(disclosure, opened):
            raise ProblemError(problem("scan_left"))
        turn = asking.new_turn(disclosure, self._store.state.disc)
        talk = conversation_id or uuid.uuid4().hex[:12]
        self._sent = {frame.sha256: frame.png for frame in disclosure.frames}
        running = asking.RunningQuestion(
            self._parts.archive, self._parts.ledger, self._parts.keys, self._parts.consultation, disclosure, consent,
            turn, lambda answer: self._call_soon(lambda: self._take(running, talk, answer)),
        )  # fmt: skip
        self._running, self._talk = running, talk
        self._store.dispatch(QuestionAsked(talk, turn))
        self.sending = self._jobs.start("ask", lambda job: running.start())
        self._store.dispatch(ConversationShown(talk))
        return turn.id

    def stop(self, why: Callable[[Answer], Problem] = stopped) -> None:
        """Stop the running answer: the store says *stopped* before this returns, and `why`. The row in the ledger, which
        takes a disk's time, is written on a worker."""
        running = self._running
        if running is None:
            return
        self._take(running, self._talk, running.stop(why))
        self._stopped = running
        job = self._jobs.start("note the end", lambda job: running.record_end())
        job.when_ended(lambda: self._call_soon(lambda: self._noted(running)))

    def leave(self) -> None:
        """The same where nothing may be left to do: the disc is left, or the program ends."""
        self._about.clear()
        self.stop(left)
        if self._stopped is not None:
            self._stopped.record_end()
            self._noted(self._stopped)

    def _noted(self, running: asking.RunningQuestion) -> None:
        self.unrecorded = running.unrecorded

    def _take(self, running: asking.RunningQuestion, talk: str, answer: Answer) -> None:
        """An answer of a disc that was left meanwhile finds no turn in the store and changes nothing."""
        if answer.state.ended:
            answer = self._parts.learn(running.recipient, answer)
        self._store.dispatch(AnswerReceived(talk, running.turn.id, answer))
        if answer.state.ended:
            self.unrecorded = running.unrecorded
            if self._running is running:
                self._running = None

    def sent_png(self, sha256: str) -> bytes:
        """The bytes of a picture that left (or is about to); b"" if they are gone."""
        if sha256 in self._sent:
            return self._sent[sha256]
        try:
            return self._parts.archive.picture(sha256)
        except ProblemError:
            return b""
