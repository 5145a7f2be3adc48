"""read_header: the bytes of one file become a `Header`. Only ProblemError comes out.

Order: preamble, meta group, encoding as it really is, walk to the picture, then the facts. No pixel data is read.
"""

from __future__ import annotations

from dataclasses import replace

from viewer.dicom.encoding import EXPLICIT_LE, UIDS, elements_fit, real_encoding, syntax
from viewer.dicom.facts import FACTS, header_of
from viewer.dicom.header import Header
from viewer.dicom.layout import Layouts
from viewer.dicom.overlay import OVERLAY_DATA
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader, Inflating, Source, source_of
from viewer.dicom.start import Start, start_of
from viewer.dicom.walk import walk
from viewer.problem import ProblemError, problem

_LAYOUTS = Layouts()  # what was learned in this process; a cache, never an answer by itself


def head_size() -> int:
    """How many first bytes to read of the next file, so that most need no second read."""
    return _LAYOUTS.enough


def read_header(medium: FileReader, found: FileFacts, head: bytes) -> Header:
    """The facts of one DICOM file (PS3.10 7).

    head: the first bytes of the file, 16 KiB or all of it; more is read where an element runs past them.
    Raises ProblemError (codes of the sections *disc* and *dicom*); a file that is damaged but readable gives a Header
    with `problems`.
    """
    return read_alike(medium, found, head) or read_anew(medium, found, head)


def read_alike(medium: FileReader, found: FileFacts, head: bytes) -> Header | None:
    """The facts of a file like one that was read before, which nearly every file of a disc is; else None, also where it
    is not DICOM at all. Raises ProblemError where a read fails."""
    try:
        return _LAYOUTS.read(medium, found, head)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", found.path)) from error


def read_anew(medium: FileReader, found: FileFacts, head: bytes) -> Header:
    """`read_header` for a file that is not like any other. Raises ProblemError."""
    try:
        return _read(medium, found, source_of(medium, found, head))
    except WRONG_BYTES as error:
        # a header that none of the rules foresaw: one file is given up, not the disc
        raise ProblemError(problem("file_damaged", found.path)) from error


def _read(medium: FileReader, found: FileFacts, source: Source) -> Header:
    start = start_of(source, found.path)
    kind = start.syntax
    front, size = source.at(start.position, 512), found.size - start.position
    if kind.deflated:
        plain = real_encoding(front, EXPLICIT_LE, size)
        if elements_fit(front, plain, size) < (2 if plain == EXPLICIT_LE else 4):
            return _read_deflated(medium, found, _past_zlib_head(start, front))
        start = start._replace(syntax=syntax(UIDS[plain]), words=(*start.words, "label_corrected"))
    encoding = real_encoding(front, kind.encoding, size)
    walked = walk(source, start.position, encoding, FACTS, located=OVERLAY_DATA)
    header = header_of(found, source, start, encoding, walked)
    if not walked.damage:
        _LAYOUTS.learn(source, start.position, encoding, header, walked.values)
    return header


def _past_zlib_head(start: Start, front: bytes) -> Start:
    """Some writers put the two bytes of zlib (RFC 1950) before the stream, where PS3.5 A.5 wants it bare. A bare stream
    that begins like that has a block of plain bytes first, whose length is said twice (RFC 1951 3.2.4)."""
    head = front[:2]
    is_zlib = len(front) > 4 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0 and not head[1] & 0x20
    is_bare = front[1:3] == bytes(255 - one for one in front[3:5])
    return start._replace(position=start.position + 2) if is_zlib and not is_bare else start


def _read_deflated(medium: FileReader, found: FileFacts, start: Start) -> Header:
    """The data set of a deflated file, inflated only as far as the picture group."""
    stream = Inflating(lambda offset, size: medium.read(found.path, offset, size), start.position, found.size)
    claim = max(found.size - start.position, 0) * 1032
    inner = Source(b"", claim, stream.read)
    encoding = real_encoding(inner.at(0, 512), EXPLICIT_LE, claim)
    walked = walk(inner, 0, encoding, FACTS)
    header = header_of(found, inner, start, encoding, walked)
    if header.place is None:
        return header
    return replace(header, place=replace(header.place, inflated=True, deflated_start=start.position))
