"""Where the program makes a mistake as it puts pictures in order, they are shown all the same, and the mistake is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.index.made import index_of, picture, stack
from viewer.dicom.header import Header
from viewer.geometry.plane import Plane
from viewer.index.build import IndexBuilder
from viewer.index.exams import Raw
from viewer.index.model import DiscIndex, Frame, FrameGroup, SeriesKind
from viewer.index.split import parts


def told_in(monkeypatch: pytest.MonkeyPatch, module: str) -> list[BaseException]:
    found: list[BaseException] = []
    monkeypatch.setattr(f"{module}.tell_of", found.append)
    return found


def shown_paths(index: DiscIndex) -> list[str]:
    return sorted(frame.header.path for series in index.every_series for frame in series.frames)


def test_pictures_of_a_set_that_cannot_be_sorted_are_shown_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(part: list[Frame]) -> tuple[tuple[FrameGroup, ...], ...]:
        raise ValueError("not foreseen")

    told = told_in(monkeypatch, "viewer.index.sets")
    monkeypatch.setattr("viewer.index.sets.group_parts", fails)
    headers = stack(range(3))
    index = index_of(headers)
    assert shown_paths(index) == sorted(header.path for header in headers)
    for series in index.every_series:
        assert series.kind is SeriesKind.SINGLE
        assert series.planes == (Plane.NATIVE,)
        assert series.problems[0].code == "not_sorted"
        assert series.frames[0].facts.position is None
    assert [type(one) for one in told] == [ValueError]


def test_a_picture_that_sorting_loses_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_in(monkeypatch, "viewer.index.sets")
    monkeypatch.setattr("viewer.index.sets.parts", lambda frames: [part[1:] for part in parts(frames)])
    headers = stack(range(9))
    assert shown_paths(index_of(headers)) == sorted(header.path for header in headers)
    assert len(told) == 1


def test_series_that_cannot_be_put_together_are_shown_as_the_files_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(raws: object, doubles: object) -> list[list[Raw]]:
        raise KeyError("not foreseen")

    told = told_in(monkeypatch, "viewer.index.build")
    monkeypatch.setattr("viewer.index.build.parted", fails)
    headers = [*stack(range(4)), *stack(range(4), first=20, series_uid="1.2.10")]
    assert shown_paths(index_of(headers)) == sorted(header.path for header in headers)
    assert [type(one) for one in told] == [KeyError]


def test_a_series_that_is_lost_as_others_are_put_together_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_in(monkeypatch, "viewer.index.build")
    gather = IndexBuilder._gather
    monkeypatch.setattr(IndexBuilder, "_gather", lambda builder: gather(builder)[1:])
    headers = [*stack(range(4)), *stack(range(4), first=20, series_uid="1.2.10")]
    assert shown_paths(index_of(headers)) == sorted(header.path for header in headers)
    assert len(told) == 1


def test_files_of_one_number_that_cannot_be_told_apart_are_all_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(headers: object, same_bytes: object) -> tuple[list[Header], list[Header]]:
        raise TypeError("not foreseen")

    told = told_in(monkeypatch, "viewer.index.build")
    monkeypatch.setattr("viewer.index.build.sort_out", fails)
    once = stack(range(3))
    headers = [*once, *(replace(header, path=f"again/{header.path}") for header in once)]
    index = index_of(headers)
    assert shown_paths(index) == sorted(header.path for header in headers)
    assert len({frame.ref for frame in index.every_frame}) == len(headers)
    assert [type(one) for one in told] == [TypeError] * 3


def test_a_series_that_turns_out_to_be_another_as_long_as_before_is_put_together_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    headers = [picture(number, float(number), series_uid=f"1.2.{number}") for number in range(1, 5)]
    told = iter([[headers[:3]], [[*headers[:2], headers[3]]]])
    monkeypatch.setattr("viewer.index.build.belong_together", lambda lone: [] if len(list(lone)) < 3 else next(told))
    builder = IndexBuilder()
    for header in headers[:3]:
        builder.add_header(header)
    assert shown_paths(builder.result("disc", complete=False)) == [header.path for header in headers[:3]]
    builder.add_header(headers[3])
    assert shown_paths(builder.result("disc", complete=True)) == [header.path for header in headers]
