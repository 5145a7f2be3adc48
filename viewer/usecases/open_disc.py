"""Open: walk → sniff → header → index; series firm up while the reading goes on, and no file is read twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from viewer.dicom.dicomdir import read_dicomdir
from viewer.dicom.read import read_header
from viewer.disc.medium import FileKind, FoundFile, Medium
from viewer.disc.sniff import sniff
from viewer.index.build import IndexBuilder
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Cancelled, Job
from viewer.problem import ProblemError
from viewer.text.translate import tr

HEAD_BYTES = 16 * 1024
COMPARED_BYTES = 1 << 20
FIRST_NEWS_SECONDS = 0.15
NEWS_SECONDS = 0.5


def read_disc(medium: Medium, job: Job[DiscIndex], news: Callable[[DiscIndex], None]) -> DiscIndex:
    """Read everything on `medium`; `news(index)` hears of what is known so far. A cancel keeps what was read.

    Raises ProblemError only when the root itself cannot be read.
    """
    builder = IndexBuilder(lambda one, other: same_bytes(medium, one, other))
    files = list(medium.walk())
    complete, number = True, 0
    due = time.monotonic() + FIRST_NEWS_SECONDS
    try:
        for number, found in enumerate(files):
            if number % 16 == 0:
                job.report(number, len(files), tr("Reading file {n} of {all}", n=number + 1, all=len(files)))
            read_one(medium, found, builder)
            if time.monotonic() >= due:
                news(builder.result(medium.name, complete=False))
                due = time.monotonic() + max(NEWS_SECONDS, NEWS_SECONDS * number / 4000)
    except Cancelled:
        complete = False
        for found in files[number:]:
            builder.add(found)
    return builder.result(medium.name, complete=complete)


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


def read_one(medium: Medium, found: FoundFile, builder: IndexBuilder) -> None:
    """Account for one file: its header where it is DICOM, its problem where it is not as it should be."""
    if found.kind in (FileKind.UNREADABLE, FileKind.EMPTY):
        builder.add(found)
        return
    try:
        head = medium.read(found.path, 0, HEAD_BYTES)
        found = replace(found, kind=sniff(found.path, found.size, head))
        if found.kind is FileKind.DICOMDIR:
            builder.add(found)
            builder.add_dicomdir(found.path, read_dicomdir(medium, found))
        elif found.kind is FileKind.DICOM:
            header = read_header(medium, found, head)
            builder.add(found)
            builder.add_header(header)
        else:
            builder.add(found)
    except ProblemError as failure:
        builder.add(replace(found, problem=failure.problem))
