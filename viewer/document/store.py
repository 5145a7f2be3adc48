"""The store: holds the state, takes changes, undoes, and tells watchers. Thread: only the one that made it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from viewer.document import changes as c
from viewer.document.apply import apply
from viewer.document.changes import Change
from viewer.document.model import Document, State
from viewer.document.words import step_words

T = TypeVar("T")
Listener = Callable[[State, State, Change], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """One undo step: what it is called, and the document on its far side."""

    words: str
    document: Document


@dataclass(frozen=True, slots=True)
class _Gesture:
    """A gesture under way, and what to go back to."""

    words: str
    start: Document
    undo: tuple[_Step, ...]
    redo: tuple[_Step, ...]


class _Watcher:
    """Remembers what it showed last, so that it is told only of another object."""

    def __init__(self, select: Callable[[State], Any], show: Callable[[Any], None]) -> None:
        self.active = True
        self._select, self._show = select, show
        self._last: object = object()

    def tell(self, state: State) -> None:
        chosen = self._select(state)
        if self.active and _is_other(chosen, self._last):
            self._last = chosen
            self._show(chosen)


def _is_other(new: object, old: object) -> bool:
    """Identity; plain values compare by value, because their identity is an accident of the interpreter."""
    if isinstance(new, str | int | float) and type(new) is type(old):
        return new != old
    return new is not old


class Store:
    """`dispatch(change)` is the only way anything changes."""

    def __init__(self) -> None:
        self.state = State()
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._watchers: list[_Watcher] = []
        self._listeners: list[Listener] = []
        self._waiting: deque[Change] = deque()
        self._telling = False
        self._gesture: _Gesture | None = None
        self._thread = threading.get_ident()
        # what brings another document back: whoever knows the pictures makes the disc follow its sets
        self.replacing: Callable[[State, Document], c.DocumentReplaced] = lambda state, wanted: c.DocumentReplaced(
            wanted
        )

    def dispatch(self, change: Change) -> None:
        """Apply `change`, remember the document for undo where it changed, tell watchers and listeners.

        A change dispatched by a watcher or listener waits until everyone was told of the running one. A watcher that
        raises does not keep the others from being told; its exception comes out of `dispatch` afterwards.
        """
        self._check_thread()
        self._waiting.append(change)
        if not self._telling:
            self._run(remember=True)

    def watch(self, select: Callable[[State], T], show: Callable[[T], None]) -> Callable[[], None]:
        """Call `show(select(state))` now and whenever the selected object is another one; returns "stop watching"."""
        watcher = _Watcher(select, show)
        self._watchers.append(watcher)

        def stop() -> None:
            watcher.active = False
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        watcher.tell(self.state)
        return stop

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(before, after, change)` after every change (journal, thumbnails); returns "stop"."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    @contextmanager
    def gesture(self, words: str) -> Iterator[None]:
        """Fold all document changes inside into one undo step named `words`; an exception rolls back.

        A gesture inside a gesture belongs to the outer one.
        """
        self._check_free()
        if self._gesture is not None:
            yield
            return
        gesture = _Gesture(words, self.state.document, tuple(self._undo), tuple(self._redo))
        self._gesture = gesture
        try:
            yield
        except BaseException:
            self._end_gesture(gesture, keep=False)
            raise
        self._end_gesture(gesture, keep=self.state.document != gesture.start)

    def undo(self) -> str:
        """Take the last step back; its words ("Delete length"), or "" when there was none or a gesture is going on."""
        return self._travel(self._undo, self._redo)

    def redo(self) -> str:
        """Do the step again; its words, or ""."""
        return self._travel(self._redo, self._undo)

    @property
    def undo_words(self) -> str:
        """What `undo` would take back, or ""."""
        return self._undo[-1].words if self._undo else ""

    @property
    def redo_words(self) -> str:
        """What `redo` would do again, or ""."""
        return self._redo[-1].words if self._redo else ""

    def _travel(self, source: list[_Step], target: list[_Step]) -> str:
        self._check_free()
        if not source or self._gesture is not None:
            return ""
        step = source.pop()
        target.append(_Step(step.words, self.state.document))
        self._put_document(step.document)
        return step.words

    def _end_gesture(self, gesture: _Gesture, *, keep: bool) -> None:
        """`self._gesture` is another one when the disc was changed meanwhile: then there is nothing to go back to."""
        current, self._gesture = self._gesture, None
        if keep or current is not gesture:
            return
        self._undo[:], self._redo[:] = gesture.undo, gesture.redo
        self._put_document(gesture.start)

    def _put_document(self, document: Document) -> None:
        self._waiting.append(self.replacing(self.state, document))
        self._run(remember=False)

    def _run(self, *, remember: bool) -> None:
        """Apply what waits, one after the other. `remember` holds for the first; what watchers add is remembered."""
        failures: list[Exception] = []
        self._telling = True
        try:
            while self._waiting:
                self._step(self._waiting.popleft(), remember, failures)
                remember = True
        finally:
            self._telling = False
        if failures:
            raise failures[0]

    def _step(self, change: Change, remember: bool, failures: list[Exception]) -> None:
        before = self.state
        after = apply(before, change)
        if after is before:
            return
        self.state = after
        moved = isinstance(change, c.DiscIndexed) and after.document is not before.document
        if moved or isinstance(change, c.DiscOpened | c.DiscClosed | c.PlaceRestored):
            self._forget_steps()
        elif remember and after.document is not before.document:
            self._remember(before.document, change)
        for listener in tuple(self._listeners):
            _try(failures, listener, before, after, change)
        for watcher in tuple(self._watchers):
            _try(failures, watcher.tell, after)

    def _remember(self, before: Document, change: Change) -> None:
        """Before anyone is told, so that `undo_words` is right when they look. A gesture is remembered once."""
        if self._gesture is None:
            self._undo.append(_Step(step_words(before, change), before))
        elif len(self._undo) == len(self._gesture.undo):
            self._undo.append(_Step(self._gesture.words, self._gesture.start))
        self._redo.clear()

    def _forget_steps(self) -> None:
        self._undo.clear()
        self._redo.clear()
        if self._gesture is not None:
            self._gesture = _Gesture(self._gesture.words, self.state.document, (), ())

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise RuntimeError("the store belongs to the thread that made it")

    def _check_free(self) -> None:
        self._check_thread()
        if self._telling:
            raise RuntimeError("a watcher may dispatch, but not undo, redo or begin a gesture")


def _try(failures: list[Exception], tell: Callable[..., None], *values: object) -> None:
    try:
        tell(*values)
    except Exception as failure:  # noqa: BLE001  kept, and raised once everyone was told
        failures.append(failure)
