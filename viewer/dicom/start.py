"""The start of a file: preamble, "DICM", meta group, transfer syntax (PS3.10 7.1), any of which may be missing."""

from __future__ import annotations

from typing import NamedTuple

from viewer.dicom.encoding import EXPLICIT_LE, IMPLICIT_LE, UIDS, Syntax, elements_fit, real_encoding, syntax
from viewer.dicom.fields import uid_text
from viewer.dicom.source import Source
from viewer.dicom.walk import head_at
from viewer.problem import ProblemError, problem

_META = 0x0002
SYNTAX_TAG, CLASS_TAG, UID_TAG = 0x00020010, 0x00020002, 0x00020003


class Start(NamedTuple):
    """Where the data set begins, how it is said to be written, and what the meta group names."""

    position: int
    syntax: Syntax
    sop_class: str
    sop_uid: str
    words: tuple[str, ...]  # codes of Problems


def start_of(source: Source, where: str) -> Start:
    """Read preamble and meta group; raises ProblemError where this cannot be DICOM at all."""
    front = source.at(0, 132)
    words: list[str] = []
    position = 0
    if front[128:132] == b"DICM":
        position = 132
        if front[:2] == b"MZ" or front[:4] in (b"\x7fELF", b"%PDF", b"PK\x03\x04"):
            words.append("program_in_front")
    elif front[:4] == b"DICM":
        position = 4
    if source.size <= position:
        raise ProblemError(problem("nothing_inside", where))
    values, position = _meta(source, position)
    uid = uid_text(values.get(SYNTAX_TAG, b""))
    if uid:
        kind = syntax(uid)
    else:
        words.append("old_format")
        kind = _guessed(source, position)
    return Start(position, kind, uid_text(values.get(CLASS_TAG, b"")), uid_text(values.get(UID_TAG, b"")), tuple(words))


def _meta(source: Source, position: int) -> tuple[dict[int, bytes], int]:
    """Values of group 0002 and the position after it. Its own length is not believed."""
    values: dict[int, bytes] = {}
    sample = source.at(position, 64)
    encoding = EXPLICIT_LE
    if sample[:2] == b"\x02\0" and not elements_fit(sample, EXPLICIT_LE, source.size, 1):
        encoding = IMPLICIT_LE
    for _ in range(64):
        head = head_at(source, position, encoding)
        if head is None or head.tag >> 16 != _META or head.start + head.length > source.size:
            break
        values[head.tag] = source.at(head.start, min(head.length, 1024))
        position = head.start + head.length
    return values, position


def _guessed(source: Source, position: int) -> Syntax:
    encoding = real_encoding(source.at(position, 512), IMPLICIT_LE, source.size - position)
    return syntax(UIDS[encoding])
