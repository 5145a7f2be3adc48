"""read_dicomdir: the disc's own list of its files (PS3.3 F, PS3.10 8). A hint and a list to check against, no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from viewer.dicom.dataset import data_set, sized
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.problem import Problem, ProblemError, problem

MAX_ENTRIES = 500_000
_CHARACTERS, _RECORDS, _FILE_ID, _SOP_UID, _SOP_CLASS, _KIND = (
    0x00080005,
    0x00041220,
    0x00041500,
    0x00041511,
    0x00041510,
    0x00041430,
)
_DRIVE = re.compile(r"[A-Za-z]:")


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
    """The files listed in a DICOMDIR (found file or path). Damage is a Problem in the result.

    Raises ProblemError only where the medium fails.
    """
    file = sized(medium, found)
    try:
        return _entries(medium, file)
    except ProblemError as error:
        if error.problem.code == "nothing_inside":
            return DicomDir(problems=(problem("directory_damaged", file.path),))
        raise
    except WRONG_BYTES:
        return DicomDir(problems=(problem("directory_damaged", file.path),))


def _entries(medium: FileReader, file: FileFacts) -> DicomDir:
    table = data_set(medium, file, {_RECORDS, _CHARACTERS})
    whole = not table.damage and _RECORDS in table.fields
    problems = [] if whole else [problem("directory_damaged", file.path)]
    entries: list[ReferencedFile] = []
    for record in table.fields.items(_RECORDS, MAX_ENTRIES):
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
