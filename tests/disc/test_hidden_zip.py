"""ZIPs that are not named as such: opened like those that are, unless they are documents or parts of a viewer program."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.fakes.locked_zip import write_locked_zip
from tests.index.built import read_folder
from viewer.disc import zip_medium
from viewer.disc.open import open_medium, open_several
from viewer.index.account import report_sentences
from viewer.index.model import DiscIndex, Skipped
from viewer.jobs.jobs import Job
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.open_disc import read_disc


def read(path: Path, password: str | None = None) -> DiscIndex:
    index = read_folder(path, password)
    account = index.account
    assert account.shown + len(account.skipped) == account.found
    return index


def row_of(index: DiscIndex, path: str) -> Skipped:
    return next(row for row in index.account.skipped if row.path == path)


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, bytes]:
    """Five pictures without endings."""
    folder = tmp_path / "made"
    write_disc(folder, DiscKind.CT, slices=5, size=24)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"DICOM/IM{n}": path.read_bytes() for n, path in enumerate(found)}


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    folder = tmp_path / "disc"
    folder.mkdir()
    (folder / "note.txt").write_text("see the packed file")
    return folder


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["EXPORT", "study.bin", "IM0001", "deep/er/Bilder.download", "all.zip"])
def test_it_is_opened_whatever_it_is_called(disc: Path, pictures: dict[str, bytes], name: str) -> None:
    (disc / name).parent.mkdir(parents=True, exist_ok=True)
    (disc / name).write_bytes(packed(pictures))
    index = read(disc)
    assert index.picture_count == len(pictures)
    assert row_of(index, name).kind == "packed"
    assert index.account.found == len(pictures) + 2
    frames = [f for study in index.studies for s in study.series for g in s.groups for f in g.frames]
    assert {frame.header.path for frame in frames} == {f"{name}/{inner}" for inner in pictures}


def test_what_is_inside_is_read_by_several_at_once_and_again(disc: Path, pictures: dict[str, bytes]) -> None:
    (disc / "EXPORT").write_bytes(packed(pictures))
    medium = open_medium(str(disc))
    found = {one.path: one for one in medium.walk()}
    assert list(medium.inside(found["EXPORT"])) == []  # nothing is opened to find out
    medium.read("EXPORT", 0, 16)
    inner = list(medium.inside(found["EXPORT"]))
    assert {one.path: medium.read(one.path, 0, one.size) for one in inner} == {
        f"EXPORT/{name}": content for name, content in pictures.items()
    }
    assert medium.local("EXPORT/DICOM/IM0") is None
    assert list(medium.inside(found["EXPORT"])) == []  # once
    assert {one.path for one in medium.walk()} == {*found, *(one.path for one in inner)}
    medium.close()


DOCUMENTS = {
    "letter.docx": {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"},
    "letter.odt": {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"},
    "plugin": {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", "a/B.class": b"\xca\xfe\xba\xbe"},
    "VIEWER/skins": {"skin/back.png": b"\x89PNG\r\n\x1a\n", "skin/text.txt": b"hello"},
    "tools/run.jar": {"a/B.class": b"\xca\xfe\xba\xbe"},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_and_parts_of_a_viewer_stay_one_line(disc: Path, name: str) -> None:
    (disc / name).parent.mkdir(parents=True, exist_ok=True)
    (disc / name).write_bytes(packed(DOCUMENTS[name]))
    index = read(disc)
    assert index.account.found == 2
    told = {"letter.docx": "not_dicom", "letter.odt": "not_dicom", "plugin": "unopened"}
    assert row_of(index, name).kind == told.get(name, "viewer")


@pytest.mark.parametrize("name", ["VIEWER/data", "plugin", "letter.docx"])
def test_a_scan_is_found_there_too(disc: Path, pictures: dict[str, bytes], name: str) -> None:
    (disc / name).parent.mkdir(exist_ok=True)
    (disc / name).write_bytes(packed({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", **pictures}))
    assert read(disc).picture_count == len(pictures)


def test_a_locked_one_says_so_and_opens_with_its_password(disc: Path, pictures: dict[str, bytes]) -> None:
    write_locked_zip(disc / "EXPORT", pictures, "right")
    locked = row_of(read(disc), "EXPORT")
    assert (locked.kind, locked.code) == ("locked", "zip_needs_password")
    assert row_of(read(disc, "wrong"), "EXPORT").code == "zip_wrong_password"
    assert read(disc, "right").picture_count == len(pictures)


def test_a_bomb_is_left_out_and_the_rest_stays(
    disc: Path, pictures: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_medium, "FREE_SIZE", 1024**2)
    (disc / "EXPORT").write_bytes(packed({"bomb": bytes(8 * 1024**2), **pictures}))
    index = read(disc)
    assert row_of(index, "EXPORT/bomb").code == "zip_too_large"
    assert index.picture_count == len(pictures)


@pytest.mark.parametrize("outer", ["all.zip", "all"])
def test_one_inside_another_is_opened_and_a_third_is_listed(disc: Path, pictures: dict[str, bytes], outer: str) -> None:
    third = packed({"x": b"end"})
    (disc / outer).write_bytes(
        packed({"inner": packed({**pictures, "third": third}), "letter": packed(DOCUMENTS["letter.docx"])})
    )
    index = read(disc)
    assert index.picture_count == len(pictures)
    assert row_of(index, f"{outer}/inner").kind == "packed"
    assert row_of(index, f"{outer}/inner/third").kind == "unopened"
    assert row_of(index, f"{outer}/letter").kind == "unopened"
    assert index.account.found == len(pictures) + 5
    told = report_sentences(index)
    assert "2 packed files were not opened; what is in them is not shown (listed)." in told


def test_one_that_was_cut_off_says_so(disc: Path, pictures: dict[str, bytes]) -> None:
    (disc / "EXPORT").write_bytes(packed(pictures)[:-200])
    assert row_of(read(disc), "EXPORT").code == "zip_cut"


@pytest.mark.parametrize("name", ["EXPORT", "all.zip"])
def test_one_among_several_chosen_files_is_opened_too(disc: Path, pictures: dict[str, bytes], name: str) -> None:
    (disc / name).write_bytes(packed(pictures))
    medium = open_several([str(disc / "note.txt"), str(disc / name)])
    index = read_disc(medium, Job("read"), lambda _: None)
    medium.close()
    assert index.picture_count == len(pictures)
    assert row_of(index, name).kind == "packed"
