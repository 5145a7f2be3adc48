"""What read_header makes of files that are right, odd, wrong, or hostile."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from tests.dicom.made import (
    Found,
    Memory,
    codes,
    data_set,
    deflated,
    element,
    encapsulated,
    header,
    item,
    picture_elements,
    us,
    wrapped,
)
from viewer.dicom.header import FileWindow
from viewer.dicom.read import read_header
from viewer.dicom.source import inflated_bytes
from viewer.problem import ProblemError

JPEG = "1.2.840.10008.1.2.4.50"


def with_(**changes: tuple[int, str, bytes | str]) -> bytes:
    """The small picture with some elements changed."""
    elements = picture_elements()
    for tag, vr, value in changes.values():
        elements[tag] = (vr, value)
    return wrapped(data_set(elements))


def compressed(fragments: list[bytes], frames: int, table: bytes = b"", syntax: str = JPEG) -> bytes:
    elements = picture_elements()
    del elements[0x7FE00010]
    elements[0x00280008] = ("IS", str(frames))
    return wrapped(data_set(elements) + encapsulated(fragments, table), syntax)


def test_a_plain_picture_is_read_with_its_geometry_and_the_place_of_its_bytes() -> None:
    data = with_()
    made = header(data)
    assert (made.frames, made.modality, made.instance_number, made.problems) == (1, "MR", 7, ())
    assert made.shared.position == (1, 2, 3)
    assert made.shared.spacing == (0.5, 0.5)
    assert made.spacing_kind == "patient"
    assert made.person.name == "Muster, Erika"
    assert made.place is not None
    assert (made.place.offset, made.place.length) == (len(data) - 128, 128)


@pytest.mark.parametrize(
    ("written", "given"),
    [("Gadovist", True), ("11 ml Omniscan", True), ("Nonionic 300", True), ("", False), ("NONE", False), ("No", False),
     ("ohne KM", False), ("n/a", False), ("0", False), ("-", False), ("without contrast", False)],
)  # fmt: skip
def test_a_contrast_agent_that_was_not_given_is_none(written: str, given: bool) -> None:
    assert header(with_(agent=(0x00180010, "LO", written))).contrast_agent is given


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"])
@pytest.mark.parametrize("explicit", [True, False])
def test_a_wrong_label_about_the_encoding_is_corrected_and_said(syntax: str, explicit: bool) -> None:
    made = header(wrapped(data_set(picture_elements(), explicit), syntax))
    right = syntax == ("1.2.840.10008.1.2.1" if explicit else "1.2.840.10008.1.2")
    assert made.frames == 1
    assert made.transfer_syntax == ("1.2.840.10008.1.2.1" if explicit else "1.2.840.10008.1.2")
    assert ("label_corrected" in codes(made)) is not right


@pytest.mark.parametrize("explicit", [True, False])
def test_a_file_without_preamble_and_label_opens(explicit: bool) -> None:
    made = header(data_set(picture_elements(), explicit))
    assert (made.frames, codes(made)) == (1, {"old_format"})


def test_a_deflated_file_tells_where_its_picture_lies_in_the_inflated_stream() -> None:
    elements = picture_elements()
    elements[0x7FE00010] = ("OW", bytes(range(128)))
    data = deflated(data_set(elements))
    made = header(data)
    assert made.place is not None
    assert made.place.inflated
    found = Found("made.dcm", len(data))
    place = made.place
    stored = inflated_bytes(Memory(data), found, place.deflated_start, place.offset, place.length)
    assert stored == bytes(range(128))


def test_a_deflate_bomb_ends_early_in_one_sentence() -> None:
    packer = zlib.compressobj(9, wbits=-15)
    junk = element(0x00091001, "UN", b"")[:8] + struct.pack("<I", 2**31)
    data = (
        deflated(b"")[:-2]
        + packer.compress(data_set({0x00080060: ("CS", "MR")}) + junk + bytes(64 * 2**20))
        + packer.flush()
    )
    with pytest.raises(ProblemError):
        header(data)


def test_no_pixel_data_is_read() -> None:
    elements = picture_elements(1024, 1024)
    medium = Memory(wrapped(data_set(elements)))
    read_header(medium, Found("a", len(medium.data)), medium.data[:16384])
    assert medium.read_bytes == 0


def test_a_long_header_is_read_on() -> None:
    made = header(with_(private=(0x00091001, "UN", bytes(300_000))))
    assert (made.frames, made.shared.position) == (1, (1, 2, 3))


@pytest.mark.parametrize(
    ("slope", "intercept", "word", "expected"),
    [
        ("2", "-5", "", (2.0, -5.0, True)),
        ("2", None, "rescale_incomplete", (2.0, 0.0, True)),
        (None, "-5", "rescale_incomplete", (1.0, -5.0, True)),
        ("", "", "", (1.0, 0.0, False)),
        ("0", "7", "rescale_zero", (1.0, 0.0, False)),
        ("nan", "0", "rescale_not_number", (1.0, 0.0, False)),
        ("0,5", "0", "rescale_not_number", (1.0, 0.0, False)),
        ("1e400", "0", "rescale_not_number", (1.0, 0.0, False)),
        ("1\\2", "0", "rescale_not_number", (1.0, 0.0, False)),
        ("-1", "0", "", (-1.0, 0.0, True)),
        ("1_0", "0", "rescale_not_number", (1.0, 0.0, False)),
    ],
)  # fmt: skip
def test_the_scale_of_values_is_whole_or_a_word_says_why_not(
    slope: str | None, intercept: str | None, word: str, expected: tuple[float, float, bool]
) -> None:
    elements = picture_elements()
    for tag, value in ((0x00281053, slope), (0x00281052, intercept)):
        if value is not None:
            elements[tag] = ("DS", value)
    made = header(wrapped(data_set(elements)))
    assert (made.shared.slope, made.shared.intercept, made.shared.has_rescale) == expected
    assert codes(made) == ({word} if word else set())


def test_a_scale_counts_behind_a_file_that_names_it_and_leaves_it_empty() -> None:
    for slope, intercept, present in (("", "", False), ("2", "-5", True), ("", "", False), ("3", "1", True)):
        scale = {0x00281053: ("DS", slope), 0x00281052: ("DS", intercept)}
        made = header(wrapped(data_set(picture_elements() | scale)))
        assert made.shared.has_rescale is present
        assert made.shared.slope == float(slope or 1)


def test_windows_come_with_function_and_name_and_bad_ones_are_left_out() -> None:
    made = header(with_(
        centre=(0x00281050, "DS", "40\\0,5\\300"), width=(0x00281051, "DS", "400\\80\\1500"),
        function=(0x00281056, "CS", "SIGMOID"), name=(0x00281055, "LO", "SOFT\\BAD\\BONE"),
    ))  # fmt: skip
    assert made.shared.windows == (FileWindow(40, 400, "SIGMOID", "SOFT"), FileWindow(300, 1500, "SIGMOID", "BONE"))


def test_padding_written_unsigned_is_read_with_the_sign_of_the_pixels() -> None:
    made = header(with_(sign=(0x00280103, "US", us(1)), padding=(0x00280120, "US", us(63536))))
    assert made.pixels is not None
    assert made.pixels.padding == (-2000, -2000)


@pytest.mark.parametrize(
    ("modality", "pixel", "imager", "calibration", "expected"),
    [
        ("DX", "0.1\\0.1", "0.1\\0.1", "", ((0.1, 0.1), "detector")),
        ("DX", "0.08\\0.08", "0.1\\0.1", "", ((0.08, 0.08), "calibrated")),
        ("DX", "0.08\\0.08", "0.1\\0.1", "FIDUCIAL", ((0.08, 0.08), "calibrated")),
        ("DX", "0.1\\0.1", "", "", ((0.1, 0.1), "unverified")),
        ("DX", "", "0.1\\0.2", "", ((0.1, 0.2), "detector")),
        ("CT", "0.5\\0.7", "", "", ((0.5, 0.7), "patient")),
        ("CT", "0\\0", "", "", (None, "")),
        ("DX", "", "", "", (None, "")),
    ],
)  # fmt: skip
def test_millimetres_claim_no_more_than_the_file_says(
    modality: str, pixel: str, imager: str, calibration: str, expected: tuple[tuple[float, float] | None, str]
) -> None:
    made = header(with_(
        modality=(0x00080060, "CS", modality), pixel=(0x00280030, "DS", pixel), imager=(0x00181164, "DS", imager),
        calibration=(0x00280A02, "CS", calibration),
    ))  # fmt: skip
    assert (made.shared.spacing, made.spacing_kind) == expected


def test_a_claim_of_a_million_frames_leaves_the_one_that_is_there() -> None:
    made = header(with_(frames=(0x00280008, "IS", "1000000")))
    assert (made.frames, codes(made)) == (1, {"frames_missing"})


@pytest.mark.parametrize(("rows", "columns"), [(65535, 65535), (40000, 64)])
def test_a_size_that_cannot_be_in_the_file_is_refused(rows: int, columns: int) -> None:
    with pytest.raises(ProblemError) as caught:
        header(with_(rows=(0x00280010, "US", us(rows)), columns=(0x00280011, "US", us(columns))))
    assert caught.value.problem.code == "size_impossible"
    assert str(rows) in caught.value.problem.text


def test_a_picture_of_which_nearly_all_is_missing_is_called_cut_off() -> None:
    with pytest.raises(ProblemError) as caught:
        header(with_(rows=(0x00280010, "US", us(2048)), columns=(0x00280011, "US", us(2048))))
    assert caught.value.problem.code == "pixels_gone"


@pytest.mark.parametrize("missing", [2, 60])
def test_a_cut_picture_is_read_and_marked(missing: int) -> None:
    made = header(with_()[:-missing])
    assert made.place is not None
    assert (made.frames, codes(made)) == (1, {"pixels_cut_off"})
    assert made.place.length == 128 - missing


def test_a_file_cut_in_its_header_is_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        header(with_()[:300])
    assert caught.value.problem.code == "file_damaged"


def test_an_unknown_packing_is_said_and_a_film_is_no_picture() -> None:
    assert "unknown_encoding" in codes(header(compressed([b"xx"], 1, syntax="1.2.3.4.5")))
    film = header(compressed([b"xxxx", b"yyyy"], 30, syntax="1.2.840.10008.1.2.4.102"))
    assert (film.frames, codes(film)) == (0, {"video"})
    assert film.place is not None
    assert len(film.place.fragments[0]) == 2


def parts(data: bytes, frames: int) -> list[list[bytes]]:
    """The bytes of each frame as the fragment table cuts them."""
    made = header(data)
    assert made.frames == frames
    assert made.place is not None
    return [[data[at : at + size] for at, size in group] for group in made.place.fragments]


def test_a_single_frame_takes_all_fragments() -> None:
    assert parts(compressed([b"aa", b"bb", b"cc"], 1), 1) == [[b"aa", b"bb", b"cc"]]


def test_one_fragment_for_each_frame_needs_no_table() -> None:
    assert parts(compressed([b"aa", b"bb"], 2), 2) == [[b"aa"], [b"bb"]]


def test_frames_of_several_fragments_are_cut_by_the_offset_table() -> None:
    table = struct.pack("<II", 0, 20)
    assert parts(compressed([b"aa", b"bb", b"cc"], 2, table), 2) == [[b"aa", b"bb"], [b"cc"]]


@pytest.mark.parametrize("table", [b"", struct.pack("<II", 0, 7), struct.pack("<II", 0, 10**9)])
def test_without_a_usable_table_a_frame_begins_at_its_start_marker(table: bytes) -> None:
    fragments = [b"\xff\xd8\xff\xe0", b"bb", b"\xff\xd8\xff\xdb", b"dd"]
    assert parts(compressed(fragments, 2, table), 2) == [fragments[:2], fragments[2:]]


def test_fewer_fragments_than_frames_are_counted_and_said() -> None:
    made = header(compressed([b"aa", b"bb"], 9))
    assert (made.frames, codes(made)) == (2, {"frames_missing"})


def sequence(tag: int, *items: bytes) -> tuple[int, str, bytes]:
    return tag, "SQ", b"".join(item(content) for content in items)


def group(tag: int, inner: bytes) -> bytes:
    return element(*sequence(tag, inner))


def test_a_frame_that_the_groups_do_not_tell_of_has_what_all_share() -> None:
    told = group(0x00289145, element(0x00281052, "DS", "0") + element(0x00281053, "DS", "3"))
    made = header(with_(
        number=(0x00280008, "IS", "3"), frames=sequence(0x52009230, told, told), pixels=(0x7FE00010, "OW", bytes(3 * 128))
    ))  # fmt: skip
    assert made.frames == 3
    assert [made.frame_facts(number).slope for number in (1, 2, 3)] == [3, 3, 1]
    assert made.voi_luts_on(3) == ()


def test_per_frame_groups_beat_shared_ones_and_root_values_are_left_alone() -> None:
    shared = group(0x00289145, element(0x00281052, "DS", "-1") + element(0x00281053, "DS", "2"))
    shared += group(0x00209116, element(0x00200037, "DS", "1\\0\\0\\0\\1\\0"))
    frames = [
        group(0x00209113, element(0x00200032, "DS", f"0\\0\\{5 * n}"))
        + group(0x00189117, element(0x00189087, "FD", struct.pack("<d", 1000.0 * n)))
        for n in range(3)
    ]
    frames[2] = group(0x00289145, element(0x00281052, "DS", "0") + element(0x00281053, "DS", "3")) + frames[2]
    made = header(with_(
        number=(0x00280008, "IS", "3"), slope=(0x00281053, "DS", "99"), intercept=(0x00281052, "DS", "99"),
        shared=sequence(0x52009229, shared), frames=sequence(0x52009230, *frames),
        pixels=(0x7FE00010, "OW", bytes(3 * 128)),
    ))  # fmt: skip
    assert [f.slope for f in made.per_frame] == [2, 2, 3]
    assert [f.position for f in made.per_frame] == [(0, 0, 0), (0, 0, 5), (0, 0, 10)]
    assert [f.b_value for f in made.per_frame] == [0, 1000, 2000]
    assert all(f.orientation == (1, 0, 0, 0, 1, 0) for f in made.per_frame)


@pytest.mark.parametrize(
    ("written", "component", "told"),
    [
        ("VOLUME\\NONE", "MAGNITUDE", ("VOLUME", "NONE")),
        ("VOLUME\\NONE", "PHASE", ("VOLUME", "PHASE", "NONE")),
        ("VOLUME\\SUBTRACTION", "REAL", ("VOLUME", "R", "SUBTRACTION")),
        ("", "IMAGINARY", ("", "I")),
        ("PHASE\\NONE", "PHASE", ("PHASE", "NONE")),
    ],
)
def test_the_part_of_a_complex_value_is_the_fourth_word_of_what_a_frame_is(
    written: str, component: str, told: tuple[str, ...]
) -> None:
    kind = element(0x00089007, "CS", f"ORIGINAL\\PRIMARY\\{written}".strip("\\"))
    made = header(with_(frames=sequence(0x52009230, group(0x00189226, kind + element(0x00089208, "CS", component)))))
    assert made.frame_facts(1).frame_type == ("ORIGINAL", "PRIMARY", *told)


def test_frames_tell_how_long_after_the_first_time_they_were_taken() -> None:
    frames = [group(0x00209310, element(0x0020930D, "FD", struct.pack("<d", 2.5 * n))) for n in range(3)]
    made = header(with_(
        number=(0x00280008, "IS", "3"), frames=sequence(0x52009230, *frames), pixels=(0x7FE00010, "OW", bytes(3 * 128)),
    ))  # fmt: skip
    assert [f.reference_ms for f in made.per_frame] == [0, 2500, 5000]


def test_measures_of_a_frame_that_leave_something_out_leave_it_as_it_is_for_all() -> None:
    spacing, thickness = element(0x00280030, "DS", "0.5\\0.75"), element(0x00180050, "DS", "3")
    own = [thickness, element(0x00280030, "DS", "2\\2"), thickness + element(0x00280030, "DS", "")]
    made = header(with_(
        number=(0x00280008, "IS", "3"), shared=sequence(0x52009229, group(0x00289110, spacing + thickness)),
        frames=sequence(0x52009230, *(group(0x00289110, each) for each in own)), pixels=(0x7FE00010, "OW", bytes(3 * 128)),
    ))  # fmt: skip
    assert [f.spacing for f in made.per_frame] == [(0.5, 0.75), (2, 2), (0.5, 0.75)]
    assert [f.thickness_mm for f in made.per_frame] == [3, 3, 3]


@pytest.mark.parametrize(("value", "kev"), [(40.0, 40.0), (float("nan"), None), (-1.0, None)])
def test_the_one_energy_that_a_picture_was_worked_out_for_is_read(value: float, kev: float | None) -> None:
    energy = element(0x0018937C, "FD", struct.pack("<d", value))
    made = header(with_(modality=(0x00080060, "CS", "CT"), energies=sequence(0x00189364, energy)))
    assert made.energy_kev == kev


def test_nuclear_slices_follow_the_sign_of_their_spacing() -> None:
    made = header(with_(
        modality=(0x00080060, "CS", "NM"), kind=(0x00080008, "CS", "ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION"),
        frames=(0x00280008, "IS", "3"), step=(0x00180088, "DS", "-4.4"), pixels=(0x7FE00010, "OW", bytes(384)),
    ))  # fmt: skip
    assert [round(f.position[2], 6) for f in made.per_frame if f.position] == [3.0, -1.4, -5.8]


def test_nuclear_slices_whose_distance_is_not_told_have_no_place_rather_than_all_that_of_the_first() -> None:
    made = header(with_(
        modality=(0x00080060, "CS", "NM"), kind=(0x00080008, "CS", "ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION"),
        frames=(0x00280008, "IS", "3"), pixels=(0x7FE00010, "OW", bytes(384)),
    ))  # fmt: skip
    assert (made.shared.position, made.per_frame) == (None, ())
    assert made.shared.orientation is not None


def test_nuclear_slices_of_a_beating_heart_tell_their_time() -> None:
    """Slice Vector and Time Slot Vector: PS3.3 C.8.4.8, C.8.4.15."""
    made = header(with_(
        modality=(0x00080060, "CS", "NM"), kind=(0x00080008, "CS", "ORIGINAL\\PRIMARY\\RECON GATED TOMO\\EMISSION"),
        frames=(0x00280008, "IS", "4"), step=(0x00180088, "DS", "4"), pixels=(0x7FE00010, "OW", bytes(512)),
        slices=(0x00540080, "US", struct.pack("<4H", 1, 1, 2, 2)), slots=(0x00540070, "US", struct.pack("<4H", 1, 2, 1, 2)),
    ))  # fmt: skip
    assert [f.temporal for f in made.per_frame] == [1, 2, 1, 2]
    assert [f.position[2] for f in made.per_frame if f.position] == [3.0, 3.0, 7.0, 7.0]


@pytest.mark.parametrize(
    ("offsets", "orientation", "heights"),
    [
        ("0\\2.5\\5", "1\\0\\0\\0\\1\\0", [3, 5.5, 8]),
        ("0\\-2.5\\-5", "1\\0\\0\\0\\1\\0", [3, 0.5, -2]),
        ("3\\5.5\\8", "1\\0\\0\\0\\1\\0", [3, 5.5, 8]),
        ("3\\5.5\\8", "1\\0\\0\\0\\-1\\0", [3, 5.5, 8]),
        ("0\\2.5\\5", "1\\0\\0\\0\\-1\\0", [3, 0.5, -2]),
        ("0\\2.5", "1\\0\\0\\0\\1\\0", None),
        ("0\\x\\5", "1\\0\\0\\0\\1\\0", None),
    ],
)
def test_planes_of_a_dose_lie_at_their_offsets(offsets: str, orientation: str, heights: list[float] | None) -> None:
    made = header(with_(
        kind=(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.2"), modality=(0x00080060, "CS", "RTDOSE"),
        frames=(0x00280008, "IS", "3"), pixels=(0x7FE00010, "OW", bytes(384)),
        turn=(0x00200037, "DS", orientation), offsets=(0x3004000C, "DS", offsets),
    ))  # fmt: skip
    places = [made.frame_facts(number).position for number in (1, 2, 3)]
    assert [round(place[2], 6) for place in places if place is not None] == (heights or [])
    assert all(place is None or place[:2] == (1, 2) for place in places)


@pytest.mark.parametrize("wide", [True, False])
def test_a_palette_is_eight_bit_however_it_was_written(wide: bool) -> None:
    ramp = np.arange(256)
    entries = (ramp * 257).astype("<u2").tobytes() if wide else ramp.astype("<u2").tobytes()
    elements = picture_elements()
    elements[0x00280004] = ("CS", "PALETTE COLOR")
    for n in (1, 2, 3):
        elements[0x00281100 + n] = ("US", struct.pack("<3H", 256, 0, 16))
        elements[0x00281200 + n] = ("OW", entries)
    made = header(wrapped(data_set(elements)))
    assert made.palette is not None
    assert np.array_equal(made.palette.colours[:, 1], ramp)


def test_a_segmented_palette_is_unrolled() -> None:
    elements = picture_elements()
    elements[0x00280004] = ("CS", "PALETTE COLOR")
    segments = struct.pack("<10H", 0, 2, 0, 256, 1, 4, 1280, 2, 1, 0) + struct.pack("<H", 0)
    for n in (1, 2, 3):
        elements[0x00281100 + n] = ("US", struct.pack("<3H", 8, 0, 16))
        elements[0x00281220 + n] = ("OW", segments)
    made = header(wrapped(data_set(elements)))
    assert made.palette is not None
    assert made.palette.colours[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 0, 1]


def test_a_voi_table_with_a_signed_start_is_read() -> None:
    table = element(0x00283002, "SS", struct.pack("<Hhh", 3, -5, 16)) + element(
        0x00283006, "OW", struct.pack("<3H", 9, 8, 7)
    )
    made = header(with_(sign=(0x00280103, "US", us(1)), lut=sequence(0x00283010, table)))
    (lut,) = made.voi_luts
    assert (lut.first, lut.entries.tolist()) == (-5, [9, 8, 7])


def test_a_table_that_is_named_and_left_empty_is_none() -> None:
    """Some programs write every field of the module, most of them without a value."""
    nothing = element(0x00283002, "US", b"") + element(0x00283003, "LO", b"") + element(0x00283006, "US", b"")
    made = header(with_(modality=sequence(0x00283000, nothing), voi=sequence(0x00283010, nothing)))
    assert (made.modality_lut, made.voi_luts, codes(made)) == (None, (), set())
    half = element(0x00283002, "US", struct.pack("<3H", 3, 0, 16)) + element(0x00283006, "US", b"")
    assert codes(header(with_(voi=sequence(0x00283010, half)))) == {"table_damaged"}


def test_a_sequence_nested_without_end_is_one_sentence() -> None:
    deep = struct.pack("<HH2sHI", 0x40, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    with pytest.raises(ProblemError):
        header(wrapped(data_set({0x00080060: ("CS", "MR")}) + deep * 5000))


def test_siemens_mosaics_need_a_number_of_tiles_from_the_file() -> None:
    kind = (0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC")
    assert header(with_(kind=kind)).mosaic_tiles is None
    assert header(with_(kind=kind, tiles=(0x0019100A, "US", us(26)))).mosaic_tiles == 26
    moved = with_(kind=kind, block=(0x00190012, "LO", "SIEMENS MR HEADER"), tiles=(0x0019120A, "US", us(26)))
    assert header(moved).mosaic_tiles == 26


@pytest.mark.parametrize("vr", [b"??", b"\0\0", b"- ", b"zz"])
@pytest.mark.parametrize("short", [True, False])
def test_an_element_whose_kind_is_no_kind_is_stepped_over(vr: bytes, short: bool) -> None:
    body = data_set(picture_elements())
    at = body.index(b"\x10\x00\x10\x00PN")
    value = b"nothing!"
    odd = b"\x09\x00\x02\x10" + (vr + us(len(value)) if short else struct.pack("<I", len(value))) + value
    made = header(wrapped(body[:at] + odd + body[at:]))
    assert made.person.name == "Muster, Erika"
    assert (made.frames, made.problems) == (1, ())


def test_a_file_that_is_only_said_to_be_deflated_is_read_as_it_is() -> None:
    made = header(wrapped(data_set(picture_elements()), "1.2.840.10008.1.2.1.99"))
    assert (made.frames, made.transfer_syntax) == (1, "1.2.840.10008.1.2.1")
    assert made.place is not None
    assert not made.place.inflated
    assert codes(made) == {"label_corrected"}


def test_a_plain_picture_of_unknown_length_is_read_to_the_end_of_the_file() -> None:
    elements = picture_elements()
    del elements[0x7FE00010]
    values = bytes(range(128))
    head = struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, 0xFFFFFFFF)
    made = header(wrapped(data_set(elements) + head + values + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)))
    assert made.frames == 1
    assert made.place is not None
    assert not made.place.encapsulated
    assert made.place.length >= 128


@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (12, 16), (16, 16)])
def test_a_missing_width_of_the_pixels_follows_from_the_bits_used(stored: int, allocated: int) -> None:
    elements = picture_elements()
    del elements[0x00280100]
    elements[0x00280101], elements[0x00280102] = ("US", us(stored)), ("US", us(stored - 1))
    elements[0x7FE00010] = ("OW", bytes(64 * allocated // 8))
    made = header(wrapped(data_set(elements)))
    assert made.pixels is not None
    assert made.pixels.bits_allocated == allocated
    assert codes(made) == {"bits_corrected"}


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xf7", b"\xff\x4f\xff\x51", b"\1\0\0\0\x40" + bytes(60)])
@pytest.mark.parametrize("frames", [1, 3])
def test_a_file_without_any_offset_table_keeps_its_first_picture(start: bytes, frames: int) -> None:
    elements = picture_elements()
    del elements[0x7FE00010]
    elements[0x00280008] = ("IS", str(frames))
    streams = [start + bytes([number] * 20) for number in range(frames)]
    picture = encapsulated(streams)
    table = item(b"")
    data = wrapped(data_set(elements) + picture.replace(table, b"", 1), JPEG)
    made = header(data)
    assert (made.frames, made.problems) == (frames, ())
    assert made.place is not None
    found = [b"".join(data[at : at + length] for at, length in parts) for parts in made.place.fragments]
    assert [one[:-1] if len(one) % 2 == 0 and len(streams[0]) % 2 else one for one in found] == streams


@pytest.mark.parametrize(("packed", "allocated", "words"), [(True, 12, set()), (False, 16, {"bits_corrected"})])
def test_twelve_bits_without_a_gap_are_told_from_a_wrong_word_by_their_length(
    packed: bool, allocated: int, words: set[str]
) -> None:
    made = header(with_(
        bits=(0x00280100, "US", us(12)), pixels=(0x7FE00010, "OW", bytes(64 * (12 if packed else 16) // 8)),
    ))  # fmt: skip
    assert made.pixels is not None
    assert (made.pixels.bits_allocated, made.frames, codes(made)) == (allocated, 1, words)


@pytest.mark.parametrize("told", [8, 12])
def test_a_table_whose_entries_need_more_bits_than_are_told_has_them(told: int) -> None:
    entries = np.linspace(0, 65535, 64).astype("<u2").tobytes()
    described = element(0x00283002, "US", struct.pack("<3H", 64, 0, told)) + element(0x00283006, "OW", entries)
    made = header(wrapped(data_set(picture_elements() | {0x00283010: ("SQ", item(described))})))
    assert [lut.bits for lut in made.voi_luts] == [16]
