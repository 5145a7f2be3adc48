"""What is not broken but far too much: thousands of sets, of reports, of outlines, of words, of frames. Each is a row: a name and
a function of an empty folder and the pictures of the made CT that it lies beside.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID, generate_uid

from tests import clinic
from tests.damage.originals import EXPLICIT, JPEG, copied, written

LONG = "Ääß漢字 long 👩‍⚕️ \u0301\u0301\u0301 <b>x</b> " * 1500
Pictures = Sequence[Dataset]


def put(folder: Path, name: str, made: FileDataset | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(made) if isinstance(made, bytes) else clinic.write(made, folder / name)


def report(like: Dataset, items: list[Dataset]) -> FileDataset:
    """A written report of these items."""
    made = clinic.new(clinic.ROOT + "88.33", "SR", like)
    made.ValueType, made.ConceptNameCodeSequence, made.ContentSequence = (
        "CONTAINER",
        [clinic.code("1", "Report")],
        items,
    )
    return made


def text(words: str, inner: list[Dataset] | None = None) -> Dataset:
    made = clinic.item(
        ValueType="TEXT",
        RelationshipType="CONTAINS",
        TextValue=words,
        ConceptNameCodeSequence=[clinic.code("2", "Finding")],
    )
    if inner:
        made.ContentSequence = inner
    return made


def tiny(like: Dataset, series: str, number: int, **more: object) -> bytes:
    """A picture of 8 × 8 in a series of its own name."""
    return written(
        copied(
            like, Rows=8, Columns=8, PixelData=bytes(128), SeriesInstanceUID=series, SOPInstanceUID=generate_uid(),
            InstanceNumber=number, **more,
        ),
        EXPLICIT,
    )  # fmt: skip


def many_sets(folder: Path, pictures: Pictures) -> None:
    """Each without a place, which is something to say of each."""
    for number in range(900):
        one = copied(pictures[0], SeriesNumber=number, SeriesDescription=f"Set {number}", RescaleSlope="0")
        del one.ImagePositionPatient, one.ImageOrientationPatient
        put(folder / f"{number // 100}", f"IM{number}", tiny(one, f"1.2.3.{number}", 1))


def many_damaged(folder: Path, pictures: Pictures) -> None:
    data = tiny(pictures[0], "1.2.3", 1)
    for number in range(3000):
        put(folder / f"{number // 500}", f"IM{number}", data[: 140 + number % (len(data) - 140)])


def many_people(folder: Path, pictures: Pictures) -> None:
    for number in range(300):
        put(
            folder, f"IM{number}",
            tiny(pictures[0], f"1.2.3.{number}", 1, PatientName=f"Muster^{number}", PatientID=f"{number}", StudyInstanceUID=f"1.2.4.{number}"),
        )  # fmt: skip


def long_report(folder: Path, pictures: Pictures) -> None:
    links = [
        clinic.item(ValueType="IMAGE", RelationshipType="INFERRED FROM", ReferencedSOPSequence=[clinic.reference(one)])
        for one in pictures
    ]
    put(folder, "REPORT", report(pictures[0], [text(f"Finding {n}", links if n % 3 else None) for n in range(3000)]))


def deep_report(folder: Path, pictures: Pictures) -> None:
    inner = text("the innermost")
    for depth in range(180):
        inner = text(f"level {depth}", [inner, text("beside")])
    put(folder, "REPORT", report(pictures[0], [inner]))


def many_reports(folder: Path, pictures: Pictures) -> None:
    first = report(pictures[0], [text(f"Finding {n}") for n in range(60)])
    for number in range(150):
        first.SOPInstanceUID = first.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        put(folder, f"REPORT{number}", first)


def long_words(folder: Path, pictures: Pictures) -> None:
    """Words without end wherever there may be words."""
    put(
        folder,
        "REPORT",
        report(pictures[0], [text(LONG * 4), text("x" * 300_000), text("\n" * 60_000), text("word " * 60_000)]),
    )
    for number, one in enumerate(pictures):
        changed = copied(
            one, SpecificCharacterSet="ISO_IR 192", SeriesInstanceUID="1.2.3.9", SOPInstanceUID=generate_uid()
        )
        for name in (
            "PatientName",
            "StudyDescription",
            "SeriesDescription",
            "ProtocolName",
            "InstitutionName",
            "ImageComments",
        ):
            changed.add_new(name, "UT", LONG)
        put(folder, f"IM{number}", written(changed, EXPLICIT))


def many_outlines(folder: Path, pictures: Pictures) -> None:
    angles = np.linspace(0, 6.28, 100)
    rings = [
        (
            "CLOSED_PLANAR",
            np.stack([60 * np.cos(angles), 60 * np.sin(angles), np.full(100, float(one.ImagePositionPatient[2]))], 1),
        )
        for one in pictures
    ]
    put(folder, "PLAN", clinic.structures(pictures[0], {f"Part {number}": rings for number in range(250)}))


def long_outlines(folder: Path, pictures: Pictures) -> None:
    chance = np.random.default_rng(1)
    named = {}
    for part in range(3):
        rings = []
        for one in pictures:
            points = chance.uniform(-150, 150, (8_000, 3))
            points[:, 2] = float(one.ImagePositionPatient[2])
            rings.append(("CLOSED_PLANAR", points))
        named[f"Part {part}"] = rings
    put(folder, "PLAN", clinic.structures(pictures[0], named))


def many_segments(folder: Path, pictures: Pictures) -> None:
    chance = np.random.default_rng(1)
    size = pictures[0].Rows
    put(
        folder,
        "SEG",
        clinic.segments(pictures, {f"Part {n}": chance.random((len(pictures), size, size)) < 0.5 for n in range(60)}),
    )


def many_lines(folder: Path, pictures: Pictures) -> None:
    chance = np.random.default_rng(1)
    drawn = [clinic.graphic("POLYLINE", chance.uniform(1, 90, 400).tolist()) for _ in range(1500)]
    words = [
        clinic.item(
            UnformattedTextValue=f"Word {n}\n" * 40, AnchorPointAnnotationUnits="PIXEL", AnchorPoint=[1 + n % 90, 1 + n // 90],
            AnchorPointVisibility="N",
        )
        for n in range(1500)
    ]  # fmt: skip
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=drawn, TextObjectSequence=words)
    put(folder, "VIEW", clinic.saved_view(list(pictures), GraphicAnnotationSequence=[layer]))


def many_views(folder: Path, pictures: Pictures) -> None:
    for number in range(300):
        put(folder, f"VIEW{number}", clinic.saved_view(list(pictures), ContentLabel=f"V{number}"))
        put(folder, f"STARS{number}", clinic.stars(list(pictures), note="A note. " * 30))


def many_windows(folder: Path, pictures: Pictures) -> None:
    for number, one in enumerate(pictures):
        changed = copied(
            one, WindowCenter=[str(n) for n in range(1, 3000)], WindowWidth=[str(n) for n in range(1, 3000)],
            WindowCenterWidthExplanation=[f"W{n}" for n in range(1, 3000)], SeriesInstanceUID="1.2.3.10", SOPInstanceUID=generate_uid(),
        )  # fmt: skip
        put(folder, f"IM{number}", written(changed, EXPLICIT))


def giant_frame(folder: Path, pictures: Pictures) -> None:
    """65,535 × 65,535 points: cut short, and a sparse file that has them all."""
    for number, bits in enumerate((8, 16)):
        one = copied(
            pictures[0], Rows=65535, Columns=65535, BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1,
            SeriesInstanceUID=f"1.2.3.{number}", SOPInstanceUID=generate_uid(), PixelData=bytes(2000),
        )  # fmt: skip
        data = bytearray(written(one, EXPLICIT))
        data[-2004:-2000] = min(65535 * 65535 * bits // 8, 2**32 - 2).to_bytes(4, "little")
        put(folder, f"CUT{number}", bytes(data))
        put(folder, f"WHOLE{number}", bytes(data))
        os.truncate(folder / f"WHOLE{number}", len(data) - 2000 + 65535 * 65535 * bits // 8)
    large = copied(
        pictures[0],
        Rows=8000,
        Columns=8000,
        SeriesInstanceUID="1.2.3.5",
        SOPInstanceUID=generate_uid(),
        PixelData=bytes(2000),
    )
    data = bytearray(written(large, EXPLICIT))
    data[-2004:-2000] = (8000 * 8000 * 2).to_bytes(4, "little")
    put(folder, "LARGE", bytes(data))
    os.truncate(folder / "LARGE", len(data) - 2000 + 8000 * 8000 * 2)


def many_frames(folder: Path, pictures: Pictures) -> None:
    one = clinic.film(pictures[0], 30_000, 20.0)
    put(folder, "FILM", one)


def many_places(folder: Path, pictures: Pictures) -> None:
    """An object of 4,000 frames, each with facts of its own; some contradict one another."""
    made = clinic.new(clinic.ROOT + "4.1", "MR", pictures[0])
    made.Rows = made.Columns = 8
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit, made.NumberOfFrames = 16, 12, 11, 4000
    made.SharedFunctionalGroupsSequence = [
        clinic.item(PixelMeasuresSequence=[clinic.item(PixelSpacing=[1, 1], SliceThickness=1)])
    ]
    made.PerFrameFunctionalGroupsSequence = [
        clinic.item(
            PlanePositionSequence=[clinic.item(ImagePositionPatient=[0, 0, (n * 7919) % 4000])],
            PlaneOrientationSequence=[clinic.item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
            FrameContentSequence=[clinic.item(FrameComments=f"Frame {n}")],
        )
        for n in range(4000)
    ]
    made.PixelData = bytes(4000 * 128)
    made["PixelData"].VR = "OW"
    put(folder, "ENHANCED", made)


def long_list(folder: Path, pictures: Pictures) -> None:
    """A list of the disc that names 8,000 files that are not there."""
    made = clinic.new("1.2.840.10008.1.3.10", "", pictures[0])
    made.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.1.3.10")
    made.DirectoryRecordSequence = [
        clinic.item(
            OffsetOfTheNextDirectoryRecord=0, RecordInUseFlag=65535, OffsetOfReferencedLowerLevelDirectoryEntity=0,
            DirectoryRecordType="IMAGE", ReferencedFileID=["A", f"IM{n}"],
        )
        for n in range(8000)
    ]  # fmt: skip
    put(folder, "DICOMDIR", made)


def long_names(folder: Path, pictures: Pictures) -> None:
    data = tiny(pictures[0], "1.2.3", 1)
    for number in range(40):
        inner = folder / ("ä" * 100) / ("<b>" * 60) / (f"{number} " + "n" * 200)
        put(inner, "f" * 250, data)
        put(inner, "g" * 250, data[:200])


def packed_giant(folder: Path, pictures: Pictures) -> None:
    """Streams that say 65,535 × 65,535, as the header does."""
    for number, syntax in enumerate(("50", "70", "80", "90", "201")):
        one = copied(
            pictures[0], Rows=65535, Columns=65535, SeriesInstanceUID=f"1.2.3.{number}", SOPInstanceUID=generate_uid()
        )
        del one.PixelData
        stream = (
            b"\xff\xd8\xff\xf7\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00"
            + bytes(5001)
        )
        head = written(one, JPEG + syntax) + b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\0\0\0\0"
        put(
            folder, f"IM{number}",
            head + b"\xfe\xff\x00\xe0" + len(stream).to_bytes(4, "little") + stream + b"\xfe\xff\xdd\xe0\0\0\0\0",
        )  # fmt: skip


LARGE: dict[str, Callable[[Path, Pictures], None]] = {
    "many sets": many_sets,
    "many damaged files": many_damaged,
    "many people": many_people,
    "long report": long_report,
    "deep report": deep_report,
    "many reports": many_reports,
    "words without end": long_words,
    "many outlines": many_outlines,
    "outlines of many points": long_outlines,
    "many segments": many_segments,
    "many drawn lines": many_lines,
    "many saved views": many_views,
    "many windows": many_windows,
    "giant frames": giant_frame,
    "giant packed frames": packed_giant,
    "many frames": many_frames,
    "many places": many_places,
    "long list": long_list,
    "long names": long_names,
}
