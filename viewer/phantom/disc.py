"""Made discs of every kind, with known truth: for tests of all rooms and for measurements."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from viewer.phantom.field import Box
from viewer.phantom.letters import draw
from viewer.phantom.scan import (
    AXIAL,
    CORONAL,
    SAGITTAL,
    Facts,
    Scan,
    Side,
    put_pixels,
    series_truth,
    study_dataset,
    uid,
    write,
    write_scan,
)  # fmt: skip
from viewer.phantom.truth import KnownPoint, PhantomTruth, SeriesTruth

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

AT_ONCE = 32  # slices painted at a time, so that a long CT needs little memory
INTERCEPT = -1024
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
CINE_US = "1.2.840.10008.5.1.4.1.1.3.1"
DIGITAL_MG = "1.2.840.10008.5.1.4.1.1.1.2"


class DiscKind(StrEnum):
    """What `write_disc` can make."""

    CD = "cd"  # DICOMDIR, names without ending, a viewer, AUTORUN.INF: as handed out by hospitals
    CT = "ct"  # one CT series, `slices` slices of `size` × `size`
    ENHANCED = "enhanced"  # one enhanced MR object with `slices` frames and functional groups
    MAMMOGRAM = "mammogram"  # digital mammograms of `size` rows and 13/16 of it columns, `slices` of them
    CINE = "cine"  # an ultrasound clip in colour with `slices` frames
    MIXED = "mixed"  # one series UID with two directions, two sizes and a scout
    TWO_PATIENTS = "two_patients"
    BURNED_IN = "burned_in"  # a screen picture with a name in its pixels
    BROKEN = "broken"  # good pictures beside cut, empty and misleading files
    ODD_NAMES = "odd_names"  # non-ASCII and long paths, names in other scripts


def write_disc(folder: Path, kind: DiscKind = DiscKind.CD, slices: int = 12, size: int = 64) -> PhantomTruth:
    """Write a disc of `kind` into `folder` (made if needed) and tell what is true of it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    return _BUILDERS[kind](folder, slices, size)


