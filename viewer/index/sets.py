"""Sets: one series of the file as what can be looked at, each with its kind, planes, names and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from viewer.dicom.header import Header
from viewer.dicom.sop_class import FOR_PROCESSING
from viewer.geometry.plane import Plane
from viewer.index import names
from viewer.index.copies import is_packed_again
from viewer.index.frames import frames_of, is_shown
from viewer.index.groups import group_parts
from viewer.index.kind import offer
from viewer.index.model import Frame, FrameGroup, Series, SeriesKind, together
from viewer.index.mosaic import mosaic_grid
from viewer.index.objects import not_picture
from viewer.index.order import column, natural
from viewer.index.split import image_type, parts
from viewer.jobs.mistakes import tell_of
from viewer.problem import Problem, problem
from viewer.text.translate import count_of, tr

_PROBLEMS = column("header", "problems")


def build_series(
    headers: Sequence[Header], copies: Mapping[str, int], are_shown: Mapping[str, bool]
) -> tuple[Series, ...]:
    """One series of the file (its different files) as series to look at, ids still empty.

    copies: path → copy. are_shown: path → whether the file is shown (`is_shown`).
    """
    shown = [header for header in headers if are_shown[header.path]]
    pictures = _pictures(frames_of(shown, copies), _file_notes(headers, copies))
    others = [header for header in headers if not are_shown[header.path]] if len(shown) < len(headers) else []
    return (*pictures, *_not_pictures(others))


def _pictures(frames: Sequence[Frame], notes: tuple[Problem, ...]) -> list[Series]:
    """Sets that hold all of these pictures, come what may: those that the rules lose, or fail at, file by file."""
    try:
        made = [set_of(groups, notes) for part in parts(frames) for groups in group_parts(part)]
        if sum(len(group.frames) for one in made for group in one.groups) == len(frames):
            return made
        raise LookupError("pictures were lost as they were put in order")
    except Exception as mistake:  # noqa: BLE001  told, and nobody goes without his pictures for it
        tell_of(mistake)
    files: dict[str, list[Frame]] = {}
    for frame in frames:
        files.setdefault(frame.header.path, []).append(frame)
    return [_as_stored(own, notes) for _, own in sorted(files.items(), key=lambda row: natural(row[0]))]


def _as_stored(frames: Sequence[Frame], notes: tuple[Problem, ...]) -> Series:
    """The pictures of one file, of which nothing else is believed: neither place nor kind."""
    made = _series(
        frames[0].header,
        tr("Pictures as they are stored"),
        SeriesKind.SINGLE if len(frames) == 1 else SeriesKind.STACK,
        (FrameGroup("", tuple(map(_without_place, frames))),),
        (problem("not_sorted"), *notes, *_once(frames[0].header.problems)),
    )
    return replace(made, planes=(Plane.NATIVE,))


def _series(
    header: Header, name: str, kind: SeriesKind, groups: tuple[FrameGroup, ...], problems: tuple[Problem, ...]
) -> Series:
    """A series as this file of it tells, without planes; its id is found when the whole disc is known."""
    return Series(
        id="",
        uid=header.series_uid,
        number=header.series_number,
        modality=header.modality,
        description=header.series_description,
        name=name,
        kind=kind,
        groups=groups,
        planes=(),
        spacing_mm=None,
        problems=problems,
    )


def set_of(groups: tuple[FrameGroup, ...], notes: tuple[Problem, ...]) -> Series:
    """A series of these groups, each in order, with its name, its directions and what is doubted about it."""
    frames = together(groups)
    offered = offer(groups)
    header = frames[0].header
    name = names.series_name(groups, offered)
    doubted = tuple(dict.fromkeys(found for own in dict.fromkeys(_PROBLEMS(frames)) for found in own))
    # tiles that another program took apart keep the word, but lie side by side like slices, as sheets do not
    told_sheet = "MOSAIC" in image_type(frames[0]) and offered.kind is not SeriesKind.VOLUME
    sheets = (problem("mosaic_whole"),) if told_sheet and _whole_sheet(header) else ()
    if sheets:  # the file tells the place of a picture as large as the sheet, where no tile lies (R-S6)
        groups = tuple(replace(group, frames=tuple(map(_without_place, group.frames))) for group in groups)
    raw = (problem("for_processing"),) if header.sop_class in FOR_PROCESSING else ()
    made = _series(header, name, offered.kind, groups, (*offered.problems, *raw, *sheets, *notes, *_once(doubted)))
    return replace(made, planes=offered.planes, spacing_mm=offered.spacing_mm, blocked=offered.blocked)


def _whole_sheet(header: Header) -> bool:
    return header.frames == 1 and mosaic_grid(header) is None


def _without_place(frame: Frame) -> Frame:
    return frame._replace(facts=replace(frame.facts, position=None))


def _once(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """One problem of each code: the pictures carry their own."""
    return tuple({one.code: one for one in reversed(tuple(found))}.values())


def _file_notes(headers: Sequence[Header], copies: Mapping[str, int]) -> tuple[Problem, ...]:
    notes = []
    again = [header for header in headers if header.path in copies and is_shown(header)] if copies else []
    if again:
        same = problem("same_number", pictures=count_of(len(again), "{n} picture", "{n} pictures"))
        notes.append(problem("packed_again") if is_packed_again(again) else same)
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
    problems = _once(found for header in members for found in header.problems)
    return replace(_series(members[0], name, kind, (), problems), documents=tuple(members))
