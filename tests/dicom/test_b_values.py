"""The weight of diffusion where makers keep it: told by the name of their private block, whoever the file says made it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.dicom.made import data_set, element, header, item, picture_elements, wrapped
from tests.index.built import read_folder

Elements = dict[int, tuple[str, bytes | str]]


def csa(weight: str) -> bytes:
    """The image header of a Siemens scanner with nothing in it but its b-value."""
    told = weight.encode() + b"\0"
    items = b"".join(
        struct.pack("<4i", len(one), len(one), 77, len(one)) + one + bytes(-len(one) % 4) for one in (told, *[b""] * 5)
    )
    tag = b"B_value".ljust(64, b"\0") + struct.pack("<i4s3i", 1, b"IS\0\0", 6, 6, 77)
    return b"SV10\4\3\2\1" + struct.pack("<II", 1, 77) + tag + items


def siemens(weight: int) -> Elements:
    return {0x00190010: ("LO", "SIEMENS MR HEADER"), 0x0019100C: ("IS", str(weight))}


def siemens_csa(weight: int) -> Elements:
    return {0x00290010: ("LO", "SIEMENS CSA HEADER"), 0x00291010: ("OB", csa(str(weight)))}


def siemens_csa_elsewhere(weight: int) -> Elements:
    return {
        0x00290010: ("LO", "SOMEBODY"),
        0x00290011: ("LO", "SIEMENS CSA HEADER"),
        0x00291110: ("OB", csa(str(weight))),
    }


def siemens_name(weight: int) -> Elements:
    return {0x00180024: ("SH", f"*ep_b{weight}#3")}


def ge(weight: int) -> Elements:
    return {0x00430010: ("LO", "GEMS_PARM_01"), 0x00431039: ("IS", f"{10**9 + weight}\\8\\0\\0")}


def ge_elsewhere(weight: int) -> Elements:
    return {0x00430010: ("LO", "SOMEBODY"), 0x00430011: ("LO", "GEMS_PARM_01"), 0x00431139: ("IS", f"{weight}\\8")}


def siemens_far_off(weight: int) -> Elements:
    """Blocks are numbered as they come: one that was put after many others."""
    return {0x00190010: ("LO", "SOMEBODY"), 0x001900E3: ("LO", "SIEMENS MR HEADER"), 0x0019E30C: ("IS", str(weight))}


def philips(weight: int) -> Elements:
    return {0x20010010: ("LO", "Philips Imaging DD 001"), 0x20011003: ("UN", struct.pack("<f", weight))}


def united(weight: int) -> Elements:
    return {0x00650010: ("LO", "Image Private Header"), 0x00651009: ("FD", struct.pack("<d", weight))}


def in_a_sequence(weight: int) -> Elements:
    return {0x00189117: ("SQ", item(element(0x00189087, "FD", struct.pack("<d", weight))))}


def canon(weight: int) -> Elements:
    return {0x00080070: ("LO", "CANON_MEC"), 0x00204000: ("LT", f"b={weight}(0.445,0.000,0.895)")}


WAYS = [
    siemens,
    siemens_csa,
    siemens_csa_elsewhere,
    siemens_name,
    ge,
    ge_elsewhere,
    siemens_far_off,
    philips,
    united,
    canon,
    in_a_sequence,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("weight", [0, 50, 1000])
def test_the_weight_is_found_without_knowing_the_maker(way: object, weight: int) -> None:
    assert callable(way)
    assert header(wrapped(data_set(picture_elements() | way(weight)))).shared.b_value == weight


def test_an_element_of_another_maker_in_the_same_place_is_no_weight() -> None:
    foreign = {0x00080070: ("LO", "GE MEDICAL SYSTEMS"), 0x00430010: ("LO", "SOMEBODY"), 0x00431039: ("IS", "7")}
    assert header(wrapped(data_set(picture_elements() | foreign))).shared.b_value is None
    nameless = {0x00080070: ("LO", "GE MEDICAL SYSTEMS"), 0x00431039: ("IS", "7")}
    assert header(wrapped(data_set(picture_elements() | nameless))).shared.b_value == 7


@pytest.mark.parametrize("name", ["*tse2d1_15", "*fl3d1_b", "*ep_b1000#3x", "*ep_b1000000"])
def test_other_names_of_sequences_tell_no_weight(name: str) -> None:
    assert header(wrapped(data_set(picture_elements() | {0x00180024: ("SH", name)}))).shared.b_value is None


@pytest.mark.parametrize("way", WAYS)
def test_volumes_of_several_weights_are_named_by_them(way: object, tmp_path: Path) -> None:
    assert callable(way)
    for turn, weight in enumerate((0, 500, 1000)):
        for place in range(8):
            own: Elements = {
                0x00080018: ("UI", f"1.2.9.{turn}.{place}"), 0x00200013: ("IS", str(8 * turn + place + 1)),
                0x00200032: ("DS", f"1\\2\\{3 * place}"),
            }  # fmt: skip
            made = wrapped(data_set(picture_elements() | own | way(weight)))
            (tmp_path / f"{turn}{place}").write_bytes(made)
    index = read_folder(tmp_path)
    assert [[group.label for group in series.groups] for study in index.studies for series in study.series] == [
        ["b 0", "b 500", "b 1000"]
    ]


def three(letter: str, direction: tuple[float, ...]) -> bytes:
    return struct.pack(f"<3{letter}", *direction)


def siemens_way(way: tuple[float, ...]) -> Elements:
    return siemens(1000) | {0x0019100E: ("FD", three("d", way))}


def siemens_number(way: tuple[float, ...]) -> Elements:
    return {0x00180024: ("SH", f"*ep_b1000#{1 + way.index(1.0)}")}


def ge_way(way: tuple[float, ...]) -> Elements:
    parts = {0x001911BB + at: ("DS", f"{part:.6f}") for at, part in enumerate(way)}
    return ge(1000) | {0x00190011: ("LO", "GEMS_ACQU_01")} | parts


def philips_way(way: tuple[float, ...]) -> Elements:
    parts = {0x200510B0 + at: ("FL", struct.pack("<f", part)) for at, part in enumerate(way)}
    return philips(1000) | {0x20050010: ("LO", "Philips MR Imaging DD 001")} | parts


def united_way(way: tuple[float, ...]) -> Elements:
    return united(1000) | {0x00651037: ("FD", three("d", way))}


def standard_way(way: tuple[float, ...]) -> Elements:
    return {0x00189087: ("FD", struct.pack("<d", 1000)), 0x00189089: ("FD", three("d", way))}


def standard_way_in_a_sequence(way: tuple[float, ...]) -> Elements:
    turned = element(0x00189076, "SQ", item(element(0x00189089, "FD", three("d", way))))
    return {0x00189117: ("SQ", item(turned + element(0x00189087, "FD", struct.pack("<d", 1000))))}


def canon_way(way: tuple[float, ...]) -> Elements:
    told = ",".join(f"{part:.3f}" for part in way)
    return {0x00080070: ("LO", "CANON_MEC"), 0x00204000: ("LT", f"b=1000({told})")}


POINTING = [
    siemens_way,
    siemens_number,
    ge_way,
    philips_way,
    united_way,
    canon_way,
    standard_way,
    standard_way_in_a_sequence,
]


@pytest.mark.parametrize("way", POINTING)
def test_pictures_of_two_directions_are_never_one_volume_even_where_some_are_lost(way: object, tmp_path: Path) -> None:
    """The numbers of the pictures say nothing: nobody can count from them what is lost."""
    assert callable(way)
    along, number = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)], 0
    lost = {(2, along[0]), (4, along[1]), (5, along[2])}
    belongs: dict[str, object] = {}
    for place in range(10):
        for turn in along:
            if (place, turn) not in lost:
                number += 1
                belongs[f"1.2.9.{number}"] = turn
                own: Elements = {
                    0x00080018: ("UI", f"1.2.9.{number}"), 0x00200013: ("IS", str(number)),
                    0x00200032: ("DS", f"1\\2\\{3 * place}"),
                }  # fmt: skip
                made = wrapped(data_set(picture_elements() | own | way(turn)))
                (tmp_path / f"IM{number}").write_bytes(made)
    index = read_folder(tmp_path)
    groups = [group.frames for series in index.every_series for group in series.groups]
    assert [len(frames) for frames in groups] == [9, 9, 9]
    told = [{belongs[frame.ref.sop_uid] for frame in frames} for frames in groups]
    assert told == [{along[0]}, {along[1]}, {along[2]}]
