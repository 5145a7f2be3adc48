"""The consult child: `python -I … viewer.consult.child`. It holds the client library and the program's only network access.

Messages come in on standard input and go out on standard output (`viewer.consult.wire`). In: `warm`, `ask`, `list`,
`again` (a further try may leave), `stop`. Out: `told` (state, waiting), `again` (may a further try leave?), `events` (raw,
at most 30 batches a second), `over`, `models`, `end`.
The end of standard input, or another parent, ends the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import warnings
from collections.abc import Coroutine
from dataclasses import asdict
from typing import Any, BinaryIO

from viewer.answer.accumulate import KINDS
from viewer.answer.answer import AnswerState
from viewer.consult.client import Target, list_models, load_library, quieten, rehearse, stream_answer
from viewer.consult.failures import Ended, of_another_try
from viewer.consult.limits import Limits
from viewer.consult.wire import Message, read_message, write_message
from viewer.jobs.turns import take_turns

BATCH_SECONDS = 1 / 30
_PARENT_CHECK = 2.0  # seconds


class Batch:
    """Events on their way out: the first at once, the rest collected."""

    def __init__(self, child: Child, number: int) -> None:
        self._child, self._number = child, number
        self._events: list[Message] = []
        self._last = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.any = False

    def add(self, event: Message) -> None:
        """Take one event; it is out within `BATCH_SECONDS`, if it is of a kind that means something."""
        self.any = self.any or event.get("type") not in ("ping", "error")
        if event.get("type") not in KINDS:  # whatever it holds is no business of the window's process
            return
        self._events.append(event)
        loop = asyncio.get_running_loop()
        due = self._last + BATCH_SECONDS - loop.time()
        if due <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(due, self.flush)

    def flush(self) -> None:
        """Send what has been collected."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._events:
            self._child.send({"kind": "events", "id": self._number, "events": self._events})
        self._events = []
        self._last = asyncio.get_running_loop().time()


class Child:
    """One loop, any number of questions; each is a task that `stop` cancels."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._in, self._out = incoming, outgoing
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._leaves: dict[int, asyncio.Event] = {}
        self._done = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def send(self, message: Message) -> None:
        """Write to the parent; a parent that is gone ends the process."""
        try:
            write_message(self._out, message)
        except OSError:
            self._done.set()

    async def run(self) -> None:
        """Serve until the parent is gone."""
        threading.Thread(target=self._read, name="parent", daemon=True).start()
        watch = asyncio.create_task(self._watch_parent())
        await self._done.wait()
        for task in (*self._tasks.values(), watch):
            task.cancel()

    def _read(self) -> None:
        while (received := read_message(self._in)) is not None:
            self._loop.call_soon_threadsafe(self._handle, *received)
        self._loop.call_soon_threadsafe(self._done.set)

    async def _watch_parent(self) -> None:
        """A pipe can stay open in a brother process; the parent's number cannot."""
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(_PARENT_CHECK)
        self._done.set()

    def _handle(self, message: Message, binary: bytes) -> None:
        match message["kind"]:
            case "warm":
                self._begin(0, self._warm())
            case "ask":
                self._begin(message["id"], self._ask(message, binary))
            case "list":
                self._begin(message["id"], self._list(message))
            case "again":
                leave = self._leaves.get(message["id"])
                if leave is not None:
                    leave.set()
            case "stop":
                task = self._tasks.get(message["id"])
                if task is not None:
                    task.cancel()
            case _:
                raise ValueError(message["kind"])

    def _begin(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guarded(number, work))
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    async def _guarded(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        """Every question ends with exactly one message, whatever happens; a cancelled one was ended by the parent."""
        try:
            await work
        except Ended as end:
            self._end(number, end)
        except Exception as error:  # noqa: BLE001  a bug: its kind and place are told, never its text
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = f"{type(error).__name__}:{where.tb_lineno if where else 0}"
            self._end(number, Ended(AnswerState.BROKEN, "ask_helper_died", where=place))

    def _end(self, number: int, end: Ended) -> None:
        self.send(
            {"kind": "end", "id": number, "state": end.state.value, "code": end.code, "values": end.values}
            | {"where": end.where, "request_id": end.request_id}
        )

    async def _warm(self) -> None:
        """Takes a second or more; nobody waits for it here, and a disc may be coming up meanwhile."""
        await asyncio.to_thread(load_behind)
        await rehearse()

    async def _list(self, message: Message) -> None:
        rows = await list_models(Target(**message["target"]))
        self.send({"kind": "models", "id": message["id"], "rows": [asdict(row) for row in rows]})

    async def _ask(self, message: Message, body: bytes) -> None:
        limits = Limits(**message["limits"])
        overall = float(message["overall"])
        try:
            async with asyncio.timeout(overall):
                await self._ask_patiently(message["id"], Target(**message["target"]), body, limits)
        except TimeoutError as error:
            raise Ended(AnswerState.TIMED_OUT, "answer_too_slow", {"seconds": round(overall)}) from error

    async def _ask_patiently(self, number: int, target: Target, body: bytes, limits: Limits) -> None:
        for attempt in range(1, limits.tries + 1):
            batch = Batch(self, number)
            self._tell(number, state="sending", attempts=attempt)
            try:
                await stream_answer(target, body, lambda text: self._tell(number, request_id=text), batch.add)
            except Ended as end:
                batch.flush()
                if end.wait is None or batch.any or attempt == limits.tries:
                    if attempt > 1:
                        raise of_another_try(end) from end
                    raise
                await self._count_down(number, end, attempt, limits)
                await self._ask_for_leave(number)
            else:
                batch.flush()
                self.send({"kind": "over", "id": number})
                return

    async def _count_down(self, number: int, end: Ended, attempt: int, limits: Limits) -> None:
        """Wait as long as asked, saying so each second; a service that asks for too much is not waited for."""
        left = end.wait or limits.backoff * 2 ** (attempt - 1)
        if left > limits.longest_wait:
            raise end
        while left > 0:
            self._tell(number, state="waiting", wait_seconds=round(left, 3))
            step = min(left, 1.0)
            await asyncio.sleep(step)
            left -= step

    async def _ask_for_leave(self, number: int) -> None:
        """The same bytes would leave once more: only when the parent has a record of it, however slow its disk is."""
        leave = self._leaves[number] = asyncio.Event()
        try:
            self.send({"kind": "again", "id": number})
            await leave.wait()
        finally:
            del self._leaves[number]

    def _tell(self, number: int, **facts: object) -> None:
        self.send({"kind": "told", "id": number, "facts": facts})


def load_behind() -> None:
    """The client library, by a thread that takes its share and no more: with a lower rank, a person who asks at once
    waited up to half a minute for it on a busy machine."""
    take_turns()
    load_library()


async def _serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    await Child(incoming, outgoing).run()


def main() -> None:
    """Take over the pipes, so that nothing a library prints gets between the messages, and serve."""
    warnings.simplefilter("ignore")
    quieten()
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(incoming, outgoing))
    os._exit(0)  # the reading thread may still sit in a read


if __name__ == "__main__":
    main()
