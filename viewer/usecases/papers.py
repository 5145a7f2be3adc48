"""Papers: pages of the disc's PDFs as pictures, drawn by jobs; the page after the one that was asked for is kept ready.

Lives on the store's thread. One page is wanted at a time: asking for another one ends the drawing of the last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from viewer.codec.paper import PaperPage, draw_page
from viewer.dicom.details import read_encapsulated_pdf
from viewer.jobs.jobs import Job, Jobs
from viewer.usecases.disc import OpenDisc, OpenNow

KEPT_PAGES = 3  # the one before, the one that is looked at, the next: at most 36 MB each

Key = tuple[str, int, int]  # path on the medium, page from 0, columns


class Papers:
    """Pages of the open disc."""

    def __init__(self, jobs: Jobs, now: OpenNow, call_soon: Callable[[Callable[[], None]], None]) -> None:
        self._jobs, self._now, self._call_soon = jobs, now, call_soon
        self._disc: OpenDisc | None = None
        self._kept: OrderedDict[Key, Job[PaperPage]] = OrderedDict()
        self._wanted: Key | None = None
        self._read: tuple[OpenDisc | None, str, bytes] = (None, "", b"")  # the PDF read last, and of which disc

    def page(self, path: str, number: int, columns: int) -> Job[PaperPage]:
        """Page `number` (from 0) of the PDF in this file of the disc, about `columns` wide. The job's problem is that of
        `draw_page`, or that the file is gone. Raises KeyError when nothing is open."""
        opened = self._now.needed()
        if opened is not self._disc:
            self.leave()
            self._disc = opened
        self._wanted = key = (path, number, columns)
        self._drop(lambda other, job: other != key and not job.finished)
        job = self._job(key, opened)
        job.when_ended(lambda: self._call_soon(partial(self._go_ahead, key, job)))
        return job

    def leave(self) -> None:
        """Nobody looks at a PDF any more: what is drawn now ends, what was kept is given back."""
        self._wanted, self._disc = None, None
        self._drop(lambda other, job: True)
        self._read = (None, "", b"")

    def _drop(self, which: Callable[[Key, Job[PaperPage]], bool]) -> None:
        for key, job in [row for row in self._kept.items() if which(*row)]:
            job.cancel()
            del self._kept[key]

    def _job(self, key: Key, opened: OpenDisc) -> Job[PaperPage]:
        """Begun before or begun now; one that failed or was stopped is begun anew."""
        job = self._kept.pop(key, None)
        failed = (
            job is None or job.cancelled or (job.finished and (job.result is None or job.result.problem is not None))
        )
        if job is None or failed:
            job = self._jobs.start(f"page {key[1] + 1}", partial(self._draw, key, opened))
        self._kept[key] = job
        while len(self._kept) > KEPT_PAGES:
            self._kept.popitem(last=False)[1].cancel()
        return job

    def _draw(self, key: Key, opened: OpenDisc, job: Job[PaperPage]) -> PaperPage:
        path, number, columns = key
        disc, read, document = self._read
        if disc is not opened or read != path:
            document = read_encapsulated_pdf(opened.medium, path)
            if self._disc is opened:
                self._read = (opened, path, document)
        job.check()
        return draw_page(document, number, columns, lambda: job.cancelled)

    def _go_ahead(self, key: Key, job: Job[PaperPage]) -> None:
        """The next page, while this one is being read."""
        page, opened = job.result, self._disc
        if page is not None and opened is not None and self._wanted == key and key[1] + 1 < page.count:
            self._job((key[0], key[1] + 1, key[2]), opened)
