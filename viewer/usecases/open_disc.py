"""Open: walk → sniff → header → index; series firm up while the reading goes on, and no file is read twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from viewer.archive.readings import Known
from viewer.dicom.dicomdir import read_dicomdir
from viewer.dicom.header import Header
from viewer.dicom.read import head_size, read_alike, read_anew
from viewer.disc.medium import FileKind, FoundFile, Medium
from viewer.disc.sniff import HEAD, sniff
from viewer.index.build import IndexBuilder
from viewer.index.model import DiscIndex
from viewer.jobs.cycles import no_search_for_cycles
from viewer.jobs.jobs import Cancelled, Job
from viewer.jobs.mistakes import tell_of
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import tr
from viewer.usecases.read_before import ReadBefore, still_true

COMPARED_BYTES = 1 << 20
FIRST_NEWS_SECONDS = 0.15
NEWS_SECONDS = 0.5
NEWS_SHARE = 6  # times as long as news took to put together goes by before the next
LEFT_SECONDS = 0.25  # what is read whole by then needs no news in between
LOST = frozenset({"file_gone", "file_not_readable"})  # what reads say when the disc is taken out
UNREAD = LOST | {"file_not_allowed"}
FAILURES_BEFORE_ASKING = 4
LOT, LOT_SECONDS = 16, 0.01  # files whose first bytes are read in a row, as far as the medium is quick

_NOT_TO_READ = (FileKind.UNREADABLE, FileKind.EMPTY)

Head = bytes | Problem  # the first bytes of a file, or why they could not be read


def nobody(index: DiscIndex) -> None:
    """Who need not hear of the whole before `read_disc` returns it."""


def read_disc(
    medium: Medium,
    job: Job[DiscIndex],
    news: Callable[[DiscIndex], None],
    before: ReadBefore | None = None,
    whole: Callable[[DiscIndex], None] = nobody,
) -> DiscIndex:
    """Read everything on `medium`; `news(index)` hears of what is known so far. A cancel keeps what was read, and so
    does a disc that is taken out (then a problem of the index says so). Every file found is accounted for.
    before: where files that are as they were need not be read again, and where what was read is kept.
    whole: hears of what is returned; what was read is written down for the next time only after that.

    Raises ProblemError only when the root itself cannot be read.
    """
    reading = Reading(medium, job, news, before)
    with no_search_for_cycles():
        try:
            reading.walk()
            reading.read()
        except Cancelled:
            reading.is_whole = False
        index = reading.result()
        whole(index)
        reading.keep(index)
    return index


class Reading:
    """One pass over a medium."""

    def __init__(
        self,
        medium: Medium,
        job: Job[DiscIndex],
        news: Callable[[DiscIndex], None],
        before: ReadBefore | None = None,
    ) -> None:
        self._medium, self._job, self._news, self._before = medium, job, news, before
        self._kept: Mapping[str, Known] = {}  # what was kept of all files
        self._known: Mapping[str, Known] = {}  # of those that are as they were
        self._again = 0  # files that are as they were
        self._builder = IndexBuilder(lambda one, other: same_bytes(medium, one, other))
        self._files: list[FoundFile] = []
        self._done = 0
        self._good = ""  # a file that could be read: whether the disc is still there is asked with it
        self._failed = 0  # files in a row that could not be read
        self._problems: tuple[Problem, ...] = ()
        self.is_whole = True

    def walk(self) -> None:
        """Find all files; raises Cancelled."""
        for found in self._medium.walk():
            self._files.append(found)
            if len(self._files) % 256 == 0:
                self._job.report(0, 0, tr("Found {n} files", n=len(self._files)))

    def read(self) -> None:
        """Read all files; raises Cancelled."""
        began = time.monotonic()
        due = began + FIRST_NEWS_SECONDS
        self._recall()
        while self._done < len(self._files):
            words = tr("Reading file {n} of {all}", n=self._done + 1, all=len(self._files))
            self._job.report(self._done, len(self._files), words)
            self._read_lot()
            if self._failed >= FAILURES_BEFORE_ASKING and self._is_gone():
                return
            now = time.monotonic()
            if now >= due and (now - began) * (len(self._files) / self._done - 1) > LEFT_SECONDS:
                self._news(self._builder.result(self._medium.name, complete=False))
                after = time.monotonic()
                due = after + max(NEWS_SECONDS, NEWS_SHARE * (after - now))
        if self._failed:
            self._is_gone()

    def _read_lot(self) -> None:
        """The next few files: the first bytes of all of them, then what these say; raises Cancelled."""
        lot = self._files[self._done : self._done + LOT]
        heads = self._heads(lot)
        end = self._done + len(heads)
        for found, head in zip(lot, heads):
            self._job.check()
            if not self._take(found, head) and (inner := self._inside(found)):
                self._files[end:end] = inner
                end += len(inner)
            self._done += 1

    def _heads(self, lot: Sequence[FoundFile]) -> list[Head]:
        """What can be read of the first of these files without keeping the person waiting, one at least."""
        heads: list[Head] = []
        late = time.monotonic() + LOT_SECONDS
        for found in lot:
            heads.append(self._head(found))
            if time.monotonic() > late:
                break
        return heads

    def _head(self, found: FoundFile) -> Head:
        """The first bytes of a file, or why there are none; nothing of one that need not be read."""
        if (self._known and found.path in self._known) or found.kind in _NOT_TO_READ:
            return b""
        try:
            return self._medium.read(found.path, 0, min(head_size(), found.size))  # asking past the end costs a look
        except ProblemError as failure:
            return failure.problem

    def _recall(self) -> None:
        """What is known of the files that are as they were, unless the disc turns out to be another one."""
        self._kept = self._before.known(self._medium.fingerprint) if self._before is not None else {}
        same = self._still(self._files)
        self._known = same if same and still_true(self._medium, same) else {}

    def _still(self, files: Sequence[FoundFile]) -> dict[str, Known]:
        """Of these files, those that are as they were."""
        if not self._kept:
            return {}
        pairs = ((found, self._kept.get(found.path)) for found in files)
        return {found.path: known for found, known in pairs if known is not None and known.is_still(found)}

    def _take(self, found: FoundFile, head: Head) -> bool:
        """Account for one file; whether it gave a header."""
        known = self._known.get(found.path) if self._known else None
        if known is None:
            told = read_one(self._medium, found, head, self._builder)
            if isinstance(told, Header):
                self._failed, self._good = 0, found.path
                return True
            self._note(found, told)
            return False
        self._again += 1
        self._good = found.path
        self._builder.add(known.found)
        if known.header is not None:
            self._builder.add_header(known.header)
        return known.header is not None

    def _inside(self, found: FoundFile) -> list[FoundFile]:
        """What is in a packed file that is not named as one; read like the rest, after the lot it is in."""
        known = self._known.get(found.path)
        try:
            inner = list(self._medium.inside(known.found if known is not None else found))
        except ProblemError as failure:
            self._builder.add(unreadable(found, failure.problem))
            return []
        if inner and self._known:
            self._known = {**self._known, **self._still(inner)}
        return inner

    def keep(self, index: DiscIndex) -> None:
        """Write down what was read, for the next time; index: the result."""
        if self._before is not None and index.complete and self._again < len(self._files):
            files = (Known(found, header) for found, header in self._builder.files())
            self._before.keep(self._medium.fingerprint, index.key, files)

    def _note(self, found: FoundFile, failure: Problem | None) -> None:
        if failure is not None and failure.code in LOST:
            self._failed += 1
        else:
            self._failed = 0
            if found.size and found.kind is not FileKind.UNREADABLE:
                self._good = found.path

    def _is_gone(self) -> bool:
        """Whether a file that could be read before cannot be read any more."""
        try:
            if not self._good or self._medium.read(self._good, 0, 1):
                return False
        except ProblemError:
            pass
        there = self._done - self._failed
        self._problems = (problem("disc_taken_out", read=there, all=len(self._files)),)
        return True

    def result(self) -> DiscIndex:
        """What is known; files that were not reached are accounted for with their reason."""
        gone = bool(self._problems)
        for found in self._files[self._done :]:
            self._builder.add(unreadable(found, problem("file_gone", found.path)) if gone else found)
        index = self._builder.result(self._medium.name, complete=self.is_whole and not gone)
        return replace(index, problems=(*self._problems, *index.problems)) if gone else index


def same_bytes(medium: Medium, one: str, other: str) -> bool:
    """Whether two files hold the same bytes; unreadable ones are not the same."""
    offset = 0
    try:
        while True:
            a, b = medium.read(one, offset, COMPARED_BYTES), medium.read(other, offset, COMPARED_BYTES)
            if a != b:
                return False
            if not a:
                return True
            offset += len(a)
    except ProblemError:
        return False


def read_one(medium: Medium, found: FoundFile, head: Head, builder: IndexBuilder) -> Header | Problem | None:
    """Account for one file, and give its header where it is DICOM, its problem where it is not as it should be."""
    if found.kind in _NOT_TO_READ:
        builder.add(found)
        return found.problem
    try:
        if isinstance(head, Problem):
            raise ProblemError(head)
        header = read_alike(medium, found, head)
        if header is not None:
            builder.add(found.told(FileKind.DICOM))
            builder.add_header(header)
            return header
        if len(head) < min(HEAD, found.size):  # as little as files like the last one need
            head = medium.read(found.path, 0, min(HEAD, found.size))
        found = found.told(sniff(found.path, found.size, head))
        if found.kind is FileKind.DICOM:
            header = read_anew(medium, found, head)
        builder.add(found)
        if header is not None:
            builder.add_header(header)
        elif found.kind is FileKind.DICOMDIR:
            builder.add_dicomdir(found.path, read_dicomdir(medium, found))
        return header
    except ProblemError as failure:
        builder.add(
            unreadable(found, failure.problem)
            if failure.problem.code in UNREAD
            else found._replace(problem=failure.problem)
        )
        return failure.problem
    except Cancelled:
        raise
    except Exception as mistake:  # noqa: BLE001  told, and the rest of the disc is read all the same
        tell_of(mistake)
        puzzle = problem("file_puzzles")
        builder.add(found.told(FileKind.DICOM)._replace(problem=puzzle))
        return puzzle


def unreadable(found: FoundFile, why: Problem) -> FoundFile:
    """A file that was found but could not be read."""
    return found._replace(kind=FileKind.UNREADABLE, problem=why)
