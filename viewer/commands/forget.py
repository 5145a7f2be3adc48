"""`sidelight forget PATH [--yes]`, `sidelight forget --all [--yes]`: what this computer keeps about a disc goes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from viewer.commands.say import Sessions, say_error
from viewer.disc.open import open_medium
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.problem import ProblemError, problem
from viewer.text.plain import for_terminal
from viewer.text.translate import tr
from viewer.usecases.forgetting import what_goes, what_stays
from viewer.usecases.loop import Loop
from viewer.usecases.open_disc import read_disc
from viewer.usecases.rows import RecentDisc
from viewer.usecases.session import Session

DONE, KEPT = 0, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("path", nargs="?", help="folder, ZIP or file; it need not be there any more")
    which.add_argument("--all", action="store_true", help="all discs that were ever opened here")
    parser.add_argument("--password", metavar="WORD", help="of a locked ZIP")
    parser.add_argument("--yes", action="store_true", help="forget without showing what goes and asking")


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """Exit 0 when nothing is kept any more, 2 when it was not forgotten."""
    loop = Loop()
    session = sessions(loop)
    try:
        rows = None if options.all else rows_meant(session, options.path, options.password)
        if rows == ():
            print(tr("Nothing is kept about this disc."))
            return DONE
        if not options.yes and not agreed(rows):
            say_error(tr("Nothing was forgotten."))
            return KEPT
        loop.result(session.forget(rows))
        print(problem("disc_forgotten").words)
        return DONE
    finally:
        session.close()


def rows_meant(session: Session, path: str, password: str | None) -> tuple[RecentDisc, ...] | None:
    """The disc that lies there now, where anything is kept about it, else what was opened there before.

    Raises ProblemError where there is neither.
    """
    place = str(Path(path).absolute())
    before = tuple(row for row in session.remembered() if row.path == place)
    try:
        index = index_of(path, password)
    except ProblemError:
        if not before:
            raise
        return before
    now = RecentDisc(index.key, place, index.studies[0].name if index.studies else place, "", "", is_there=True)
    return (now,) if session.keeps(now) else before


def index_of(path: str, password: str | None) -> DiscIndex:
    """What lies there; only what was read to its end tells which disc it is. Raises ProblemError."""
    medium = open_medium(path, password)
    try:
        index = read_disc(medium, Job("forget"), lambda index: None)
    finally:
        medium.close()
    if not index.complete:
        raise ProblemError(index.problems[0] if index.problems else problem("file_not_readable", path))
    return index


def agreed(rows: Sequence[RecentDisc] | None) -> bool:
    """Show what goes and ask; anything but a clear yes is a no."""
    which = [" · ".join(filter(None, (row.name, row.words))) for row in rows or ()]
    for words in which or [tr("All discs that were ever opened here.")]:
        print(for_terminal(words))
    for title, lines in ((tr("This goes, for good:"), what_goes()), (tr("This stays:"), what_stays())):
        print(title)
        for line in lines:
            print(for_terminal(f"  {line}"))
    if sys.stdin is None:
        return False
    try:
        return input(tr("Forget this? Type yes to forget: ")).strip().lower() in ("yes", "y", tr("yes"))
    except EOFError:
        return False
