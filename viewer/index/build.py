"""Building the index from files found and headers read; while a disc is being read, as often as the screen wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from operator import is_

from viewer.dicom.dicomdir import DicomDir
from viewer.dicom.header import Header
from viewer.disc.medium import FileKind, FoundFile
from viewer.index.account import (
    Listed,
    disagrees,
    disc_problems,
    is_of_another_disc,
    missing_files,
    opened_archives,
    skipped_double,
    skipped_file,
    skipped_header,
    skipped_packed,
    unlisted_files,
)
from viewer.index.copies import SameBytes, sort_out
from viewer.index.exams import Raw, RawKey, by_day, exam_order, exams_of, joined, parted, raw_key, raw_order, study_of
from viewer.index.frames import is_shown, sop_key
from viewer.index.model import Account, DiscIndex, Series, Skipped, Study
from viewer.index.order import natural
from viewer.index.people import groups_of_people, is_told
from viewer.index.scattered import belong_together, exam_key
from viewer.index.sets import build_series
from viewer.jobs.mistakes import tell_of
from viewer.jobs.turns import WINDOW_FIRST
from viewer.problem import Problem, problem
from viewer.text.translate import count_of

_KNOWN_AT_THE_END = frozenset({"pictures_missing", "pictures_missing_often", "part_missing"})


class IndexBuilder:
    """Takes what was found and read in any order; `result` at any time.

    `same_bytes(path, path)`, where given, is asked about two files that agree in every fact that was read.
    """

    def __init__(self, same_bytes: SameBytes | None = None) -> None:
        self._same_bytes = None if same_bytes is None else cache(same_bytes)
        self._found: dict[str, FoundFile] = {}
        self._headers: dict[str, Header] = {}
        self._raw: dict[RawKey, Raw] = {}
        self._gathered: dict[RawKey, Raw] = {}
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
        path = header.path
        if path in self._headers:
            return
        key, number, shown = raw_key(header), sop_key(header), is_shown(header)
        self._headers[path], self._shown[path] = header, shown
        raw = self._raw.get(key)
        if raw is None:
            raw = self._raw[key] = Raw(key, [])
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
        if not complete:
            studies = tuple(replace(study, series=tuple(map(_so_far, study.series))) for study in studies)
        account = self._account(complete)
        return DiscIndex(root, self._key(), studies, account, self._problems(studies, account, complete), complete)

    def _sort_copies(self, alike: Sequence[Header]) -> None:
        try:
            kept, doubles = sort_out(alike, self._same_bytes)
        except Exception as mistake:  # noqa: BLE001  told, and all of them are shown
            tell_of(mistake)
            kept, doubles = list(alike), []
        pictures = [header.path for header in kept if self._shown[header.path]]
        for header in kept:
            self._doubles.pop(header.path, None)
            self._copies.pop(header.path, None)
        if len(pictures) > 1:  # a file that lost its picture takes no number from the one that has it
            self._copies.update((path, copy) for copy, path in enumerate(pictures))
        self._doubles.update((header.path, header) for header in doubles)
        for header in alike:
            self._raw[raw_key(header)].made = None
        self._gathered.clear()

    def _studies(self) -> tuple[Study, ...]:
        try:
            return self._sorted(self._gather())
        except Exception as mistake:  # noqa: BLE001  told, and nobody goes without his pictures for it
            tell_of(mistake)
            return self._sorted(list(self._raw.values()))

    def _sorted(self, series: list[Raw]) -> tuple[Study, ...]:
        exams = sorted(exams_of(series), key=exam_order)
        raws = [sorted(exam.raws, key=raw_order) for exam in exams]
        paths = [header.path for group in raws for raw in group for header in raw.headers]
        if not len(paths) == len(set(paths)) == len(self._headers):
            raise LookupError("files were lost as series were put together")
        made: dict[RawKey, tuple[Series, ...]] = {}
        for number, raw in enumerate((one for group in raws for one in group), 1):
            made[raw.key] = self._made(raw, f"s{number}")
        return tuple(
            study_of(exam, [one for raw in group for one in made[raw.key]])
            for exam, group in zip(exams, raws, strict=True)
        )

    def _gather(self) -> list[Raw]:
        """The series as the files have them; but files that are one series under many numbers together, and parts of one
        that differ in whose they are said to be."""
        lone = {header.path: raw for raw in self._raw.values() for header in self._only(raw)}
        scattered = belong_together(self._headers[path] for path in lone) if len(lone) > 1 else []
        lots = [raws for raws in joined([[lone[one.path] for one in lot] for lot in scattered]) if len(raws) > 1]
        gone = {raw.key for raws in lots for raw in raws}
        parts = parted((raw for key, raw in self._raw.items() if key not in gone), self._doubles)
        gone |= {raw.key for raws in parts for raw in raws}
        left = {key: raw for key, raw in self._raw.items() if key not in gone}
        known, self._gathered = self._gathered, {}
        exams: dict[tuple[object, ...], str] = {}
        for raws, is_scattered in (*((raws, True) for raws in lots), *((raws, False) for raws in parts)):
            headers = [header for raw in raws for header in raw.headers]
            study, series, person = raws[0].key
            if is_scattered and len({raw.key[0] for raw in raws}) > 1:  # the examinations are scattered as well
                study = exams.setdefault(exam_key(headers[0]), study)
            key = (study, series, person)
            if key in left or key in self._gathered:  # several series may share a number
                key = (study, f"{series} {headers[0].path}", person)
            self._gathered[key] = _as_before(known, Raw(key, headers, scattered=is_scattered))
        for raw in list(left.values()) if self._copies else ():
            days = by_day(raw, self._copies)
            if len(days) > 1:
                del left[raw.key]
                self._gathered |= {one.key: _as_before(known, one) for one in days}
        return [*left.values(), *self._gathered.values()]

    def _only(self, raw: Raw) -> list[Header]:
        """The files of a series that shows one place only, doubles apart: mostly one file. Else nothing."""
        first, some = raw.headers[0].shared.position, raw.headers[:3]
        if any(header.shared.position != first for header in some) or (first is None and len(some) == 3):
            return []
        kept = [header for header in raw.headers if header.path not in self._doubles]
        alike = len(kept) == 1 or (first is not None and all(header.shared.position == first for header in kept))
        return kept if alike else []

    def _made(self, raw: Raw, name: str) -> tuple[Series, ...]:
        if raw.made is None:
            WINDOW_FIRST.step_aside()
            doubles = self._doubles
            kept = [header for header in raw.headers if header.path not in doubles] if doubles else raw.headers
            raw.made, raw.named = build_series(kept, self._copies, self._shown), ""
            if raw.scattered:
                raw.made = tuple(replace(one, problems=(*one.problems, problem("scattered"))) for one in raw.made)
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
        left = found - shown
        opened = opened_archives(found) if left else frozenset()
        dicom = len(self._headers)
        for path in left:
            header, file = self._headers.get(path), self._found.get(path)
            dicom += header is None and file is not None and file.kind is FileKind.DICOM
            is_opened = path in opened and file is not None and file.problem is None
            row = skipped_packed(file) if is_opened and file else self._skipped(path, header, file, complete)
            if row is not None:
                rows.append(row)
        missing = missing_files(self._lists, found, self._by_number) if complete else ()
        if complete:  # sorting thousands of names again and again would keep the reading waiting
            rows.sort(key=_skipped_order)
        return Account(len(found), dicom, len(shown), tuple(rows), missing)

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
        people = groups_of_people(study.person for study in studies if is_told(study.person))
        if len(people) > 1:
            said.append(problem("several_people", count=len(people)))
        if complete:
            said += self._list_problems(account) if self._lists else ()
            originals = account.shown + sum(row.kind in ("damaged", "packed_otherwise") for row in account.skipped)
            said += disc_problems(account.dicom, self._found.values(), originals)
        return tuple(said)

    def _list_problems(self, account: Account) -> Iterator[Problem]:
        """What the lists of the disc say that is not so."""
        if account.shown and is_of_another_disc(self._lists, account.missing):
            yield problem("list_of_another_disc")
            return
        if account.missing:
            missing = count_of(len(account.missing), "{n} file", "{n} files")
            yield problem("listed_but_missing", files=missing, where="\n".join(account.missing[:200]))
        extra = unlisted_files(self._lists, self._shown_headers())
        if extra:
            yield problem("not_in_list", files=count_of(extra, "{n} file", "{n} files"))
        if disagrees(self._lists, self._headers):
            yield problem("list_disagrees")


def _as_before(known: Mapping[RawKey, Raw], raw: Raw) -> Raw:
    """The one that is known, with what was made of it, where it has the very same files."""
    one = known.get(raw.key)
    same = one is not None and len(one.headers) == len(raw.headers) and all(map(is_, one.headers, raw.headers))
    return one if one is not None and same else raw


def _so_far(series: Series) -> Series:
    """What only the end of the reading shows is not said before: a picture that was not read yet is not missing."""
    said = tuple(note for note in series.problems if note.code not in _KNOWN_AT_THE_END)
    return series if len(said) == len(series.problems) else replace(series, problems=said)


def _skipped_order(row: Skipped) -> tuple[object, ...]:
    return natural(row.path), row.path
