"""Facts that only some kinds of pictures have: PET, ultrasound, projections, films, maps in units, overlays."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data import shared_data
from tests.dicom.made import Memory, data_set, header, picture_elements, us, wrapped
from viewer.dicom.header import Header, OverlayPlane, RealWorldValue, UltrasoundRegion
from viewer.dicom.overlay import overlay_mask
from viewer.disc.folder import FolderMedium

Elements = dict[int, tuple[str, bytes | str]]


def sequence(*items: Elements) -> bytes:
    bodies = [data_set(one) for one in items]
    return b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(body)) + body for body in bodies)


def fd(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


def read(changes: Elements, rows: int = 8, columns: int = 8) -> Header:
    return header(wrapped(data_set({**picture_elements(rows, columns), **changes})))


PET: Elements = {
    0x00080021: ("DA", "20240312"), 0x00080022: ("DA", "20240312"), 0x00080031: ("TM", "101500"),
    0x00080032: ("TM", "101600"), 0x00080060: ("CS", "PT"), 0x00080201: ("SH", "+0100"), 0x00101030: ("DS", "75.5"),
    0x00181242: ("IS", "120000"),
    0x00280051: ("CS", "DECY\\ATTN\\SCAT"), 0x00541001: ("CS", "BQML"), 0x00541006: ("CS", "BW"),
    0x00541102: ("CS", "START"), 0x00541300: ("DS", "58934.5"),
    0x00540016: ("SQ", sequence({
        0x00181072: ("TM", "091500"), 0x00181074: ("DS", "310000000"), 0x00181075: ("DS", "6586.2"),
        0x00181078: ("DT", "20240312091500.00"),
    })),
}  # fmt: skip


def test_a_pet_picture_tells_what_its_uptake_is_worked_out_from() -> None:
    found = read(PET)
    pet = found.pet
    assert pet is not None
    assert (pet.weight_kg, pet.dose_bq, pet.half_life_s) == (75.5, 3.1e8, 6586.2)
    assert (pet.injection_datetime, pet.injection_time) == ("20240312091500.00", "091500")
    assert (pet.decay_correction, pet.corrected, pet.suv_type) == ("START", ("DECY", "ATTN", "SCAT"), "BW")
    assert (pet.series_date, pet.series_time, pet.acquisition_date) == ("20240312", "101500", "20240312")
    assert pet.frame_duration_ms == 120000.0
    assert pet.timezone == "+0100"
    assert found.units == "BQML"
    assert found.shared.reference_ms == 58934.5


def test_private_elements_count_only_under_their_own_maker() -> None:
    values: Elements = {
        0x0009100D: ("DT", "20240312101010"), 0x70531000: ("DS", "0.0004"), 0x70531009: ("DS", "1.5"),
    }  # fmt: skip
    makers: Elements = {0x00090010: ("LO", "GEMS_PETD_01"), 0x70530010: ("LO", "Philips PET Private Group")}
    nobody = read({**PET, **values}).pet
    known = read({**PET, **values, **makers}).pet
    assert nobody is not None
    assert known is not None
    assert (nobody.vendor_start, nobody.philips_suv, nobody.philips_bq_ml) == ("", None, None)
    assert (known.vendor_start, known.philips_suv, known.philips_bq_ml) == ("20240312101010", 0.0004, 1.5)
    siemens = read({**PET, 0x00710010: ("LO", "SIEMENS MED PT"), 0x00711022: ("DT", "20240312101112")}).pet
    assert siemens is not None
    assert siemens.vendor_start == "20240312101112"


def test_learned_layouts_keep_each_picture_its_own_pet_facts() -> None:
    """Date of acquisition and reference time differ between the pictures of one series."""
    for day, reference in [("20240312", "100"), ("20240312", "200"), ("20240313", "300"), ("20240312", "400")] * 3:
        found = read({**PET, 0x00080022: ("DA", day), 0x00541300: ("DS", reference)})
        assert found.pet is not None
        assert (found.pet.acquisition_date, found.shared.reference_ms) == (day, float(reference))


def test_other_pictures_have_no_pet_facts() -> None:
    assert read({**PET, 0x00080060: ("CS", "CT")}).pet is None


def region(**more: int) -> Elements:
    corners = {"x0": 10, "y0": 20, "x1": 109, "y1": 219, **more}
    ul = {0x00186018: corners["x0"], 0x0018601A: corners["y0"], 0x0018601C: corners["x1"], 0x0018601E: corners["y1"]}
    return {
        0x00186012: ("US", us(1)), 0x00186014: ("US", us(1)), 0x00186016: ("UL", struct.pack("<I", 2)),
        **{tag: ("UL", struct.pack("<I", value)) for tag, value in ul.items()},
        0x00186020: ("SL", struct.pack("<i", -5)), 0x00186022: ("SL", struct.pack("<i", 7)),
        0x00186024: ("US", us(3)), 0x00186026: ("US", us(3)), 0x0018602C: ("FD", fd(0.02)),
        0x0018602E: ("FD", fd(-0.03)),
    }  # fmt: skip


def test_each_region_of_an_ultrasound_picture_has_its_own_scale() -> None:
    found = read(
        {0x00080060: ("CS", "US"), 0x00186011: ("SQ", sequence(region(), region(x0=200, x1=100), region(x0=50)))}
    )
    first = UltrasoundRegion(10, 20, 109, 219, 2, 3, 3, 0.02, -0.03, -5, 7)
    assert found.regions[0] == first
    assert [one.x0 for one in found.regions] == [10, 50]  # a region that ends before it begins is none
    assert found.spacing_kind == "calibrated"
    assert found.shared.spacing == pytest.approx((0.3, 0.2))


@pytest.mark.parametrize(
    ("changes", "kind", "spacing", "factor"),
    [
        ({0x00181114: ("DS", "1.25")}, "estimated", 0.16, 1.25),
        ({0x00181110: ("DS", "1000"), 0x00181111: ("DS", "800")}, "estimated", 0.16, 1.25),
        ({0x00181114: ("DS", "1")}, "detector", 0.2, None),
        ({0x00181114: ("DS", "0")}, "detector", 0.2, None),
        ({0x00181110: ("DS", "1000"), 0x00181111: ("DS", "0")}, "detector", 0.2, None),
        ({0x00181110: ("DS", "1000")}, "detector", 0.2, None),
        ({}, "detector", 0.2, None),
        ({0x00181114: ("DS", "1.25"), 0x00280030: ("DS", "0.15\\0.15")}, "calibrated", 0.15, None),
    ],
)  # fmt: skip
def test_a_shadow_is_brought_to_the_size_of_the_body_where_the_file_tells_how(
    changes: Elements, kind: str, spacing: float, factor: float | None
) -> None:
    base: Elements = {0x00080060: ("CS", "DX"), 0x00181164: ("DS", "0.2\\0.2"), 0x00280030: ("DS", "")}
    found = read({**base, **changes})
    assert found.spacing_kind == kind
    assert found.shared.spacing == pytest.approx((spacing, spacing))
    assert found.magnification == factor


def test_a_film_with_uneven_times_keeps_them() -> None:
    base: Elements = {0x00280008: ("IS", "4"), 0x7FE00010: ("OW", bytes(4 * 128))}
    found = read({**base, 0x00181065: ("DS", "0\\100\\300\\100")})
    assert found.frame_times_ms == (0.0, 100.0, 300.0, 100.0)
    assert found.frame_time_ms == pytest.approx(500 / 3)
    assert read({**base, 0x00181065: ("DS", "0\\100")}).frame_times_ms == ()


def test_values_of_the_real_world_stand_beside_the_scale() -> None:
    unit = ("SQ", sequence({0x00080100: ("SH", "mm2/s"), 0x00080104: ("LO", "square millimetre per second")}))
    line: Elements = {
        0x00409210: ("SH", "ADC"), 0x00409211: ("US", us(4095)), 0x00409216: ("US", us(0)),
        0x00409224: ("FD", fd(0.0)), 0x00409225: ("FD", fd(1e-6)), 0x004008EA: unit,
    }  # fmt: skip
    table: Elements = {0x00409211: ("US", us(2)), 0x00409212: ("FD", fd(1.0, 4.0, 9.0)), 0x00409216: ("US", us(0))}
    found = read({0x00409096: ("SQ", sequence(line, table, {0x00409210: ("SH", "nothing")}))})
    assert found.shared.real_world == (
        RealWorldValue(0.0, 4095.0, 1e-6, 0.0, (), "mm2/s", "ADC"),
        RealWorldValue(0.0, 2.0, 1.0, 0.0, (1.0, 4.0, 9.0)),
    )
    assert hash(found.shared)


def overlay(group: int, drawn: np.ndarray, origin: tuple[int, int] = (1, 1), more: Elements | None = None) -> Elements:
    packed = np.packbits(drawn.reshape(-1).astype(np.uint8), bitorder="little").tobytes()
    base = group << 16
    made: Elements = {
        base | 0x0010: ("US", us(drawn.shape[-2])), base | 0x0011: ("US", us(drawn.shape[-1])),
        base | 0x0040: ("CS", "G"), base | 0x0050: ("SS", struct.pack("<2h", *origin)), base | 0x0100: ("US", us(1)),
        base | 0x0102: ("US", us(0)), base | 0x1500: ("LO", "Marks"), base | 0x3000: ("OW", packed),
    }  # fmt: skip
    return {**made, **{base | part: value for part, value in (more or {}).items()}}


def masks(data: bytes, frame: int = 1) -> list[np.ndarray | None]:
    found = header(data)
    assert found.pixels is not None
    shape = (found.pixels.rows, found.pixels.columns)
    memory = Memory(data)
    return [overlay_mask(one, shape, frame, memory.read("", one.offset, one.length)) for one in found.overlays]


@given(st.integers(-6, 8), st.integers(-6, 8), st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**31))
def test_an_overlay_lies_where_its_origin_says_also_beyond_the_edge(
    top: int, left: int, rows: int, columns: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).random((rows, columns)) < 0.5
    data = wrapped(data_set({**picture_elements(), **overlay(0x6002, drawn, (top, left))}))
    (mask,) = masks(data)
    expected = np.zeros((8, 8), bool)
    for row, column in np.argwhere(drawn):
        if 0 <= row + top - 1 < 8 and 0 <= column + left - 1 < 8:
            expected[row + top - 1, column + left - 1] = True
    assert mask is not None
    assert (mask == expected).all()


def test_frames_of_an_overlay_lie_on_the_frames_they_name() -> None:
    drawn = np.random.default_rng(5).random((3, 5, 3)) < 0.5  # 15 bits a frame: not on byte boundaries
    more: Elements = {0x0015: ("IS", "3"), 0x0051: ("US", us(2))}
    film: Elements = {0x00280008: ("IS", "6"), 0x7FE00010: ("OW", bytes(6 * 128))}
    data = wrapped(data_set({**picture_elements(), **film, **overlay(0x6000, drawn, more=more)}))
    for frame in range(1, 7):
        (mask,) = masks(data, frame)
        if frame in (2, 3, 4):
            assert mask is not None
            assert (mask[:5, :3] == drawn[frame - 2]).all()
        else:
            assert mask is None


def test_an_overlay_that_is_cut_short_draws_what_is_there() -> None:
    plane = OverlayPlane(0x6000, 4, 8, length=4)
    mask = overlay_mask(plane, (4, 8), 1, b"\xff\x0f")
    assert mask is not None
    assert mask.sum() == 12


def test_an_overlay_in_unused_bits_is_told_from_the_picture() -> None:
    embedded: Elements = {
        0x60000010: ("US", us(8)), 0x60000011: ("US", us(8)), 0x60000040: ("CS", "R"),
        0x60000050: ("SS", struct.pack("<2h", 1, 1)), 0x60000100: ("US", us(16)), 0x60000102: ("US", us(13)),
    }  # fmt: skip
    (plane,) = read(embedded).overlays
    assert (plane.bit, plane.kind) == (13, "R")
    stored = np.arange(64, dtype=np.uint16).reshape(8, 8)
    stored[2, 3] |= 1 << 13
    mask = overlay_mask(plane, (8, 8), 1, stored=stored)
    assert mask is not None
    assert np.argwhere(mask).tolist() == [[2, 3]]
    assert read({**embedded, 0x60000102: ("US", us(5))}).overlays == ()  # a bit of the picture itself
    (plane,) = read({**embedded, 0x60000102: ("US", us(0))}).overlays  # where some write nothing
    assert plane.bit == 12
    assert read({**embedded, 0x60000102: ("US", us(0)), 0x00280103: ("US", us(1))}).overlays == ()


def test_pictures_with_and_without_overlays_in_one_series_keep_their_own() -> None:
    plain = wrapped(data_set(picture_elements()))
    drawn = wrapped(data_set({**picture_elements(), **overlay(0x6000, np.ones((8, 8), bool))}))
    assert [len(header(data).overlays) for data in (plain, plain, drawn, plain, drawn)] == [0, 0, 1, 0, 1]


@pytest.mark.parametrize("name", ["made/overlay-6000.dcm", "pixels/MR-SIEMENS-DICOM-WithOverlays.dcm"])
def test_overlays_of_real_files_are_those_that_pydicom_finds(name: str) -> None:
    import pydicom

    path: Path = shared_data() / "files" / name
    data = path.read_bytes()
    found = header(data)
    ds = pydicom.dcmread(path)
    assert found.overlays
    for plane in found.overlays:
        mask = overlay_mask(
            plane, (plane.rows, plane.columns), 1, FolderMedium(path.parent).read(path.name, plane.offset, plane.length)
        )
        assert mask is not None
        assert plane.origin == tuple(ds[plane.group, 0x0050].value)
        if plane.origin == (1, 1):
            assert (mask == (ds.overlay_array(plane.group) != 0)).all()


def test_the_real_file_with_an_overlay_in_its_high_bits() -> None:
    data = (shared_data() / "files/made/overlay-in-high-bits.dcm").read_bytes()
    found = header(data)
    (plane,) = found.overlays
    assert found.pixels is not None
    assert found.place is not None
    stored = np.frombuffer(data, "<u2", found.pixels.rows * found.pixels.columns, found.place.offset)
    mask = overlay_mask(plane, (plane.rows, plane.columns), 1, stored=stored.reshape(plane.rows, plane.columns))
    assert mask is not None
    assert 0 < mask.sum() < mask.size


def test_a_sequence_of_regions_that_breaks_off_harms_nothing() -> None:
    whole = sequence(region())
    for end in range(0, len(whole), 7):
        made = read({0x00080060: ("CS", "US"), 0x00186011: ("SQ", whole[:end])})
        assert (made.pixels is not None, made.frames) == (True, 1)
        assert all(one.delta_x in (None, 0.02) and one.delta_y in (None, -0.03) for one in made.regions)


def test_facts_that_the_clinic_locked_are_told_and_the_picture_is_shown() -> None:
    elements = picture_elements()
    elements[0x04000500] = ("SQ", b"")
    made = header(wrapped(data_set(elements)))
    assert [one.code for one in made.problems] == ["facts_locked"]
    assert made.frames == 1


@pytest.mark.parametrize(("more", "place"), [({}, None), ({0x00181063: ("DS", "40")}, (1.0, 2.0, 3.0))])
def test_of_many_pictures_with_the_place_of_one_only_a_film_has_it(more: Elements, place: object) -> None:
    told: Elements = {0x00280008: ("IS", "4"), 0x00180088: ("DS", "3"), 0x7FE00010: ("OW", bytes(4 * 128))}
    made = header(wrapped(data_set(picture_elements() | told | more)))
    assert (made.shared.position, made.shared.orientation) == (place, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))


def test_what_the_groups_of_frames_leave_out_is_told_by_the_root(tmp_path: Path) -> None:
    """Films of screen pictures have groups that tell of each frame little more than its time (PS3.3 C.8.6.3, C.7.6.16)."""
    timed: Elements = {0x00209111: ("SQ", sequence({0x00189074: ("DT", "20240312101010")}))}
    scaled: Elements = {0x00289145: ("SQ", sequence({0x00281052: ("DS", "7"), 0x00281053: ("DS", "3")}))}
    found = read({
        0x00080060: ("CS", "OT"), 0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)),
        0x00280030: ("DS", "0.5\\0.25"), 0x00281050: ("DS", "100"), 0x00281051: ("DS", "50"),
        0x00281052: ("DS", "-1024"), 0x00281053: ("DS", "2"),
        0x52009229: ("SQ", sequence({})), 0x52009230: ("SQ", sequence(timed, {**timed, **scaled})),
    })  # fmt: skip
    one, other = found.per_frame
    assert (one.slope, one.intercept, one.spacing) == (2.0, -1024.0, (0.5, 0.25))
    assert [(window.centre, window.width) for window in one.windows] == [(100.0, 50.0)]
    assert (other.slope, other.intercept, other.spacing) == (3.0, 7.0, (0.5, 0.25))
    assert one.position is other.position is None  # the root's place is that of one frame, nobody knows which


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize(
    ("sign", "ends", "meant"),
    [
        (1, struct.pack("<hh", -2048, 2047), (-2048.0, 2047.0)),
        (0, struct.pack("<HH", 0, 40000), (0.0, 40000.0)),
        (1, struct.pack("<HH", 0, 65535), (0.0, 65535.0)),  # written as if the pixels had no sign
    ],
)
def test_the_range_of_a_real_world_value_has_the_sign_of_the_pixels(
    sign: int, ends: bytes, meant: tuple[float, float], *, grouped: bool
) -> None:
    """PS3.3 C.7.6.16.2.11: first and last value mapped are US or SS like the stored ones."""
    mapping: Elements = {
        0x00409096: ("SQ", sequence({
            0x00409211: ("SS", ends[2:]), 0x00409216: ("SS", ends[:2]), 0x00409224: ("FD", fd(0)),
            0x00409225: ("FD", fd(0.5)),
        })),
    }  # fmt: skip
    groups: Elements = {0x52009229: ("SQ", sequence(mapping)), 0x52009230: ("SQ", sequence({}))}
    found = read({0x00280103: ("US", us(sign)), **(groups if grouped else mapping)}).frame_facts(1)
    assert [(one.first, one.last) for one in found.real_world] == [meant]


def test_a_frame_has_the_table_of_grey_values_that_its_own_group_tells() -> None:
    """As in tomosynthesis of the breast (PS3.3 C.7.6.16.2.10): its own, else that of all frames, else the root's."""

    def table(first: int, *entries: int) -> Elements:
        described = struct.pack("<HHH", len(entries), first & 0xFFFF, 8)
        values: Elements = {
            0x00283002: ("US", described),
            0x00283006: ("OW", struct.pack(f"<{len(entries)}H", *entries)),
        }
        return {0x00283010: ("SQ", sequence(values))}

    scaled: Elements = {0x00289145: ("SQ", sequence({0x00281052: ("DS", "-1024"), 0x00281053: ("DS", "1")}))}
    shared: Elements = {**scaled, 0x00289132: ("SQ", sequence(table(-5, 1, 2, 3)))}
    own: Elements = {0x00289132: ("SQ", sequence(table(0, 7, 8)))}
    frames: Elements = {
        0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)), 0x52009230: ("SQ", sequence(own, {})),
    }  # fmt: skip
    found = read({**frames, 0x52009229: ("SQ", sequence(shared)), **table(0, 4)})
    assert [found.voi_luts_on(number)[0].entries.tolist() for number in (1, 2)] == [[7, 8], [1, 2, 3]]
    assert [found.voi_luts_on(number)[0].first for number in (1, 2)] == [0, -5]
    rest = read({**frames, **table(0, 4)})
    assert [rest.voi_luts_on(number)[0].entries.tolist() for number in (1, 2)] == [[7, 8], [4]]


