"""The account: every file found is shown or listed with a reason, in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from viewer.dicom.dicomdir import DicomDir, matching_key, missing_from
from viewer.dicom.header import Header
from viewer.disc.medium import FileKind, FoundFile
from viewer.disc.sniff import is_of_viewer
from viewer.index.frames import loss
from viewer.index.model import DiscIndex, SeriesKind, Skipped
from viewer.index.objects import not_picture
from viewer.problem import CAN_BE_UNLOCKED, Problem, problem
from viewer.text.translate import count_of, tr

_REASONS = {
    FileKind.DICOM: ("damaged", "The file begins like a picture but cannot be read"),
    FileKind.DICOMDIR: ("dicomdir", "The disc's own list of its pictures"),
    FileKind.VIEWER: ("viewer", "Part of the disc's own viewer, left alone"),
    FileKind.SYSTEM: ("system", "Left there by a computer (macOS or Windows), not part of the scan"),
    FileKind.PICTURE: ("not_dicom", "A plain picture or snapshot, not an original from the scanner"),
    FileKind.DOCUMENT: ("not_dicom", "A document or text, not a picture from the scanner"),
    FileKind.ARCHIVE: ("unopened", "A packed file that was not opened; unpack it first, then open that folder"),
    FileKind.ENCRYPTED: ("not_dicom", "A locked file that only the clinic's viewer can read"),
    FileKind.FOREIGN: ("not_dicom", "In the scanner maker's own format, which only the maker's programs can read"),
    FileKind.FILM: ("not_dicom", "A film, not an original from the scanner"),
    FileKind.EMPTY: ("empty", "The file is empty"),
    FileKind.UNREADABLE: ("unreadable", "The file could not be read from the disc"),
    FileKind.OTHER: ("not_dicom", "Not a picture from a scanner"),
}


_KINDS = {
    "zip_member_damaged": "damaged",
    "zip_packed_otherwise": "unopened",
    "link_not_followed": "link",
    "zip_too_large": "too_large",
}


def skipped_file(found: FoundFile) -> Skipped:
    """The row for a file that gave no header."""
    of_viewer = found.kind is FileKind.ARCHIVE and is_of_viewer(found.path)  # a ZIP there was looked into for a scan
    kind, reason = _REASONS[FileKind.VIEWER if of_viewer else found.kind]
    if found.problem is None:
        return Skipped(found.path, kind, tr(reason), found.size)
    code = found.problem.code
    kind = "locked" if code in LOCKED else _KINDS.get(code, kind)
    return Skipped(found.path, kind, found.problem.text, found.size, code)


def skipped_packed(found: FoundFile) -> Skipped:
    """The row for a packed file whose content was read like a folder's."""
    return Skipped(
        found.path, "packed", tr("A packed file; what is inside was read and is listed by itself"), found.size
    )


def opened_archives(paths: Collection[str]) -> frozenset[str]:
    """Those of `paths` below which others lie ("all.zip" for "all.zip/IM1"): a file is no folder, so it was unpacked."""
    above: set[str] = set()
    folders = {path.rpartition("/")[0] for path in paths}
    while folders:
        above |= folders
        folders = {folder.rpartition("/")[0] for folder in folders} - above
    return frozenset(above.intersection(paths) - {""})


def skipped_header(header: Header) -> Skipped:
    """The row for a DICOM file that is not shown as a picture."""
    row, lost = not_picture(header), loss(header)
    if row is not None:
        return Skipped(header.path, "not_a_picture", tr(row.reason), header.size)
    text = lost.text if lost is not None else tr("The picture itself is missing from this file")
    kind = "packed_otherwise" if lost is not None and lost.code == "unknown_encoding" else "damaged"
    return Skipped(header.path, kind, text, header.size)


def skipped_double(header: Header) -> Skipped:
    """The row for a file that is there a second time."""
    return Skipped(header.path, "duplicate", tr("The same file once more"), header.size)


@dataclass(frozen=True, slots=True)
class Listed:
    """A DICOMDIR at `path` and what it lists."""

    path: str
    directory: DicomDir


def missing_files(
    lists: Iterable[Listed], found: Collection[str], numbers: Mapping[str, Sequence[Header]]
) -> tuple[str, ...]:
    """Files named by a DICOMDIR that are not on the disc, as it names them. numbers: the headers of each number.

    Discs shorten names to eight letters and three: a file of the right number whose name begins alike is not missing.
    """
    missing: list[str] = []
    for one in lists:
        gone = set(missing_from(one.directory, one.path.rpartition("/")[0], found))
        if is_renamed(one, gone, numbers):
            continue
        missing += [
            entry.path
            for entry in one.directory.entries
            if entry.path in gone
            and not any(_is_shortened(entry.path, header.path) for header in numbers.get(entry.sop_uid, ()))
        ]
    return tuple(dict.fromkeys(missing))


