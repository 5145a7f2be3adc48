"""Reports read as a tree with ways to their pictures; PDFs and films are saved as they are under a harmless name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.encaps import generate_frames
from pydicom.sequence import Sequence as Items

from tests import clinic
from tests.data import shared_data
from tests.usecases.sitting import Sitting
from viewer.index.model import Series
from viewer.problem import ProblemError, problem
from viewer.usecases.documents import DiscDocument, can_be_read, film_ending, safe_name, title_of
from viewer.usecases.saving import save_pieces

SR, CDA, PDF = clinic.ROOT + "88.33", clinic.ROOT + "104.2", clinic.ROOT + "104.1"


def documents(seat: Sitting, place: Path) -> tuple[Series, tuple[DiscDocument, ...]]:
    seat.open(place)
    series = next(s for study in seat.disc.studies for s in study.series if s.documents and can_be_read(s))
    return series, seat.loop.result(seat.session.documents(series.id))


def test_a_report_leads_to_its_pictures_and_says_what_was_measured(seat: Sitting, ct: Path, tmp_path: Path) -> None:
    import shutil

    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    pictures = clinic.pictures(disc)
    made = clinic.new(SR, "SR", pictures[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", "Findings")])
    elsewhere = clinic.item(ReferencedSOPClassUID=SR, ReferencedSOPInstanceUID="1.2.3.4.5")
    made.ContentSequence = Items(
        [
            clinic.item(ValueType="NUM", ConceptNameCodeSequence=[clinic.code("2", "Long axis")],
                        MeasuredValueSequence=[clinic.item(NumericValue="23.5", MeasurementUnitsCodeSequence=[clinic.code("mm", "mm")])]),
            clinic.item(ValueType="IMAGE", ReferencedSOPSequence=[clinic.reference(pictures[3])]),
            clinic.item(ValueType="IMAGE", ReferencedSOPSequence=[elsewhere]),
        ]
    )  # fmt: skip
    clinic.write(made, disc / "REPORT")
    _, (document,) = documents(seat, disc)
    title, number, here, gone = document.lines
    assert (title.name, number.name, number.words) == ("Findings", "Long axis", "23.5 mm")
    (place,) = here.links
    frame = seat.volume.groups[place[1]].frames[place[2]]
    assert (place[0], frame.ref.sop_uid) == (seat.volume.id, pictures[3].SOPInstanceUID)
    assert (gone.links, gone.words) == ((), "points at 1 object that is not shown here")


def test_a_line_that_stands_for_another_one_says_which_and_leads_where_it_leads(
    seat: Sitting, ct: Path, tmp_path: Path
) -> None:
    """PS3.3 C.17.3.2.5: relationships by reference name a place in the tree, 1 being the root."""
    import shutil

    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    pictures = clinic.pictures(disc)
    made = clinic.new(SR, "SR", pictures[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", "Findings")])
    size = clinic.item(
        ValueType="NUM", ConceptNameCodeSequence=[clinic.code("2", "Long axis")],
        MeasuredValueSequence=[clinic.item(NumericValue="23.5", MeasurementUnitsCodeSequence=[clinic.code("mm", "mm")])],
    )  # fmt: skip
    picture = clinic.item(ValueType="IMAGE", ReferencedSOPSequence=[clinic.reference(pictures[3])])
    meant = [clinic.item(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=way)
             for way in ([1, 2], [1, 1, 1], [1, 9])]  # fmt: skip
    group = clinic.item(ValueType="CONTAINER", ContentSequence=[picture, *meant])
    made.ContentSequence = Items([group, size])
    clinic.write(made, disc / "REPORT")
    _, (document,) = documents(seat, disc)
    number, place, nowhere = document.lines[3:6]
    assert (number.words, number.links) == ("see “Long axis: 23.5 mm”", ())
    assert (place.words, place.links) == ("", document.lines[2].links)
    assert len(place.links) == 1
    assert nowhere.words == "points at a line that is not shown here"


@pytest.mark.parametrize(("number", "ending"), [("104.3", "stl"), ("104.4", "obj"), ("104.5", "mtl")])
def test_a_model_for_printing_is_saved_as_it_is(
    seat: Sitting, ct: Path, tmp_path: Path, number: str, ending: str
) -> None:
    made = clinic.new(clinic.ROOT + number, "M3D", clinic.pictures(ct)[0])
    made.EncapsulatedDocument, made.EncapsulatedDocumentLength = b"v 0 0 0\nv 1 0 0\0", 15
    place = clinic.write(made, tmp_path / "MODEL")
    series, (document,) = documents(seat, place)
    assert (document.is_model, document.is_film, document.ending) == (True, False, ending)
    target = tmp_path / safe_name(series, document.ending)
    assert seat.loop.result(seat.session.take_along.document(document, target)) == target
    assert target.read_bytes() == b"v 0 0 0\nv 1 0 0"


def test_a_model_that_is_empty_is_a_problem(seat: Sitting, ct: Path, tmp_path: Path) -> None:
    made = clinic.new(clinic.ROOT + "104.3", "M3D", clinic.pictures(ct)[0])
    _, (document,) = documents(seat, clinic.write(made, tmp_path / "MODEL"))
    assert document.problem is not None
    assert (document.problem.code, document.ending) == ("document_missing", "")


def test_a_clinical_document_reads_as_lines(seat: Sitting, ct: Path, tmp_path: Path) -> None:
    import shutil

    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    made = clinic.new(CDA, "DOC", clinic.pictures(disc)[0])
    text = b"<ClinicalDocument><title>Befund</title><section><text>Alles gut</text></section></ClinicalDocument>"
    made.EncapsulatedDocument, made.MIMETypeOfEncapsulatedDocument = text + b" " * (len(text) % 2), "text/XML"
    clinic.write(made, disc / "CDA")
    _, (document,) = documents(seat, disc)
    assert [(one.name, one.words) for one in document.lines] == [("Befund", ""), ("", "Alles gut")]
    assert document.ending == ""


@pytest.mark.parametrize("name", ["video-h264.dcm", "video-hevc.dcm", "video-m2v.dcm"])
def test_a_film_is_saved_as_it_is(seat: Sitting, tmp_path: Path, name: str) -> None:
    place = shared_data("files", "video", name)
    series, (document,) = documents(seat, place)
    assert (document.is_film, document.ending) == (True, "ts")
    assert series.kind == "other"
    target = tmp_path / safe_name(series, document.ending)
    assert seat.loop.result(seat.session.take_along.document(document, target)) == target
    inside = next(generate_frames(pydicom.dcmread(place).PixelData, number_of_frames=1))
    assert target.read_bytes() == inside


def test_a_film_that_cannot_be_read_to_the_end_leaves_what_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "film.ts"
    target.write_bytes(b"before")

    def pieces() -> Iterator[bytes]:
        yield b"first part"
        raise ProblemError(problem("file_gone"))

    with pytest.raises(ProblemError):
        save_pieces(pieces(), target)
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["film.ts"]


def test_the_start_of_a_stream_tells_its_ending() -> None:
    assert film_ending(b"\0\0\0\x18ftypmp42") == "mp4"
    assert film_ending(b"\0\0\x01\xba\x44") == "mpg"
    assert film_ending(b"\0\0\x01\xb3\x01") == "m2v"
    assert film_ending(b"\0\0\0\x01\x67\x64") == "h264"
    assert film_ending(b"\0\0\0\x01\x40\x01") == "h265"
    assert film_ending(b"what") == "mpg"


def test_a_name_from_the_disc_becomes_a_harmless_file_name(seat: Sitting, ct: Path) -> None:
    seat.open(ct)
    odd = replace(seat.volume, name="../../etc/passwd\x00 <b>CON</b>\u202e.exe")
    assert safe_name(odd, "pdf") == "etc passwd b CON b exe.pdf"
    assert safe_name(replace(seat.volume, name="///"), "ts") == "Document.ts"


def test_a_dose_report_is_named_as_one(seat: Sitting) -> None:
    series, (document,) = documents(seat, shared_data("files", "made", "dose-sr.dcm"))
    assert ("Kind", "Report about the radiation dose", False) in document.facts
    assert "ose" in series.name


def with_title(folder: Path, ct: Path, title: str, kind: str) -> Path:
    """A disc with one document."""
    import shutil

    disc = Path(shutil.copytree(ct, folder / "disc"))
    first = clinic.pictures(disc)[0]
    first.PatientName = "Muster^Erika"
    made = clinic.new(kind, "DOC" if kind == PDF else "SR", first)
    if kind == PDF:
        made.DocumentTitle, made.MIMETypeOfEncapsulatedDocument = title, "application/pdf"
        made.EncapsulatedDocument = b"%PDF-1.4 "
    else:
        made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", title)])
        made.ContentSequence = Items(
            [
                clinic.item(
                    ValueType="TEXT", TextValue="All well.", ConceptNameCodeSequence=[clinic.code("2", "Finding")]
                )
            ]
        )
    clinic.write(made, disc / "DOCUMENT")
    return disc


@pytest.mark.parametrize("kind", [PDF, SR])
@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Letter of discharge", "Letter of discharge"),
        ("MRI 2024", "MRI 2024"),
        ("Letter on Mrs MUSTER", ""),  # hidden, as names are
        ("Befund Erika", ""),
        ("Befund 01.02.1961", ""),
        ("Case 4711-0815", ""),
        ("", ""),
    ],
)
def test_a_document_has_the_title_it_was_given_unless_that_tells_who_it_is_of(
    seat: Sitting, ct: Path, tmp_path: Path, title: str, told: str, kind: str
) -> None:
    from viewer.gui.sets.set_rows import row_of_series

    seat.open(with_title(tmp_path, ct, title, kind))
    series = next(s for study in seat.disc.studies for s in study.series if s.documents)
    assert title_of(series) == told
    row = row_of_series(series)
    assert (row.title, row.second) == ((told, series.name) if told else (series.name, "to be read here"))
    (document,) = seat.loop.result(seat.session.documents(series.id))
    assert document.title == (title or series.documents[0].series_description or series.name)