@pytest.mark.parametrize(
    ("changes", "kind", "spacing"),
    [
        ({0x30020026: ("DS", "1500"), 0x30020022: ("DS", "1000")}, "estimated", (0.8 / 1.5, 0.4 / 1.5)),
        ({0x30020026: ("DS", "1000"), 0x30020022: ("DS", "1000")}, "estimated", (0.8, 0.4)),  # worked out for the axis
        ({0x30020026: ("DS", "1500")}, "detector", (0.8, 0.4)),
        ({0x30020026: ("DS", "1500"), 0x30020022: ("DS", "0")}, "detector", (0.8, 0.4)),
        ({0x30020011: ("DS", "")}, "", None),
    ],
)
def test_a_picture_for_radiotherapy_has_the_scale_of_its_plane(
    changes: Elements, kind: str, spacing: tuple[float, float] | None
) -> None:
    """Its pixels may be oblong (PS3.3 C.8.8.2)."""
    base: Elements = {0x00080060: ("CS", "RTIMAGE"), 0x00280030: ("DS", ""), 0x30020011: ("DS", "0.8\\0.4")}
    found = read({**base, **changes})
    assert (found.spacing_kind, found.shared.spacing) == (kind, spacing and pytest.approx(spacing))


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    ("told", "kind", "spacing"),
    [
        ({0x00289443: {0x00181164: ("DS", "0.4\\0.2")}}, "detector", (0.4, 0.2)),
        (
            {0x00289443: {0x00181164: ("DS", "0.4\\0.2")}, 0x00189401: {0x00189404: ("DS", "0.3\\0.15")}},
            "calibrated", (0.3, 0.15),
        ),
        ({0x00289110: {0x00280030: ("DS", "0.5\\0.5")}}, "patient", (0.5, 0.5)),
        ({0x00289443: {0x00089007: ("CS", "ORIGINAL")}}, "", None),
    ],
)  # fmt: skip
def test_the_groups_of_an_angiography_tell_of_what_its_scale_is(
    told: dict[int, Elements], kind: str, spacing: tuple[float, float] | None, *, shared: bool
) -> None:
    """PS3.3 C.8.19.6.4 (at the detector), C.8.19.6.9 (in the middle of the beam)."""
    group: Elements = {tag: ("SQ", sequence(item)) for tag, item in told.items()}
    common, own = (group, {}) if shared else ({}, group)
    found = read({
        0x00080060: ("CS", "XA"), 0x00280030: ("DS", ""), 0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)),
        0x52009229: ("SQ", sequence(common)), 0x52009230: ("SQ", sequence(own, own)),
    })  # fmt: skip
    assert (found.spacing_kind, found.per_frame[1].spacing) == (kind, spacing)


