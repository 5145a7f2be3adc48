"""read_dicomdir: the disc's own table of contents (PS3.3 F, PS3.10 8). A hint and a list to check against, no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from viewer.dicom.encoding import real_encoding
from viewer.dicom.fields import Fields
from viewer.dicom.source import FileFacts, FileReader, Source
from viewer.dicom.start import start_of
from viewer.dicom.walk import walk
from viewer.problem import Problem, ProblemError, problem

MAX_ENTRIES = 500_000
_RECORDS, _FILE_ID, _SOP_UID, _SOP_CLASS, _KIND = 0x00041220, 0x00041500, 0x00041511, 0x00041510, 0x00041430
_DRIVE = re.compile(r"[A-Za-z]:")


class _File(NamedTuple):
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file that the table names: `path` with "/" as written, the UIDs it is said to have, the kind of record."""

    path: str
    sop_uid: str = ""
    sop_class: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DicomDir:
    """What a DICOMDIR lists, without the entries that lead out of the disc."""

    entries: tuple[ReferencedFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_dicomdir(medium: FileReader, found: FileFacts | str) -> DicomDir:
    """The files listed in a DICOMDIR. Damage is a Problem in the result; only failed reads raise ProblemError.

    found: the found file, or its path where the size is not known (then it is asked of the reader).
    """
    if isinstance(found, str):
        found = _File(found, _size_of(medium, found))
    source = Source(
        medium.read(found.path, 0, 64 * 1024), found.size, lambda offset, size: medium.read(found.path, offset, size)
    )
    try:
        return _entries(source, found)
    except (ValueError, ArithmeticError, LookupError, MemoryError) as error:
        return DicomDir(problems=(problem("directory_damaged", f"{found.path}: {type(error).__name__}"),))


def _size_of(medium: FileReader, path: str) -> int:
    """Size of a file, found by doubling steps and then halves: reads one byte at a time."""
    high = 1024
    while medium.read(path, high, 1) and high < 2**40:
        high *= 2
    low = high // 2 if high > 1024 else 0
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if medium.read(path, middle, 1) else (low, middle)
    return low


def _entries(source: Source, found: FileFacts) -> DicomDir:
    try:
        start = start_of(source, found.path)
    except ProblemError:
        return DicomDir(problems=(problem("directory_damaged", found.path),))
    encoding = real_encoding(source.at(start.position, 512), start.syntax.encoding, source.size - start.position)
    walked = walk(source, start.position, encoding, {_RECORDS, 0x00080005})
    problems = [problem("directory_damaged", found.path)] if walked.damage or _RECORDS not in walked.values else []
    entries: list[ReferencedFile] = []
    for record in Fields(walked.values, encoding).items(_RECORDS)[:MAX_ENTRIES]:
        if not record.raw(_FILE_ID).strip(b" \0"):
            continue
        path = _relative(record.raw(_FILE_ID))
        if path is None:
            problems.append(problem("directory_climbs_out", record.text(_FILE_ID)))
        else:
            entries.append(ReferencedFile(path, record.uid(_SOP_UID), record.uid(_SOP_CLASS), record.word(_KIND)))
    return DicomDir(tuple(entries), tuple(problems))


def _relative(raw: bytes) -> str | None:
    """The File ID as a path below the root with "/", or None where it leads elsewhere."""
    try:
        text = raw.rstrip(b" \0").decode("utf-8")
    except UnicodeDecodeError:
        text = raw.rstrip(b" \0").decode("latin-1")
    if text.startswith(("/", "\\\\")) or _DRIVE.match(text) or "\0" in text:
        return None
    parts = [part.strip() for part in re.split(r"[\\/]", text)]
    parts = [part for part in parts if part not in ("", ".")]
    return "/".join(parts) if parts and ".." not in parts else None


def matching_key(path: str) -> str:
    """A path as ISO 9660 readers may show it, made equal: lower case, without ";1" and trailing dots."""
    return "/".join(re.sub(r";\d+$", "", part).rstrip(".").lower() for part in path.split("/"))


def missing_from(directory: DicomDir, folder: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths of the table that are not among `paths` of the medium; `folder` is where the table lies ("" = root)."""
    there = {matching_key(path) for path in paths}
    lead = folder + "/" if folder else ""
    return tuple(e.path for e in directory.entries if matching_key(lead + e.path) not in there)
