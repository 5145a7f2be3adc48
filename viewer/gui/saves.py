"""What is written for the person: how it went, said in the status line, or above the pictures where it failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.gui.bridge import Bridge
from viewer.gui.widgets.failure_note import Again, FailureNote
from viewer.jobs.jobs import Job
from viewer.text.translate import tr

if TYPE_CHECKING:
    from viewer.usecases.session import Session


class Saves:
    """Follows each file that is written, with one note for what could not be."""

    def __init__(self, session: Session, bridge: Bridge, say: Callable[[str], None], note: FailureNote) -> None:
        self._session, self._bridge, self._say, self._note = session, bridge, say, note

    def follow(self, job: Job[Path], again: Again) -> None:
        """Tell how `job` went. `again` is offered while the same disc is open: of another one it would write another file."""
        self._note.hide()  # what was said of the last try
        disc = self._disc

        def done(job: Job[Path]) -> None:
            if job.problem is not None and disc and disc == self._disc:
                self._note.show_failure(job.problem, again)
            elif job.problem is not None:
                self._say(job.problem.words)
            elif job.result is not None:
                self._say(tr("Saved: {name}", name=job.result.name))

        self._bridge.follow(job, done)

    @property
    def _disc(self) -> str:
        """Where the open disc lies, "" for none."""
        disc = self._session.store.state.disc
        return disc.root if disc is not None else ""
