"""Facts in plain words, and the closed words that may leave."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.picture.slices import AXIAL, SAGITTAL, make_series, make_slice, slice_of
from viewer.dicom.header import FileWindow, FrameFacts, Header, Lut, Person, UltrasoundRegion
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, Series
from viewer.picture.calibration import CALIBRATIONS
from viewer.picture.describe import SCALE_WORDS, closed_description
from viewer.picture.fact import PictureFact
from viewer.picture.facts import EDGE_WORDS, picture_facts, position_words
from viewer.picture.look import Look, Region, Window
from viewer.picture.render import render
from viewer.picture.scan import MODALITY_CODES
from viewer.picture.value_facts import ct_ranges
from viewer.picture.values import figure_words
from viewer.problem import Problem, Severity, problem
from viewer.volume.scales import ValueScale

WINDOW = Window(95, 190)


def words_of(facts: tuple[PictureFact, ...]) -> dict[str, str]:
    return {fact.label: fact.words for fact in facts}


def test_a_sagittal_t2_picture_is_told_in_plain_words() -> None:
    header = Header("a", 1, repetition_time=4000, echo_time=100, scanning_sequence="SE")
    series = make_series("MR", count=39, step=1.0, orientation=SAGITTAL, header=header)
    told = words_of(picture_facts(series, None, slice_of(series, 12)))
    assert told["Kind of scan"].startswith("MRI")
    assert told["Shows"] == "T2: water looks bright."
    assert told["Direction"] == "From the side. The left edge is the front, the top edge is towards the head."
    assert told["Which picture"] == "13 of 39, 7 mm left of the middle"
    assert told["Thickness"] == "4 mm thick, 1 mm from one picture to the next"
    assert told["Size"] == "20 × 20 mm (40 × 40 pixels)"
    assert told["Values"] == "MRI values have no unit: compare them only inside this set."
    assert told["Contrast agent"] == "The file does not mention one."


def test_what_looks_bright_is_not_said_of_a_negative_without_saying_that_it_is_one() -> None:
    header = Header("a", 1, repetition_time=4000, echo_time=100, scanning_sequence="SE")
    series = make_series("MR", count=9, orientation=SAGITTAL, header=header)
    told = words_of(picture_facts(series, None, slice_of(series, 4), look=Look(inverted=True)))
    assert told["Shows"] == "T2: water looks bright. Here light and dark are exchanged."


def test_a_picture_of_a_set_with_several_groups_says_how_many_there_are_in_all() -> None:
    series = make_series(count=5)
    both = replace(series, groups=(*series.groups, FrameGroup("2", series.frames)))
    told = words_of(picture_facts(both, None, slice_of(series, 2)))
    assert told["Which picture"] == "3 of 5, in the middle; 10 pictures in this set"
    assert words_of(picture_facts(series, None, slice_of(series, 2)))["Which picture"] == "3 of 5, in the middle"


@pytest.mark.parametrize(
    ("orientation", "number", "words"),
    [
        (SAGITTAL, 0, "20 mm left of the middle"),
        (SAGITTAL, 4, "20 mm right of the middle"),
        (SAGITTAL, 2, "in the middle"),
        (AXIAL, 4, "20 mm above the middle"),
        (AXIAL, 0, "20 mm below the middle"),
        ((1.0, 0.0, 0.0, 0.0, 0.0, -1.0), 0, "20 mm in front of the middle"),
        ((1.0, 0.0, 0.0, 0.0, 0.0, -1.0), 4, "20 mm behind the middle"),
    ],
)
def test_the_place_is_told_from_the_middle(orientation: Any, number: int, words: str) -> None:
    series = make_series(count=5, step=10.0, orientation=orientation)
    assert position_words(slice_of(series, number), series) == words


def test_without_geometry_nothing_is_claimed() -> None:
    series = make_series("CR", count=1)
    slice_ = make_slice(np.zeros((4, 4), np.uint8))
    told = words_of(picture_facts(series, None, slice_))
    assert position_words(slice_, series) == ""
    assert told["Direction"] == "The file does not say which side is which."
    assert told["Size"].endswith("this picture has no scale")
    assert "Shows" not in told


def test_no_tissue_is_named_for_ct_numbers_that_were_worked_out_from_several_energies() -> None:
    header = Header("a", 1, image_type=("DERIVED", "PRIMARY", "AXIAL", "VMI"))
    series = make_series("CT", header=header)
    slice_ = slice_of(series, 1, np.full((40, 40), 500, np.int16), unit="HU")
    told = words_of(picture_facts(series, None, slice_, region=Region(2, 2, 12, 22)))
    assert "Usually" not in told
    assert "bone" not in " ".join(told.values())
    assert told["Values"] == "Values in HU, as the file states."
    words = closed_description(series, slice_, render(slice_, Look())).words
    assert words.startswith("CT; multi-energy CT, virtual monoenergetic image;")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (-2000, "not measure"),
        (-1000, "air"),
        (-800, "lung"),
        (-80, "fat"),
        (5, "water"),
        (40, "soft tissue"),
        (70, "blood"),
        (900, "bone"),
        (9999, "metal"),
    ],
)
def test_ct_numbers_in_a_region_are_told_with_usually(value: int, what: str) -> None:
    series = make_series("CT")
    slice_ = slice_of(series, 1, np.full((40, 40), value, np.int16), unit="HU")
    facts = picture_facts(series, None, slice_, region=Region(2, 2, 12, 22))
    told = words_of(facts)
    assert what in told["Usually"]
    assert "usually" in told["Usually"]
    assert told["Its size"] == "5 × 10 mm · 50 mm² · 200 pixels"
    number = str(value).replace("-", "−")
    assert told["In the chosen part"] == f"mean value {number} ± 0 HU, smallest {number}, largest {number}"


def test_ct_of_teeth_says_that_its_numbers_are_its_own() -> None:
    series = make_series("CT", header=Header("a", 1, manufacturer="NewTom", model="GiANO"))
    told = words_of(picture_facts(series, None, slice_of(series, 1), region=Region(2, 2, 12, 22)))
    assert "Usually" not in told
    assert "cone of X-rays" in told["Values"]


@pytest.mark.parametrize(
    ("modality", "told", "words"),
    [
        ("CT", {"manufacturer": "PLANMECA"}, "CT; cone-beam CT, values not calibrated;"),
        ("MG", {"sop_class": "1.2.840.10008.5.1.4.1.1.1.2.1"}, "; raw detector picture, not processed for viewing."),
    ],
)
def test_what_the_machine_made_otherwise_is_said_to_a_model(modality: str, told: dict[str, Any], words: str) -> None:
    series = make_series(modality, header=Header("a", 1, **told))
    slice_ = slice_of(series, 1)
    assert words in closed_description(series, slice_, render(slice_, Look())).words


def test_values_that_are_no_ct_numbers_are_not_explained_as_such() -> None:
    for modality, unit in (("MR", ""), ("CT", ""), ("MR", "HU"), ("CT", "US")):
        series = make_series(modality)
        told = words_of(picture_facts(series, None, slice_of(series, 1, unit=unit), region=Region(0, 0, 9, 9)))
        assert "Usually" not in told
        assert "Values" in told


def test_a_mixed_region_says_from_what_to_what_and_padding_is_counted() -> None:
    series = make_series("CT")
    values = np.full((40, 40), -100, np.int16)
    values[:, 20:] = 600
    padding = np.zeros((40, 40), np.bool_)
    padding[:10] = True
    slice_ = slice_of(series, 0, values, unit="HU", padding=padding)
    told = words_of(picture_facts(series, None, slice_, region=Region(0, 0, 40, 40)))
    assert "reach from fat to bone" in told["Usually"]
    assert "(400 outside the scan left out)" in told["Its size"]
    nothing = words_of(picture_facts(series, None, slice_, region=Region(50, 50, 60, 60)))
    assert nothing["In the chosen part"].startswith("This shape is too small")
    outside = words_of(picture_facts(series, None, slice_, region=Region(0, 0, 40, 10)))
    assert outside["In the chosen part"].startswith("There are no values here")


@pytest.mark.parametrize(
    ("shares", "said", "never"),
    [
        ({-1000: 0.5, 1000: 0.5}, "There are unlike things in this part, so their mean of 0 says little", "water"),
        ({-1000: 0.5, 1000: 0.5}, "Most values here reach from air to bone", "usually water"),
        ({30: 0.95, 1700: 0.05}, "Most values here are those of soft tissue", "blood"),
        ({-2: 0.05, 35: 0.9, 1600: 0.05}, "Most values here are those of soft tissue", "fat"),
        ({10: 0.4, 40: 0.6}, "Around 28 is usually soft tissue", "unlike"),
        ({10: 0.4, 40: 0.6}, "Most values here reach from water-like fluid to soft tissue", "unlike"),
    ],
)
def test_the_mean_of_unlike_things_is_no_tissue_and_what_is_not_there_is_not_told(
    shares: dict[int, float], said: str, never: str
) -> None:
    values = np.concatenate([np.full(round(share * 1600), value, np.int16) for value, share in shares.items()])
    series = make_series("CT")
    slice_ = slice_of(series, 1, values.reshape(40, 40), unit="HU")
    told = words_of(picture_facts(series, None, slice_, region=Region(0, 0, 40, 40)))["Usually"]
    assert said in told
    assert never not in told


def test_noise_does_not_make_unlike_things_of_one() -> None:
    values = np.random.default_rng(3).normal(38, 8, (40, 40)).round().astype(np.int16)
    series = make_series("CT")
    told = words_of(picture_facts(series, None, slice_of(series, 1, values, unit="HU"), region=Region(0, 0, 40, 40)))
    assert told["Usually"] == (
        "Around 38 is usually soft tissue such as muscle, organs or brain. Different tissues can have the same number."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"), (0.666667, "0.667"), (3.26995, "3.27"), (-670.805, "−671"), (2061.64, "2062"), (12345.6, "12346"),
        (-1000.0, "−1000"), (1e-5, "0.00001"), (9.999, "10"), (512.5, "512"), (35.5, "35.5"), (float("nan"), "–"),
        (-1e-30, "0"),
    ],
)  # fmt: skip
def test_a_figure_has_three_digits_and_no_power_of_ten(value: float, words: str) -> None:
    assert figure_words(value) == words


def test_other_units_are_told_without_powers_of_ten_and_only_where_they_hold_for_all_values() -> None:
    series = make_series("PT", count=1)
    values = np.arange(1600, dtype=np.int16).reshape(40, 40)
    held, partly = ValueScale("ml/100ml", -100.0), ValueScale("Hz", 1.0, low=0, high=1000)
    slice_ = slice_of(series, 0, values, scales=(held, partly))
    told = [fact.words for fact in picture_facts(series, None, slice_, region=Region(0, 0, 40, 40))]
    assert "mean value −79950 ± 46188 ml/100ml, smallest −159900, largest 0" in told
    assert not any("Hz" in words for words in told)


def test_a_tiny_part_has_a_size() -> None:
    series = make_series("CT")
    told = words_of(picture_facts(series, None, slice_of(series, 1, unit="HU"), region=Region(3, 3, 4, 4)))
    assert told["Its size"] == "0.5 × 0.5 mm · 0.25 mm² · 1 pixel"


def test_a_pixel_that_is_square_but_for_rounding_is_told_by_one_number() -> None:
    series = make_series("CT", spacing=(0.48828, 0.48831))
    size = next(fact for fact in picture_facts(series, None, slice_of(series, 1)) if fact.label == "Size")
    assert size.term == "one pixel is 0.49 mm"


def test_sizes_that_are_not_inside_the_body_say_so_at_home_and_abroad() -> None:
    series = make_series("DX", count=1)
    slice_ = make_slice(np.zeros((40, 40), np.uint16), pixel_mm=(0.5, 0.5), scale_kind="detector")
    told = words_of(picture_facts(series, None, slice_, region=Region(0, 0, 10, 10)))
    assert told["Size"] == "20 × 20 mm at the detector (40 × 40 pixels)"
    assert told["Its size"] == "5 × 5 mm at the detector · 25 mm² · 100 pixels"
    assert "a scale at the detector" in closed_description(series, slice_, render(slice_, Look(), WINDOW)).words


TISSUE, ENLARGED = (
    UltrasoundRegion(0, 0, 39, 19, 0, 3, 3, 0.05, 0.05),
    UltrasoundRegion(0, 20, 39, 39, 0, 3, 3, 0.02, 0.02),
)
CURVE = UltrasoundRegion(0, 20, 39, 39, 0, 4, 7, 0.01, -2.0)
ABOVE, BELOW = Region(0, 0, 40, 20), Region(0, 20, 40, 40)


@pytest.mark.parametrize(
    ("regions", "part", "mm"),
    [
        ((TISSUE,), None, 0.5),
        ((TISSUE, CURVE), None, 0.5),  # as where a curve of the heart runs below
        ((TISSUE, CURVE), ABOVE, 0.5),
        ((TISSUE, CURVE), BELOW, None),
        ((CURVE,), None, None),
        ((TISSUE, ENLARGED), None, None),
        ((TISSUE, ENLARGED), BELOW, 0.2),
        ((TISSUE,), BELOW, None),
        ((replace(TISSUE, delta_y=0.1),), None, None),  # drawn in other proportions
    ],
)
def test_an_ultrasound_picture_or_a_part_of_it_leaves_with_a_scale_only_where_it_has_one(
    regions: tuple[UltrasoundRegion, ...], part: Region | None, mm: float | None
) -> None:
    slice_ = make_slice(np.zeros((40, 40), np.uint8), pixel_mm=(0.5, 0.5), scale_kind="calibrated", regions=regions)
    picture = render(slice_, Look(), WINDOW, region=part)
    assert picture.mm_per_pixel == (None if mm is None else pytest.approx(mm))
    words = closed_description(make_series("US", count=1), slice_, picture).words
    assert ("no scale in mm" in words) is (mm is None)


@pytest.mark.parametrize("kind", CALIBRATIONS)
def test_how_a_scale_came_about_is_told_alike_at_home_and_abroad(kind: str) -> None:
    regions = (UltrasoundRegion(0, 0, 39, 39, 0, 3, 3, 0.05, 0.05),) if kind == "ultrasound" else ()
    stored = "calibrated" if regions else kind
    slice_ = make_slice(np.zeros((40, 40), np.uint16), pixel_mm=(0.5, 0.5), scale_kind=stored, regions=regions)
    series = make_series("US" if regions else "DX", count=1)
    sent = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
    told = {other for other, words in SCALE_WORDS.items() if words in sent}
    assert told == (set() if kind == "patient" else {kind})


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ("B70s", "Sharp"),
        ("Br40f", "Soft"),
        ("Hr38s", "Soft"),
        ("BONE", "Sharp"),
        ("FC30", "Sharp"),
        ("FC08", "Soft"),
        ("STANDARD", "Soft"),
        ("XYZ", None),
    ],
)
def test_the_kernel_is_told_as_sharp_or_soft_or_not_at_all(kernel: str, words: str | None) -> None:
    series = make_series("CT", header=Header("a", 1, kernel=kernel))
    told = words_of(picture_facts(series, None, slice_of(series, 1)))
    assert told.get("Sharpness", "").startswith(words or "")
    assert ("Sharpness" in told) == (words is not None)


def test_the_ct_table_has_no_gap() -> None:
    rows = ct_ranges()
    assert [row.low for row in rows[1:]] == [row.high for row in rows[:-1]]


SEEN_FROM_HEAD = (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SEEN_FROM_BEHIND = (-1.0, 0.0, 0.0, 0.0, 0.0, -1.0)


@pytest.mark.parametrize(
    ("orientation", "flipped", "turned", "told", "sent"),
    [
        (AXIAL, False, 0, "From below", "seen from the feet"),
        (AXIAL, True, 0, "From above, as if seen from the head", "seen from the head"),
        (AXIAL, False, 1, "From below", "seen from the feet"),
        (SEEN_FROM_HEAD, False, 0, "From above, as if seen from the head", "seen from the head"),
        (SEEN_FROM_HEAD, True, 3, "From below", "seen from the feet"),
        (SEEN_FROM_BEHIND, False, 0, "From behind", "seen from behind"),
        (SEEN_FROM_BEHIND, True, 2, "From the front", "seen from the front"),
        (SAGITTAL, True, 0, "From the side", "seen from the side"),
    ],
)
def test_from_where_a_picture_is_seen_agrees_with_its_sides_here_and_where_it_leaves(
    orientation: Any, flipped: bool, turned: int, told: str, sent: str
) -> None:
    series = make_series("CT", orientation=orientation)
    slice_, look = slice_of(series, 1), Look(flipped=flipped, turned=turned)
    picture = render(slice_, look, WINDOW)
    words = words_of(picture_facts(series, None, slice_, look=look))["Direction"]
    assert words.startswith(told)
    assert sent in closed_description(series, slice_, picture).words
    assert picture.letters is not None
    assert f"The left edge is {EDGE_WORDS[picture.letters.left]}" in words


@pytest.mark.parametrize("name", ["From the side, T1, fat made dark", "T1, fat made dark (2)", "From the side, T1"])
def test_fat_that_was_made_dark_is_not_told_to_be_bright(name: str) -> None:
    header = Header("a", 1, repetition_time=500, echo_time=10, scanning_sequence="SE")
    series = replace(make_series("MR", header=header), name=name)
    slice_ = slice_of(series, 1)
    told = words_of(picture_facts(series, None, slice_))["Shows"]
    sent = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
    dark = "dark" in name
    assert told == (
        "T1: water looks dark, and fat was made dark, too." if dark else "T1: fat looks bright, water looks dark."
    )
    assert ("T1-weighted; fat suppressed;" in sent) is dark


def test_maps_of_mri_hold_numbers_with_a_unit() -> None:
    def values(header: Header, *scales: ValueScale) -> str:
        series = make_series("MR", header=header)
        return words_of(picture_facts(series, None, slice_of(series, 1, scales=scales)))["Values"]

    adc = Header("a", 1, image_type=("DERIVED", "PRIMARY", "DIFFUSION", "ADC"))
    assert values(adc) == "These are measured numbers; the file does not say in which unit."
    assert values(adc, ValueScale("mm2/s", 1e-6)) == "The file tells what these values stand for in mm2/s."
    assert values(Header("a", 1)).startswith("MRI values have no unit")


def test_an_overview_of_ct_is_no_slice_and_has_no_thickness() -> None:
    header = Header("a", 1, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    series = make_series("CT", count=1, header=header)
    slice_ = slice_of(series, 0)
    told = words_of(picture_facts(series, None, slice_))
    assert "not a slice" in told["Kind of scan"]
    assert "put together slice by slice" not in told["Kind of scan"]
    assert "Thickness" not in told
    assert told["Which picture"] == "1 of 1"
    sent = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
    assert sent.startswith("CT; overview projection through the body")
    assert "Picture 1 of 1. One pixel of this picture 0.5 mm." in sent


@pytest.mark.parametrize("step", [0.9996, 1.0, 3.0, 24.9])
def test_the_place_is_the_same_here_and_where_it_leaves(step: float) -> None:
    series = make_series("MR", count=10, step=step)
    for number in range(10):
        slice_ = slice_of(series, number)
        here = re.search(r"\d+ mm", position_words(slice_, series))
        sent = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
        there = re.search(r"(\d+ mm) to the patient's", sent)
        assert (here and here[0]) == (there and there[1])


def test_an_animal_has_sides_of_its_own() -> None:
    series = make_series("MR", count=3, orientation=AXIAL)
    slice_ = slice_of(series, 2, on_four_legs=True)
    told = words_of(picture_facts(series, None, slice_))
    assert told["Direction"] == "The left edge is the animal's right, the top edge is the belly."
    assert told["Which picture"] == "3 of 3, 5 mm from the middle towards the head"
    sent = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
    assert "patient" not in sent
    assert "feet" not in sent


# --- what may leave

MARKER = "Zzyzx"


def hostile(kind: type, seed: int) -> Any:
    """An object of a frozen class with a marker in every text field and odd numbers elsewhere."""
    changes: dict[str, Any] = {}
    for field in fields(kind):
        if field.type == "str":
            changes[field.name] = f"{MARKER}{seed}{field.name}"
        elif field.type == "tuple[str, ...]":
            changes[field.name] = (f"{MARKER}{seed}", "ADC")
        elif field.type == "tuple[str, str] | None":
            changes[field.name] = (f"{MARKER}L", f"{MARKER}F")
        elif field.type == "float | None":
            changes[field.name] = 19450312.25
    return changes


def hostile_series() -> Series:
    person = Person(**hostile(Person, 1))
    header = Header(**{**hostile(Header, 2), "size": 1, "person": person, "modality": "MR"})
    series = make_series("MR", header=header)
    facts = replace(series.frames[0].facts, **hostile(FrameFacts, 3))
    frames = tuple(Frame(frame.ref, frame.header, facts) for frame in series.frames)
    return replace(
        series, groups=(FrameGroup(f"{MARKER}group", frames),), modality=f"{MARKER}M", uid=MARKER, id=MARKER,
        name=MARKER, description=MARKER, spacing_mm=(19450312.0, 1.0, 1.0),
    )  # fmt: skip


def test_no_text_and_no_odd_number_of_a_file_passes_into_the_words_that_leave() -> None:
    series = hostile_series()
    slice_ = make_slice(
        np.zeros((20, 20), np.int16), series_id=MARKER, unit=MARKER, letters_hint=(MARKER, MARKER), scale_kind=MARKER,
        index=1, count=3, thickness_mm=19450312.0, windows=(FileWindow(19450312.0, 19450312.0, MARKER, MARKER),),
        voi_luts=(Lut(0, np.zeros(3, np.float32), 8, MARKER),), frame=series.frames[1].ref,
    )  # fmt: skip
    picture = render(slice_, Look())
    told = closed_description(series, slice_, picture).words
    assert MARKER.lower() not in told.lower()
    assert "1945" not in told
    assert all(len(number) <= 5 for number in re.findall(r"\d+", told))
    assert "Slice 2 of 3" in told
    assert "Which side is which is not known" in told


def test_the_words_that_leave_say_sides_place_and_sizes() -> None:
    header = Header("a", 1, body_part="LSPINE", series_description="t2 tse", contrast_agent=True)
    series = make_series("MR", count=39, step=1.0, header=header)
    slice_ = slice_of(series, 12)
    described = closed_description(series, slice_, render(slice_, Look(), WINDOW, (80, 80)))
    assert described.words == (
        "MRI; T2-weighted; body region: lower back; contrast agent given. Direction: sagittal, seen from the side. "
        "Left edge: front of the body (A), right edge: back of the body (P), top edge: towards the head (H), "
        "bottom edge: towards the feet (F). Slice 13 of 39, 7 mm to the patient's left of the middle of the set. "
        "Slice thickness 4 mm, distance between slices 1 mm, one pixel of this picture 0.25 mm. "
        "Brightness window: centre 95, width 190."
    )
    part = closed_description(series, slice_, render(slice_, Look(flipped=True), WINDOW, region=Region(0, 0, 9, 9)))
    assert "Only a part of the slice is shown." in part.words
    assert "Left edge: back of the body (P)" in part.words


NEGATIVE = "Light and dark are exchanged, as in a negative."


@pytest.mark.parametrize("window", [WINDOW, Window(95, 1e9)], ids=["usual", "too wide to be told"])
def test_a_negative_leaves_as_one(window: Window) -> None:
    series = make_series("CT")
    for slice_ in (slice_of(series, 1), slice_of(series, 1, inverted=True)):
        for inverted in (False, True):
            drawn = render(slice_, Look(inverted=inverted), window)
            assert (NEGATIVE in closed_description(series, slice_, drawn).words) is inverted
    colour = slice_of(series, 1, np.zeros((8, 8, 3), np.uint8))
    assert NEGATIVE not in closed_description(series, colour, render(colour, Look(inverted=True))).words


@pytest.mark.parametrize("turned", range(4))
@pytest.mark.parametrize("flipped", [False, True])
def test_where_no_side_is_known_it_is_said_that_a_picture_was_mirrored_or_turned(flipped: bool, turned: int) -> None:
    series = make_series("CR")
    stored = slice_of(series, 1)
    look = Look(flipped=flipped, turned=turned)
    unknown = replace(stored, affine=None, letters_hint=None)
    for size, region in ((None, None), ((300, 200), Region(2, 1, 7, 9))):
        words = closed_description(series, unknown, render(unknown, look, WINDOW, size, region)).words
        assert ("mirrored, left and right exchanged" in words) is flipped
        assert (f"turned clockwise by {90 * turned} degrees" in words) is (turned > 0)
        assert ("The viewer shows it" in words) is (look != Look())
        assert "The viewer shows" not in closed_description(series, stored, render(stored, look, WINDOW)).words


def test_one_distance_is_told_of_no_set_that_is_unevenly_spaced_here_or_where_it_leaves() -> None:
    even = make_series("CT", count=9, step=4.0, orientation=AXIAL)
    uneven = replace(even, problems=(problem("spacing_uneven", low="1", high="7"),))
    for series, told in ((even, True), (uneven, False)):
        slice_ = slice_of(series, 4)
        words = words_of(picture_facts(series, None, slice_))["Thickness"]
        assert ("4 mm from one picture to the next" in words) is told
        assert ("unevenly spaced" in words) is not told
        assert (
            "distance between slices 4 mm" in closed_description(series, slice_, render(slice_, Look())).words
        ) is told


def test_doubts_about_a_picture_leave_with_it_in_our_own_words() -> None:
    series = make_series("CT", header=Header("a", 1, lossy=True))
    slice_ = slice_of(series, 1, problems=(Problem("damaged", Severity.DOUBT, MARKER, MARKER, MARKER),))
    told = closed_description(series, slice_, render(slice_, Look(), WINDOW)).words
    assert "Fine detail was lost" in told
    assert "may be damaged" in told
    assert MARKER not in told


@given(centre=st.floats(), width=st.floats(), mm=st.none() | st.floats(), code=st.text(max_size=12))
def test_any_numbers_give_words_with_short_numbers_only(
    centre: float, width: float, mm: float | None, code: str
) -> None:
    series = replace(make_series("MR"), modality=code)
    slice_ = slice_of(series, 1)
    picture = replace(render(slice_, Look(), WINDOW), window=Window(centre, width), mm_per_pixel=mm)
    described = closed_description(series, slice_, picture)
    assert described.modality.value in MODALITY_CODES
    assert not re.search(r"nan|inf|\d{7}|\.\d{7}", described.words)


def test_a_stored_picture_seen_as_a_plane_still_has_its_thickness() -> None:
    series = make_series(count=5, step=2.0, orientation=AXIAL)
    stored = replace(slice_of(series, 2), plane=Plane.AXIAL, thickness_mm=2.0)
    assert words_of(picture_facts(series, None, stored))["Thickness"].startswith("2 mm thick, 2 mm from")
    cut = replace(stored, frame=None, thickness_mm=None)
    assert "Thickness" not in words_of(picture_facts(series, None, cut))