def ct_facts(study: str = "ct", **more: object) -> Facts:
    """The header of the made CT."""
    return Facts(
        study, "ct", 2, "Thorax 1.0", "CT chest", "CHEST", "CT", "Muster^Erika", "P-17", window=(40, 400), intercept=INTERCEPT,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def write_ct(folder: Path, slices: int, size: int, facts: Facts | None = None, side: Side = AXIAL) -> SeriesTruth:
    """A round body in HU with a bone, a lung and a bright rod on the *left*; each slice has its number in a corner."""
    facts = facts or ct_facts()
    pixel = 400 / size
    box = Box.about((0, 0, 0), (size, size, slices), (pixel, pixel, 1.5))
    for start in range(0, slices, AT_ONCE):
        part = Box(box.x, box.y, box.z[start : start + AT_ONCE])
        scan = Scan(part, _body(part, start), side)
        write_scan(folder, scan, facts, first=start + 1, name=lambda number: f"IM{number:06d}")
    points = (
        KnownPoint("bright rod on the left", (120.0, 0.0, 0.0), 1150, 1250),
        KnownPoint("soft tissue in the middle", (0.0, 0.0, 0.0), 20, 60),
        KnownPoint("lung on the right", (-80.0, -20.0, 0.0), -900, -800),
        KnownPoint("bone behind", (0.0, 100.0, 0.0), 650, 750),
        KnownPoint("air outside", (-190.0, 190.0, 0.0), -1024, -980),
    )
    return series_truth(Scan(box, np.broadcast_to(np.uint16(0), box.shape), side), facts, points)


def _body(box: Box, start: int) -> NDArray[np.uint16]:
    """Stored values (z, y, x)."""
    x, y = np.meshgrid(box.x, box.y)
    base = np.full(x.shape, -1000, np.int16)
    for value, centre, half in (
        (40, (0, 0), (170, 130)), (-850, (-80, -20), (50, 70)), (-850, (70, -30), (40, 60)), (700, (0, 100), (20, 16)),
        (1200, (120, 0), (9, 9)),
    ):  # fmt: skip
        base[((x - centre[0]) / half[0]) ** 2 + ((y - centre[1]) / half[1]) ** 2 < 1] = value
    rng = np.random.default_rng(start)
    values = np.empty(box.shape, np.uint16)
    grain = rng.integers(-12, 13, base.shape, np.int16)
    for index in range(len(box.z)):
        values[index] = np.clip(base + np.roll(grain, 7 * index, 1) - INTERCEPT, 0, 4095)
        values[index, :2, :2] = start + index
    return values


# --- kinds


def _ct(folder: Path, slices: int, size: int) -> PhantomTruth:
    return PhantomTruth("Muster^Erika", (write_ct(folder / "CT", slices, size),), slices)


def _cd(folder: Path, slices: int, size: int) -> PhantomTruth:
    from pydicom.fileset import FileSet

    work = folder / "WORK"
    bone = replace(ct_facts(extra={"ConvolutionKernel": "BONE"}), series="bone", number=3, description="Bone 1.0")
    series = (
        write_ct(work / "1", slices, size),
        write_ct(work / "2", max(3, slices // 2), size, bone),
    )
    files = FileSet()
    for path in sorted(work.rglob("IM*")):
        files.add(path)
    files.write(folder)
    files._stage["t"].cleanup()  # it would warn when it is collected
    shutil.rmtree(work)
    return PhantomTruth("Muster^Erika", series, sum(each.frames for each in series) + 1, _write_viewer(folder))


def _write_viewer(folder: Path) -> int:
    """What lies beside the pictures on a real disc; the number of files."""
    program = b"MZ\x90\x00" + b"\x00" * 56 + b"\x80\x00\x00\x00" + b"\x00" * 64 + b"PE\x00\x00" + b"\x00" * 400
    junk: dict[str, bytes] = {
        "AUTORUN.INF": b"[autorun]\r\nopen=VIEWER\\START.EXE\r\nicon=VIEWER\\START.EXE,0\r\n",
        "README.TXT": b"This disc holds pictures made by a program.\r\n",
        "VIEWER/START.EXE": program,
        "VIEWER/CODEC.DLL": program,
        "VIEWER/SETTINGS.XML": b'<?xml version="1.0"?><viewer/>',
        "VIEWER/HELP/INDEX.HTM": b"<html><body>Help</body></html>",
        "VIEWER/LOGO.BMP": b"BM" + (58).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little") + bytes(44),
    }
    for name, data in junk.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(junk)


def _mixed(folder: Path, slices: int, size: int) -> PhantomTruth:
    """The same series UID for an axial stack, a coronal stack of another size, and a scout."""
    facts = ct_facts("mixed")
    axial = write_ct(folder / "A", slices, size, facts)
    box = Box.about((0, 0, 0), (size // 2, slices, size // 2), (8, 3, 8))
    values = _body(Box(box.x, box.z, box.y), 0).transpose(1, 0, 2)
    second = Scan(box, np.ascontiguousarray(values), CORONAL)
    write_scan(folder / "B", second, facts, first=1001)
    scout = Scan(Box.about((0, 0, 0), (1, size, size), (1, 6, 6)), np.full((size, size, 1), 1024, np.uint16), SAGITTAL)
    kind: dict[str, object] = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    write_scan(folder / "C", scout, replace(facts, extra=kind), first=2001)
    total = axial.frames + slices + 1
    return PhantomTruth("Muster^Erika", (replace(axial, frames=total, is_mixed=True),), total)


def _two_patients(folder: Path, slices: int, size: int) -> PhantomTruth:
    other = replace(ct_facts("other"), person="Beispiel^Jonas", patient_id="P-18")
    series = (write_ct(folder / "ONE", slices, size), write_ct(folder / "TWO", slices, size, other))
    return PhantomTruth("Muster^Erika", series, 2 * slices)


def _burned_in(folder: Path, slices: int, size: int) -> PhantomTruth:
    """Secondary captures (PS3.3 A.8.1) of at least 256 × 256 with name and birth date in their pixels."""
    facts = replace(ct_facts("screen"), modality="OT", series="screen", description="Screen capture")
    side = max(256, size)
    for number in range(1, slices + 1):
        dataset = study_dataset(facts, number)
        pixels = np.tile(np.linspace(20, 120, side).astype(np.uint8), (side, 1))
        draw(pixels, "MUSTER ERIKA", 8, 8, 2)
        draw(pixels, "01.01.1970", 8, side - 24, 2)
        dataset.ConversionType, dataset.ImageType = "WSD", ["DERIVED", "SECONDARY", "SCREEN SAVE"]
        dataset.BurnedInAnnotation, dataset.PatientOrientation = "YES", ""
        put_pixels(dataset, pixels)
        write(dataset, folder / f"SC{number:04d}")
    return PhantomTruth("Muster^Erika", (_flat_truth(facts, slices, side, side),), slices)


def _broken(folder: Path, slices: int, size: int) -> PhantomTruth:
    truth = write_ct(folder, slices, size)
    whole = (folder / "IM000001").read_bytes()
    broken = {
        "CUTHEAD": whole[:400],
        "CUTPIXEL": whole[: len(whole) // 2],
        "EMPTY": b"",
        "LABEL": whole[:132],
        "NOISE": b"\x00" * 128 + b"DICM" + np.random.default_rng(1).bytes(4000),
    }
    for name, data in broken.items():
        (folder / name).write_bytes(data)
    (folder / "NOTES.TXT").write_text("Only words.\n", "utf-8")
    return PhantomTruth("Muster^Erika", (truth,), slices + 4, 2, tuple(sorted(broken)))


def _odd_names(folder: Path, slices: int, size: int) -> PhantomTruth:
    """Names of people in three character sets (PS3.5 6.1.2.3), folders in other scripts, a path of over 200 characters."""
    people = (
        ("Röntgen^Jürgen", "ISO_IR 100", "Größe äöü"), ("Παπαδοπούλου^Ελένη", "ISO_IR 192", "磁共振 図"),
        ("Иванова^Анна", "ISO_IR 144", "/".join(["a very long folder name " * 3] * 3).replace(" /", "/").strip()),
    )  # fmt: skip
    series = []
    for number, (person, character_set, place) in enumerate(people):
        facts = replace(ct_facts(f"odd{number}"), person=person, patient_id=f"P-{number}", character_set=character_set)
        series.append(write_ct(folder / place, slices, size, facts))
    return PhantomTruth(people[0][0], tuple(series), slices * len(people))


def _enhanced(folder: Path, slices: int, size: int) -> PhantomTruth:
    """One Enhanced MR object (PS3.3 A.36.2): geometry in shared and per-frame functional groups.

    Only the groups that say where, how large and how bright: a validator asks for a dozen more about the scanning.
    """
    facts = replace(ct_facts("enhanced"), modality="MR", series="enhanced", description="T1 enhanced", intercept=0.0)
    box = Box.about((0, 0, 0), (size, size, slices), (400 / size, 400 / size, 3))
    scan = Scan(box, _body(box, 0), AXIAL)
    dataset = study_dataset(facts, 1)
    dataset.SOPClassUID = ENHANCED_MR
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    dataset.FrameOfReferenceUID, dataset.PositionReferenceIndicator = uid("frame", "enhanced"), ""
    _functional_groups(dataset, scan.affine(), slices)
    _put_frames(dataset, scan.slices())
    write(dataset, folder / "ENHANCED")
    return PhantomTruth("Muster^Erika", (series_truth(scan, facts),), 1)


def _functional_groups(dataset: Dataset, affine: NDArray[np.float64], count: int) -> None:
    """PS3.3 C.7.6.16.2: pixel measures and orientation shared; position and content per frame."""
    from pydicom.dataset import Dataset

    def group(**values: object) -> list[Dataset]:
        item = Dataset()
        for keyword, value in values.items():
            setattr(item, keyword, value)
        return [item]

    steps = [float(np.linalg.norm(affine[:3, n])) for n in range(3)]
    measures = group(PixelSpacing=[steps[1], steps[0]], SliceThickness=steps[2], SpacingBetweenSlices=steps[2])
    orientation = group(ImageOrientationPatient=[*(affine[:3, 0] / steps[0]), *(affine[:3, 1] / steps[1])])
    organisation = uid("dimensions", "enhanced")
    dataset.DimensionOrganizationSequence = group(DimensionOrganizationUID=organisation)
    dataset.DimensionIndexSequence = [
        group(DimensionOrganizationUID=organisation, DimensionIndexPointer=tag, FunctionalGroupPointer=0x00209111)[0]
        for tag in (0x00209056, 0x00209057)
    ]
    dataset.SharedFunctionalGroupsSequence = group(PixelMeasuresSequence=measures, PlaneOrientationSequence=orientation)
    dataset.PerFrameFunctionalGroupsSequence = [
        group(
            PlanePositionSequence=group(ImagePositionPatient=[float(v) for v in (affine @ (0, 0, n, 1))[:3]]),
            FrameContentSequence=group(StackID="1", InStackPositionNumber=n + 1, DimensionIndexValues=[1, n + 1]),
            FrameVOILUTSequence=group(WindowCenter="1064", WindowWidth="400"),
        )[0]
        for n in range(count)
    ]


def _mammogram(folder: Path, slices: int, size: int) -> PhantomTruth:
    """Projections (PS3.3 A.27): 12 bit, brightest in the middle of the left edge, dark to the right."""
    facts = replace(ct_facts("breast"), modality="MG", series="breast", description="Mammogram")
    rows, columns = size, max(1, size * 13 // 16)
    y, x = np.ogrid[:rows, :columns]
    far = np.hypot((y - rows / 2) / (rows / 2), x / columns)
    pixels = (4000 * np.clip(1 - far, 0, 1)).astype(np.uint16)
    for number in range(1, slices + 1):
        dataset = study_dataset(facts, number)
        dataset.SOPClassUID, dataset.ImageType = DIGITAL_MG, ["ORIGINAL", "PRIMARY"]
        dataset.ImagerPixelSpacing, dataset.PatientOrientation = [0.07, 0.07], ["A", "F"]
        put_pixels(dataset, pixels + np.uint16(number))
        write(dataset, folder / f"MG{number:04d}")
    return PhantomTruth("Muster^Erika", (_flat_truth(facts, slices, rows, columns),), slices)


def _cine(folder: Path, slices: int, size: int) -> PhantomTruth:
    """An ultrasound clip (PS3.3 A.7) in RGB, 25 pictures a second: a disc that wanders from left to right."""
    facts = replace(ct_facts("clip"), modality="US", series="clip", description="Clip")
    y, x = np.mgrid[:size, :size]
    frames = np.zeros((slices, size, size, 3), np.uint8)
    for number in range(slices):
        centre = size * (0.25 + 0.5 * number / max(1, slices - 1))
        frames[number, ..., 0] = 200 * (np.hypot(x - centre, y - size / 2) < size / 6)
        frames[number, ..., 1:] = (y * 120 // size)[..., None]
    dataset = study_dataset(facts, 1)
    dataset.SOPClassUID, dataset.ImageType = CINE_US, ["ORIGINAL", "PRIMARY"]
    dataset.FrameTime, dataset.FrameIncrementPointer = "40", 0x00181063
    dataset.LossyImageCompression, dataset.PatientOrientation = "00", ""
    _put_frames(dataset, frames)
    write(dataset, folder / "CLIP")
    return PhantomTruth("Muster^Erika", (_flat_truth(facts, slices, size, size),), 1)


# --- parts


def _put_frames(dataset: Dataset, frames: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
    put_pixels(dataset, frames[0])
    dataset.NumberOfFrames = len(frames)
    dataset.PixelData = np.ascontiguousarray(frames).tobytes()


def _flat_truth(facts: Facts, frames: int, rows: int, columns: int) -> SeriesTruth:
    """A series without geometry: spacing 0, identity affine."""
    box = Box(*(np.arange(n, dtype=np.float32) for n in (columns, rows, frames)))
    truth = series_truth(Scan(box, np.broadcast_to(np.uint16(0), box.shape), AXIAL), facts)
    return replace(truth, spacing_mm=(0.0, 0.0, 0.0), frame_of_reference="")


_BUILDERS: dict[DiscKind, Callable[[Path, int, int], PhantomTruth]] = {
    DiscKind.CD: _cd,
    DiscKind.CT: _ct,
    DiscKind.ENHANCED: _enhanced,
    DiscKind.MAMMOGRAM: _mammogram,
    DiscKind.CINE: _cine,
    DiscKind.MIXED: _mixed,
    DiscKind.TWO_PATIENTS: _two_patients,
    DiscKind.BURNED_IN: _burned_in,
    DiscKind.BROKEN: _broken,
    DiscKind.ODD_NAMES: _odd_names,
}
