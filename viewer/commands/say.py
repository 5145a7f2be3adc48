"""How commands speak: problems as one sentence on standard error, JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.jobs.whole_file import write_whole
from viewer.problem import Problem, ProblemError, problem
from viewer.text.plain import for_terminal
from viewer.usecases.saving import keep_originals

if TYPE_CHECKING:
    from viewer.usecases.loop import Loop
    from viewer.usecases.session import Session

Sessions = Callable[["Loop"], "Session"]


def say_error(text: str) -> None:
    """One sentence on standard error; nothing where there is none."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(for_terminal(text), file=sys.stderr, flush=True)


def fail(what: Problem, code: int = 2) -> int:
    """Say a problem and what to do on standard error; returns the exit code."""
    say_error(what.words)
    return code


def print_json(value: object) -> None:
    """JSON that any terminal and any file name survives."""
    print(json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False))


def write_file(path: str, data: bytes) -> None:
    """Write beside the name, then rename; raises ProblemError with a sentence when there is no room or no right.

    A device or a pipe (/dev/stdout, /dev/null) is written into: renaming would put a file in its place; "-" is the
    standard output, as everywhere.
    """
    if path == "-":
        print_bytes(data)
        return
    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            write_into(target, data)
        else:
            write_whole(target, (data,))
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as failure:  # no room, no right; "", ".", "/", a name too long
        raise ProblemError(problem("cannot_write_file", path)) from failure


def check_names(*names: str | None) -> None:
    """Before anything is done: what is to be written has a name of its own, and one thing at most is printed. Raises
    ProblemError."""
    if "" in names:  # a forgotten name
        raise ProblemError(problem("no_file_name"))
    if names.count("-") > 1:
        raise ProblemError(problem("one_output"))
    files = [path.absolute() for path in files_among(names) if os.path.isfile(path) or not os.path.exists(path)]
    if len(set(files)) < len(files):  # a pipe or /dev/null may take both
        raise ProblemError(problem("one_file_twice"))


def check_places(session: Session, *names: str | None) -> None:
    """Once the disc is open: nothing on it is to be replaced. Raises ProblemError."""
    disc = session.store.state.disc
    for path in files_among(names):
        if disc is not None:
            keep_originals(disc, path)


def files_among(names: Iterable[str | None]) -> tuple[Path, ...]:
    """Those of the options that were given and do not mean the standard output."""
    return tuple(Path(name) for name in names if name is not None and name != "-")


def print_bytes(data: bytes) -> None:
    """On standard output as they are; nothing where there is none. Raises OSError as printing words does."""
    if sys.stdout is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def write_into(target: Path, data: bytes) -> None:
    """Into what is no file; raises OSError."""
    with target.open("wb", buffering=0) as stream:
        left = memoryview(data)
        while left:
            left = left[stream.write(left) or 0 :]


def problem_row(what: Problem) -> dict[str, str]:
    """A problem as JSON."""
    return {"code": what.code, "severity": what.severity.value, "text": what.text, "remedy": what.remedy}