FRONT, BEHIND = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0), (-1.0, 0.0, 0.0, 0.0, 0.0, -1.0)


@pytest.mark.parametrize(
    ("kind", "vector", "looks"),
    [
        ("WHOLE BODY", (1, 2), [FRONT, BEHIND]),
        ("STATIC", (2, 1), [BEHIND, FRONT]),
        ("WHOLE BODY", (), [None, None]),  # nobody tells which is which
        ("WHOLE BODY", (1, 3), [None, None]),
        ("TOMO", (1, 2), [None, None]),  # detectors that turn: told of the first view only
    ],
)
def test_views_of_several_detectors_have_the_sides_that_each_sees(
    kind: str, vector: tuple[int, ...], looks: list[tuple[float, ...] | None]
) -> None:
    """PS3.3 C.8.4.11: from behind left and right are exchanged."""
    detectors: list[Elements] = [
        {0x00200037: ("DS", "\\".join(f"{part:g}" for part in look))} for look in (FRONT, BEHIND)
    ]
    found = read({
        0x00080060: ("CS", "NM"), 0x00080008: ("CS", f"ORIGINAL\\PRIMARY\\{kind}\\EMISSION"), 0x00200032: ("DS", ""),
        0x00200037: ("DS", ""), 0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)),
        0x00540020: ("US", struct.pack(f"<{len(vector)}H", *vector)), 0x00540022: ("SQ", sequence(*detectors)),
    })  # fmt: skip
    assert [found.frame_facts(number).orientation for number in (1, 2)] == looks


