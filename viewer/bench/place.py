"""A place of the bench's own: no measuring may touch what a person kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from viewer.usecases.loop import Loop
from viewer.usecases.session import Session

CallSoon = Callable[[Callable[[], None]], None]
MakeSession = Callable[[CallSoon], Session]  # given by the composition root
DATA = "SIDELIGHT_DATA"


@contextmanager
def own_place() -> Iterator[Path]:
    """A temporary folder that is the program's data folder meanwhile."""
    before = os.environ.get(DATA)
    with TemporaryDirectory(prefix="sidelight-bench-", ignore_cleanup_errors=True) as folder:
        os.environ[DATA] = str(Path(folder) / "data")
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ[DATA]
            else:
                os.environ[DATA] = before


@contextmanager
def screenless(make_session: MakeSession) -> Iterator[tuple[Session, Loop, Path]]:
    """A session without a window, in a place of its own."""
    with own_place() as folder:
        loop = Loop()
        session = make_session(loop.call_soon)
        try:
            yield session, loop, folder
        finally:
            session.close()
