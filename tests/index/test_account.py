"""The account adds up: every file found is shown or listed with a reason, at every moment of reading."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.built import build_index
from tests.index.made import ANNA, index_of, moved, picture, series_of, stack
from viewer.dicom.dicomdir import DicomDir, ReferencedFile
from viewer.dicom.header import Header, Person
from viewer.disc.medium import FileKind, FoundFile
from viewer.index.account import report_sentences
from viewer.index.build import IndexBuilder
from viewer.index.model import SeriesKind
from viewer.problem import Problem, Severity, problem
from viewer.usecases.request import clinic_request

DAMAGED = Problem("too_large", Severity.LOSS, "This file claims a picture that cannot be in it.")
STORAGE = "1.2.840.10008.5.1.4.1.1."


def a_disc() -> tuple[list[FoundFile], list[Header]]:
    report = picture(90, sop_class=STORAGE + "88.11", pixels=None, frames=0, modality="SR", series_uid="1.8")
    state = picture(91, sop_class=STORAGE + "11.1", pixels=None, frames=0, modality="PR", series_uid="1.7")
    broken = picture(92, problems=(DAMAGED,))
    empty_picture = picture(93, pixels=None, frames=0)
    headers = [*stack(range(12)), report, state, broken, empty_picture]
    files = [FoundFile(header.path, header.size, FileKind.DICOM) for header in headers]
    files += [
        FoundFile("VIEWER/START.EXE", 9, FileKind.VIEWER),
        FoundFile("DICOMDIR", 9, FileKind.DICOMDIR),
        FoundFile("A.JPG", 9, FileKind.PICTURE),
        FoundFile("EMPTY", 0, FileKind.EMPTY),
        FoundFile("LOST", 9, FileKind.UNREADABLE, problem("path_not_readable")),
        FoundFile("CUT", 9, FileKind.DICOM),
    ]
    return files, headers


def test_the_report_counts_what_is_shown_then_left_out_then_broken() -> None:
    files, headers = a_disc()
    index = build_index("disc", files, headers)
    assert report_sentences(index) == (
        "12 pictures in 1 set.",
        "1 report or document.",
        "1 file is not a picture (listed).",
        "1 file belongs to the disc's own viewer and was left alone.",
        "1 file is the disc's own list.",
        "1 other file does not come from a scanner.",
        "1 file is empty.",
        "3 files are damaged (listed).",
        "1 file could not be read from the disc.",
    )
    reasons = {row.path: (row.kind, row.reason) for row in index.account.skipped}
    assert reasons["IM0092"] == ("damaged", "This file claims a picture that cannot be in it.")
    assert reasons["IM0093"] == ("damaged", "The picture itself is missing from this file")
    assert reasons["LOST"] == ("unreadable", "This computer does not allow you to read this folder.")
    assert reasons["CUT"][0] == "damaged"
    assert all("/" not in line for line in report_sentences(index))


@given(st.randoms(use_true_random=False), st.integers(0, 40))
def test_while_reading_nothing_is_called_damaged_and_the_end_is_the_same_in_any_order(
    shuffle: random.Random, moment: int
) -> None:
    files, headers = a_disc()
    builder = IndexBuilder()
    steps: list[FoundFile | Header] = [*files, *headers]
    shuffle.shuffle(steps)
    for number, step in enumerate(steps):
        if isinstance(step, Header):
            builder.add_header(step)
        else:
            builder.add(step)
        if number == moment:
            early = builder.result("disc", complete=False)
            assert not early.complete
            assert "CUT" not in {row.path for row in early.account.skipped}
            waiting = early.account.found - early.account.shown - len(early.account.skipped)
            assert waiting >= 0
            assert any("not been read yet" in line for line in report_sentences(early)) == bool(waiting)
    late = builder.result("disc", complete=True)
    assert late == build_index("disc", files, headers)
    assert late.account.shown + len(late.account.skipped) == late.account.found == len(files)


def test_a_series_that_did_not_change_is_the_same_object_in_the_next_result() -> None:
    builder = IndexBuilder()
    for header in stack(range(8)):
        builder.add_header(header)
    one = builder.result("disc", False).studies[0].series[0]
    builder.add_header(picture(50, series_uid="1.9", series_number=9))
    assert builder.result("disc", False).studies[0].series[0] is one


def test_the_same_file_twice_is_shown_once_and_counted() -> None:
    headers = stack(range(8))
    again = [replace(header, path="COPY/" + header.path) for header in headers]
    index = index_of([*again, *headers])
    assert index.picture_count == 8
    assert [row.kind for row in index.account.skipped] == ["duplicate"] * 8
    assert {frame.header.path for frame in index.studies[0].series[0].frames} == {h.path for h in headers}
    assert "8 double files were skipped." in report_sentences(index)


def test_equal_facts_with_other_bytes_are_two_pictures_when_the_bytes_can_be_asked() -> None:
    one = picture(1, 0.0)
    other = replace(one, path="OTHER")
    index = index_of([one, other], same_bytes=lambda a, b: False)
    assert index.picture_count == 2
    assert index.account.skipped == ()


def test_one_number_on_sixteen_different_pictures_gives_sixteen_keys_and_a_word() -> None:
    headers = [replace(header, sop_uid="1.1") for header in stack(range(16))]
    (series,) = series_of(headers)
    assert sorted(frame.ref.copy for frame in series.frames) == list(range(16))
    assert len({frame.ref for frame in series.frames}) == 16
    assert [note.code for note in series.problems] == ["same_number"]


def test_one_number_in_two_series_is_told_apart_too() -> None:
    one, other = picture(1, 0.0), picture(1, 5.0, series_uid="1.77", path="B")
    keys = {frame.ref for series in series_of([one, other]) for frame in series.frames}
    assert len(keys) == 2


def test_files_without_any_number_are_still_told_apart() -> None:
    (series,) = series_of([replace(header, sop_uid="", series_uid="") for header in stack(range(8))])
    assert len({frame.ref for frame in series.frames}) == 8


def test_the_key_knows_a_disc_again_after_copying_and_no_other() -> None:
    headers = stack(range(5))
    copied = [replace(header, path="somewhere/else/" + header.path.lower()) for header in headers]
    assert index_of(headers).key == index_of(reversed(copied)).key
    assert index_of(headers).key != index_of(headers[:-1]).key
    assert len(index_of([]).key) == 32


def test_what_the_list_names_and_the_disc_lacks_is_missing_whatever_the_spelling() -> None:
    entries = (ReferencedFile("IMAGES/im1"), ReferencedFile("IMAGES/IM2"), ReferencedFile("IMAGES/IM3", "9.9"))
    found = [FoundFile(name, 9, FileKind.DICOM) for name in ("images/IM1;1", "images/im3.")]
    headers = [picture(1, 0.0, path="images/IM1;1"), picture(3, 1.0, path="images/im3.")]
    index = build_index("disc", found, headers, [("DICOMDIR", DicomDir(entries))])
    assert index.account.missing == ("IMAGES/IM2",)
    assert [note.code for note in index.problems] == ["listed_but_missing", "list_disagrees"]
    assert "1 file named in the disc's list is not on the disc." in report_sentences(index)
    early = IndexBuilder()
    early.add_dicomdir("DICOMDIR", DicomDir(entries))
    assert early.result("disc", complete=False).account.missing == ()


@pytest.mark.parametrize("listed", ["DICOM/IMAGE000", "DICOM/IMAGE0~1.DCM", "DICOM/IMAGE000.DCM;1"])
def test_a_picture_that_the_list_names_by_a_shortened_name_is_not_missing(listed: str) -> None:
    header = picture(1, 0.0, path="DICOM/image0001.dcm")
    found = [FoundFile(header.path, 9, FileKind.DICOM)]
    index = build_index("disc", found, [header], [("DICOMDIR", DicomDir((ReferencedFile(listed, header.sop_uid),)))])
    assert index.account.missing == ()
    assert index.problems == ()
    entries = (ReferencedFile(header.path, "1.2.9"), ReferencedFile("DICOM/XA7", header.sop_uid))
    other = build_index("disc", found, [header], [("DICOMDIR", DicomDir(entries))])
    assert other.account.missing == ("DICOM/XA7",)


def test_a_list_of_files_that_were_all_renamed_finds_them_by_their_numbers() -> None:
    headers = stack(range(4))
    listed = DicomDir(tuple(ReferencedFile(f"DICOM/A/X{n}", header.sop_uid) for n, header in enumerate(headers)))
    index = build_index("disc", files_of(*(header.path for header in headers)), headers, [("DICOMDIR", listed)])
    assert index.account.missing == ()
    assert index.problems == ()


def test_pictures_that_the_list_does_not_name_are_shown_and_told() -> None:
    headers = stack(range(3))
    found = [FoundFile(header.path, 9, FileKind.DICOM) for header in headers]
    listed = DicomDir((ReferencedFile(headers[0].path, headers[0].sop_uid),))
    index = build_index("disc", found, headers, [("DICOMDIR", listed)])
    assert index.picture_count == 3
    assert [note.text for note in index.problems] == [
        "The disc's own list leaves out 2 files with pictures; everything is shown all the same."
    ]


def test_a_folder_with_nothing_but_a_locked_zip_says_that_it_is_locked() -> None:
    locked = FoundFile("all.zip", 9, FileKind.UNREADABLE, problem("zip_locked_otherwise", "all.zip"))
    assert [note.code for note in build_index("disc", [locked], []).problems] == ["disc_locked"]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["link_not_followed", "link_not_followed"], "disc_of_links"),
        (["link_not_followed", "file_not_allowed"], "disc_not_allowed"),
        (["file_not_allowed"], "disc_not_allowed"),
        (["link_not_followed", "file_not_readable"], "disc_unreadable"),
        (["zip_cut"], "zip_cut"),
        (["not_a_zip", "file_not_readable"], "not_a_zip"),
    ],
)
def test_only_a_disc_that_cannot_be_read_is_to_be_cleaned(codes: list[str], said: str) -> None:
    files = [FoundFile(f"F{n}", 0, FileKind.UNREADABLE, problem(code, f"F{n}")) for n, code in enumerate(codes)]
    index = build_index("disc", files, [])
    assert [note.code for note in index.problems] == [said]
    kinds = ["link" if code == "link_not_followed" else "unreadable" for code in codes]
    assert sorted(row.kind for row in index.account.skipped) == sorted(kinds)


def test_a_packed_file_that_can_be_unpacked_is_told_before_one_that_is_cut_off() -> None:
    files = [
        FoundFile("driver.zip", 0, FileKind.UNREADABLE, problem("zip_cut", "driver.zip")),
        FoundFile("pictures.7z", 9, FileKind.ARCHIVE),
    ]
    assert [note.code for note in build_index("disc", files, []).problems] == ["disc_packed"]
    assert build_index("disc", files[:1], []).problems == (problem("zip_cut", "driver.zip"),)


def test_a_file_of_a_zip_that_another_program_can_unpack_is_not_told_as_a_fault_of_the_disc() -> None:
    files = [FoundFile(f"IM{n}", 9, FileKind.UNREADABLE, problem("zip_packed_otherwise", f"IM{n}")) for n in range(2)]
    index = build_index("export.zip", files, [])
    assert {row.kind for row in index.account.skipped} == {"unopened"}
    assert [note.code for note in index.problems] == ["disc_packed"]
    assert "cannot be read" not in clinic_request(index)


def test_shortcuts_without_what_they_lead_to_are_said_to_be_that() -> None:
    shortcuts = [FoundFile(name, 400, FileKind.VIEWER) for name in ("Scan.lnk", "Portal.URL")]
    assert [note.code for note in build_index("disc", shortcuts, []).problems] == ["disc_of_links"]


@pytest.mark.parametrize("kind", ["481.1", "481.2", "481.23", "481.24"])
def test_pictures_of_radiotherapy_are_pictures(kind: str) -> None:
    made = picture(1, 0.0, sop_class=f"1.2.840.10008.5.1.4.1.1.{kind}")
    assert index_of([made]).picture_count == 1


@pytest.mark.parametrize(
    "kind",
    ["8", "9", "10", "11", "68.1", "77.1.5.3", "78.1", "78.6", "79.1", "80.1", "90.1", "91.1", "129", "131", "200.3"],
)
def test_an_object_that_never_holds_a_picture_is_not_called_damaged(kind: str) -> None:
    """Tables, curves, measurements, plans: PS3.4 B.5 and its retired classes."""
    made = picture(1, sop_class=f"1.2.840.10008.5.1.4.1.1.{kind}", pixels=None, place=None, frames=0)
    (row,) = index_of([made]).account.skipped
    assert row.kind == "not_a_picture"


def test_a_picture_of_the_eye_without_its_pixels_is_damaged() -> None:
    made = picture(1, sop_class="1.2.840.10008.5.1.4.1.1.77.1.5.4", pixels=None, place=None, frames=0)
    (row,) = index_of([made]).account.skipped
    assert row.kind == "damaged"


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([FileKind.PICTURE] * 3 + [FileKind.VIEWER], "disc_snapshots"),
        ([FileKind.ENCRYPTED, FileKind.PICTURE], "disc_locked"),
        ([FileKind.ENCRYPTED, *[FileKind.PICTURE] * 9], "disc_snapshots"),
        ([FileKind.FILM, FileKind.VIEWER], "disc_snapshots"),
        ([FileKind.FOREIGN, FileKind.DOCUMENT], "disc_foreign"),
        ([FileKind.ARCHIVE, FileKind.OTHER], "disc_packed"),
        ([FileKind.UNREADABLE], "disc_unreadable"),
        ([], "folder_empty"),
        ([FileKind.DOCUMENT, FileKind.VIEWER], "disc_without_pictures"),
    ],
)
def test_a_disc_without_originals_says_what_it_holds_and_what_to_ask_for(kinds: list[FileKind], code: str) -> None:
    index = build_index("disc", [FoundFile(f"F{n}", 9, kind) for n, kind in enumerate(kinds)], [])
    assert [note.code for note in index.problems] == [code]
    assert index.problems[0].remedy
    assert report_sentences(index)[0] == "No pictures from a scanner."


def test_two_people_on_a_disc_are_kept_apart_and_told() -> None:
    ben = Person("Muster, Ben", "B2", "19800101", "M")
    headers = [*stack(range(3)), *stack(range(3), first=20, study_uid="1.3", series_uid="1.3.1", person=ben)]
    index = index_of(headers)
    assert [study.person for study in index.studies] == [ANNA, ben]
    assert index.problems[0].text == "This disc holds pictures of 2 people."


def test_two_people_under_one_study_number_are_two_studies() -> None:
    ben = Person("Muster, Ben", "B2", "19800101", "M")
    index = index_of([*stack(range(3)), *stack(range(3), first=20, series_uid="1.3.1", person=ben)])
    assert [len(study.series) for study in index.studies] == [1, 1]
    assert index.picture_count == 6


@pytest.mark.parametrize(
    "other",
    [
        replace(ANNA, name="Muster-Beispiel, Anna"),
        replace(ANNA, name="BEISPIEL^ANNA", identifier="other clinic"),
        Person(),
    ],
)
def test_an_exam_stays_whole_under_a_second_spelling(other: Person) -> None:
    index = index_of([*stack(range(3)), *stack(range(3), first=20, series_uid="1.3.1", person=other)])
    assert len(index.studies) == 1
    assert index.problems == ()


def test_reports_are_documents_and_other_objects_are_listed_and_folded() -> None:
    files, headers = a_disc()
    (study,) = build_index("disc", files, headers).studies
    assert [(one.name, one.kind, one.helper, len(one.documents)) for one in study.series] == [
        ("From the side, MRI", SeriesKind.VOLUME, False, 0),
        ("Report", SeriesKind.DOCUMENT, False, 1),
        ("Damaged pictures", SeriesKind.OTHER, True, 2),
        ("Saved view", SeriesKind.OTHER, True, 1),
    ]


def test_pictures_in_a_packing_that_nobody_here_knows_are_not_called_damaged() -> None:
    headers = stack(range(8), problems=(problem("unknown_encoding"),), transfer_syntax="1.2.3.4")
    index = index_of(headers)
    assert report_sentences(index) == (
        "No pictures from a scanner.",
        "8 picture files are packed in a way that Sidelight cannot undo (listed).",
    )
    assert [one.name for one in index.every_series] == ["Pictures packed in an unknown way"]
    assert index.problems == ()  # neither snapshots nor locked
    words = clinic_request(index)
    assert "8 files on it are packed in a way that my program cannot undo." in words
    assert "damaged" not in words


def test_main_sets_come_first_and_ids_follow_the_clinics_numbers() -> None:
    headers = [
        *stack(range(3), first=1, series_uid="1.1", series_number=1, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER")),
        *stack(range(10), first=20, series_uid="1.2", series_number=2),
        *stack(range(40), first=100, series_uid="1.3", series_number=3, image_type=("DERIVED", "SECONDARY")),
        *stack(range(30), first=200, series_uid="1.4", series_number=4),
        picture(300, series_uid="1.5", series_number=5, sop_class=STORAGE + "7", modality="OT"),
    ]
    (study,) = index_of(headers).studies
    assert [one.id for one in study.series] == ["s4", "s2", "s3", "s1", "s5"]
    assert [one.helper for one in study.series] == [False, False, False, True, True]


def test_hostile_places_do_not_make_a_volume() -> None:
    huge = [moved(picture(k, float(k)), position=(1e300, float(k), 0.0)) for k in range(9)]
    far = [picture(k, 1000.0 * k) for k in range(9)]
    (one,), (other,) = series_of(huge), series_of(far)
    assert (one.kind, other.kind) == (SeriesKind.STACK, SeriesKind.STACK)
    assert other.blocked[0][1].code == "planes_off_far"


def test_an_anonymiser_that_gives_one_number_to_a_whole_disc_is_sorted_out_at_once() -> None:
    asked: list[tuple[str, str]] = []

    def same_bytes(one: str, other: str) -> bool:
        asked.append((one, other))
        return True

    builder = IndexBuilder(same_bytes)
    for header in stack(range(400)):
        builder.add_header(replace(header, sop_uid="1.1"))
    builder.add_header(replace(picture(1, 0.0), sop_uid="1.1", path="AGAIN"))
    assert builder.result("disc", complete=False).picture_count == 400
    assert builder.result("disc", complete=True).picture_count == 400
    assert len(asked) == 1


def files_of(*paths: str, kind: FileKind = FileKind.DICOM) -> list[FoundFile]:
    return [FoundFile(path, 9, kind) for path in paths]


def test_a_list_that_names_nothing_on_the_disc_belongs_to_another_and_no_files_are_asked_for() -> None:
    headers = stack(range(3))
    found = [*files_of(*(header.path for header in headers)), *files_of("DICOMDIR", kind=FileKind.DICOMDIR)]
    other = DicomDir(tuple(ReferencedFile(f"PT0/IM{n}", f"9.9.{n}") for n in range(4)))
    index = build_index("disc", found, headers, [("DICOMDIR", other)])
    assert [note.code for note in index.problems] == ["list_of_another_disc"]
    assert len(index.account.missing) == 4
    assert clinic_request(index) == ""


def test_a_list_speaks_of_its_own_folder_only() -> None:
    headers = [picture(n, float(n), path=f"{'A' if n < 3 else 'B'}/IM{n}") for n in range(6)]
    listed = DicomDir(tuple(ReferencedFile(f"IM{n}", headers[n].sop_uid) for n in range(3)))
    index = build_index("disc", files_of(*(h.path for h in headers)), headers, [("A/DICOMDIR", listed)])
    assert index.problems == ()


def test_snapshots_beside_a_report_are_still_only_snapshots() -> None:
    report = picture(1, sop_class=STORAGE + "88.11", pixels=None, frames=0, modality="SR", series_uid="1.8")
    found = [*files_of(report.path), *files_of("A.JPG", "B.JPG", "C.JPG", kind=FileKind.PICTURE)]
    assert [note.code for note in build_index("disc", found, [report]).problems] == ["disc_snapshots"]
    assert build_index("disc", found[:2], [report]).problems == ()
    assert index_of([report, picture(2, 1.0)]).problems == ()


def test_a_packed_file_that_was_opened_says_so() -> None:
    header = picture(1, path="all.zip/IM1")
    found = [*files_of("all.zip", "more.zip", kind=FileKind.ARCHIVE), *files_of(header.path)]
    rows = {row.path: row.kind for row in build_index("disc", found, [header]).account.skipped}
    assert rows == {"all.zip": "packed", "more.zip": "unopened"}


def test_of_a_folder_and_its_copy_the_folder_is_shown() -> None:
    headers = [picture(1, path="CD - Copy/IM1"), picture(1, path="CD/IM1", size=1001)]
    (double,) = index_of([replace(headers[0], size=1001), headers[1]]).account.skipped
    assert double.path == "CD - Copy/IM1"


@pytest.mark.parametrize(("shift", "said"), [(0.0, "packed_again"), (1.0, "same_number")])
def test_pictures_that_are_there_plain_and_packed_are_both_shown_and_said(shift: float, said: str) -> None:
    plain = [picture(number, float(number)) for number in range(8)]
    packed = [
        replace(picture(number, number + shift), path=f"P/{number}", transfer_syntax="1.2.840.10008.1.2.5", size=9)
        for number in range(8)
    ]
    found = index_of([*plain, *packed], same_bytes=lambda one, other: False)
    series = [one for study in found.studies for one in study.series]
    assert sum(len(one.frames) for one in series) == 16
    assert all(said in [note.code for note in one.problems] for one in series)
