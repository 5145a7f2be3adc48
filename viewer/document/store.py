"""The store: holds the state, takes changes, undoes, and tells watchers. Thread: only the one that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from viewer.document.changes import Change
from viewer.document.model import State

T = TypeVar("T")


class Store:
    """`dispatch(change)` is the only way anything changes."""

    def __init__(self) -> None:
        self.state = State()

    def dispatch(self, change: Change) -> None:
        """Apply `change`, remember the document for undo where it changed, tell watchers and listeners."""
        raise NotImplementedError

    def watch(self, select: Callable[[State], T], show: Callable[[T], None]) -> Callable[[], None]:
        """Call `show(select(state))` now and whenever the selected object is another one; returns "stop watching"."""
        raise NotImplementedError

    def listen(self, listener: Callable[[State, State, Change], None]) -> Callable[[], None]:
        """Call `listener(before, after, change)` after every change (journal, thumbnails); returns "stop"."""
        raise NotImplementedError

    @contextmanager
    def gesture(self, words: str) -> Iterator[None]:
        """Fold all document changes inside into one undo step named `words`; an exception rolls back."""
        raise NotImplementedError

    def undo(self) -> str:
        """Take the last step back; its words ("Delete length"), or "" when there was none."""
        raise NotImplementedError

    def redo(self) -> str:
        """Do the step again; its words, or ""."""
        raise NotImplementedError

    @property
    def undo_words(self) -> str:
        """What `undo` would take back, or ""."""
        raise NotImplementedError

    @property
    def redo_words(self) -> str:
        """What `redo` would do again, or ""."""
        raise NotImplementedError
