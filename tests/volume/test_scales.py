"""Uptake and real-world values stand beside the modality values: at a point, in a part, in the facts, or why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.volume.made import series_of, stacked
from tests.volume.test_suv import PET, expected
from viewer.codec.pool import Decoder
from viewer.dicom.header import RealWorldValue
from viewer.disc.folder import FolderMedium
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, Series
from viewer.jobs.budget import Budget
from viewer.marks.statistics import region_statistics
from viewer.picture.facts import picture_facts
from viewer.picture.look import Region
from viewer.usecases.looking import value_words
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice
from viewer.volume.source import open_source

VOXELS = np.full((9, 12, 10), 1000, np.uint16)


def changed(series: Series, **header: object) -> Series:
    frames: list[Frame] = [one._replace(header=replace(one.header, **header)) for one in series.frames]  # type: ignore[arg-type]
    return replace(series, groups=(FrameGroup("", tuple(frames)),))


def pet(folder: Path, **facts: object) -> tuple[Series, Slice, Slice]:
    """The series, its middle picture and a cut across; slope 2.5."""
    series = series_of(folder, VOXELS, stacked(9), slopes=[2.5] * 9, modality="PT")
    series = changed(series, units="BQML", pet=replace(PET, acquisition_date="", **facts))  # type: ignore[arg-type]
    source = open_source(series, 0, FrameReader(FolderMedium(folder), Decoder(workers=1), Budget(2**28)))
    return series, source.slice(Plane.NATIVE, 4), source.slice(Plane.CORONAL, 4)


def test_a_pet_picture_tells_its_uptake_in_every_plane(tmp_path: Path) -> None:
    series, native, coronal = pet(tmp_path)
    value = 2500 * expected(3600)
    for cut in (native, coronal):
        assert cut.unit == "Bq/ml"
        (scale,) = cut.scales
        assert scale.unit == "SUVbw"
        assert scale.of(2500.0) == pytest.approx(value)
        assert value_words(cut, 3, 3) == f"2500 Bq/ml · {value:.3g} SUVbw"
        assert float(cut.modality_values()[0, 0]) == 2500.0
    words = region_statistics(Region(1, 1, 6, 6), native).words
    assert f"mean {value:.3g} ± 0 · largest {value:.3g} SUVbw" in words
    facts = picture_facts(series, None, native, region=Region(1, 1, 6, 6))
    assert any(fact.term == "SUVbw" and f"{value:.3g}" in fact.words for fact in facts)


@pytest.mark.parametrize(
    ("said", "name"), [("", "SUVbw"), ("BW", "SUVbw"), ("LBM", "SUVlbm"), ("BSA", "SUVbsa"), ("ZQ^MARKER", "SUV")]
)
def test_values_that_are_uptake_already_say_what_they_are_counted_against(tmp_path: Path, said: str, name: str) -> None:
    series, _, _ = pet(tmp_path)
    series = changed(series, units="GML", pet=replace(PET, suv_type=said))
    source = open_source(series, 0, FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28)))
    for cut in (source.slice(Plane.NATIVE, 4), source.slice(Plane.CORONAL, 4)):
        assert (cut.unit, cut.scales) == (name, ())
        assert value_words(cut, 3, 3) == f"2500 {name}"


def test_where_no_uptake_can_be_worked_out_the_facts_say_why(tmp_path: Path) -> None:
    series, native, coronal = pet(tmp_path, weight_kg=None)
    assert native.scales == coronal.scales == ()
    assert native.no_uptake is not None
    assert value_words(native, 3, 3) == "2500 Bq/ml"
    assert any(native.no_uptake.words == fact.words for fact in picture_facts(series, None, native))


def test_other_series_say_nothing_of_uptake(tmp_path: Path) -> None:
    series = series_of(tmp_path, VOXELS, stacked(9))
    cut = open_source(series, 0, FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))).slice(
        Plane.NATIVE, 1
    )
    assert (cut.scales, cut.no_uptake) == ((), None)


def test_a_real_world_value_counts_from_the_stored_one_and_only_in_its_range(tmp_path: Path) -> None:
    voxels = VOXELS.copy()
    voxels[:, 0, 0] = 5000
    series = series_of(tmp_path, voxels, stacked(9), slopes=[2.0] * 9, intercept=-100.0, modality="MR")
    mapping = RealWorldValue(0, 4095, 0.001, 0.5, (), "mm2/s")
    frames = tuple(one._replace(facts=replace(one.facts, real_world=(mapping,))) for one in series.frames)
    series = replace(series, groups=(FrameGroup("", frames),))
    cut = open_source(series, 0, FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))).slice(
        Plane.NATIVE, 1
    )
    assert value_words(cut, 3, 3) == "1900 · 1.5 mm2/s"
    assert value_words(cut, 0, 0) == "9900"
    assert "mean 1.5 ± 0 · largest 1.5 mm2/s" in region_statistics(Region(2, 2, 6, 6), cut).words
    assert not any("mm2/s" in line for line in region_statistics(Region(0, 0, 6, 6), cut).words)


@pytest.mark.parametrize(("follows", "factor"), [(True, 0.5), (False, None)])
def test_a_cut_has_a_real_world_value_only_where_it_is_the_same_in_all_pictures(
    follows: bool, factor: float | None, tmp_path: Path
) -> None:
    """Each picture may have a mapping of its own (PS3.3 C.7.6.16.2.11)."""
    slopes = [1.0 + k for k in range(9)]
    series = series_of(tmp_path, VOXELS, stacked(9), slopes=slopes if follows else [1.0] * 9, modality="MR")
    mappings = [RealWorldValue(0, 4095, slope * 0.5, 0.0, (), "ms") for slope in slopes]
    frames = tuple(
        one._replace(facts=replace(one.facts, real_world=(mapping,)))
        for one, mapping in zip(series.frames, mappings, strict=True)
    )
    series = replace(series, groups=(FrameGroup("", frames),))
    source = open_source(series, 0, FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28)))
    natives = [source.slice(Plane.NATIVE, number).scales[0] for number in (0, 8)]
    assert [one.factor for one in natives] == pytest.approx([0.5, 0.5] if follows else [0.5, 4.5])
    cut = source.slice(Plane.CORONAL, 4)
    assert [(one.unit, one.factor, one.high) for one in cut.scales] == ([("ms", factor, 4095 * 9.0)] if factor else [])


def test_a_real_world_value_told_by_a_table_is_shown_at_a_point(tmp_path: Path) -> None:
    """PS3.3 C.7.6.16.2.11: entry by entry for stored values from the first on; of a mean the table says nothing."""
    series = series_of(tmp_path, VOXELS, stacked(9), slopes=[2.0] * 9)
    table = RealWorldValue(999.0, 1001.0, entries=(0.5, 7.25, 90.0), unit="ml/min")
    frames = tuple(one._replace(facts=replace(one.facts, real_world=(table,))) for one in series.frames)
    series = replace(series, groups=(FrameGroup("", frames),))
    source = open_source(series, 0, FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28)))
    for cut in (source.slice(Plane.NATIVE, 4), source.slice(Plane.CORONAL, 4)):
        (scale,) = cut.scales
        assert [scale.of(value) for value in (1996.0, 1998.0, 2000.0, 2002.0, 2004.0)] == [None, 0.5, 7.25, 90.0, None]
        assert value_words(cut, 3, 3) == "2000 HU · 7.25 ml/min"
        assert "ml/min" not in " ".join(region_statistics(Region(1, 1, 6, 6), cut).words)
