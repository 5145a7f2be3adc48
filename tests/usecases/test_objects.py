"""What the clinic added: found with the pictures, drawn in the right place when asked for, gone when taken off."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests import clinic
from tests.data import shared_data
from tests.usecases.sitting import Sitting, sitting
from viewer.document.belongings import SavedView
from viewer.document.model import PaneView
from viewer.geometry.outline import heights_and_places
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.picture.describe import closed_description
from viewer.picture.drawn import Drawn
from viewer.picture.levels import LevelTable, map_rgb32
from viewer.picture.look import Look, Window
from viewer.picture.render import render
from viewer.usecases.incoming import News
from viewer.usecases.opening import Opening
from viewer.usecases.what_belongs import count_words, keys_of, next_key, sets_of, stray_sets, views_of
from viewer.volume.slice import Slice


@pytest.fixture
def disc(ct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ct, tmp_path / "disc"))


def opened(seat: Sitting, disc: Path) -> None:
    seat.open(disc)
    seat.until(lambda: bool(count_words(seat.state.belongings)))


def shown(seat: Sitting, plane: Plane, index: int) -> Slice:
    seat.session.arrange((PaneView(seat.volume.id, 0, plane, index),))
    return seat.slice()


def switched_on(seat: Sitting, disc: Path) -> SavedView:
    """Open a disc with one saved view and one set of outlines, and put both on."""
    opened(seat, disc)
    (held,) = sets_of(seat.state.belongings, seat.volume)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.choose_outlines((held.outlines[0].id,)))
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    return view


def on(seat: Sitting, plane: Plane, index: int) -> tuple[Drawn, ...]:
    return seat.session.drawn_on(shown(seat, plane, index))


def box_mm(pictures: list[pydicom.Dataset]) -> tuple[np.ndarray, np.ndarray]:
    """LPS corners of columns 8…15, rows 4…11 of pictures 3 to 5, at the borders of their pixels."""
    first, last = pictures[3], pictures[5]
    row_mm, column_mm = (float(v) for v in first.PixelSpacing)
    across, down = np.array(first.ImageOrientationPatient[:3]), np.array(first.ImageOrientationPatient[3:])
    step = np.array(pictures[4].ImagePositionPatient) - np.array(first.ImagePositionPatient)
    start = np.array(first.ImagePositionPatient) + 7.5 * column_mm * across + 3.5 * row_mm * down - step / 2
    end = np.array(last.ImagePositionPatient) + 15.5 * column_mm * across + 11.5 * row_mm * down + step / 2
    return np.minimum(start, end), np.maximum(start, end)


def body(pictures: list[pydicom.Dataset]) -> np.ndarray:
    mask = np.zeros((len(pictures), pictures[0].Rows, pictures[0].Columns), np.bool_)
    mask[3:6, 4:12, 8:16] = True
    return mask


def extent(slice_: Slice, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """LPS corners of everything a drawing holds."""
    assert slice_.affine is not None
    places = np.concatenate([drawn.lines.reshape(-1, 2), *drawn.curves])
    points = slice_.affine[:3, 3] + places[:, :1] * slice_.affine[:3, 0] + places[:, 1:] * slice_.affine[:3, 1]
    return points.min(0), points.max(0)


def contours(pictures: list[pydicom.Dataset]) -> list[tuple[str, np.ndarray]]:
    """The same body as closed outlines at the pixels' borders."""
    low, high = box_mm(pictures)
    made = []
    for picture in pictures[3:6]:
        z = float(picture.ImagePositionPatient[2])
        made.append(
            (
                "CLOSED_PLANAR",
                np.array([(low[0], low[1], z), (high[0], low[1], z), (high[0], high[1], z), (low[0], high[1], z)]),
            )
        )
    return made


