"""Differential test: our header reader against pydicom, over every DICOM file that is at hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.data import has_shared_data, shared_data, truth
from tests.dicom.pydicom_facts import NUMBERS, PIXELS, PLAIN, dataset, floats, folded, value
from viewer.dicom.encoding import Encoding
from viewer.dicom.header import Header
from viewer.dicom.layout import Layouts
from viewer.dicom.read import read_header
from viewer.dicom.source import Source
from viewer.disc.folder import FolderMedium
from viewer.disc.medium import FileKind, FoundFile
from viewer.disc.sniff import HEAD, sniff
from viewer.problem import ProblemError


def read(path: Path) -> Header:
    """The header of one file through the public face."""
    medium = FolderMedium(path)
    (found,) = medium.walk()
    return read_header(medium, found, medium.read(found.path, 0, HEAD))


@cache
def readable(folder: Path) -> tuple[tuple[Path, Header], ...]:
    """Every file of a folder that we can read, with its header."""
    medium, made = FolderMedium(folder), []
    for found in medium.walk():
        head = medium.read(found.path, 0, HEAD) if found.size and found.kind is FileKind.OTHER else b""
        if sniff(found.path, found.size, head) is FileKind.DICOM:
            try:
                made.append((folder / found.path, read_header(medium, found, head)))
            except ProblemError:
                continue
    return tuple(made)


def folders() -> list[Path]:
    own = [Path(pydicom.__file__).parent / "data" / "test_files"]
    if not has_shared_data():
        return own
    return [*own, shared_data("files"), *sorted(p for p in shared_data("discs").iterdir() if p.is_dir())]


# files that pydicom reads wrongly or not at all: (name, field) with the reason beside
KNOWN = {
    ("FLIP0", "*"),  # a flipped bit in a UID: pydicom takes it as Latin-1
    ("FLIP2", "*"),  # stops where the damage begins
    ("FLIP1", "*"), ("FLIP4", "*"),  # a flipped bit in a VR: pydicom stops there, we step over it
    ("emri_small_jpeg_2k_lossless_too_short.dcm", "*"),  # pydicom stops at the cut item
    ("LONGER", "*"), ("J2KCUT", "*"), ("JLSCUT", "*"), ("JPLLCUT", "*"), ("RLECUT", "*"),
}  # fmt: skip


def region_of(ds: pydicom.Dataset) -> str:
    """The part of the body that the groups of an object name, of all frames or of the first."""
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in (value(ds, groups) or [])[:1]:
            for anatomy in value(group, "FrameAnatomySequence") or []:
                return folded(value(anatomy.AnatomicRegionSequence[0], "CodeMeaning"))
    return ""


# where the data set does not name these at its root, the meta group or the groups of its frames do
ELSEWHERE = {
    "sop_class": lambda ds: folded(value(ds.file_meta, "MediaStorageSOPClassUID")),
    "sop_uid": lambda ds: folded(value(ds.file_meta, "MediaStorageSOPInstanceUID")),
    "body_part": region_of,
}


def known(path: Path, name: str) -> bool:
    return (path.name, name) in KNOWN or (path.name, "*") in KNOWN


@pytest.mark.parametrize("folder", folders(), ids=lambda p: p.name)
def test_texts_and_numbers_are_those_that_pydicom_finds(folder: Path) -> None:
    wrong: list[object] = []
    for path, header in readable(folder):
        ds = dataset(path)
        if ds is None:
            continue
        for name, keyword in PLAIN.items():
            ours, theirs = getattr(header, name), folded(value(ds, keyword)) or ELSEWHERE.get(name, lambda _: "")(ds)
            if ours != theirs and "\ufffd" not in theirs and not known(path, name):
                wrong.append((path.name, name, ours, theirs))
        for name, keyword in NUMBERS.items():
            ours, numbers = getattr(header, name), floats(value(ds, keyword))
            if ours != (numbers[0] if numbers else None) and not known(path, name):
                wrong.append((path.name, name, ours, numbers))
    assert not wrong, wrong[:20]


@pytest.mark.parametrize("folder", folders(), ids=lambda p: p.name)
def test_pixel_descriptions_are_those_that_pydicom_finds(folder: Path) -> None:
    wrong: list[object] = []
    for path, header in readable(folder):
        ds = dataset(path)
        words = {problem.code for problem in header.problems}
        if ds is None or header.pixels is None or header.pixels.float_kind or "bits_corrected" in words:
            continue
        for name, keyword in PIXELS.items():
            ours, theirs = getattr(header.pixels, name), value(ds, keyword)
            if theirs is not None and ours != theirs and not known(path, name):
                wrong.append((path.name, name, ours, theirs))
    assert not wrong, wrong[:20]


@pytest.mark.parametrize("folder", folders(), ids=lambda p: p.name)
def test_geometry_and_scale_of_every_frame_are_those_that_pydicom_finds(folder: Path) -> None:
    wrong: list[object] = []
    for path, header in readable(folder):
        ds = dataset(path)
        if ds is None or not header.frames or known(path, "*") or header.modality == "NM":
            continue
        for number in range(1, header.frames + 1):
            facts = header.frame_facts(number)
            for name, theirs in frame_values(ds, number).items():
                ours = getattr(facts, name)
                if ours != theirs and not known(path, name):
                    wrong.append((path.name, number, name, ours, theirs))
    assert not wrong, wrong[:20]


def frame_values(ds: pydicom.Dataset, number: int) -> dict[str, object]:
    """Position, orientation and windows of a frame by pydicom: per frame, shared, root."""
    groups = ds.get("PerFrameFunctionalGroupsSequence")
    shared = ds.get("SharedFunctionalGroupsSequence")
    if not groups and not shared:
        return {"position": dose_plane(ds, number) or floats(value(ds, "ImagePositionPatient")), **oriented(ds)}
    found: dict[str, object] = {}
    for macro, keyword, name in (
        ("PlanePositionSequence", "ImagePositionPatient", "position"),
        ("PlaneOrientationSequence", "ImageOrientationPatient", "orientation"),
        ("PixelMeasuresSequence", "PixelSpacing", "spacing"),
        ("PixelValueTransformationSequence", "RescaleSlope", "slope"),
    ):
        for level in ([groups[number - 1]] if groups and number <= len(groups) else []) + list(shared or []):
            if level.get(macro):
                numbers = floats(value(level.get(macro)[0], keyword))
                found[name] = numbers[0] if numbers and name == "slope" else numbers
                break
    return found


def dose_plane(ds: pydicom.Dataset, number: int) -> tuple[float, ...] | None:
    """Where a plane of a radiotherapy dose lies (PS3.3 C.8.8.3.2); None for other objects."""
    offsets, origin = floats(value(ds, "GridFrameOffsetVector")), floats(value(ds, "ImagePositionPatient"))
    turned = floats(value(ds, "ImageOrientationPatient"))
    if offsets is None or origin is None or turned is None or number > len(offsets):
        return None
    along = np.cross(turned[:3], turned[3:]) * (offsets[number - 1] - offsets[0])
    return tuple(float(a + b) for a, b in zip(origin, along, strict=True))


def oriented(ds: pydicom.Dataset) -> dict[str, object]:
    numbers = floats(value(ds, "ImageOrientationPatient"))
    usable = numbers is not None and len(numbers) == 6 and any(numbers[:3]) and any(numbers[3:])
    return {"orientation": numbers} if usable and max(map(abs, numbers or (0,))) <= 1.1 else {}


def test_frames_and_geometry_agree_with_what_two_readers_found() -> None:
    root = shared_data()
    wrong: list[object] = []
    for name, expected in truth()["files"].items():
        if not expected.get("dicom") or not (root / name).is_file() or expected["kind"] == "dicomdir":
            continue
        try:
            header = read(root / name)
            loss = any(problem.severity.value == "loss" for problem in header.problems)
        except ProblemError:
            if expected["frames_min"]:
                wrong.append((name, "refused"))
            continue
        most = expected["frames_max"]
        if not loss and not known(root / name, "*") and not expected["frames_min"] <= header.frames <= max(most, 1):
            wrong.append((name, "frames", header.frames, most))
        geometry = expected.get("geo", {})
        facts = header.frame_facts(1) if header.frames else header.shared
        for key, ours in (("ipp", facts.position), ("iop", facts.orientation), ("ps", facts.spacing)):
            theirs = geometry.get(key)
            if theirs and any(theirs) and ours != pytest.approx(theirs, rel=1e-5, abs=1e-5):
                wrong.append((name, key, ours, theirs))
    assert not wrong, wrong[:20]


def test_a_learned_layout_gives_the_same_header_as_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    discs = shared_data("discs")
    by_layout = [dict(readable_again(discs)) for _ in range(2)][-1]
    monkeypatch.setattr(Layouts, "read", lambda *_: None)
    by_walk = dict(readable_again(discs))
    differ = [str(path) for path in by_walk if by_walk[path] != by_layout[path]]
    assert not differ, differ[:5]


def readable_again(folder: Path) -> list[tuple[str, str]]:
    medium, made = FolderMedium(folder), []
    for found in medium.walk():
        if not found.size or found.kind is not FileKind.OTHER:
            continue
        head = medium.read(found.path, 0, HEAD)
        if sniff(found.path, found.size, head) is FileKind.DICOM:
            made.append((found.path, outcome(medium, found, head)))
    return made


def outcome(medium: FolderMedium, found: FoundFile, head: bytes) -> str:
    try:
        return repr(read_header(medium, found, head))
    except ProblemError as error:
        return error.problem.code


def test_a_layout_is_used_for_most_files_of_a_regular_series(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shared_data("discs", "05-brain-mr-t1")
    readable_again(folder)
    walked: list[Header] = []
    learn = Layouts.learn

    def counted(self: Layouts, source: Source, start: int, encoding: Encoding, *facts: Any) -> None:
        walked.append(facts[0])
        learn(self, source, start, encoding, *facts)

    monkeypatch.setattr(Layouts, "learn", counted)
    assert len(readable_again(folder)) == 120
    assert len(walked) <= 4


def test_pydicoms_odd_files_open() -> None:
    for name in ("ExplVR_BigEndNoMeta.dcm", "ExplVR_LitEndNoMeta.dcm", "image_dfl.dcm", "UN_sequence.dcm"):
        path = get_testdata_file(name, download=False)
        assert path is not None
        assert read(Path(str(path))).sop_uid, name
