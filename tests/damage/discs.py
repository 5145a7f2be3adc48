"""Discs for a run of the window: good sets of several slices beside damaged files and damaged things of the clinic."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import struct
import tempfile
from functools import cache
from pathlib import Path
from random import Random

import imagecodecs
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset

from tests import clinic
from tests.damage.far_too_much import LARGE
from tests.damage.kinds import KINDS, Kind, Part, case, lay_out
from tests.damage.originals import JPEG, Original, copied, encapsulated, neighbour
from tests.gui.papers import PDF
from viewer.phantom.disc import DiscKind, write_disc

SLICES, SIZE = 8, 96
MOST_CASES, MOST_DAMAGED = 3, 5
LARGE_SHARE = 0.03
WHOLE = tuple(
    kind
    for kind in KINDS
    for _ in range(kind.weight)
    if kind.part is Part.WHOLE and kind.name not in ("item heads", "deflate bomb")
)
GOOD = (DiscKind.CT, DiscKind.CT, DiscKind.ENHANCED, DiscKind.CINE, DiscKind.CD, DiscKind.MIXED, DiscKind.MAMMOGRAM)


@cache
def made(kind: DiscKind) -> dict[str, bytes]:
    """path → bytes of a made disc."""
    with tempfile.TemporaryDirectory() as folder:
        write_disc(Path(folder), kind, SLICES, SIZE)
        return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@cache
def slices() -> tuple[Dataset, ...]:
    """The made CT, from the lowest slice."""
    files = (pydicom.dcmread(io.BytesIO(data)) for data in made(DiscKind.CT).values())
    return tuple(sorted(files, key=lambda one: float(one.ImagePositionPatient[2])))


@cache
def packed() -> tuple[bytes, ...]:
    """The made CT in JPEG-LS, as a set of its own."""
    uid = "1.2.3.4.5"
    return tuple(
        encapsulated("", copied(one, SeriesInstanceUID=uid), JPEG + "80", [bytes(imagecodecs.jpegls_encode(one.pixel_array))]).data
        for one in slices()
    )  # fmt: skip


def written(dataset: FileDataset) -> bytes:
    """As a file."""
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


@cache
def belongings() -> dict[str, bytes]:
    """What a clinic adds to the made CT, name → bytes."""
    shown, size = list(slices()), SIZE
    mask = np.zeros((len(shown), size, size), np.bool_)
    mask[:, size // 4 : size // 2, size // 4 : size // 2] = True
    angles = np.linspace(0, 6.2, 60)
    rings = [
        ("CLOSED_PLANAR", np.stack([60 * np.cos(angles), 60 * np.sin(angles), np.full(60, float(one.ImagePositionPatient[2]))], 1))
        for one in shown
    ]  # fmt: skip
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POLYLINE", (1, 1, 40, 40))])
    report = clinic.new(clinic.ROOT + "88.33", "SR", shown[0])
    report.ValueType, report.ConceptNameCodeSequence = "CONTAINER", [clinic.code("18748-4", "Report")]
    report.ContentSequence = [
        clinic.item(
            ValueType="TEXT", RelationshipType="CONTAINS", TextValue=f"Finding {number}",
            ConceptNameCodeSequence=[clinic.code("121071", "Finding")],
        )
        for number in range(20)
    ]  # fmt: skip
    video = clinic.new(clinic.ROOT + "77.1.4.1", "XC", shown[0])
    video.file_meta.TransferSyntaxUID = pydicom.uid.UID(JPEG + "102")
    video.Rows, video.Columns, video.NumberOfFrames, video.SamplesPerPixel = 48, 64, 30, 3
    video.PhotometricInterpretation, video.BitsAllocated, video.BitsStored, video.HighBit = "YBR_PARTIAL_420", 8, 8, 7
    video.PixelRepresentation = 0
    video.PixelData = pydicom.encaps.encapsulate([bytes(range(256)) * 16])
    video["PixelData"].VR = "OB"
    return {
        "SEG": written(clinic.segments(shown, {"Liver": mask, "Cyst": np.roll(mask, size // 4, 2)})),
        "RTSTRUCT": written(clinic.structures(shown[0], {"Heart": rings, "Lung": rings})),
        "VIEW": written(clinic.saved_view(shown[2:5], GraphicAnnotationSequence=[layer])),
        "STARS": written(clinic.stars([shown[1], shown[4]])),
        "REPORT": written(report),
        "LETTER": written(clinic.letter(PDF, shown[0])),
        "FILM": written(clinic.film(shown[0], 6, 50.0)),
        "VIDEO": written(video),
    }


def hurt(chance: Random, data: bytes) -> bytes:
    """Damage anywhere in a file."""
    kind: Kind = chance.choice(WHOLE)
    assert kind.damage is not None
    try:
        return kind.damage(chance, Original("", data, (), False))
    except (IndexError, ValueError, struct.error):  # a kind that needs what this file does not have
        return data[: chance.randrange(len(data))]


def fill(seed: int, number: int, folder: Path) -> tuple[str, ...]:
    """Put disc `number` into an empty folder; what is on it, in words. Always the same for a seed."""
    chance = Random(f"{seed}/{number}/disc")
    told = [_good(chance, folder / "GOOD"), *_cases(seed, number, chance, folder)]
    for name, data in belongings().items():
        if chance.random() < 0.35:
            _put(folder / "ADDED" / name, hurt(chance, data) if chance.random() < 0.6 else data)
            told.append(name)
    if chance.random() < LARGE_SHARE:
        name = chance.choice(sorted(LARGE))
        shutil.copytree(_large(name), folder / "LARGE", copy_function=os.link)
        told.append(name)
    return tuple(told)


def _good(chance: Random, folder: Path) -> str:
    """A set that must be shown; half of the time some of its neighbours are damaged ones of the same series."""
    if chance.random() < 0.3:
        files, name = {f"IM{number}": data for number, data in enumerate(packed())}, "jpeg-ls"
    else:
        kind = chance.choice(GOOD)
        files, name = made(kind), kind.value
    damaged = set(chance.sample(sorted(files), min(len(files) // 2, chance.choice([0, 0, 1, 2, MOST_DAMAGED]))))
    for path, data in files.items():
        _put(folder / path, hurt(chance, data) if path in damaged else data)
    return f"{name}, {len(damaged)} of {len(files)} damaged"


def _cases(seed: int, number: int, chance: Random, folder: Path) -> list[str]:
    told = []
    for place in range(chance.randint(1, MOST_CASES)):
        one = case(seed, number * MOST_CASES + place)
        inner = folder / f"CASE{place}"
        inner.mkdir()
        lay_out(seed, one, inner)
        _put(inner / "NEXT", neighbour())
        told.append(f"{one.kind.name} {one.encoding}".strip())
    return told


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def put_packed(folder: Path) -> None:
    """The made CT in JPEG-LS, all of it good."""
    for number, data in enumerate(packed()):
        _put(folder / f"IM{number}", data)


@cache
def _large(name: str) -> Path:
    """Made once in a program, since some take long; gone with it."""
    folder = Path(tempfile.mkdtemp(prefix="sidelight-large-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    LARGE[name](folder, slices())
    return folder
