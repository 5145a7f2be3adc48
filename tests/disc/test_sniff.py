"""What a file is, by its content."""

from __future__ import annotations

import bz2
import lzma
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data import shared_data, truth
from viewer.disc.medium import FileKind
from viewer.disc.sniff import HEAD, sniff

EXPECTED = {
    "09-jpeg-only-no-dicom/BILDER/SERIE2/BILD0000.JPG": FileKind.PICTURE,
    "13-proprietary-encrypted/DATA/0001.ENC": FileKind.ENCRYPTED,
    "13-proprietary-encrypted/IMAGES.P7M": FileKind.ENCRYPTED,
    "13-proprietary-encrypted/STUDY.DAT": FileKind.ENCRYPTED,
    "10-zip/lws.zip": FileKind.ARCHIVE,
    "03-head-phantom-ct-philips/DICOM/S21570/DIRFILE": FileKind.DICOMDIR,
    "11-damaged/DICOMDIR": FileKind.DICOMDIR,
    "11-damaged/IMG/ZERO": FileKind.EMPTY,
    "11-damaged/IMG/NOPRE": FileKind.DICOM,
    "11-damaged/IMG/NOMETA": FileKind.DICOM,
    "11-damaged/IMG/EXEPRE": FileKind.DICOM,
    "11-damaged/IMG/HTML": FileKind.DOCUMENT,
    "02-head-ct-gantry-tilt/VIEWER/VIEWER.EXE": FileKind.VIEWER,
    "02-head-ct-gantry-tilt/AUTORUN.INF": FileKind.VIEWER,
    "02-head-ct-gantry-tilt/.DS_Store": FileKind.SYSTEM,
    "02-head-ct-gantry-tilt/VIEWER/HELP/HELP.PDF": FileKind.VIEWER,
}


@pytest.mark.parametrize(("name", "kind"), EXPECTED.items())
def test_known_files_are_told(name: str, kind: FileKind) -> None:
    path = shared_data("discs", *name.split("/"))
    data = path.read_bytes()
    assert sniff(name.partition("/")[2], len(data), data[:HEAD]) is kind


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("CLIP", b"RIFF\x10\0\0\0AVI LIST", FileKind.FILM),
        ("CLIP", b"\0\0\0\x18ftypmp42", FileKind.FILM),
        ("CLIP", b"\0\0\x01\xba\x44\0\x04", FileKind.FILM),
        ("CLIP.MTS", (b"\0\0\0\1G" + Random(1).randbytes(187)) * 20, FileKind.FILM),
        ("CLIP.TS", (b"G" + Random(2).randbytes(187)) * 20, FileKind.FILM),
        ("SCAN.REC", b"\1\0" * 400, FileKind.FOREIGN),
        ("scan.nii", bytes(344) + b"n+1\0" + bytes(60), FileKind.FOREIGN),
        ("scan.PAR", b"# === DATA DESCRIPTION FILE ====\r\n", FileKind.FOREIGN),
        ("P12345", b"IMGF\0\0\x1e\xf4" + bytes(200), FileKind.FOREIGN),
    ],
)
def test_films_and_the_formats_of_makers_are_told(name: str, head: bytes, kind: FileKind) -> None:
    assert sniff(name, 100_000, head) is kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\x4f\xff\x51", FileKind.PICTURE), (b"\0\0\0\x0cjP  \r\n\x87\n", FileKind.PICTURE),
        (b"RIFF\0\0\1\0WEBP", FileKind.PICTURE), (b"\0\0\0\x18ftypheic", FileKind.PICTURE),
        (b"ID3\4", FileKind.OTHER), (b"OggS", FileKind.OTHER), (b"fLaC", FileKind.OTHER), (b"\xff\xfb", FileKind.OTHER),
    ],
)  # fmt: skip
def test_photographs_and_sound_are_packed_and_not_locked(start: bytes, kind: FileKind) -> None:
    assert sniff("FILE0001", 100_000, start + Random(3).randbytes(HEAD - len(start))) is kind


@pytest.mark.parametrize(
    "packed", [bz2.compress(bytes(400)), lzma.compress(bytes(400)), b"\x28\xb5\x2f\xfd" + bytes(400)]
)
def test_a_file_packed_in_another_way_is_packed_and_not_locked(packed: bytes) -> None:
    assert sniff("IM0001", 100_000, packed) is FileKind.ARCHIVE


def test_every_dicom_file_is_told_from_junk_by_content_alone() -> None:
    root, wrong = shared_data(), []
    for name, expected in truth()["files"].items():
        path = root / name
        if not path.is_file() or "11-damaged" in name:
            continue
        data = path.read_bytes()
        kind = sniff("file", len(data), data[:HEAD])
        if (kind in (FileKind.DICOM, FileKind.DICOMDIR)) is not bool(expected["dicom"]):
            wrong.append((name, kind))
        if (kind is FileKind.DICOMDIR) is not (expected["kind"] == "dicomdir"):
            wrong.append((name, kind))
    assert not wrong, wrong


def test_a_name_makes_nothing_dicom() -> None:
    assert sniff("IM1.dcm", 12, b"hello world\n") is FileKind.DOCUMENT


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_under_any_name_have_a_kind(head: bytes, name: str) -> None:
    assert isinstance(sniff(name, len(head), head), FileKind)


@pytest.mark.parametrize(
    ("path", "head", "kind"),
    [
        ("CT/._IM1", b"\0\x05\x16\x07\0\x02", FileKind.SYSTEM),
        (".Spotlight-V100/store.db", b"x" * 50, FileKind.SYSTEM),
        ("System Volume Information/IndexerVolumeGuid", b"{\0a\0", FileKind.SYSTEM),
        ("AUTORUN.INF;1", b"[autorun]", FileKind.VIEWER),
        ("VIEWER/START.EXE;1", b"MZ\0\0", FileKind.VIEWER),
        ("README.TXT;1", b"read me", FileKind.VIEWER),
        ("viewer.app/Contents/Info.plist", b"<?xml", FileKind.VIEWER),
        ("all.iso", bytes(400), FileKind.ARCHIVE),
        ("weasis/bundle/core.jar.xz", lzma.compress(bytes(400)), FileKind.VIEWER),
        ("lib/core.jar.pack.gz", b"\x1f\x8b\x08\0" + bytes(400), FileKind.VIEWER),
        ("scan.tar.xz", lzma.compress(bytes(400)), FileKind.ARCHIVE),
        ("noise", bytes(range(256)) * 16, FileKind.ENCRYPTED),
        ("quiet", b"\0\1" * 2000, FileKind.OTHER),
    ],
)
def test_what_computers_and_viewers_leave_on_discs_is_told_apart(path: str, head: bytes, kind: FileKind) -> None:
    assert sniff(path, max(len(head), 3000), head) is kind
