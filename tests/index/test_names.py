"""Names that a person understands, from the words of a dozen languages; modality alone where nothing is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.index.made import AXIAL, index_of, only_series, picture, stack
from viewer.dicom.header import FrameFacts
from viewer.dicom.sop_class import BREAST_TOMOSYNTHESIS
from viewer.index.words import folded


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"study_description": "MRT LWS"}, "Lower back, MRI"),
        ({"study_description": "IRM rachis lombaire"}, "Lower back, MRI"),
        ({"body_part": "LSPINE"}, "Lower back, MRI"),
        ({"series_description": "腰椎"}, "Lower back, MRI"),
        ({"study_description": "МРТ поясницы"}, "Lower back, MRI"),
        ({"study_description": "요추"}, "Lower back, MRI"),
        ({"study_description": "MRT HWS nativ"}, "Neck spine, MRI"),
        ({"study_description": "Schädel"}, "Head, MRI"),
        ({"study_description": "RM rodilla derecha"}, "Knee, MRI"),
        ({"protocol": "Sprunggelenk li"}, "Ankle and foot, MRI"),
        ({"study_description": "CT ABD/PELVIS W"}, "Belly and pelvis, MRI"),
        ({"study_description": "PET CT skull base to mid thigh"}, "Whole body, MRI"),
        ({"study_description": "MRT Kniegelenk li"}, "Knee, MRI"),
        ({"study_description": "LS SPINE"}, "Lower back, MRI"),
        ({"study_description": "Sacroiliac joints"}, "Pelvis, MRI"),
        ({"study_description": "Gemeinschaftspraxis"}, "MRI"),
        ({"study_description": "shipping test"}, "MRI"),
        ({}, "MRI"),
    ],
)
def test_examinations_are_named_by_the_part_of_the_body(told: dict[str, Any], name: str) -> None:
    assert index_of(stack(range(3), **told)).studies[0].name == name


def test_several_kinds_of_scan_are_listed() -> None:
    headers = [
        *stack(range(3), modality="CT", series_uid="1.1", series_number=1),
        *stack(range(3), first=20, modality="PT", series_uid="1.2", series_number=2),
    ]
    assert index_of(headers).studies[0].name == "CT and PET"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"series_description": "t2_tse_sag"}, "From the side, T2"),
        ({"series_description": "T1 SE km"}, "From the side, T1"),
        ({"series_description": "T1 post", "contrast_agent": True}, "From the side, T1, with contrast agent"),
        ({"series_description": "pd_tse_fs"}, "From the side, proton density, fat made dark"),
        ({"series_description": "ep2d_diff_b1000"}, "From the side, Diffusion"),
        ({"series_description": "T2* GRE"}, "From the side, T2*"),
        ({"repetition_time": 4000.0, "echo": 95.0}, "From the side, T2"),
        ({"repetition_time": 500.0, "echo": 12.0}, "From the side, T1"),
        ({"repetition_time": 9000.0, "echo": 110.0, "inversion_time": 2500.0}, "From the side, FLAIR"),
        ({"repetition_time": 1200.0, "echo": 50.0}, "From the side, MRI"),
        ({"image_type": ("ORIGINAL", "PRIMARY", "DIFFUSION", "NONE")}, "From the side, Diffusion"),
        ({"image_type": ("DERIVED", "PRIMARY", "DIFFUSION", "ADC")}, "From the side, Map of diffusion (ADC)"),
        (
            {
                "image_type": ("ORIGINAL", "PRIMARY", "P", "ND"),
                "scanning_sequence": "GR",
                "flip_angle": 60.0,
                "repetition_time": 9.7,
                "echo": 7.4,
            },
            "From the side, phase",
        ),
        (
            {"image_type": ("ORIGINAL", "PRIMARY", "P", "ND"), "series_description": "t1_fl2d"},
            "From the side, T1, phase",
        ),
        (
            {"series_description": "<MIP Range>", "protocol": "TOF_3D_multi-slab"},
            "From the side, Angiography, projection (MIP)",
        ),
        ({"series_description": "<MIP Range>", "protocol": "t2_space"}, "From the side, T2, projection (MIP)"),
        ({"series_description": "Sag T1 FLAIR"}, "From the side, T1"),
        ({"series_description": "AX T2 FLAIR"}, "From the side, FLAIR"),
        ({"series_description": "sT1W_TSE_Gd"}, "From the side, T1"),
        ({"series_description": "t1_tse_dixon_sag_F"}, "From the side, T1, fat alone"),
        ({"series_description": "WATER: LAVA-Flex"}, "From the side, T1, fat made dark"),
        ({"series_description": "LAVA-Flex W/O"}, "From the side, T1"),
        (
            {"series_description": "t1_vibe_dixon", "image_type": ("DERIVED", "PRIMARY", "DIXON", "IN_PHASE")},
            "From the side, T1, water and fat added",
        ),
        ({"series_description": "Exponential Apparent Diffusion Coefficient"}, "From the side, Diffusion"),
        ({"series_description": "ColFA"}, "From the side, Map of nerve fibres (FA)"),
        ({"series_description": "T2 map"}, "From the side, T2, map of relaxation times"),
        ({"series_description": "gre_field_mapping"}, "From the side, MRI"),
        ({"series_description": "mIP_Images(SW)"}, "From the side, T2*, projection (MinIP)"),  # Siemens: the darkest
        (
            {"orientation": AXIAL, "modality": "CT", "series_description": "PreMonitoring"},
            "From below, CT, timing of the contrast agent",
        ),
        ({"orientation": AXIAL, "modality": "PT", "series_description": "WB NAC"}, "From below, PET, uncorrected"),
        (
            {"orientation": AXIAL, "modality": "OT", "sop_class": "1.2.840.10008.5.1.4.1.1.30"},
            "From below, map of values",
        ),
        ({"orientation": AXIAL, "modality": "RTDOSE"}, "From below, radiation dose"),
        ({"orientation": AXIAL, "modality": "CT", "kernel": "B70f"}, "From below, CT, sharp (bone)"),
        ({"orientation": AXIAL, "modality": "CT", "kernel": "Br40d\\3"}, "From below, CT, soft"),
        ({"orientation": AXIAL, "modality": "CT", "kernel": "LUNG"}, "From below, CT, sharp (lung)"),
        ({"orientation": AXIAL, "modality": "CT", "kernel": "mystery"}, "From below, CT"),
        ({"orientation": AXIAL, "modality": "PT"}, "From below, PET"),
    ],
)
def test_series_are_named_by_direction_and_kind_of_scan(told: dict[str, Any], name: str) -> None:
    assert only_series(stack(range(8), **told)).name == name


@pytest.mark.parametrize(
    ("orientation", "seen", "turned_round"),
    [
        ((-1.0, 0.0, 0.0, 0.0, 1.0, 0.0), "From above, CT", "From below, CT"),
        ((-1.0, 0.0, 0.0, 0.0, 0.0, -1.0), "From behind, CT", "From the front, CT"),
    ],
)
def test_pictures_made_from_the_other_side_say_so_unless_they_are_shown_turned_round(
    orientation: tuple[float, ...], seen: str, turned_round: str
) -> None:
    as_made, volume = (only_series(stack(range(n), orientation=orientation, modality="CT")) for n in (2, 8))
    assert (as_made.name, volume.name) == (seen, turned_round)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"modality": "CR", "body_part": "HAND", "laterality": "L"}, "X-ray, left hand and wrist"),
        ({"modality": "US", "frames": 30}, "Ultrasound film"),
        ({"modality": "XA", "frames": 30}, "X-ray film of vessels"),
        ({"modality": "MR", "frames": 30, "frame_time_ms": 40.0}, "MRI film"),
        ({"modality": "RTIMAGE"}, "Radiotherapy X-ray"),
        ({"modality": "OT", "sop_class": "1.2.840.10008.5.1.4.1.1.7"}, "Screen picture"),
        (
            {"modality": "CT", "sop_class": "1.2.840.10008.5.1.4.1.1.7.4", "series_description": "Dose Report"},
            "Dose table",
        ),
        (
            {
                "modality": "CT",
                "series_description": "Patient Protocol",
                "image_type": ("ORIGINAL", "SECONDARY", "OTHER", "CT_SOM5 PROT"),
            },
            "Dose table",
        ),
        ({"modality": "NM", "sop_class": "1.2.840.10008.5.1.4.1.1.7"}, "Nuclear medicine"),
        ({"modality": "??"}, "Picture"),
    ],
)
def test_single_pictures_are_named_by_what_they_are(told: dict[str, Any], name: str) -> None:
    assert only_series([picture(1, **told)]).name == name


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ({"modality": "MG", "laterality": "L"}, {"modality": "MG", "laterality": "R"}, "Mammogram"),
        ({"modality": "MG", "laterality": "R"}, {"modality": "MG", "laterality": "R"}, "Mammogram, right"),
        (
            {"modality": "CR", "body_part": "HAND", "laterality": "L"},
            {"modality": "CR", "body_part": "HAND", "laterality": "R"},
            "X-ray, hand and wrist",
        ),
        (
            {"modality": "DX", "body_part": "HAND", "laterality": "L"},
            {"modality": "DX", "body_part": "CHEST", "laterality": "L"},
            "X-ray, left",
        ),
        ({"modality": "CR", "laterality": "L"}, {"modality": "CR"}, "X-ray"),
        (
            {"modality": "MG", "laterality": "R", "view": "CC"},
            {"modality": "MG", "laterality": "L", "view": "CC"},
            "Mammogram, from above (CC)",
        ),
        ({"modality": "MG", "laterality": "R", "view": "CC"}, {"modality": "MG", "view": "MLO"}, "Mammogram"),
        ({"modality": "DX", "view": "PA"}, {"modality": "DX", "view": "pa"}, "X-ray, front (PA)"),
        ({"modality": "DX", "view": "ODD ONE"}, {"modality": "DX", "view": "ODD ONE"}, "X-ray"),
    ],
)
def test_a_set_is_named_by_a_side_and_a_part_only_where_all_its_pictures_show_them(
    one: dict[str, Any], other: dict[str, Any], name: str
) -> None:
    assert only_series([picture(1, **one), picture(2, **other)]).name == name


def test_equal_names_are_told_apart_by_distance_or_else_by_number() -> None:
    def block(number: int, step: float) -> list[Any]:
        return stack([step * k for k in range(8)], first=100 * number, series_uid=f"1.{number}", series_number=number)

    by_step = {one.id: one.name for one in index_of([*block(1, 1.0), *block(2, 4.0)]).studies[0].series}
    assert by_step == {"s1": "From the side, MRI, every 1 mm", "s2": "From the side, MRI, every 4 mm"}
    by_number = {one.id: one.name for one in index_of([*block(1, 1.0), *block(2, 1.0)]).studies[0].series}
    assert by_number == {"s1": "From the side, MRI (1)", "s2": "From the side, MRI (2)"}


def test_equal_names_are_counted_from_the_top_of_the_list() -> None:
    few, many = (
        stack(range(8), series_uid="1.1", series_number=1),
        stack(range(9), 50, series_uid="1.2", series_number=2),
    )
    assert [one.name for one in index_of([*few, *many]).studies[0].series] == [
        "From the side, MRI (1)",
        "From the side, MRI (2)",
    ]


def test_many_echoes_are_no_single_weighting() -> None:
    headers = [
        picture(10 * e + k, float(k), repetition_time=3000.0, echo=20.0 * (e + 1)) for e in range(4) for k in range(8)
    ]
    assert only_series(headers).name == "From the side, MRI"


@pytest.mark.parametrize(
    ("sop_class", "name"),
    [
        ("1.2.840.10008.5.1.4.39.1", "Data"),  # a table of colours
        ("1.3.12.2.1107.5.9.1", "Raw data"),  # a maker's own
        ("1.2.840.10008.5.1.4.1.1.481.3", "Outlines"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "Radiotherapy plan"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "Alignment"),
        ("1.2.840.10008.5.1.4.1.1.66.3", "Alignment"),  # a bent one
        ("1.2.840.10008.5.1.4.1.1.66.4", "Outlines"),
        ("1.2.840.10008.5.1.4.1.1.66.5", "Surface"),
        ("1.2.840.10008.5.1.4.1.1.9.4.2", "Sound"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "Curves"),
    ],
)
def test_what_is_no_picture_is_named_by_what_it_is(sop_class: str, name: str) -> None:
    assert only_series([picture(1, sop_class=sop_class, pixels=None, place=None)]).name == name


def test_words_are_compared_without_case_accents_and_strokes() -> None:
    assert folded("T2*_TSE-Sag  Épaule") == "t2star tse sag epaule"


@pytest.mark.parametrize(
    ("types", "name"),
    [
        (("PERFUSION", "RCBF"), "From below, Blood flow, how much flows"),
        (("TTP",), "From below, Blood flow, when most has come"),
        (("M", "T1 MAP"), "From below, Map of relaxation times"),
        (("M", "R2_STAR MAP"), "From below, Map of relaxation times"),
        (("DIFFUSION", "FA"), "From below, Map of nerve fibres (FA)"),
        (("DIFFUSION", "ADC_UNSPECIFIED"), "From below, Map of diffusion (ADC)"),
        (("DIFFUSION", "TRACEW"), "From below, Diffusion"),
        (("M", "MIP"), "From below, Projection (MIP)"),
        (("MNIP", "ND"), "From below, Projection (MinIP)"),
        (("M", "SUB"), "From below, Subtraction"),
    ],
)
def test_what_was_worked_out_is_named_by_the_image_type_where_nobody_wrote_it_down(
    types: tuple[str, ...], name: str
) -> None:
    headers = stack(range(10), orientation=AXIAL, image_type=("DERIVED", "PRIMARY", *types))
    assert only_series(headers).name == name


@pytest.mark.parametrize(
    ("kind", "kev", "name"),
    [
        ("VMI", 40.0, "From below, CT, as with X-rays of 40 keV"),
        ("VMI", None, "From below, CT, as with one X-ray energy"),
        ("MAT_REMOVED", None, "From below, CT, one substance taken out"),
        ("ELECTRON_DENSITY", None, "From below, CT, density of electrons"),
        ("CT_SOM5 SPI", None, "From below, CT"),
    ],
)
def test_what_a_ct_worked_out_from_several_energies_is_not_named_like_a_usual_one(
    kind: str, kev: float | None, name: str
) -> None:
    types = ("DERIVED", "PRIMARY", "AXIAL", kind)
    headers = stack(range(10), modality="CT", orientation=AXIAL, image_type=types, energy_kev=kev)
    assert only_series(headers).name == name


def test_two_energies_in_one_series_are_to_choose_from_and_not_in_its_name() -> None:
    types = ("DERIVED", "PRIMARY", "AXIAL", "VMI")
    told: dict[str, Any] = {"modality": "CT", "orientation": AXIAL, "image_type": types}
    series = only_series(
        [h for n, kev in enumerate((70.0, 40.0)) for h in stack(range(9), 1 + 100 * n, energy_kev=kev, **told)]
    )
    assert [(group.label, len(group.frames)) for group in series.groups] == [("40 keV", 9), ("70 keV", 9)]
    assert series.name == "From below, CT, as with one X-ray energy"


def test_a_map_that_has_the_words_of_its_scan_is_still_named_as_a_map() -> None:
    fibres = stack(range(10), series_description="ep2d_diff_DTI", image_type=("DERIVED", "PRIMARY", "DIFFUSION", "FA"))
    assert only_series(fibres).name == "From the side, Map of nerve fibres (FA)"


def test_slices_of_a_breast_are_named_by_their_direction_and_not_by_the_view_as_well() -> None:
    facts = tuple(FrameFacts((0.0, 0.0, float(k)), AXIAL, (0.1, 0.1)) for k in range(12))
    told: dict[str, Any] = {"modality": "MG", "laterality": "L", "view": "CC", "sop_class": BREAST_TOMOSYNTHESIS}
    assert only_series([picture(1, frames=12, per_frame=facts, **told)]).name == "From below, mammogram, left"
