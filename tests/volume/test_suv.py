"""Uptake values: right where the file holds all that they need, off with the reason where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from viewer.dicom.header import FrameFacts, Header, PetFacts
from viewer.problem import Problem
from viewer.volume.suv import SuvFactor, suv_factor

HALF_LIFE = 6586.2
PET = PetFacts(
    weight_kg=75.0,
    dose_bq=3.0e8,
    half_life_s=HALF_LIFE,
    injection_datetime="20240312090000",
    decay_correction="START",
    corrected=("NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN"),
    series_date="20240312",
    series_time="100000",
    acquisition_date="20240312",
)
FRAMES = (FrameFacts(acquisition_time="100200.00"), FrameFacts(acquisition_time="100000.00"))


def header(units: str = "BQML", **pet: Any) -> Header:
    return Header("PET1", 1000, modality="PT", units=units, pet=replace(PET, **pet))


def factor(one: Header, frames: tuple[FrameFacts, ...] = FRAMES) -> float:
    found = suv_factor(one, frames)
    assert isinstance(found, SuvFactor), found
    return found.factor


def expected(seconds: float) -> float:
    return 75_000.0 / (3.0e8 * 2 ** (-seconds / HALF_LIFE))


def test_a_uniform_body_has_an_uptake_of_one() -> None:
    activity = 3.0e8 * 2 ** (-3600 / HALF_LIFE) / 75_000.0
    assert factor(header()) * activity == pytest.approx(1.0)
    assert suv_factor(header(), FRAMES) == SuvFactor(pytest.approx(expected(3600)), "SUVbw")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"decay_correction": "ADMIN"}, 0),
        ({"decay_correction": "ADMIN", "injection_datetime": "", "series_time": ""}, 0),
        ({"injection_datetime": "20240312090000.000000+0100"}, 3600),
        ({"injection_datetime": "", "injection_time": "090000"}, 3600),
        ({"injection_datetime": "", "injection_time": "235000", "series_time": "004000"}, 3000),
        ({"injection_datetime": "20240311235000", "series_time": "004000"}, 3000),
        ({"series_time": "113000"}, 3600),  # a series made later: the earliest picture counts
        ({"series_time": "113000", "vendor_start": "20240312095500.00"}, 3300),
        ({"series_time": ""}, 3600),
        ({"timezone": "+0100"}, 3600),
        ({"timezone": "+0100", "injection_datetime": "20240312090000+0100"}, 3600),
        ({"timezone": "+0100", "injection_datetime": "20240312080000.00+0000"}, 3600),
        ({"timezone": "+0100", "injection_datetime": "20240312133000+0530"}, 3600),
        ({"timezone": "-0500", "injection_datetime": "20240312140000+0000"}, 3600),
        ({"timezone": "+0200", "injection_datetime": "20240311220000+0000", "series_time": "004000"}, 2400),
        ({"timezone": "CET", "injection_datetime": "20240312090000+0000"}, 3600),
        ({"timezone": "+0100", "series_time": "113000", "vendor_start": "20240312085500.00+0000"}, 3300),
        ({"decay_correction": "DATETIME", "decay_datetime": "20240312090000"}, 0),
        ({"decay_correction": "DATETIME", "decay_datetime": "20240312100000"}, 3600),
        (
            {
                "decay_correction": "DATETIME",
                "decay_datetime": "20240312100000+0100",
                "injection_datetime": "20240312080000+0000",
            },
            3600,
        ),
    ],
)
def test_the_dose_is_that_of_the_moment_the_activity_belongs_to(changes: dict[str, Any], seconds: float) -> None:
    frames = FRAMES if not changes.get("series_time", "").startswith("00") else (FrameFacts(acquisition_time="004100"),)
    assert factor(header(**changes), frames) == pytest.approx(expected(seconds))


def test_a_series_made_later_begins_before_its_first_picture_by_the_reference_time() -> None:
    frames = (FrameFacts(acquisition_time="101000", reference_ms=600_000.0),)
    assert factor(header(series_time="120000"), frames) == pytest.approx(expected(3600))
    in_the_middle = (FrameFacts(acquisition_time="101000", reference_ms=660_000.0),)
    made = header(series_time="120000", frame_duration_ms=120_000.0)
    assert factor(made, in_the_middle) == pytest.approx(expected(3600), rel=1e-4)


def test_a_reference_time_of_an_impossible_length_counts_as_not_told() -> None:
    frames = (FrameFacts(acquisition_time="100000", reference_ms=1e300),)
    assert factor(header(series_time="120000"), frames) == pytest.approx(expected(3600))


def test_a_scan_over_midnight_goes_on_in_the_next_day() -> None:
    frames = (FrameFacts(acquisition_time="000500"), FrameFacts(acquisition_time="235100"))
    made = header(series_time="235000", injection_datetime="20240312225000")
    assert factor(made, frames) == pytest.approx(expected(3600))


@pytest.mark.parametrize(
    ("units", "changes", "code"),
    [
        ("BQML", {"decay_correction": "NONE"}, "suv_decay_unknown"),
        ("BQML", {"decay_correction": ""}, "suv_decay_unknown"),
        ("BQML", {"weight_kg": None}, "suv_no_weight"),
        ("BQML", {"weight_kg": 0.0}, "suv_no_weight"),
        ("BQML", {"weight_kg": 75_000.0}, "suv_no_weight"),
        ("BQML", {"dose_bq": None}, "suv_no_dose"),
        ("BQML", {"dose_bq": 0.0}, "suv_no_dose"),
        ("BQML", {"dose_bq": 300.0}, "suv_dose_unit"),
        ("BQML", {"half_life_s": None}, "suv_no_half_life"),
        ("BQML", {"half_life_s": 0.0}, "suv_no_half_life"),
        ("BQML", {"corrected": ("DECY",)}, "suv_not_corrected"),
        ("BQML", {"corrected": ("ATTN",)}, "suv_not_corrected"),
        ("BQML", {"injection_datetime": ""}, "suv_no_times"),
        ("BQML", {"injection_datetime": "yesterday"}, "suv_no_times"),
        ("BQML", {"injection_datetime": "20240312110000"}, "suv_times_contradict"),
        ("BQML", {"injection_datetime": "20240301090000"}, "suv_times_contradict"),
        ("BQML", {"timezone": "+0100", "injection_datetime": "20240312093000+0000"}, "suv_times_contradict"),
        ("BQML", {"timezone": "-0100", "injection_datetime": "00010101000000+1400"}, "suv_no_times"),
        ("PROPCNTS", {}, "suv_units"),
        ("CNTS", {}, "suv_units"),
        ("", {}, "suv_units"),
    ],
)
def test_without_what_it_needs_there_is_no_uptake_but_the_reason(
    units: str, changes: dict[str, Any], code: str
) -> None:
    found = suv_factor(header(units, **changes), FRAMES)
    assert isinstance(found, Problem)
    assert found.code == code


def test_values_that_are_uptake_already_keep_their_kind() -> None:
    assert suv_factor(header("GML", suv_type="LBM", weight_kg=None)) == SuvFactor(1.0, "SUVlbm")
    assert suv_factor(header("GML")) == SuvFactor(1.0, "SUVbw")


def test_counts_of_one_maker_have_factors_of_their_own() -> None:
    assert suv_factor(header("CNTS", philips_suv=0.000381, weight_kg=None)) == SuvFactor(0.000381)
    assert factor(header("CNTS", philips_bq_ml=1.5)) == pytest.approx(1.5 * expected(3600))


def test_other_pictures_have_no_uptake() -> None:
    found = suv_factor(Header("CT1", 1000, modality="CT"))
    assert isinstance(found, Problem)
    assert found.code == "suv_not_pet"
