"""Marks stay where they were drawn while more of a disc comes in, and when a disc comes back with more than it had."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.index.built import build_index
from tests.index.made import AXIAL, SAGITTAL, moved, picture
from tests.usecases.sitting import Sitting
from viewer.dicom.header import Header
from viewer.disc.medium import FileKind, FoundFile
from viewer.document.model import Document, PaneView
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import DiscIndex
from viewer.jobs.budget import Budget
from viewer.marks.mark import Anchor, Mark, MarkKind
from viewer.usecases.come_back import Finder
from viewer.usecases.follow import Follower, SourceOf, known_series
from viewer.usecases.looking import points_lps
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source

OBLIQUE = (0.98, 0.198997, 0.0, 0.0, 0.0, -1.0)
OFF_MM = 3.01  # a slice may be off by half the widest gap, which was one of two steps of 3 mm
ON_GRID_MM = 0.001
DRAWN = ((1.0, 1.0), (5.0, 4.0))


def a_scan(draw: random.Random) -> list[Header]:
    """Slices in any direction and order, some tilted, some with a gap, of one moment or of several."""
    way = draw.choice([AXIAL, SAGITTAL, OBLIQUE])
    normal, down = np.cross(way[:3], way[3:]), np.asarray(way[3:])
    step, tilt = draw.choice([0.5, 1.0, 3.0]) * draw.choice([1, -1]), draw.choice([0.0, 0.0, 0.2])
    slices, moments = draw.choice([7, 9, 14]), draw.choice([1, 1, 2, 3])
    gap = draw.choice([None, slices // 2])
    places = [(moment, k) for moment in range(moments) for k in range(slices) if k != gap]
    found = [
        picture(
            number,
            orientation=way,
            position=tuple(float(x) for x in normal * k * step + down * tilt * k),
            spacing=(1.0, 1.0),
            temporal=moment + 1 if moments > 1 else None,
            frame_of_reference="7.1",
        )
        for number, (moment, k) in enumerate(places, 1)
    ]
    draw.shuffle(found)
    return found


def index_of(headers: Sequence[Header], complete: bool = True) -> DiscIndex:
    files = [FoundFile(header.path, header.size, FileKind.DICOM) for header in headers]
    return build_index("disc", files, headers, complete=complete, same_bytes=lambda one, other: False)


def geometry_of(index: DiscIndex) -> SourceOf:
    """Sources that are asked for places only: there is nothing to read."""
    reader = FrameReader(cast("Any", None), cast("Any", None), Budget())

    @cache
    def source(series_id: str, group: int) -> Source | None:
        series = index.series(series_id)
        return open_source(series, group, reader) if series is not None and group < len(series.groups) else None

    return source


@dataclass(frozen=True)
class Drawn:
    mark: Mark
    file: str  # where it was drawn on a picture as it was made


def drawn_on(index: DiscIndex, source_of: SourceOf, draw: random.Random) -> Iterator[Drawn]:
    """Marks on some slices of every direction of every group."""
    for series in index.every_series:
        for number, group in enumerate(series.groups):
            source = source_of(series.id, number)
            for plane in source.planes if source is not None else ():
                assert source is not None
                for at in draw.sample(range(source.count(plane)), min(3, source.count(plane))):
                    frame = group.frames[at] if plane is Plane.NATIVE else None
                    anchor = Anchor(series.id, series.uid, plane, at, number, frame.ref if frame else None)
                    yield Drawn(
                        Mark(
                            f"{series.id} {number} {plane} {at}", MarkKind.ARROW, anchor, DRAWN, in_body(source, anchor)
                        ),
                        frame.header.path if frame else "",
                    )


def in_body(
    source: Source, anchor: Anchor, points: Sequence[tuple[float, float]] = DRAWN
) -> tuple[tuple[float, float, float], ...]:
    affine: Affine | None = source.to_voxel(anchor.plane, anchor.index)
    assert affine is not None
    found = [(affine @ np.array([column, row, 0.0, 1.0]))[:3] for column, row in points]
    return tuple((float(x), float(y), float(z)) for x, y, z in found)


def check_places(drawn: Sequence[Drawn], marks: Sequence[Mark], after: DiscIndex, source_of: SourceOf) -> None:
    for before, mark in zip(drawn, marks, strict=True):
        anchor, series = mark.anchor, after.series(mark.anchor.series_id)
        assert series is not None
        if before.file and anchor.plane is Plane.NATIVE:
            assert series.groups[anchor.group].frames[anchor.index].header.path == before.file
            continue
        source = source_of(anchor.series_id, anchor.group)
        assert source is not None
        assert anchor.plane in source.planes
        affine = source.to_voxel(anchor.plane, anchor.index)
        assert affine is not None
        off = np.asarray(in_body(source, anchor, mark.points)) - np.asarray(before.mark.points_lps)
        column, row, across = np.linalg.solve(affine[:3, :3], off.T) * np.linalg.norm(affine[:3, :3], axis=0)[:, None]
        assert max(np.abs(column).max(), np.abs(row).max()) <= ON_GRID_MM
        assert np.abs(across).max() <= OFF_MM


@settings(derandomize=True, max_examples=100)
@given(st.randoms(use_true_random=False))
def test_marks_stay_at_their_place_in_the_body_while_a_scan_comes_in(draw: random.Random) -> None:
    headers = a_scan(draw)
    before, after = index_of(headers[: draw.randint(1, len(headers))], complete=False), index_of(headers)
    old, new = geometry_of(before), geometry_of(after)
    drawn = list(drawn_on(before, old, draw))
    event("several directions" if any(one.mark.anchor.plane is not Plane.NATIVE for one in drawn) else "one")
    document = Document(marks=tuple(one.mark for one in drawn))
    check_places(drawn, Follower(before, after, old, new).document(document).marks, after, new)
    check_places(drawn, Finder(known_series(before), after, new).document(document).marks, after, new)


def same_number(places: Sequence[float]) -> list[Header]:
    """Pictures of one number in a set each, as careless programs write them."""
    return [
        replace(moved(picture(k + 1, place), slope=1.0 + k), sop_uid="1.5.1", series_uid=f"1.6.{k}", path=f"IM{9 - k}")
        for k, place in enumerate(places)
    ]


def test_a_mark_stays_on_its_file_where_pictures_of_the_same_number_come_in() -> None:
    headers = same_number([0.0, 30.0, 60.0])
    before, after = index_of(headers[:1], complete=False), index_of(headers)
    old, new = geometry_of(before), geometry_of(after)
    drawn = list(drawn_on(before, old, random.Random(1)))
    marks = Follower(before, after, old, new).document(Document(marks=tuple(one.mark for one in drawn))).marks
    check_places(drawn, marks, after, new)
    series = after.series(marks[0].anchor.series_id)
    assert series is not None
    assert series.frames[0].ref == marks[0].anchor.frame  # its key is that of now


@pytest.mark.parametrize("came", [2, 3])
def test_a_mark_lies_nowhere_where_nothing_tells_which_picture_of_a_number_was_meant(came: int) -> None:
    headers = [replace(one, series_uid="1.6") for one in same_number([0.0, 30.0, 60.0])]
    before, after = index_of(headers[:1], complete=False), index_of(headers[:came])
    drawn = list(drawn_on(before, geometry_of(before), random.Random(1)))
    document = Document(marks=tuple(one.mark for one in drawn))
    (mark,) = Finder(known_series(before), after, geometry_of(after)).document(document).marks
    assert mark.anchor.series_id == ""
    assert mark.points == DRAWN


@pytest.mark.parametrize("drawn", [Plane.NATIVE, Plane.AXIAL])
def test_a_mark_lies_on_its_picture_as_it_was_made_and_in_the_sets_own_direction(
    seat: Sitting, ct: Path, drawn: Plane
) -> None:
    seat.open(ct)
    series = seat.volume
    shown = {plane: seat.slice(PaneView(series.id, 0, plane, 2)) for plane in (Plane.NATIVE, Plane.AXIAL)}
    other = Plane.AXIAL if drawn is Plane.NATIVE else Plane.NATIVE
    mark = seat.session.add_mark(MarkKind.LENGTH, shown[drawn], ((2, 3), (9, 5)))
    there = next(
        slice_
        for number in range(shown[other].count)
        if (slice_ := seat.slice(PaneView(series.id, 0, other, number))).frame == shown[drawn].frame
    )
    (lying,) = seat.session.marks_on(there)
    assert lying.id == mark.id
    assert there.affine is not None
    assert points_lps(there, lying.points) == pytest.approx(np.asarray(mark.points_lps))
    assert seat.session.measure(lying, there) == seat.session.measure(mark, shown[drawn])
    seat.session.move_mark(lying, there, ((0, 0), (9, 0)))
    (moved,) = seat.session.marks_on(shown[drawn])
    assert points_lps(shown[drawn], moved.points) == pytest.approx(np.asarray(points_lps(there, ((0, 0), (9, 0)))))