@pytest.mark.parametrize(
    ("angles", "sides"),
    [("0\\30\\60", None), ("9\\9\\9", None), ("0\\-1\\-2", ("L", "F")), ("", ("L", "F")), ("0", ("L", "F"))],
)
def test_the_sides_of_a_film_around_the_patient_are_those_of_its_first_picture_and_not_told(
    angles: str, sides: tuple[str, str] | None
) -> None:
    """Positioner Primary Angle Increment: PS3.3 C.8.7.5."""
    found = read({
        0x00080060: ("CS", "XA"), 0x00181063: ("DS", "66"), 0x00181520: ("DS", angles), 0x00200020: ("CS", "L\\F"),
        0x00280008: ("IS", "3"), 0x7FE00010: ("OW", bytes(3 * 128)),
    })  # fmt: skip
    assert found.patient_orientation == sides


@pytest.mark.parametrize("group", [0x00189226, 0x00189329, 0x00189504, 0x00189751, 0x00189806, 0x00289443, 0x00520025])
def test_what_a_frame_is_stands_in_the_group_of_its_kind_of_scan(group: int) -> None:
    """An original and one worked out of it lie at the same place, and are not one body."""
    words = ("ORIGINAL", "PRIMARY", "VOLUME", "NONE"), ("DERIVED", "PRIMARY", "VOLUME", "SUBTRACTION")
    own: list[Elements] = [{group: ("SQ", sequence({0x00089007: ("CS", "\\".join(one))}))} for one in words]
    found = read({
        0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)), 0x52009229: ("SQ", sequence({})),
        0x52009230: ("SQ", sequence(*own)),
    })  # fmt: skip
    assert [facts.frame_type for facts in found.per_frame] == list(words)