def is_renamed(one: Listed, gone: Collection[str], numbers: Container[str]) -> bool:
    """True when every file was renamed since the list was made: none is at its place, all are here by their numbers."""
    entries = one.directory.entries
    return bool(entries) and all(entry.path in gone and entry.sop_uid in numbers for entry in entries)


def is_of_another_disc(lists: Iterable[Listed], missing: Collection[str]) -> bool:
    """True when nothing that the lists name is on the disc."""
    named = [entry.path for one in lists for entry in one.directory.entries]
    return bool(named) and set(missing).issuperset(named)


_SHORTENED = re.compile(r"(~\d+)?(\.[^.]*)?(;\d+)?\Z")


def _is_shortened(one: str, other: str) -> bool:
    """Whether one of two names is the other one cut short ("IMAGE000" or "IMAGE0~1" for "image0001.dcm")."""
    short, long = sorted((_SHORTENED.sub("", path.rpartition("/")[2]).lower() for path in (one, other)), key=len)
    return bool(short) and long.startswith(short)


def unlisted_files(lists: Iterable[Listed], shown: Iterable[Header]) -> int:
    """How many files with pictures no DICOMDIR names, by place or by number, though they lie below one; 0 where there
    is no list. Of two discs in one folder only that with a list is asked."""
    places, numbers, folders = set[str](), set[str](), list[str]()
    for one in lists:
        folder = one.path.rpartition("/")[0]
        folders.append(f"{folder}/" if folder else "")
        for entry in one.directory.entries:
            places.add(matching_key(f"{folder}/{entry.path}" if folder else entry.path))
            numbers.add(entry.sop_uid)
    if not places:
        return 0
    below = (header for header in shown if any(header.path.startswith(folder) for folder in folders))
    return sum(header.sop_uid not in numbers and matching_key(header.path) not in places for header in below)


def disagrees(lists: Iterable[Listed], headers: Mapping[str, Header]) -> bool:
    """True when a DICOMDIR gives another number (SOP Instance UID) for a file than the file itself."""
    numbers = {matching_key(path): header.sop_uid for path, header in headers.items()}
    for one in lists:
        folder = one.path.rpartition("/")[0]
        for entry in one.directory.entries:
            number = numbers.get(matching_key(f"{folder}/{entry.path}" if folder else entry.path))
            if number and entry.sop_uid and number != entry.sop_uid:
                return True
    return False


LOCKED = CAN_BE_UNLOCKED | {"zip_locked_otherwise"}


def disc_problems(dicom: int, files: Collection[FoundFile], originals: int) -> tuple[Problem, ...]:
    """What to say of a disc without a single picture from a scanner, with a sentence for the clinic. Of `dicom` files
    `originals` are pictures or damaged: a report among snapshots does not make these pictures from a scanner."""
    if not files:
        return (problem("folder_empty"),)
    if originals:
        return ()
    kinds = Counter(FileKind.ENCRYPTED if one.problem and one.problem.code in LOCKED else one.kind for one in files)
    if dicom and kinds[FileKind.PICTURE] + kinds[FileKind.FILM] <= dicom:
        return ()
    if dicom:
        return (problem("disc_snapshots", pictures=_snapshots(kinds[FileKind.PICTURE], kinds[FileKind.FILM])),)
    if _are_locked(files):
        return (problem("disc_locked"),)
    if kinds[FileKind.FOREIGN]:
        return (problem("disc_foreign"),)
    if kinds[FileKind.PICTURE] or kinds[FileKind.FILM]:
        return (problem("disc_snapshots", pictures=_snapshots(kinds[FileKind.PICTURE], kinds[FileKind.FILM])),)
    if any(map(_can_be_unpacked, files)):
        return (problem("disc_packed"),)
    if cut := next((one.problem for one in files if one.problem and one.problem.code in _CUT), None):
        return (cut,)
    if all(_leads_elsewhere(one) for one in files):
        return (problem("disc_of_links"),)
    if kinds[FileKind.UNREADABLE] == len(files):
        forbidden = all(one.problem is not None and one.problem.code in _NOT_ALLOWED for one in files)
        return (problem("disc_not_allowed" if forbidden else "disc_unreadable"),)
    return (problem("disc_without_pictures"),)


def _can_be_unpacked(one: FoundFile) -> bool:
    code = one.problem.code if one.problem is not None else ""
    return code == "zip_packed_otherwise" or (one.kind is FileKind.ARCHIVE and code not in _CUT)


