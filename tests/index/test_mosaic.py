"""Siemens mosaics: tiles become slices at their true places, or the sheet is shown and said so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.index.made import AXIAL, only_series, picture
from viewer.dicom.header import Header
from viewer.index.model import SeriesKind
from viewer.index.mosaic import mosaic_tile_box

TYPE = ("ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")


def sheet(number: int = 1, **more: Any) -> Header:
    facts = {"mosaic_tiles": 26, "mosaic_normal": (0.0, 0.0, 1.0), "rows": 384, "columns": 384, **more}
    return picture(number, 0.0, orientation=AXIAL, spacing=(3.0, 3.0), thickness_mm=3.6, image_type=TYPE, **facts)


def test_tiles_are_slices_that_step_along_the_normal_from_the_true_corner() -> None:
    series = only_series([sheet()])
    assert (series.kind, len(series.frames), series.rows, series.columns) == (SeriesKind.VOLUME, 26, 64, 64)
    places = np.array([frame.facts.position for frame in series.frames])
    # The header gives the corner of a picture as large as the sheet: half of 384 - 64 pixels of 3 mm further out.
    assert places[0] == pytest.approx([1 + 480.0, 2 + 480.0, 3.0])
    assert np.diff(places, axis=0) == pytest.approx(np.tile([0, 0, 3.6], (25, 1)))
    assert [frame.number for frame in series.frames] == list(range(1, 27))


def test_the_sheets_of_a_series_are_groups_in_time() -> None:
    series = only_series([sheet(k) for k in (3, 1, 2)])
    assert [group.label for group in series.groups] == ["Part 1 of 3", "Part 2 of 3", "Part 3 of 3"]
    assert [group.frames[0].header.instance_number for group in series.groups] == [1, 2, 3]


def test_slices_against_the_normal_of_the_pictures_are_turned_round_by_their_places() -> None:
    series = only_series([sheet(mosaic_normal=(0.0, 0.0, -1.0))])
    assert [frame.number for frame in series.frames] == list(range(26, 0, -1))


def test_boxes_of_tiles_run_in_rows_of_six() -> None:
    assert mosaic_tile_box(sheet(), 1) == (0, 64, 0, 64)
    assert mosaic_tile_box(sheet(), 8) == (64, 128, 64, 128)
    for number in (0, 27):
        with pytest.raises(ValueError, match=str(number)):
            mosaic_tile_box(sheet(), number)


@pytest.mark.parametrize("more", [{"mosaic_tiles": None}, {"rows": 383}, {"mosaic_tiles": 384 * 384}])
def test_a_sheet_that_cannot_be_taken_apart_is_one_picture_with_a_word(more: dict[str, Any]) -> None:
    series = only_series([sheet(**more)])
    assert len(series.frames) == 1
    assert "mosaic_whole" in [note.code for note in series.problems]


@pytest.mark.parametrize("sheets", [1, 3])
def test_a_sheet_that_cannot_be_taken_apart_has_no_place_but_keeps_letters_and_scale(sheets: int) -> None:
    series = only_series([sheet(k, mosaic_tiles=None, acquisition_time=f"10000{k}.5") for k in range(sheets)])
    assert [(f.facts.position, f.facts.orientation, f.facts.spacing) for f in series.frames] == [
        (None, AXIAL, (3.0, 3.0))
    ] * sheets
    assert series.name.startswith("From below")


def test_sheets_that_tell_when_they_were_taken_are_times() -> None:
    series = only_series([sheet(k, acquisition_time=f"10000{k}.5") for k in (3, 1, 2)])
    assert [group.label for group in series.groups] == ["Time 1 of 3", "Time 2 of 3", "Time 3 of 3"]
    assert [group.frames[0].header.instance_number for group in series.groups] == [1, 2, 3]