def test_the_times_of_an_enhanced_scan_stand_in_its_groups() -> None:
    """PS3.3 C.8.13.5.2, C.8.13.5.6 and C.8.13.4: nothing of it stands at the root."""
    shared: Elements = {
        0x00189112: ("SQ", sequence({0x00180080: ("DS", "9000"), 0x00181314: ("DS", "150")})),
        0x00189115: ("SQ", sequence({0x00189009: ("CS", "YES"), 0x00189079: ("FD", fd(2500.0))})),
    }
    own: Elements = {0x00189112: ("SQ", sequence({0x00181314: ("DS", "20")}))}
    found = read({
        0x00189008: ("CS", "SPIN"), 0x00189018: ("CS", "NO"), 0x00180012: ("SQ", sequence({})),
        0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)),
        0x52009229: ("SQ", sequence(shared)), 0x52009230: ("SQ", sequence({}, own)),
    })  # fmt: skip
    assert [(one.repetition, one.inversion, one.flip) for one in found.per_frame] == [
        (9000.0, 2500.0, 150.0), (9000.0, 2500.0, 20.0)
    ]  # fmt: skip
    assert (found.scanning_sequence, found.contrast_agent) == ("SE\\IR", True)


def test_sharpness_and_voltage_of_an_enhanced_ct_stand_in_its_groups() -> None:
    shared: Elements = {
        0x00189314: ("SQ", sequence({0x00181210: ("SH", "B70s")})),
        0x00189325: ("SQ", sequence({0x00180060: ("DS", "120")})),
    }
    found = read({0x00080060: ("CS", "CT"), 0x52009229: ("SQ", sequence(shared)), 0x52009230: ("SQ", sequence({}))})
    assert (found.kernel, found.kvp) == ("B70s", 120.0)


