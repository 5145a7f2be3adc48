"""Building the index from files found and headers read; while a disc is being read, as often as the screen wants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from viewer.dicom.dicomdir import DicomDir
from viewer.dicom.header import Header, Person
from viewer.disc.medium import FileKind, FoundFile
from viewer.index import names
from viewer.index.account import (
    Listed,
    disagrees,
    disc_problems,
    missing_files,
    skipped_double,
    skipped_file,
    skipped_header,
    unlisted_files,
)
from viewer.index.copies import SameBytes, sort_out
from viewer.index.frames import frames_of, is_shown, sop_key
from viewer.index.groups import group_parts
from viewer.index.kind import is_localizer, offer
from viewer.index.model import Account, DiscIndex, Frame, FrameGroup, Series, SeriesKind, Skipped, Study
from viewer.index.mosaic import mosaic_grid
from viewer.index.objects import is_screen_picture, not_picture
from viewer.index.order import natural
from viewer.index.people import fullest, groups_of_people, same_person
from viewer.index.split import image_type, parts
from viewer.problem import Problem, problem
from viewer.text.translate import count_of, tr

FEW_DERIVED = 3  # so many derived pictures or fewer are a helper beside the originals
_RawKey = tuple[str, str, str]  # study, series (or folder), identifier of the person
_Ranks = {SeriesKind.VOLUME: 0, SeriesKind.STACK: 1, SeriesKind.CINE: 1, SeriesKind.SINGLE: 2}


@dataclass(slots=True)
class _Raw:
    """One series as the files have it, and what was made of it last time."""

    key: _RawKey
    headers: list[Header]
    made: tuple[Series, ...] | None = None
    named: str = ""  # the id under which `made` was last handed out

    @property
    def first(self) -> Header:
        return self.headers[0]


class IndexBuilder:
    """Takes what was found and read in any order; `result` at any time.

    `same_bytes(path, path)`, where given, is asked about two files that agree in every fact that was read.
    """

    def __init__(self, same_bytes: SameBytes | None = None) -> None:
        self._same_bytes = None if same_bytes is None else cache(same_bytes)
        self._found: dict[str, FoundFile] = {}
        self._headers: dict[str, Header] = {}
        self._raw: dict[_RawKey, _Raw] = {}
        self._by_number: dict[str, list[Header]] = {}
        self._unsorted: set[str] = set()  # numbers on several files that are still to be sorted out
        self._copies: dict[str, int] = {}  # path → copy, only where a number is on several files
        self._doubles: dict[str, Header] = {}
        self._lists: list[Listed] = []
        self._shown: dict[str, bool] = {}
        self._key_made = ((-1, -1), "")

    def add(self, found: FoundFile) -> None:
        """A file of the medium; once more with its kind or its problem when that is known."""
        self._found[found.path] = found

    def add_header(self, header: Header) -> None:
        """The facts of a DICOM file; a path counts once."""
        if header.path in self._headers:
            return
        self._headers[header.path] = header
        self._shown[header.path] = is_shown(header)
        key, number = _raw_key(header), sop_key(header)
        raw = self._raw.get(key)
        if raw is None:
            raw = self._raw[key] = _Raw(key, [])
        raw.headers.append(header)
        raw.made = None
        alike = self._by_number.get(number)
        if alike is None:
            self._by_number[number] = [header]
        else:
            alike.append(header)
            self._unsorted.add(number)

    def add_dicomdir(self, path: str, directory: DicomDir) -> None:
        """A DICOMDIR at `path` (of the medium) and what it lists."""
        self._lists.append(Listed(path, directory))

    def files(self) -> Iterator[tuple[FoundFile, Header | None]]:
        """Every file that was added, with its header where it gave one."""
        return ((found, self._headers.get(path)) for path, found in self._found.items())

    def result(self, root: str, complete: bool) -> DiscIndex:
        """The index of what is known so far; only series that changed since the last call are built again."""
        for key in self._unsorted:
            self._sort_copies(self._by_number[key])
        self._unsorted.clear()
        studies = self._studies()
        account = self._account(complete)
        return DiscIndex(root, self._key(), studies, account, self._problems(studies, account, complete), complete)

    def _sort_copies(self, alike: Sequence[Header]) -> None:
        kept, doubles = sort_out(alike, self._same_bytes)
        for copy, header in enumerate(kept):
            self._doubles.pop(header.path, None)
            if len(kept) > 1:
                self._copies[header.path] = copy
            else:
                self._copies.pop(header.path, None)
        self._doubles.update((header.path, header) for header in doubles)
        for header in alike:
            self._raw[_raw_key(header)].made = None

    def _studies(self) -> tuple[Study, ...]:
        exams = sorted(_exams(self._raw.values()), key=_exam_order)
        raws = [sorted(exam.raws, key=_raw_order) for exam in exams]
        made: dict[_RawKey, tuple[Series, ...]] = {}
        for number, raw in enumerate((one for group in raws for one in group), 1):
            made[raw.key] = self._made(raw, f"s{number}")
        return tuple(
            _study(exam, [one for raw in group for one in made[raw.key]])
            for exam, group in zip(exams, raws, strict=True)
        )

    def _made(self, raw: _Raw, name: str) -> tuple[Series, ...]:
        if raw.made is None:
            kept = [header for header in raw.headers if header.path not in self._doubles]
            raw.made, raw.named = build_series(kept, self._copies, self._shown), ""
        if raw.named != name:
            several = len(raw.made) > 1
            raw.made = tuple(
                replace(one, id=f"{name}-{part}" if several else name) for part, one in enumerate(raw.made, 1)
            )
            raw.named = name
        return raw.made

    def _account(self, complete: bool) -> Account:
        found = self._found.keys() | self._headers.keys()
        shown = {path for path, is_one in self._shown.items() if is_one and path not in self._doubles}
        rows: list[Skipped] = []
        dicom = len(self._headers)
        for path in found - shown:
            header, file = self._headers.get(path), self._found.get(path)
            dicom += header is None and file is not None and file.kind is FileKind.DICOM
            row = self._skipped(path, header, file, complete)
            if row is not None:
                rows.append(row)
        missing = missing_files(self._lists, found, self._by_number) if complete else ()
        return Account(len(found), dicom, len(shown), tuple(sorted(rows, key=_skipped_order)), missing)

    def _shown_headers(self) -> Iterator[Header]:
        return (header for path, header in self._headers.items() if self._shown[path] and path not in self._doubles)

    def _skipped(self, path: str, header: Header | None, file: FoundFile | None, complete: bool) -> Skipped | None:
        """The row of a file that is not shown; None for one that is, or that is still to be read."""
        if header is not None:
            return skipped_double(header) if path in self._doubles else skipped_header(header)
        waiting = file is None or (file.problem is None and file.kind in (FileKind.DICOM, FileKind.OTHER))
        return None if file is None or (waiting and not complete) else skipped_file(file)

    def _key(self) -> str:
        """A hash that knows the disc again, also copied elsewhere: its numbers and frame counts, else its files."""
        if self._key_made[0] != (len(self._headers), len(self._found)):
            told = sorted({f"{key}:{one.frames}" for key, alike in self._by_number.items() for one in alike})
            if not told:
                told = sorted(f"{found.path}:{found.size}" for found in self._found.values())
            key = sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:32]
            self._key_made = ((len(self._headers), len(self._found)), key)
        return self._key_made[1]

    def _problems(self, studies: Sequence[Study], account: Account, complete: bool) -> tuple[Problem, ...]:
        said = [found for listed in self._lists for found in listed.directory.problems]
        people = groups_of_people(study.person for study in studies)
        if len(people) > 1:
            said.append(problem("several_people", count=len(people)))
        if account.missing:
            missing = count_of(len(account.missing), "{n} file", "{n} files")
            said.append(problem("listed_but_missing", files=missing, where="\n".join(account.missing[:200])))
        extra = unlisted_files(self._lists, self._shown_headers()) if complete and self._lists else 0
        if extra:
            said.append(problem("not_in_list", files=count_of(extra, "{n} file", "{n} files")))
        if complete and self._lists and disagrees(self._lists, self._headers):
            said.append(problem("list_disagrees"))
        if complete:
            said += disc_problems(account.dicom, self._found.values())
        return tuple(said)


def _skipped_order(row: Skipped) -> tuple[object, ...]:
    return natural(row.path), row.path


def build_index(
    root: str,
    found: Iterable[FoundFile],
    headers: Iterable[Header],
    dicomdirs: Iterable[tuple[str, DicomDir]] = (),
    complete: bool = True,
    same_bytes: Callable[[str, str], bool] | None = None,
) -> DiscIndex:
    """The index of a medium in one go; `dicomdirs` are (path, what it lists)."""
    builder = IndexBuilder(same_bytes)
    for file in found:
        builder.add(file)
    for header in headers:
        builder.add_header(header)
    for path, directory in dicomdirs:
        builder.add_dicomdir(path, directory)
    return builder.result(root, complete)


def _raw_key(header: Header) -> _RawKey:
    series = header.series_uid or "folder:" + header.path.rpartition("/")[0]
    return header.study_uid, series, header.person.identifier


@dataclass(frozen=True, slots=True)
class _Exam:
    uid: str
    person: Person
    raws: tuple[_Raw, ...]


def _exams(raws: Iterable[_Raw]) -> list[_Exam]:
    """Examinations: by number, and apart where one number is on two people."""
    by_uid: dict[str, list[_Raw]] = {}
    for raw in raws:
        by_uid.setdefault(raw.key[0], []).append(raw)
    found = []
    for uid, members in by_uid.items():
        for records in groups_of_people(raw.first.person for raw in members):
            own = tuple(raw for raw in members if any(same_person(raw.first.person, one) for one in records[:1]))
            own = own or tuple(raw for raw in members if raw.first.person in records)
            found.append(_Exam(uid, fullest(records), own))
    return found


def _exam_order(exam: _Exam) -> tuple[object, ...]:
    first = min(exam.raws, key=_raw_order).first
    return (exam.person.name, exam.person.identifier, first.study_date, first.study_time, exam.uid)


def _raw_order(raw: _Raw) -> tuple[object, ...]:
    number = raw.first.series_number
    return (number is None, number or 0, raw.key)


def _study(exam: _Exam, series: Sequence[Series]) -> Study:
    headers = [raw.first for raw in exam.raws]
    description = next((header.study_description for header in headers if header.study_description), "")
    date = next((header.study_date for header in headers if header.study_date), "")
    listed = tuple(sorted(_told_apart(_helpers(series)), key=_start_here))
    return Study(exam.uid, date, description, names.study_name(headers), exam.person, listed)


def _start_here(series: Series) -> tuple[object, ...]:
    """Originals first (volumes by number of pictures, stacks, single ones), then derived ones, then helpers."""
    if not series.groups:
        return (9 if series.kind is SeriesKind.DOCUMENT else 10, 0, natural(series.id))
    first, count = series.groups[0].frames[0], len(series.frames)
    if is_localizer(first):
        rank = 6
    elif is_screen_picture(first.header):
        rank = 7
    else:
        rank = _Ranks[series.kind] + (3 if is_derived(first) else 0)
    return (rank, -count, natural(series.id))


def is_derived(frame: Frame) -> bool:
    """True for pictures computed from others."""
    return "DERIVED" in image_type(frame)[:1] or "SECONDARY" in image_type(frame)[1:2]


def _helpers(series: Sequence[Series]) -> list[Series]:
    """Mark scouts, screen pictures and small derived sets as helpers; never all that an examination has."""
    main = [one for one in series if one.groups and not _is_helper(one)]
    return [
        one if one.helper == _wanted(one, bool(main)) else replace(one, helper=_wanted(one, bool(main)))
        for one in series
    ]


def _wanted(series: Series, has_main: bool) -> bool:
    if not series.groups:
        return series.kind is SeriesKind.OTHER or "dose" in series.name.casefold()
    return has_main and _is_helper(series)


def _is_helper(series: Series) -> bool:
    first = series.groups[0].frames[0]
    few = is_derived(first) and len(series.frames) <= FEW_DERIVED and series.kind is not SeriesKind.CINE
    return is_localizer(first) or is_screen_picture(first.header) or few


def _told_apart(series: Sequence[Series]) -> list[Series]:
    """Series of one name get their distance between pictures added where that differs, else a number."""
    same = Counter(one.name for one in series)
    steps: dict[str, set[float]] = {}
    for one in series:
        if one.spacing_mm is not None:
            steps.setdefault(one.name, set()).add(round(one.spacing_mm[0], 1))
    told = []
    for one in series:
        if same[one.name] > 1 and one.spacing_mm is not None and len(steps[one.name]) > 1:
            one = replace(one, name=tr("{name}, every {mm:g} mm", name=one.name, mm=round(one.spacing_mm[0], 1)))
        told.append(one)
    return _numbered(told)


def _numbered(series: Sequence[Series]) -> list[Series]:
    """What still has one name is counted: "Overview (2)"."""
    same, seen = Counter(one.name for one in series), Counter[str]()
    counted = []
    for one in series:
        seen[one.name] += 1
        number = seen[one.name]
        counted.append(replace(one, name=f"{one.name} ({number})") if same[one.name] > 1 else one)
    return counted


def build_series(headers: Sequence[Header], copies: Mapping[str, int], told: Mapping[str, bool]) -> tuple[Series, ...]:
    """One series of the file (its different files) as series to look at, ids still empty.

    copies: path → copy. told: path → whether the file is shown (`is_shown`).
    """
    shown = [header for header in headers if told[header.path]]
    frames = [frame for header in shown for frame in frames_of(header, copies.get(header.path, 0))]
    split = [groups for part in parts(frames) for groups in group_parts(part)]
    notes = _file_notes(headers, copies)
    pictures = [_series(groups, notes) for groups in split]
    others = [header for header in headers if not told[header.path]] if len(shown) < len(headers) else []
    return (*pictures, *_not_pictures(others))


def _series(groups: tuple[FrameGroup, ...], notes: tuple[Problem, ...]) -> Series:
    frames = [frame for group in groups for frame in group.frames]
    offered = offer(groups)
    header = frames[0].header
    name = names.series_name(groups, offered)
    doubted = tuple(
        dict.fromkeys(found for one in {id(f.header): f.header for f in frames}.values() for found in one.problems)
    )
    sheets = (problem("mosaic_whole"),) if "MOSAIC" in image_type(frames[0]) and _whole_sheet(header) else ()
    return Series(
        id="",
        uid=header.series_uid,
        number=header.series_number,
        modality=header.modality,
        description=header.series_description,
        name=name,
        kind=offered.kind,
        groups=groups,
        planes=offered.planes,
        spacing_mm=offered.spacing_mm,
        blocked=offered.blocked,
        problems=(*offered.problems, *sheets, *notes, *_once(doubted)),
    )


def _whole_sheet(header: Header) -> bool:
    return header.frames == 1 and mosaic_grid(header) is None


def _once(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """One problem of each code: the pictures carry their own."""
    return tuple({one.code: one for one in reversed(tuple(found))}.values())


def _file_notes(headers: Sequence[Header], copies: Mapping[str, int]) -> tuple[Problem, ...]:
    notes = []
    again = sum(header.path in copies and is_shown(header) for header in headers)
    if again:
        notes.append(problem("same_number", pictures=count_of(again, "{n} picture", "{n} pictures")))
    parted: dict[str, tuple[set[int], int]] = {}
    for header in headers:
        if header.concatenation is not None:
            uid, part, total = header.concatenation
            there, most = parted.setdefault(uid, (set(), 0))
            parted[uid] = (there | {part}, max(most, total))
    for there, total in parted.values():
        lost = max(total, max(there)) - len(there)
        if lost > 0:
            notes.append(problem("part_missing", parts=count_of(lost, "{n} part", "{n} parts")))
    return tuple(notes)


def _not_pictures(headers: Sequence[Header]) -> list[Series]:
    """Reports and other objects by what they are, damaged files by themselves."""
    found: dict[tuple[SeriesKind, str], list[Header]] = {}
    for header in headers:
        row = not_picture(header)
        kind = row.kind if row is not None else SeriesKind.OTHER
        found.setdefault((kind, names.document_name(header)), []).append(header)
    return [
        _listed(kind, name, sorted(members, key=lambda h: natural(h.path))) for (kind, name), members in found.items()
    ]


def _listed(kind: SeriesKind, name: str, members: Sequence[Header]) -> Series:
    first = members[0]
    problems = _once(found for header in members for found in header.problems)
    return Series(
        id="",
        uid=first.series_uid,
        number=first.series_number,
        modality=first.modality,
        description=first.series_description,
        name=name,
        kind=kind,
        groups=(),
        planes=(),
        spacing_mm=None,
        problems=problems,
        documents=tuple(members),
    )