@pytest.mark.parametrize("kind", ["segments", "fractional", "deflated", "structures"])
def test_an_outline_lies_where_the_body_lies_in_every_direction(seat: Sitting, disc: Path, kind: str) -> None:
    pictures = clinic.pictures(disc)
    if kind == "structures":
        made = clinic.structures(pictures[0], {"Liver": contours(pictures)})
    else:
        made = clinic.segments(pictures, {"Liver": body(pictures)}, fractional=kind == "fractional")
    if kind == "deflated":
        made.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    clinic.write(made, disc / "OUTLINE")
    opened(seat, disc)
    (held,) = sets_of(seat.state.belongings, seat.volume)
    assert [one.name for one in held.outlines] == ["Liver"]
    assert not on(seat, Plane.AXIAL, 4)  # nothing is drawn before it is asked for
    job = seat.session.objects.choose_outlines((held.outlines[0].id,))
    seat.until(lambda: job.finished and bool(on(seat, Plane.AXIAL, 4)))
    low, high = box_mm(pictures)
    for plane, axes in ((Plane.AXIAL, (0, 1)), (Plane.CORONAL, (0, 2)), (Plane.SAGITTAL, (1, 2))):
        source = seat.session.source(seat.volume.id)
        middle = source.index_at(plane, (low + high) / 2)
        assert middle is not None
        slice_ = shown(seat, plane, middle)
        (drawn,) = seat.session.drawn_on(slice_)
        assert drawn.words[0][0] == "Liver"
        found = extent(slice_, drawn)
        pixel = max(slice_.pixel_mm or (1, 1))
        for axis in axes:
            assert abs(found[0][axis] - low[axis]) <= pixel, (plane, axis)
            assert abs(found[1][axis] - high[axis]) <= pixel, (plane, axis)
        assert not on(seat, plane, 0)  # outside the body
    seat.session.objects.choose_outlines(())
    assert not on(seat, Plane.AXIAL, 4)


@pytest.mark.parametrize(
    ("kept", "has_place", "smaller", "is_drawn"),
    [("YES", False, False, True), ("", False, False, True), ("NO", False, False, False), ("YES", False, True, False),
     ("YES", True, False, True)],
)  # fmt: skip
def test_frames_without_a_place_are_drawn_on_the_picture_they_name(
    seat: Sitting, disc: Path, kept: str, has_place: bool, smaller: bool, is_drawn: bool
) -> None:
    """PS3.3 C.7.6.16.2.6: pixels of the frame are those of its source, whose size they then share."""
    pictures = clinic.pictures(disc)
    made = clinic.segments(pictures, {"Liver": body(pictures)})
    for groups, picture in zip(made.PerFrameFunctionalGroupsSequence, pictures[3:6], strict=True):
        del groups.PlanePositionSequence
        source = clinic.reference(picture)
        if kept:
            source.SpatialLocationsPreserved = kept
        groups.DerivationImageSequence = pydicom.Sequence([clinic.item(SourceImageSequence=[source])])
    if smaller:
        made.Rows = 16
    if not has_place:
        del made.FrameOfReferenceUID
        made.ReferencedSeriesSequence = pydicom.Sequence(
            [clinic.item(SeriesInstanceUID=pictures[0].SeriesInstanceUID,
                         ReferencedInstanceSequence=[clinic.reference(one) for one in pictures])]
        )  # fmt: skip
        shutil.rmtree(disc)
        disc.mkdir()
        for number, picture in enumerate(pictures):
            del picture.ImagePositionPatient, picture.FrameOfReferenceUID
            picture.save_as(disc / f"{number}")
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    numbers = [frame.ref.sop_uid for frame in seat.volume.frames]
    wanted = {picture.SOPInstanceUID for picture in pictures[3:6]} if is_drawn else set()
    found = {numbers[n] for n in range(9) if on(seat, Plane.NATIVE, n)}
    assert found == wanted
    for number in (n for n in range(9) if numbers[n] in wanted):
        (drawn,) = on(seat, Plane.NATIVE, number)
        assert (drawn.lines.reshape(-1, 2).min(0), drawn.lines.reshape(-1, 2).max(0)) == (
            pytest.approx((7.5, 3.5)),
            pytest.approx((15.5, 11.5)),
        )


