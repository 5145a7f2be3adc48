"""Consultation: the window's side of asking. Starts the child, sends it what was agreed to, passes on what it says.

No connection is opened here and the client library is never imported.
"""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import BinaryIO

from viewer.answer.answer import AnswerState
from viewer.consult.asking import Asking, MayLeaveAgain, OnAnswer, ended_problem
from viewer.consult.keys import Key
from viewer.consult.launch import start
from viewer.consult.limits import Limits
from viewer.consult.models import ModelList, ModelRow, built_in
from viewer.consult.providers import provider
from viewer.consult.wire import Message, read_message, write_message
from viewer.disclosure.frame import Consent, Disclosure, KeyStyle, Recipient
from viewer.problem import ProblemError, problem
from viewer.text.translate import count_of, tr

LIST_SECONDS = 20.0  # for a list of models, all in all
IDLE_SECONDS = 300.0  # without a question, then the child ends
CLOSE_SECONDS = 2.0  # for the child to take the order to end

Starter = Callable[[], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """What *Test connection* found. Not ok: `words` say what to do."""

    ok: bool
    words: str
    models: ModelList | None = None


class _Listing:
    """A list of models on its way."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.message: Message = {"kind": "end", "state": "broken", "code": "ask_helper_died"}

    def take(self, message: Message) -> None:
        self.message = message
        self.done.set()


@dataclass(slots=True)
class _Line:
    """The running child and its pipes."""

    process: subprocess.Popen[bytes]
    to_child: BinaryIO
    from_child: BinaryIO


class Consultation:
    """One per program. All methods return at once except `list_models` and `test` (up to 20 s)."""

    def __init__(self, limits: Limits | None = None, starter: Starter | None = None) -> None:
        self._limits = limits or Limits()
        self._start = starter or (lambda: start("viewer.consult.child"))
        self._outbox: queue.SimpleQueue[tuple[Message, bytes] | None] = queue.SimpleQueue()
        self._pending: dict[int, Asking | _Listing] = {}
        self._lock = threading.Lock()
        self._line: _Line | None = None
        self._number = 0
        self._sender: threading.Thread | None = None

    def warm(self) -> None:
        """Start the child and let it load the client library, so that the first question leaves without delay."""
        self._send({"kind": "warm"})

    def ask(
        self,
        disclosure: Disclosure,
        consent: Consent,
        key: Key | None,
        on_answer: OnAnswer,
        limits: Limits | None = None,
        may_leave_again: MayLeaveAgain = lambda: True,
    ) -> Asking:
        """Send exactly `disclosure.body`; raises ProblemError when the consent is for something else or a key is missing.

        `may_leave_again` is asked before each further try, may take a disk's time, and holds up neither Stop nor `answer`.
        """
        recipient, bounds = disclosure.recipient, limits or self._limits
        if consent.sha256 != disclosure.sha256 or consent.base_url != recipient.base_url:
            raise ProblemError(problem("ask_not_as_agreed"))
        _check_key(recipient, key)
        number = self._next()
        asking = Asking(recipient, on_answer, lambda: self._forget(number), may_leave_again)
        self._pending[number] = asking
        target = self._target(recipient, key, bounds, bounds.silence(recipient.is_local), disclosure.sha256)
        order: Message = {"kind": "ask", "id": number, "target": target, "limits": asdict(bounds)}
        self._send({**order, "overall": bounds.overall(recipient.is_local)}, disclosure.body)
        return asking

    def list_models(self, recipient: Recipient, key: Key | None) -> ModelList:
        """Models that can be asked about pictures; blocks; raises ProblemError.

        A service without a list gives the built-in table (Anthropic) or no rows (another address).
        """
        _check_key(recipient, key)
        message = self._listed(recipient, key)
        if message["kind"] == "models":
            return ModelList(tuple(ModelRow(**row) for row in message["rows"]), from_service=True)
        if message["code"] == "ask_not_found":
            return built_in() if recipient.provider == "anthropic" else ModelList((), from_service=False)
        raise ProblemError(ended_problem(message, recipient))

    def test(self, recipient: Recipient, key: Key | None) -> ConnectionTest:
        """Whether `recipient` answers and takes the key; sends nothing but the request for its list. Blocks."""
        try:
            models = self.list_models(recipient, key)
        except ProblemError as failure:
            return ConnectionTest(False, failure.problem.words)
        if not models.from_service:
            return ConnectionTest(True, tr("The address answers but lists no models. Type the model's name."), models)
        if not models.rows:
            return ConnectionTest(True, tr("The address answers, but none of its models takes pictures."), models)
        found = count_of(len(models.rows), "It offers {n} model.", "It offers {n} models.")
        return ConnectionTest(True, tr("The connection works.") + " " + found, models)

    def close(self) -> None:
        """Stop everything and end the child."""
        for waiting in tuple(self._pending.values()):
            if isinstance(waiting, Asking):
                waiting.stop()
            else:
                waiting.done.set()
        self._outbox.put(None)
        if self._sender is None:
            return
        self._sender.join(CLOSE_SECONDS)
        line = self._line
        if self._sender.is_alive() and line is not None:  # it does not even read any more: no order reaches it
            line.process.kill()

    def _listed(self, recipient: Recipient, key: Key | None) -> Message:
        number, listing = self._next(), _Listing()
        self._pending[number] = listing
        target = self._target(recipient, key, self._limits, min(LIST_SECONDS, self._limits.silence_remote), "")
        self._send({"kind": "list", "id": number, "target": target})
        if not listing.done.wait(LIST_SECONDS + self._limits.connect):
            self._forget(number)
        self._pending.pop(number, None)
        return listing.message

    def _target(
        self, recipient: Recipient, key: Key | None, limits: Limits, silence: float, sha256: str
    ) -> dict[str, object]:
        return {
            "base_url": recipient.base_url,
            "key": key.reveal() if key else "",
            "key_header": "x-api-key" if recipient.key_style is KeyStyle.X_API_KEY else "Authorization",
            "api_version": recipient.api_version,
            "sha256": sha256,
            "connect": limits.connect,
            "silence": silence,
            "silence_speaking": min(silence, limits.silence_speaking),
            "this_computer": recipient.is_local,
        }

    def _forget(self, number: int) -> None:
        """Nobody waits for this any more: the child drops it, sent or not."""
        self._pending.pop(number, None)
        self._send({"kind": "stop", "id": number})

    def _next(self) -> int:
        with self._lock:
            self._number += 1
            return self._number

    # --- the sending thread ------------------------------------------------------------------------------------
    def _send(self, message: Message, binary: bytes = b"") -> None:
        with self._lock:
            if self._sender is None:
                sender = threading.Thread(target=self._run, name="sidelight-consult-out", daemon=True)
                sender.start()
                self._sender = sender  # only now: `close`, on another thread, waits for it
        self._outbox.put((message, binary))

    def _run(self) -> None:
        while True:
            try:
                item = self._outbox.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if not self._pending:
                    self._hang_up()
                continue
            if item is None:
                self._hang_up()
                return
            self._deliver(*item)

    def _deliver(self, message: Message, binary: bytes) -> None:
        if message["kind"] in ("ask", "list") and message["id"] not in self._pending:
            return  # stopped before it left
        if message["kind"] in ("stop", "again") and self._line is None:
            return
        try:
            write_message(self._connected().to_child, message, binary)
        except OSError:  # no process could be started, or it died while being written to
            self._lost(self._line)

    def _connected(self) -> _Line:
        if self._line is None or self._line.process.poll() is not None:
            if self._line is not None:
                self._lost(self._line)
            process = self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            line = self._line = _Line(process, process.stdin, process.stdout)  # type: ignore[arg-type]
            threading.Thread(target=self._listen, args=(line,), name="sidelight-consult-in", daemon=True).start()
        return self._line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.process.kill()
            line.process.wait()
            _close(line.to_child)

    # --- the listening thread, one per child -------------------------------------------------------------------
    def _listen(self, line: _Line) -> None:
        try:
            while (received := read_message(line.from_child)) is not None:
                self._receive(received[0])
        finally:
            line.process.kill()
            line.process.wait()
            _close(line.from_child)
            self._lost(line)

    def _receive(self, message: Message) -> None:
        waiting = self._pending.get(message["id"])
        if isinstance(waiting, _Listing):
            waiting.take(message)
        elif waiting is not None and message["kind"] == "again":
            if waiting.may_leave_again() and not waiting.ended:
                self._send({"kind": "again", "id": message["id"]})
        elif waiting is not None:
            waiting.fail(message) if message["kind"] == "end" else waiting.fold(message)
            if waiting.ended:
                self._pending.pop(message["id"], None)

    def _lost(self, line: _Line | None) -> None:
        """The child of `line` is gone: whatever it was working on ends here; the next question starts a new one."""
        with self._lock:
            if line is not self._line:
                return
            self._line = None
            orphans, self._pending = self._pending, {}
        if line is not None:
            _close(line.to_child)
        for orphan in orphans.values():
            if isinstance(orphan, _Listing):
                orphan.done.set()
            else:
                orphan.end(AnswerState.BROKEN, problem("ask_helper_died"))


def _close(pipe: BinaryIO) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still to be flushed has no reader any more


def _check_key(recipient: Recipient, key: Key | None) -> None:
    if key is None and provider(recipient.provider).key_needed:
        raise ProblemError(problem("key_missing"))