@pytest.mark.parametrize(
    ("shared", "own", "at_root", "told"),
    [("L", "", "", ("L", "Breast")), ("", "RR", "", ("R", "Breast")), ("", "LR", "", ("B", "Breast")),
     ("", "LR", "L", ("B", "CHEST")), ("R", "", "L", ("R", "CHEST")), ("U", "", "L", ("L", "CHEST"))],
)  # fmt: skip
def test_the_side_of_a_tomosynthesis_stands_in_its_groups(
    shared: str, own: str, at_root: str, told: tuple[str, str]
) -> None:
    """PS3.3 A.47.3, C.7.6.16.2.8: one side only where all frames have it, and the part where the root tells none."""

    def anatomy(side: str) -> Elements:
        region: Elements = {0x00080104: ("LO", "Breast")}
        return {0x00209071: ("SQ", sequence({0x00209072: ("CS", side), 0x00082218: ("SQ", sequence(region))}))}

    root: Elements = {0x00200062: ("CS", at_root), 0x00180015: ("CS", "CHEST")} if at_root else {}
    found = read(root | {
        0x00080060: ("CS", "MG"), 0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)),
        0x52009229: ("SQ", sequence(anatomy(shared) if shared else {})),
        0x52009230: ("SQ", sequence(*(map(anatomy, own) if own else ({}, {})))),
    })  # fmt: skip
    assert (found.laterality, found.body_part) == told


@pytest.mark.parametrize(
    ("mode", "operation", "said"),
    [("SUB", "AVG_SUB", True), ("NAT", "AVG_SUB", False), ("", "TID", True), ("", "NONE", False)],
)
def test_angiography_that_is_meant_to_be_seen_less_its_mask_says_so(mode: str, operation: str, said: bool) -> None:
    """PS3.3 C.7.6.10: the pixels themselves are not subtracted."""
    film: Elements = {
        0x00080060: ("CS", "XA"), 0x00281090: ("CS", mode), 0x00286100: ("SQ", sequence({0x00286101: ("CS", operation)})),
        0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(2 * 128)), 0x00181063: ("DS", "100"),
    }  # fmt: skip
    assert ("meant_subtracted" in {problem.code for problem in read(film).problems}) is said