_FEW = 4  # times as many bytes of snapshots as of what looks locked: then these few are something else


def _are_locked(files: Collection[FoundFile]) -> bool:
    """Whether the pictures may be in locked files: what is told from its bytes alone must be more than a few of them."""
    if any(one.problem and one.problem.code in LOCKED for one in files):
        return True
    sizes: Counter[FileKind] = Counter()
    for one in files:
        sizes[one.kind] += max(1, one.size)
    return 0 < sizes[FileKind.ENCRYPTED] * _FEW >= sizes[FileKind.PICTURE] + sizes[FileKind.FILM]


_CUT = frozenset({"zip_cut", "not_a_zip"})  # the pictures may have been in it: no cloth brings these back
_NOT_ALLOWED = frozenset({"file_not_allowed", "link_not_followed"})
_SHORTCUTS = (".lnk", ".url", ".webloc")


def _leads_elsewhere(found: FoundFile) -> bool:
    """Whether this is a link or a shortcut: copied without what it leads to, there is nothing to clean or to try again."""
    link = found.problem is not None and found.problem.code == "link_not_followed"
    return link or found.path.lower().endswith(_SHORTCUTS)


def _snapshots(pictures: int, films: int) -> str:
    told = [count_of(pictures, "{n} snapshot", "{n} snapshots")] if pictures else []
    told += [count_of(films, "{n} film", "{n} films")] if films else []
    return told[0] if len(told) == 1 else tr("{one} and {other}", one=told[0], other=told[1])


def report_sentences(index: DiscIndex) -> tuple[str, ...]:
    """The import report: first what is shown, then what was left out, then what is broken. No paths."""
    series = list(index.every_series)
    sets = sum(bool(one.groups) for one in series)
    pictures = count_of(index.picture_count, "{n} picture", "{n} pictures")
    first = tr("{pictures} in {sets}.", pictures=pictures, sets=count_of(sets, "{n} set", "{n} sets"))
    documents = sum(len(one.documents) for one in series if one.kind is SeriesKind.DOCUMENT)
    lines = [first if index.picture_count else tr("No pictures from a scanner.")]
    if documents:
        lines.append(count_of(documents, "{n} report or document.", "{n} reports or documents."))
    kinds = Counter(row.kind for row in index.account.skipped)
    kinds["not_a_picture"] -= documents
    lines += [count_of(kinds[kind], one, many) for kind, one, many in _LINES if kinds[kind] > 0]
    waiting = index.account.found - index.account.shown - len(index.account.skipped)
    if waiting:
        lines.append(count_of(waiting, "{n} file has not been read yet.", "{n} files have not been read yet."))
    missing = len(index.account.missing)
    if missing:
        lines.append(count_of(missing, *_MISSING))
    return tuple(lines)


_MISSING = (
    "{n} file named in the disc's list is not on the disc.",
    "{n} files named in the disc's list are not on the disc.",
)
_LINES = (
    ("not_a_picture", "{n} file is not a picture (listed).", "{n} files are not pictures (listed)."),
    ("viewer", "{n} file belongs to the disc's own viewer and was left alone.", "{n} files belong to the disc's own viewer and were left alone."),
    ("system", "{n} file was left there by a computer's own system.", "{n} files were left there by a computer's own system."),
    ("packed", "{n} packed file was opened.", "{n} packed files were opened."),
    ("unopened", "{n} packed file was not opened; what is in it is not shown (listed).", "{n} packed files were not opened; what is in them is not shown (listed)."),
    ("dicomdir", "{n} file is the disc's own list.", "{n} files are the disc's own lists."),
    ("not_dicom", "{n} other file does not come from a scanner.", "{n} other files do not come from a scanner."),
    ("duplicate", "{n} double file was skipped.", "{n} double files were skipped."),
    ("empty", "{n} file is empty.", "{n} files are empty."),
    ("damaged", "{n} file is damaged (listed).", "{n} files are damaged (listed)."),
    ("packed_otherwise", "{n} picture file is packed in a way that Sidelight cannot undo (listed).", "{n} picture files are packed in a way that Sidelight cannot undo (listed)."),
    ("locked", "{n} packed file is locked with a password (listed).", "{n} packed files are locked with a password (listed)."),
    ("too_large", "{n} packed file would grow far beyond its size and was not opened.", "{n} packed files would grow far beyond their size and were not opened."),
    ("link", "{n} link to another place was not followed.", "{n} links to other places were not followed."),
    ("unreadable", "{n} file could not be read from the disc.", "{n} files could not be read from the disc."),
)  # fmt: skip