def switched_on_all(seat: Sitting, disc: Path) -> None:
    opened(seat, disc)
    held = sets_of(seat.state.belongings, seat.volume)
    job = seat.session.objects.choose_outlines(tuple(one.id for each in held for one in each.outlines))
    seat.until(lambda: job.finished)
    seat.loop.run_until(lambda: True, 0.0)


def names_on(seat: Sitting, plane: Plane) -> list[set[str]]:
    """What is named on each slice of a plane."""
    count = seat.session.source(seat.volume.id).count(plane)
    return [{words for drawn in on(seat, plane, n) for words, _ in drawn.words} for n in range(count)]


@pytest.mark.parametrize("told", [1.0, 1e-320, 1e-4, 1e300])
def test_a_part_of_thin_slices_with_gaps_between_is_one_body_in_the_other_directions(
    seat: Sitting, disc: Path, told: float
) -> None:
    """`told` times the distance stands in the file, which no thin slice and no nonsense may overrule."""
    pictures = clinic.pictures(disc)
    step = abs(float(pictures[1].ImagePositionPatient[2]) - float(pictures[0].ImagePositionPatient[2]))
    mask = np.zeros((9, 32, 32), np.bool_)
    mask[2:7, 4:8, 4:8] = True
    made = clinic.segments(pictures, {"Body": mask})
    measures = made.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SpacingBetweenSlices, measures.SliceThickness = step * told, step / 3 if told == 1.0 else step
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    (drawn,) = on(seat, Plane.CORONAL, 32 - 1 - 5)
    upright = sum(abs(first[1] - second[1]) for first, second in drawn.lines.tolist())
    low, high = extent(shown(seat, Plane.CORONAL, 32 - 1 - 5), drawn)
    assert abs((high - low)[2] - 5 * step) <= step / 2
    assert upright > 0


@pytest.mark.parametrize("told", [True, False])
def test_parts_on_pictures_far_apart_are_drawn_on_those_only(seat: Sitting, disc: Path, told: bool) -> None:
    """No two frames of the file are neighbours: the distance between them is none of its planes."""
    pictures = clinic.pictures(disc)
    step = abs(float(pictures[1].ImagePositionPatient[2]) - float(pictures[0].ImagePositionPatient[2]))
    masks = {name: np.zeros((9, 32, 32), np.bool_) for name in ("First", "Second")}
    masks["First"][1, 4:8, 4:8] = masks["Second"][5, 9:14, 9:14] = True
    made = clinic.segments(pictures, masks)
    measures = made.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SliceThickness = step
    if told:
        measures.SpacingBetweenSlices, measures.SliceThickness = step, 4 * step
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    lowest = [{"First"} if n == 1 else {"Second"} if n == 5 else set() for n in range(9)]
    assert names_on(seat, Plane.AXIAL) == lowest
    (drawn,) = on(seat, Plane.CORONAL, 32 - 1 - 5)
    low, high = extent(shown(seat, Plane.CORONAL, 32 - 1 - 5), drawn)
    assert abs((high - low)[2] - step) <= step / 2


