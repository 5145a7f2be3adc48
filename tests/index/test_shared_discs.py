"""Real discs against what two independent readers found: counts, orders, steps, tilt and kinds."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data import shared_data, truth
from viewer.dicom.dicomdir import read_dicomdir
from viewer.dicom.read import read_header
from viewer.disc.medium import FileKind
from viewer.disc.open import open_medium
from viewer.disc.sniff import HEAD, sniff
from viewer.geometry.affine import pixel_mm
from viewer.geometry.grid import plane_affine, plane_axes, plane_shape, plane_view, volume_geometry
from viewer.geometry.plane import Plane
from viewer.geometry.spacing import slice_stack
from viewer.index.build import IndexBuilder
from viewer.index.model import DiscIndex, Frame, Series, SeriesKind
from viewer.problem import ProblemError

DISCS = (
    "01-lumbar-spine-mr", "02-head-ct-gantry-tilt", "03-head-phantom-ct-philips", "04-petct-mr-two-patients",
    "05-brain-mr-t1", "06-localizer-and-4d", "07-siemens-mosaic-enhanced", "08-us-cr-nm-mixed",
    "09-jpeg-only-no-dicom", "11-damaged", "13-proprietary-encrypted", "14-wrong-dicomdir", "15-geometry-oddities",
)  # fmt: skip


@cache
def opened(disc: str) -> DiscIndex:
    root = shared_data("discs", disc)
    medium, builder = open_medium(str(root)), IndexBuilder(lambda a, b: same(root, a, b))
    for found in medium.walk():
        try:
            head = medium.read(found.path, 0, HEAD)
            found = found._replace(kind=sniff(found.path, found.size, head))
            builder.add(found)
            if found.kind is FileKind.DICOMDIR:
                builder.add_dicomdir(found.path, read_dicomdir(medium, found))
            if found.kind is FileKind.DICOM:
                builder.add_header(read_header(medium, found, head))
        except ProblemError as error:
            builder.add(found._replace(problem=error.problem))
    medium.close()
    return builder.result(disc, complete=True)


def same(root: Path, one: str, other: str) -> bool:
    return (root / one).read_bytes() == (root / other).read_bytes()


def every_series(index: DiscIndex) -> list[Series]:
    return [series for study in index.studies for series in study.series]


@pytest.mark.parametrize("disc", DISCS)
def test_as_many_pictures_are_reached_as_two_readers_found_and_the_account_adds_up(disc: str) -> None:
    index, told = opened(disc), truth()["discs"][disc]
    assert told["frames_min"] <= index.picture_count <= told["frames_max"]
    account = index.account
    assert account.found == told["files"] == account.shown + len(account.skipped)
    keys = [frame.ref for series in every_series(index) for frame in series.frames]
    assert len(set(keys)) == len(keys)
    assert index.picture_count == len(keys)


@pytest.mark.parametrize("disc", DISCS)
def test_order_steps_and_tilt_are_those_of_two_readers(disc: str) -> None:
    for told in truth()["series"]:
        if told["disc"] == disc and told["check"] and "MOS/" not in told.get("order", [""])[0]:
            frames = the_frames(disc, told)
            assert len({frame.facts.position for frame in frames}) == told["positions"]
            if told.get("step_mm") is not None:
                check_steps(frames, told)


def the_frames(disc: str, told: dict[str, Any]) -> list[Frame]:
    """The pictures of one true series: those of its number, size and direction, in the order shown."""
    return [
        frame
        for series in every_series(opened(disc))
        if series.uid == told["series_uid"]
        for frame in series.frames
        if (series.rows, series.columns) == (told["rows"], told["cols"])
        and frame.facts.orientation is not None
        and np.allclose(frame.facts.orientation, told["iop"], atol=2e-3)
    ]


def check_steps(frames: list[Frame], told: dict[str, Any]) -> None:
    assert len(frames) == told["frames"]
    if told["per_position"] == 1.0:
        assert [frame.header.path for frame in frames] == told["order"]
    positions = np.array([frame.facts.position for frame in frames])
    normal = np.cross(told["iop"][:3], told["iop"][3:])
    stack = slice_stack(positions, normal / np.linalg.norm(normal))
    assert stack.step_mm == pytest.approx(told["step_mm"], abs=0.02)
    assert stack.uniform == told["uniform"]
    assert stack.tilt_degrees == pytest.approx(told["tilt_deg"], abs=0.1)
    assert positions[np.argmin(positions @ normal)] == pytest.approx(told["first"], abs=0.01)


# The tables call everything a stack here: five or six slices, or several directions in one file.
_VOLUME_TOO = {"07-siemens-mosaic-enhanced", "11-damaged"}


@pytest.mark.parametrize("disc", DISCS)
def test_kinds_are_those_of_the_table(disc: str) -> None:
    rows = csv.DictReader(shared_data("MANIFEST.csv").read_text("utf-8").splitlines())
    wanted = {
        row["path"].removeprefix(f"discs/{disc}/"): row["expect_kind"]
        for row in rows
        if row["path"].startswith(f"discs/{disc}/")
    }
    found = Counter[tuple[str, str]]()
    for series in every_series(opened(disc)):
        for path in {frame.header.path for frame in series.frames} | {header.path for header in series.documents}:
            found[wanted[path], series.kind.value] += 1
    allowed = {("damaged", kind.value) for kind in SeriesKind} | {(kind.value, kind.value) for kind in SeriesKind}
    if disc in _VOLUME_TOO:
        allowed |= {("stack", "volume"), ("single", "volume"), ("single", "stack")}
    assert set(found) <= allowed


def test_the_planes_two_readers_cut_are_on_offer() -> None:
    for told in truth()["series"]:
        if "planes" in told and told["disc"] in DISCS:
            kinds = {
                series.kind
                for series in every_series(opened(told["disc"]))
                if series.uid == told["series_uid"] and (series.rows, series.columns) == (told["rows"], told["cols"])
            }
            assert kinds == {SeriesKind.VOLUME}, told["description"]


def stored_values(disc: str, series: Series) -> np.ndarray | None:
    """(slices, rows, columns) float32 after the rescale, read straight from the files; None where compressed."""
    slices = []
    for frame in series.groups[0].frames:
        place, pixels = frame.header.place, frame.header.pixels
        if place is None or pixels is None or place.encapsulated:
            return None
        raw = shared_data("discs", disc, frame.header.path).read_bytes()[place.offset : place.offset + place.length]
        kind = f"<{'i' if pixels.is_signed else 'u'}{pixels.bits_allocated // 8}"
        stored = np.frombuffer(raw, kind, series.rows * series.columns).reshape(series.rows, series.columns)
        slices.append((stored * np.float64(frame.facts.slope) + frame.facts.intercept).astype(np.float32))
    return np.array(slices)


def test_planes_cut_with_this_geometry_are_bit_for_bit_those_of_two_readers() -> None:
    compared = 0
    for told in truth()["series"]:
        if "planes" not in told or told["disc"] not in DISCS:
            continue
        (series,) = (
            one
            for one in every_series(opened(told["disc"]))
            if one.uid == told["series_uid"] and (one.rows, one.columns) == (told["rows"], told["cols"])
        )
        facts = [frame.facts for frame in series.groups[0].frames]
        assert facts[0].orientation is not None
        assert facts[0].spacing is not None
        places = np.array([one.position for one in facts], np.float64)
        geometry = volume_geometry(places, facts[0].orientation, facts[0].spacing, series.rows, series.columns)
        assert geometry is not None
        values = stored_values(told["disc"], series)
        for name, cut in told["planes"].items():
            assert plane_shape(geometry, Plane(name)) == (cut["count"], *cut["shape"])
            affine = plane_affine(geometry, Plane(name), cut["index"])
            assert pixel_mm(affine) == pytest.approx(cut["spacing_rc"], rel=5e-3)
            if values is not None:
                picture = plane_view(values, plane_axes(geometry, Plane(name)), cut["index"])
                assert sha256(np.ascontiguousarray(picture, "<f4").tobytes()).hexdigest() == cut["sha256_f32"]
                compared += 1
    assert compared >= 50


def test_oddities_are_named() -> None:
    series = {one.number: one for one in every_series(opened("15-geometry-oddities")) if one.id in
              {f"s{n}" for n in range(1, 14)}}  # fmt: skip
    assert [note.code for note in series[1].problems] == ["pictures_missing"]
    assert [note.code for note in series[3].problems] == ["groups_unequal"]
    assert [note.code for note in series[4].problems] == ["same_number"]
    assert series[5].blocked[0][1].code == "planes_off_no_place"
    assert [note.code for note in series[7].problems] == ["spacing_uneven"]
    assert [group.label for group in series[9].groups] == ["Echo 1 (30 ms)", "Echo 2 (80 ms)"]
    (tilted,) = every_series(opened("02-head-ct-gantry-tilt"))
    assert [note.code for note in tilted.problems] == ["scanner_tilted", "spacing_uneven"]


def test_discs_without_originals_say_so_and_lists_are_checked() -> None:
    assert [note.code for note in opened("09-jpeg-only-no-dicom").problems] == ["disc_snapshots"]
    assert [note.code for note in opened("13-proprietary-encrypted").problems] == ["disc_locked"]
    assert [note.code for note in opened("04-petct-mr-two-patients").problems] == ["several_people"]
    wrong = {note.code for note in opened("14-wrong-dicomdir").problems}
    assert {"listed_but_missing", "list_disagrees"} <= wrong
    assert len(opened("03-head-phantom-ct-philips").account.missing) > 300
    assert opened("01-lumbar-spine-mr").problems == ()


def test_the_main_disc_reads_like_a_table_of_contents() -> None:
    (study,) = opened("01-lumbar-spine-mr").studies
    assert study.name == "Lower back, MRI"
    assert [series.name for series in study.series if not series.helper][:2] == [
        "From the side, T2, every 1 mm",
        "From the side, T2, every 4 mm",
    ]
