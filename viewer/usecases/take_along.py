"""Take along: what is written into files of the person's own. The report, the table of marks, a document of the disc."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from viewer.document.store import Store
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import ProblemError, problem
from viewer.usecases.disc import OpenNow
from viewer.usecases.documents import DiscDocument, pieces_of
from viewer.usecases.saving import keep_originals, save_file, save_pieces
from viewer.usecases.talks import Talks
from viewer.usecases.what_belongs import header_of
from viewer.usecases.windows import Windows


class TakeAlong:
    """Of the open disc. No file of the disc is replaced; what is written is there whole or not at all."""

    def __init__(self, store: Store, jobs: Jobs, now: OpenNow, windows: Windows, talks: Talks) -> None:
        self._store, self._jobs, self._now = store, jobs, now
        self._windows, self._talks = windows, talks

    def pdf(self, path: Path, conversation_id: str = "", *, with_name: bool = False) -> Job[Path]:
        """Write the report; without a conversation: the active picture, its marks and facts. Raises ProblemError where no
        picture is chosen."""
        state, opened = self._store.state, self._now.disc
        disc, talk = state.disc, self._talks.conversation(conversation_id)
        if disc is None or state.view.pane is None or opened is None:
            raise ProblemError(problem("no_picture_chosen"))

        def write() -> None:
            from viewer.usecases.export import Drawing, compose_report, write_report

            drawing = Drawing(state, disc, opened.source_of, self._windows, self._talks.sent_png)
            write_report(compose_report(drawing, talk, with_name=with_name), path)

        return self._written("pdf", path, disc, write)

    def pdf_name(self) -> str:
        """ "Sidelight 2026-11-21 lower back.pdf": no name in it."""
        pane, disc = self._store.state.view.pane, self._store.state.disc
        study = disc.study_of(pane.series_id) if disc and pane else None
        name = "".join(c if c.isalnum() or c in " -" else " " for c in (study.name if study else "")).lower()
        return " ".join(f"Sidelight {datetime.now():%Y-%m-%d} {name}".split()) + ".pdf"

    def table(self, path: Path) -> Job[Path]:
        """Write the marks as a table. Raises KeyError where nothing is open."""
        state, opened = self._store.state, self._now.needed()
        disc = opened.index

        def write() -> None:
            from viewer.usecases.table import table_of

            save_file(table_of(disc, state.document, opened.source), path)

        return self._written("save", path, disc, write)

    def document(self, document: DiscDocument, path: Path) -> Job[Path]:
        """Write the PDF or the film of a document. Raises KeyError where it is not of the open disc."""
        opened = self._now.needed()
        header = header_of(opened.index, document.path)
        if header is None:
            raise KeyError(document.path)
        return self._written("save", path, opened.index, lambda: save_pieces(pieces_of(opened.medium, header), path))

    def _written(self, name: str, path: Path, disc: DiscIndex, write: Callable[[], object]) -> Job[Path]:
        """A job that writes at `path`, unless that is one of the disc's files."""

        def work(job: Job[Path]) -> Path:
            keep_originals(disc, path)
            write()
            return path

        return self._jobs.start(name, work)