def test_curves_on_two_pictures_far_apart_are_drawn_on_those_only(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    ring = contours(pictures)[0][1][:, :2]
    at = [float(one.ImagePositionPatient[2]) for one in pictures]

    def rings(*numbers: int) -> list[tuple[str, np.ndarray]]:
        return [("CLOSED_PLANAR", np.column_stack((ring, np.full(4, at[n])))) for n in numbers]

    made = clinic.structures(pictures[0], {"Body": rings(*range(9)), "Lesion": rings(1, 7)})
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    assert [n for n, names in enumerate(names_on(seat, Plane.AXIAL)) if "Lesion" in names] == [1, 7]


def test_a_structure_that_nobody_drew_is_not_offered_and_what_cannot_be_drawn_is_said(
    seat: Sitting, disc: Path
) -> None:
    pictures = clinic.pictures(disc)
    odd = [("SPHERE", contours(pictures)[0][1]), *contours(pictures)]
    made = clinic.structures(pictures[0], {"Empty": [], "Odd": odd, "Empty too": []})
    del made.ROIContourSequence[0].ContourSequence
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    (held,) = sets_of(seat.state.belongings, seat.volume)
    assert [one.name for one in held.outlines] == ["Odd"]
    seat.until(lambda: bool(seat.state.belongings.problems))
    (said,) = seat.state.belongings.problems
    assert said.code == "outlines_left_out"
    assert "1 of their curves" in said.text


@pytest.mark.parametrize(("number", "items"), [(0, 1), (1, 2)])
def test_a_structure_is_drawn_whole_whatever_its_number_and_however_many_items_hold_it(
    seat: Sitting, disc: Path, number: int, items: int
) -> None:
    pictures = clinic.pictures(disc)
    made = clinic.structures(pictures[0], {"Liver": contours(pictures)})
    made.StructureSetROISequence[0].ROINumber = number
    whole = made.ROIContourSequence[0].ContourSequence
    made.ROIContourSequence = [
        clinic.item(ReferencedROINumber=number, ContourSequence=list(whole[part::items])) for part in range(items)
    ]
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    assert [n for n, names in enumerate(names_on(seat, Plane.AXIAL)) if names] == [3, 4, 5]


def test_a_part_of_a_segmentation_that_is_on_no_frame_is_not_offered_and_counted(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    nothing = np.zeros_like(body(pictures))
    clinic.write(
        clinic.segments(pictures, {"None": nothing, "Liver": body(pictures), "Nor": nothing}), disc / "OUTLINE"
    )
    opened(seat, disc)
    (held,) = sets_of(seat.state.belongings, seat.volume)
    assert [one.name for one in held.outlines] == ["Liver"]
    assert held.note == "2 parts are empty and not listed."


def test_a_part_of_a_segmentation_whose_frames_are_empty_is_told_when_it_is_switched_on(
    seat: Sitting, disc: Path
) -> None:
    pictures = clinic.pictures(disc)
    made = clinic.segments(pictures, {"Liver": body(pictures), "Ghost": body(pictures)}, fractional=True)
    made.PixelData = made.PixelData[: len(made.PixelData) // 2] + bytes(len(made.PixelData) // 2)
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    assert names_on(seat, Plane.AXIAL)[4] == {"Liver"}
    seat.until(lambda: bool(seat.state.belongings.problems))
    (said,) = seat.state.belongings.problems
    assert said.text == "Empty in the clinic's file, so that nothing is drawn: 1 part of a segmentation."


def test_a_part_that_no_pixel_belongs_to_by_half_is_not_told_as_empty(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    made = clinic.segments(pictures, {"Liver": body(pictures), "Maybe": body(pictures)}, fractional=True)
    half = len(made.PixelData) // 2
    made.PixelData = made.PixelData[:half] + bytes(min(value, 1) for value in made.PixelData[half:])
    clinic.write(made, disc / "OUTLINE")
    switched_on_all(seat, disc)
    assert names_on(seat, Plane.AXIAL)[4] == {"Liver"}
    seat.until(lambda: bool(seat.state.belongings.problems))
    (said,) = seat.state.belongings.problems
    assert said.text.startswith("No pixel belongs by half or more")
    assert said.text.endswith("1 part of a segmentation.")


def test_outlines_of_another_coordinate_system_are_not_offered_and_known_as_stray(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    made = clinic.segments(pictures, {"Liver": body(pictures)})
    made.FrameOfReferenceUID = "1.2.3.4"
    clinic.write(made, disc / "OUTLINE")
    opened(seat, disc)
    assert not sets_of(seat.state.belongings, seat.volume)
    assert stray_sets(seat.state.belongings, seat.state.disc) == seat.state.belongings.sets


def test_a_saved_view_holds_for_its_own_pictures_and_is_off_by_one_click(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    voi = clinic.item(WindowCenter=300, WindowWidth=50)
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POLYLINE", (0, 0, 8, 4))])
    made = clinic.saved_view(
        pictures[2:3], SoftcopyVOILUTSequence=[voi], GraphicAnnotationSequence=[layer], PresentationLUTShape="INVERSE",
        ImageRotation=90, ImageHorizontalFlip="N",
    )  # fmt: skip
    clinic.write(made, disc / "VIEW")
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    assert (view.name, view.words) == ("Saved by Dr. Muster", "12 March 2024")
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    here = shown(seat, Plane.NATIVE, view.places[0][2])
    facts = seat.volume.frames[view.places[0][2]].facts
    window = seat.session.window_for(here)
    assert window is not None
    # the state has no rescale, so that its window counts in stored values
    assert (window.centre, window.width) == (300 * facts.slope + facts.intercept, 50 * facts.slope)
    assert seat.view.look_on(here) == Look(window, inverted=True, turned=1)
    (drawn,) = seat.session.drawn_on(here)
    assert np.allclose(drawn.curves[0], [(-0.5, -0.5), (7.5, 3.5)])
    other = shown(seat, Plane.NATIVE, view.places[0][2] + 1)
    assert seat.view.look_on(other) == Look()
    assert not seat.session.drawn_on(other)
    seat.session.objects.take_view_off()
    assert seat.view.look_on(here) == Look()
    assert not seat.session.drawn_on(here)


@pytest.mark.parametrize(
    ("number", "elements", "words"),
    [
        (
            "11.3",
            {0x00281101: ("US", [256, 0, 16])},
            "Not applied: damaged colours for the grey values.",
        ),
        ("11.5", {}, ""),
        ("11.1", {0x60023000: ("OB", b"ab")}, "Not applied: a drawing made of dots."),
        (
            "11.1",
            {0x00181600: ("CS", "BITMAP"), 0x00181623: ("US", 0x6000), 0x60003000: ("OB", b"ab")},
            "Not applied: a covering drawn as dots.",
        ),
    ],
)
def test_states_in_colours_and_of_x_rays_are_saved_views_too(
    seat: Sitting, disc: Path, number: str, elements: dict[int, tuple[str, object]], words: str
) -> None:
    pictures = clinic.pictures(disc)
    made = clinic.saved_view(pictures[2:3], SoftcopyVOILUTSequence=[clinic.item(WindowCenter=300, WindowWidth=50)])
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = pydicom.uid.UID(clinic.ROOT + number)
    for tag, (kind, value) in elements.items():
        made.add_new(tag, kind, value)
    clinic.write(made, disc / "VIEW")
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    assert seat.session.objects.view_words() == words
    window = seat.session.window_for(shown(seat, Plane.NATIVE, view.places[0][2]))
    assert window is not None
    assert window.width == 50


def palette(colours: np.ndarray) -> dict[str, object]:
    """The elements of a palette of (n, 3) colours of 16 bits."""
    tables: dict[str, object] = {}
    for name, channel in zip(("Red", "Green", "Blue"), colours.T, strict=True):
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [len(channel), 0, 16]
        tables[f"{name}PaletteColorLookupTableData"] = channel.astype("<u2").tobytes()
    return tables


@pytest.mark.parametrize("entries", [256, 4096])
def test_a_view_in_colours_paints_its_pictures_and_the_next_ones_stay_grey(
    seat: Sitting, disc: Path, entries: int
) -> None:
    """The values go through the window, and what comes of it over all of the palette (PS3.3 A.33.3.1.2, C.7.9)."""
    pictures = clinic.pictures(disc)
    colours = np.column_stack([np.linspace(0, 255, entries), np.linspace(255, 0, entries), np.arange(entries) % 256])
    made = clinic.saved_view(
        pictures[2:3], SoftcopyVOILUTSequence=[clinic.item(WindowCenter=300, WindowWidth=500)],
        **palette(colours.astype(np.uint8).astype(np.uint16) * 257),
    )  # fmt: skip
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = pydicom.uid.UID(clinic.ROOT + "11.3")
    clinic.write(made, disc / "VIEW")
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    assert seat.session.objects.view_words() == ""
    here = shown(seat, Plane.NATIVE, view.places[0][2])
    look = seat.view.look_on(here)
    picture = render(here, look)
    grey = render(here, replace(look, paint="")).pixels
    assert len(np.unique(grey)) > 10
    entry = np.floor(grey / 255 * (entries - 1) + 0.5).astype(int)
    np.testing.assert_array_equal(picture.pixels, colours.astype(np.uint8)[entry])
    told = closed_description(seat.volume, here, picture)
    assert told.words.endswith("Grey values are painted in false colours.")
    table = LevelTable()
    table.choose(look.window, look.inverted, look.paint)
    words = map_rgb32(here, table, np.empty(here.values.shape, np.uint32))
    np.testing.assert_array_equal(np.stack([words >> 16, words >> 8, words], -1) & 255, picture.pixels)
    other = shown(seat, Plane.NATIVE, view.places[0][2] + 1)
    assert render(other, seat.view.look_on(other)).pixels.ndim == 2
    seat.session.objects.take_view_off()
    assert render(here, seat.view.look_on(here)).pixels.ndim == 2


@pytest.mark.parametrize(
    ("element", "value", "is_told"),
    [
        ("PresentationPixelAspectRatio", [2, 1], True),
        ("PresentationPixelAspectRatio", [1, 1], False),
        ("PresentationPixelSpacing", [0.3, 0.3], False),
        ("PresentationPixelSpacing", [0.3, 0.4], True),
        ("PresentationPixelSpacing", [0, 0], False),
    ],
)
def test_a_view_of_other_proportions_keeps_those_of_the_picture_and_says_so(
    seat: Sitting, disc: Path, element: str, value: list[float], is_told: bool
) -> None:
    pictures = clinic.pictures(disc)
    area = clinic.item(DisplayedAreaTopLeftHandCorner=[1, 1], DisplayedAreaBottomRightHandCorner=[32, 32],
                       PresentationSizeMode="SCALE TO FIT", **{element: value})  # fmt: skip
    clinic.write(clinic.saved_view(pictures[2:3], DisplayedAreaSelectionSequence=[area]), disc / "VIEW")
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    told = seat.session.objects.view_words()
    assert told == ("Not applied: other proportions of height and width." if is_told else "")


def test_a_change_by_hand_goes_on_from_the_saved_view_and_keeps_its_drawings(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POINT", (1, 1))])
    clinic.write(clinic.saved_view(pictures[:1], GraphicAnnotationSequence=[layer]), disc / "VIEW")
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    here = shown(seat, Plane.NATIVE, view.places[0][2])
    mine = Look(Window(1, 2))
    seat.session.set_look(seat.volume.id, mine)
    assert seat.view.look_on(here) == mine
    assert len(seat.session.drawn_on(here)) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_switched_on_is_on_again_when_the_disc_is_reopened(disc: Path, by_hand: bool) -> None:
    pictures = clinic.pictures(disc)
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POINT", (1, 1))])
    voi = clinic.item(WindowCenter=300, WindowWidth=50)
    made = clinic.saved_view(pictures[4:5], SoftcopyVOILUTSequence=[voi], GraphicAnnotationSequence=[layer])
    clinic.write(made, disc / "VIEW")
    clinic.write(clinic.structures(pictures[0], {"Liver": contours(pictures)}), disc / "OUTLINE")
    with sitting() as seat:
        view = switched_on(seat, disc)
        here = shown(seat, Plane.NATIVE, view.places[0][2])
        if by_hand:
            seat.session.set_look(seat.volume.id, Look(Window(1, 2)))
        seat.until(lambda: len(seat.session.drawn_on(here)) == 2)
        look = seat.view.look_on(here)
    with sitting() as seat:
        opened(seat, disc)
        seat.until(lambda: len(seat.session.drawn_on(seat.slice())) == 2)
        assert seat.view.look_on(seat.slice()) == look
        seat.session.objects.take_view_off()
        seat.session.objects.choose_outlines(())
        assert not seat.session.drawn_on(seat.slice())
    with sitting() as seat:
        opened(seat, disc)
        assert not seat.session.drawn_on(seat.slice())


def test_what_was_switched_on_is_on_again_also_where_it_is_found_before_the_place(
    disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that read the disc is held between telling of the disc and of what was kept of it."""
    pictures = clinic.pictures(disc)
    clinic.write(clinic.saved_view(pictures[4:5], PresentationLUTShape="INVERSE"), disc / "VIEW")
    clinic.write(clinic.structures(pictures[0], {"Liver": contours(pictures)}), disc / "OUTLINE")
    with sitting() as seat:
        view = switched_on(seat, disc)
        shown(seat, Plane.NATIVE, view.places[0][2])
    settle = Opening._settle

    def settle_later(opening: Opening, news: News) -> None:
        if seat.state.belongings.sets:
            settle(opening, news)
        else:
            seat.loop.call_soon(lambda: settle_later(opening, news))

    monkeypatch.setattr(Opening, "_settle", settle_later)
    with sitting() as seat:
        opened(seat, disc)
        seat.until(lambda: len(seat.session.drawn_on(seat.slice())) == 1)
        assert seat.view.look_on(seat.slice()).inverted


def test_what_is_gone_from_the_disc_is_not_switched_on_again(disc: Path) -> None:
    pictures = clinic.pictures(disc)
    clinic.write(clinic.saved_view(pictures[:1], PresentationLUTShape="INVERSE"), disc / "VIEW")
    clinic.write(clinic.structures(pictures[0], {"Liver": contours(pictures)}), disc / "OUTLINE")
    with sitting() as seat:
        switched_on(seat, disc)
        key = seat.disc.key
    with sitting() as seat:
        (disc / "VIEW").rename(disc / "OTHER VIEW")
        (disc / "OUTLINE").rename(disc / "OTHER OUTLINE")
        opened(seat, disc)
        assert seat.disc.key == key
        seat.until(lambda: seat.view.applied is None and not seat.view.outlines)


@pytest.mark.parametrize("flip", ["N", "Y"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_display_places_stand_where_they_stood_on_the_screen(
    seat: Sitting, disc: Path, rotation: int, flip: str
) -> None:
    """A point at (0.25, 0.25) of the shown area is in its upper left, however the picture is turned."""
    from viewer.picture.orient import Placement

    pictures = clinic.pictures(disc)
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POINT", (0.25, 0.25), "DISPLAY")])
    clinic.write(
        clinic.saved_view(pictures[:1], GraphicAnnotationSequence=[layer], ImageRotation=rotation, ImageHorizontalFlip=flip),
        disc / "VIEW",
    )  # fmt: skip
    opened(seat, disc)
    (view,) = views_of(seat.state.belongings, seat.volume.id)
    seat.loop.result(seat.session.objects.apply_view(view))
    seat.until(lambda: seat.view.applied is not None)
    here = shown(seat, Plane.NATIVE, view.places[0][2])
    (drawn,) = seat.session.drawn_on(here)
    assert drawn.points is not None
    placement = Placement.of(here, seat.view.look_on(here), (400, 400))
    x, y, width, height = placement.image_rect
    assert np.allclose(placement.to_pane(*drawn.points[0]), (x + width / 4, y + height / 4))
    turned = _turned(rotation, flip == "Y")
    corner = np.array(placement.to_pane(0, 0)) - np.array(placement.to_pane(15.5, 15.5))
    assert np.allclose(np.sign(corner), turned)


def _turned(rotation: int, flipped: bool) -> tuple[float, float]:
    """Where the first pixel's corner goes: turned clockwise first, then left and right exchanged (C.10.6)."""
    x, y = {0: (-1, -1), 90: (1, -1), 180: (1, 1), 270: (-1, 1)}[rotation]
    return (-x if flipped else x, y)


def test_drawing_outlines_does_not_go_through_all_of_the_disc(
    seat: Sitting, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a key of what is kept, the index took 0.1 s of each repaint on a disc of 1,200 files."""
    pictures = clinic.pictures(disc)
    clinic.write(clinic.segments(pictures, {"Liver": body(pictures)}), disc / "OUTLINE")
    opened(seat, disc)
    (held,) = sets_of(seat.state.belongings, seat.volume)
    seat.loop.result(seat.session.objects.choose_outlines((held.outlines[0].id,)))
    monkeypatch.setattr(DiscIndex, "__hash__", None)
    seat.until(lambda: bool(on(seat, Plane.AXIAL, 4)))


def test_stars_are_stepped_through_round_and_round(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    clinic.write(clinic.stars([pictures[2], pictures[6]]), disc / "STARS")
    opened(seat, disc)
    keys = keys_of(seat.state.belongings, seat.volume.id)
    places = sorted(key.place[2] for key in keys)
    assert len(places) == 2
    shown(seat, Plane.NATIVE, places[0])
    for by, wanted in ((1, places[1]), (-1, places[1])):
        key = next_key(seat.state, by)
        assert key is not None
        assert key.place[2] == wanted
    assert count_words(seat.state.belongings) == "Found with the pictures: 2 marked pictures."


def test_a_damaged_object_becomes_a_note_and_the_rest_is_found(seat: Sitting, disc: Path) -> None:
    pictures = clinic.pictures(disc)
    clinic.write(clinic.stars(pictures[:1]), disc / "STARS")
    raw = clinic.write(clinic.segments(pictures, {"Liver": body(pictures)}), disc / "OUTLINE").read_bytes()
    (disc / "OUTLINE").write_bytes(raw[: len(raw) - 400])
    opened(seat, disc)
    assert len(seat.state.belongings.keys) == 1
    for held in seat.state.belongings.sets:
        job = seat.session.objects.choose_outlines(tuple(one.id for one in held.outlines))
        seat.until(lambda job=job: job.finished)  # type: ignore[misc]
        assert job.error is None or job.problem is not None


def test_writing_beside_a_picture_is_drawn_and_hidden_by_the_switch(seat: Sitting) -> None:
    from viewer.document.changes import BesideToggled

    place = shared_data("files", "made")
    for name in ("overlay-6000.dcm", "overlay-in-high-bits.dcm"):
        seat.open(place / name)
        slice_ = seat.slice()
        seat.until(lambda slice_=slice_: bool(seat.session.drawn_on(slice_)))  # type: ignore[misc]
        (drawn,) = seat.session.drawn_on(slice_)
        assert drawn.mask is not None
        assert drawn.mask.shape == slice_.values.shape
        read = pydicom.dcmread(place / name)
        if (0x6000, 0x3000) in read:
            assert np.array_equal(drawn.mask, read.overlay_array(0x6000) > 0)
        assert 0 < drawn.mask.sum() < drawn.mask.size / 2
        seat.session.store.dispatch(BesideToggled(False))
        assert not seat.session.drawn_on(slice_)


def test_the_structures_of_a_real_disc_lie_on_their_own_slices(seat: Sitting) -> None:
    seat.open(shared_data("discs", "04-petct-mr-two-patients"))
    seat.until(lambda: bool(seat.state.belongings.sets))
    series = next(s for study in seat.disc.studies for s in study.series if sets_of(seat.state.belongings, s))
    held = sets_of(seat.state.belongings, series)[0]
    path = held.outlines[0].id.rpartition("#")[0]
    read = pydicom.dcmread(shared_data("discs", "04-petct-mr-two-patients") / path)
    contour = read.ROIContourSequence[0].ContourSequence[3]
    points = np.array([float(v) for v in contour.ContourData]).reshape(-1, 3)
    job = seat.session.objects.choose_outlines((held.outlines[0].id,))
    seat.until(lambda: job.finished)
    source = seat.session.source(series.id)
    index = source.index_at(Plane.AXIAL, points[0])
    assert index is not None
    seat.session.arrange((PaneView(series.id, 0, Plane.AXIAL, index),))
    slice_ = seat.slice()
    seat.until(lambda: bool(seat.session.drawn_on(slice_)))
    (drawn,) = seat.session.drawn_on(slice_)
    assert slice_.affine is not None
    heights, places = heights_and_places(slice_.affine, points)
    assert float(np.abs(heights).max()) < 1.7
    assert any(len(curve) == len(places) and np.allclose(curve, places, atol=1e-3) for curve in drawn.curves)
