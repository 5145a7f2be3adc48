"""What kind of scan a picture is: one answer for the list of sets, the facts and what is sent to a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.index.made import AXIAL, only_series, picture, stack
from viewer.dicom.header import FrameFacts, Header
from viewer.index.model import Frame, FrameRef
from viewer.index.weighting import Sharpness, Weighting, is_localizer, part_of_signal, sharpness_of, weighting_of
from viewer.picture.describe import closed_description
from viewer.picture.facts import picture_facts
from viewer.picture.look import Look
from viewer.picture.render import render
from viewer.volume.slice import Slice

SPIN: dict[str, Any] = {"scanning_sequence": "SE"}
INVERTED: dict[str, Any] = {"scanning_sequence": "SE\\IR"}
STIR = {"repetition_time": 4000.0, "inversion_time": 150.0}
FLAIR = {"repetition_time": 9000.0, "inversion_time": 2500.0}
T1_IR = {"repetition_time": 2000.0, "inversion_time": 860.0, "echo_time": 9.0}


def gradient(repetition: float, echo: float, flip: float, **more: Any) -> dict[str, Any]:
    times = {"repetition_time": repetition, "echo_time": echo, "flip_angle": flip}
    return {"scanning_sequence": "GR", **times, **more}


def frame(facts: dict[str, Any] | None = None, modality: str = "MR", **header: Any) -> Frame:
    return Frame(FrameRef("1.2"), Header("a", 1, modality=modality, **header), FrameFacts(**(facts or {})))


@pytest.mark.parametrize(
    ("header", "weighting"),
    [
        ({"repetition_time": 500, "echo_time": 12, **SPIN}, Weighting.T1),
        ({"repetition_time": 3000, "echo_time": 90, **SPIN}, Weighting.T2),
        ({"repetition_time": 3000, "echo_time": 20, **SPIN}, Weighting.PD),
        ({"repetition_time": 1500, "echo_time": 60, **SPIN}, None),
        ({"repetition_time": 0, "echo_time": 12, **SPIN}, None),  # no repetition takes no time
        ({**FLAIR, "echo_time": 110, **INVERTED}, Weighting.FLAIR),
        ({"repetition_time": 5000, "inversion_time": 1650, "echo_time": 390, **INVERTED}, Weighting.FLAIR),
        ({**STIR, "echo_time": 80, **SPIN}, Weighting.STIR),
        ({**STIR, "echo_time": 35, **SPIN}, Weighting.STIR),
        ({"repetition_time": 4000, "inversion_time": 220, "echo_time": 60, **INVERTED}, Weighting.STIR),
        ({"repetition_time": 600, "inversion_time": 110, "echo_time": 10, **SPIN}, Weighting.T1),  # dark fat, no STIR
        ({**T1_IR, **INVERTED}, Weighting.T1),
        (gradient(2000, 3, 9, inversion_time=1000.0, scanning_sequence="GR\\IR"), Weighting.T1),  # MPRAGE
        (gradient(2300, 3, 9, inversion_time=200.0, scanning_sequence="GR\\IR"), Weighting.T1),
        (gradient(5000, 3, 5, inversion_time=2500.0, scanning_sequence="GR\\IR"), None),  # second of MP2RAGE
        (gradient(600, 20, 20), Weighting.T2_STAR),
        (gradient(10, 3.7, 20, sequence_variant="SS\\SP"), Weighting.T1),
        (gradient(4, 1.8, 60, sequence_variant="SK\\SS"), None),  # balanced: neither of the two
        (gradient(9.7, 7.4, 60, image_type=("ORIGINAL", "PRIMARY", "P")), None),
        ({"repetition_time": 2000, "echo_time": 30, "scanning_sequence": "EP"}, None),
        ({}, None),
    ],
)
def test_times_tell_the_weighting_only_where_they_leave_no_doubt(
    header: dict[str, Any], weighting: Weighting | None
) -> None:
    assert weighting_of(frame(**header)) is weighting


@pytest.mark.parametrize(
    ("words", "header", "weighting"),
    [
        ("ax FLAIR fs", {}, Weighting.FLAIR),
        ("Sag T1 FLAIR", {}, Weighting.T1),
        ("T2 map", {}, None),
        ("t2 dixon", {**STIR, "echo_time": 80, **SPIN}, Weighting.T2),  # a fat pulse has such a time too
        ("t2 fs", {**STIR, "echo_time": 80, **INVERTED}, Weighting.STIR),
        ("t2_tirm_tra", {**FLAIR, "echo_time": 110, **INVERTED}, Weighting.FLAIR),
        ("t1_tirm_tra_dark-fluid", {**T1_IR, **INVERTED}, Weighting.T1),
        ("t1_tirm_sag", {**T1_IR, **INVERTED}, Weighting.T1),
        ("STIR cor", {"repetition_time": 800, "echo_time": 20, **SPIN}, Weighting.STIR),  # the inversion is not told
        ("t1 + t2 sag", {"repetition_time": 500, "echo_time": 12, **SPIN}, Weighting.T1),
        ("T1/T2", {"repetition_time": 4000, "echo_time": 100, **SPIN}, Weighting.T2),
        ("T1 sag", {"repetition_time": 4000, "echo_time": 100, **SPIN}, Weighting.T2),
        ("T1 FLAIR", {"repetition_time": 2400, "echo_time": 24, **SPIN}, Weighting.T1),
        ("pd+t2 tra", {"repetition_time": 3000, "echo_time": 14, **SPIN}, Weighting.PD),
        ("t2 fs tra", {"repetition_time": 3000, "echo_time": 42, **SPIN}, Weighting.T2),
        ("pd dual echo", {"repetition_time": 3000, "echo_time": 90, **SPIN}, Weighting.T2),
        ("t2_fl2d", gradient(600, 20, 20), Weighting.T2_STAR),
        ("T2 FIESTA", gradient(4, 1.8, 60), Weighting.T2),
        ("t1_fl2d phase", gradient(9.7, 7.4, 60, image_type=("ORIGINAL", "PRIMARY", "P")), Weighting.T1),
    ],
)
def test_words_win_unless_the_times_contradict(words: str, header: dict[str, Any], weighting: Weighting | None) -> None:
    assert weighting_of(frame(series_description=words, **header)) is weighting


@pytest.mark.parametrize(
    ("header", "facts", "weighting"),
    [
        ({"series_description": "ep2d_diff", "image_type": ("DERIVED", "PRIMARY", "ADC")}, {}, Weighting.ADC),
        ({"series_description": "eADC", "image_type": ("DERIVED", "PRIMARY", "ADC")}, {}, Weighting.DIFFUSION),
        ({"series_description": "dADC"}, {"b_value": 1000.0}, Weighting.ADC),
        ({"image_type": ("ORIGINAL", "PRIMARY", "DIFFUSION", "NONE")}, {}, Weighting.DIFFUSION),
        ({}, {"b_value": 800.0}, Weighting.DIFFUSION),
        ({"series_description": "<MIP Range>", "protocol": "TOF_3D"}, {}, Weighting.ANGIOGRAPHY),
        ({"series_description": "perfusion t2"}, {}, Weighting.PERFUSION),
        ({"series_description": "fMRI t2"}, {}, None),
        ({"image_type": ("ORIGINAL", "PRIMARY", "LOCALISER")}, {}, Weighting.LOCALIZER),
        ({"series_description": "FAST LOCALIZER", **gradient(10, 3.7, 20)}, {}, Weighting.LOCALIZER),
        ({"modality": "CT", "series_description": "T1"}, {}, None),
    ],
)
def test_what_is_special_beats_the_weighting(
    header: dict[str, Any], facts: dict[str, Any], weighting: Weighting | None
) -> None:
    assert weighting_of(frame(facts, **header)) is weighting


def test_the_echo_of_the_frame_beats_that_of_the_file() -> None:
    file: dict[str, Any] = {"repetition_time": 3000, "echo_time": 20, **SPIN}
    assert weighting_of(frame({"echo": 90.0}, **file)) is Weighting.T2
    assert weighting_of(frame({"echo": 0.0}, **file)) is Weighting.PD  # no echo comes at once: not told


def test_the_times_of_the_frame_tell_the_weighting_of_an_object_of_many_frames() -> None:
    facts: dict[str, Any] = {"repetition": 9000.0, "echo": 100.0, "inversion": 2500.0, "flip": 150.0}
    assert weighting_of(frame(facts)) is Weighting.FLAIR
    assert weighting_of(frame(facts | {"inversion": 0.0})) is Weighting.T2


@pytest.mark.parametrize(
    ("kernel", "sharpness"),
    [
        ("B70s", Sharpness.BONE),
        ("Br40d\\3", Sharpness.SOFT),
        ("Hr38s", Sharpness.SOFT),
        ("B50f", None),
        ("BONE", Sharpness.BONE),
        ("LUNG", Sharpness.LUNG),
        ("STANDARD", Sharpness.SOFT),
        ("FC08", Sharpness.SOFT),
        ("FC14", Sharpness.SOFT),
        ("FC30", Sharpness.BONE),
        ("FC34", Sharpness.BONE),
        ("FC52", Sharpness.LUNG),
        ("FC55", Sharpness.LUNG),
        ("FC86", Sharpness.LUNG),
        ("FC64", None),
        ("FL03", None),
        ("XYZ", None),
        ("", None),
    ],
)
def test_a_kernel_is_sharp_or_soft_or_not_known(kernel: str, sharpness: Sharpness | None) -> None:
    assert sharpness_of(Header("a", 1, modality="CT", kernel=kernel)) is sharpness
    assert sharpness_of(Header("a", 1, modality="MR", kernel=kernel)) is None


def test_a_localizer_is_told_by_its_type_or_its_words() -> None:
    assert is_localizer(frame(image_type=("ORIGINAL", "PRIMARY", "LOCALISER"), modality="CT"))
    assert is_localizer(frame({"frame_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")}))
    assert is_localizer(frame(series_description="3-Plane Loc scout"))
    assert not is_localizer(frame(series_description="scout", modality="US"))


# --- the list of sets, the facts and what is sent say the same

SAID = [
    ({"repetition_time": 4000.0, "echo": 80.0, "inversion_time": 150.0}, "STIR", "STIR"),
    ({"repetition_time": 4000.0, "echo": 35.0, "inversion_time": 150.0}, "STIR", "STIR"),
    ({"repetition_time": 600.0, "echo": 20.0, "flip_angle": 20.0, "scanning_sequence": "GR"}, "T2*", "T2*-weighted"),
    ({"repetition_time": 3000.0, "echo": 90.0, "echo_time": 20.0}, "T2", "T2-weighted"),
    ({"repetition_time": 4000.0, "echo": 80.0, "b_value": 800.0}, "Diffusion", "diffusion-weighted"),
    ({"series_description": "ep2d", "image_type": ("DERIVED", "PRIMARY", "ADC")}, "Map of diffusion (ADC)", "ADC map"),
]


@pytest.mark.parametrize(("told", "name", "sent"), SAID)
def test_the_list_the_facts_and_what_is_sent_say_the_same(told: dict[str, Any], name: str, sent: str) -> None:
    series = only_series(stack(range(8), **told))
    slice_ = Slice("s1", series.planes[0], 0, 8, np.zeros((16, 12), np.int16), frame=series.frames[0].ref)
    assert series.name == f"From the side, {name}"
    shows = next(fact for fact in picture_facts(series, None, slice_) if fact.label == "Shows")
    assert shows.words.startswith(name.removeprefix("Map of diffusion (").removesuffix(")"))
    assert f"MRI; {sent};" in closed_description(series, slice_, render(slice_, Look())).words


@pytest.mark.parametrize(("kernel", "name"), [("FC52", "sharp (lung)"), ("FC30", "sharp (bone)"), ("FC14", "soft")])
def test_the_list_tells_the_kernel_as_the_facts_do(kernel: str, name: str) -> None:
    series = only_series(stack(range(8), orientation=AXIAL, modality="CT", kernel=kernel))
    slice_ = Slice("s1", series.planes[0], 0, 8, np.zeros((16, 12), np.int16), frame=series.frames[0].ref)
    assert series.name == f"From below, CT, {name}"
    sharpness = next(fact for fact in picture_facts(series, None, slice_) if fact.label == "Sharpness")
    assert sharpness.words.casefold().startswith(name.split()[0])


def test_two_echoes_of_a_set_named_after_the_second_are_both_named() -> None:
    def block(number: int, echo: float) -> list[Any]:
        places = (float(k) for k in range(8))
        told: dict[str, Any] = {"repetition_time": 3000.0, "echo": echo, "series_description": "pd+t2_tse_tra"}
        return [picture(10 * number + k, place, **told) for k, place in enumerate(places)]

    assert only_series([*block(1, 14.0), *block(2, 90.0)]).name == "From the side, proton density and T2"
    many = [one for number in range(1, 7) for one in block(number, 15.0 * number)]
    assert only_series(many).name == "From the side, T2"  # of so many, what the clinic says


def test_a_set_is_named_diffusion_though_its_first_pictures_have_none() -> None:
    told: dict[str, Any] = {"repetition_time": 4000.0, "echo": 80.0}
    weights = [
        picture(10 * number + k, float(k), b_value=weight, **told)
        for number, weight in enumerate((0.0, 800.0))
        for k in range(8)
    ]
    assert only_series(weights).name == "From the side, Diffusion"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("P",), "phase"),
        (("T1", "R"), "real part"),
        (("B0", "R", "FIELD_MAP"), "field map"),
        (("FIELD_MAP", "R"), "field map"),
        (("M", "NONE"), ""),
    ],
)
def test_the_part_of_the_signal_is_told_and_a_map_of_the_field_stays_one(words: tuple[str, ...], part: str) -> None:
    assert part_of_signal(frame({"frame_type": ("ORIGINAL", "PRIMARY", *words)})) == part
