"""Every file of the shared data against the tables that came with it: shown or listed, kind, values, what is said.

MANIFEST.csv says of each file how many pictures a correct program reaches, of which kind, and a sentence on what
should happen; truth.json what two independent readers found in each picture. Where the program answers otherwise,
the file stands in a table here with the reason (`OTHER_VALUES`, `OTHER_COUNT`, `KINDS`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.data import has_shared_data, shared_data, truth
from tests.table.reading import File, Picture, Read, folder, manifest, read
from viewer.index.model import Skipped

PLACES = sorted(manifest()) if has_shared_data() else []
Check = Callable[[File], bool]

# Every "no": a file whose values are not those of the readers, and why ours are right.
OTHER_VALUES = {
    "discs/11-damaged/IMG/BADRESC": "slope 1e400 in the file: the readers give infinity; we leave it out and say so",
    "discs/11-damaged/IMG/ROWSLIE": "half of the rows are not in the file: the reader invents 65535, we leave them empty",
}
# A file with more pictures than the table expects.
OTHER_COUNT = {
    "files/pixels/emri_small_jpeg_2k_lossless_too_short.dcm": (
        10, "the table's readers gave up; its ten pictures are all in the file, and each carries the mark 'cut off'"
    ),
}  # fmt: skip
# expected kind → kinds of series that are as good, with the reason.
KINDS: dict[str, set[str]] = {
    "volume": {"volume"},
    "stack": {"stack"},
    "single": {"single"},
    "cine": {"cine"},
    "document": {"document"},
    "other": {"other"},
    "junk": set(),
    "zip": set(),
    "dicomdir": set(),
    "seg": {"other"},  # outlines, listed
    "picture": {"single", "stack"},  # the table does not say which
    "damaged": {"volume", "stack", "single", "other"},
}
KINDS_THERE = {
    ("discs/07-siemens-mosaic-enhanced", "stack"): ({"volume"}, "tiles of a mosaic have places: three directions"),
    ("discs/11-damaged", "stack"): ({"volume"}, "twelve sagittal pictures and their damaged copies lie parallel"),
    ("discs/11-damaged", "single"): ({"volume", "stack"}, "they have the series number of those twelve"),
    ("files", "single"): ({"stack", "volume"}, "files of one series lie in one folder here; mosaics have tiles"),
    ("files", "other"): ({"document", "stack"}, "a report is a document; the short JPEG 2000 file shows its pictures"),
    ("files", "volume"): ({"stack"}, "three of many slices, 5 mm apart: too few for three directions"),
}


def listed(*kinds: str) -> Check:
    """In the import report, under one of these headings (any when none is named), with a sentence."""
    return lambda file: bool(file.listed) and bool(file.reason) and (not kinds or file.listed in kinds)


def shown(file: File) -> bool:
    """Drawn, and not blank unless all its values are alike."""
    return bool(file.shown) and all(picture.levels > 1 or picture.low == picture.high for picture in file.shown)


def opens(file: File) -> bool:
    """Shown whole, without a single word that would alarm."""
    return shown(file) and len(file.shown) == len(file.pictures) and not file.said & ALARMING


ALARMING = {
    "picture_incomplete",
    "picture_doubtful",
    "pixels_cut_off",
    "picture_damaged",
    "file_part_damaged",
    "points_stand_out",
    "pixels_too_many",
}


def said(*codes: str) -> Check:
    return lambda file: bool(file.said & set(codes)) if codes else bool(file.said)


def set_said(*codes: str) -> Check:
    return lambda file: shown(file) and bool(file.set_words & set(codes))


def both(*checks: Check) -> Check:
    return lambda file: all(check(file) for check in checks)


def either(*checks: Check) -> Check:
    return lambda file: any(check(file) for check in checks)


def letters(there: bool) -> Check:
    return lambda file: all(picture.letters is there for picture in file.shown)


def without_scale(file: File) -> bool:
    return not any(picture.scale for picture in file.shown)


def outline_free(file: File) -> bool:
    return not file.pictures


MARKED = either(listed(), said("pixels_cut_off", "picture_incomplete", "picture_doubtful", "picture_damaged"))
NOT_DICOM = both(outline_free, listed("viewer", "system", "not_dicom", "empty"))
NOT_SHOWN = both(outline_free, either(listed(), lambda file: file.kinds <= {"document", "other"}))
ANYTHING = either(shown, listed(), said())

# The sentence of the table → what is looked at. Order, steps, planes, letters and names are the business of
# tests/index, tests/volume, tests/picture and tests/dicom; here such files must at least open.
SENTENCES: dict[str, Check] = {
    "not DICOM, ignored, counted": NOT_DICOM,
    "": NOT_DICOM,
    "index only, no picture; agrees with the files": both(outline_free, listed("dicomdir")),
    "index only, no picture": both(outline_free, listed("dicomdir")),
    "problem: files listed in DICOMDIR missing; pictures still all shown": both(outline_free, listed("dicomdir")),
    "all 64 pictures shown; missing ones named; nothing outside opened": both(outline_free, listed("dicomdir")),
    "said; files found anyway": both(outline_free, listed("dicomdir")),
    "opens": opens,
    "listed with its reason": either(NOT_SHOWN, MARKED),
    "listed as not a picture": NOT_SHOWN,
    "listed as not a picture (or drawn)": NOT_SHOWN,
    "listed as a dose report, not a picture": NOT_SHOWN,
    "listed as video with a way to save the stream; 0 pictures": NOT_SHOWN,
    "opens in the window as a document": both(outline_free, lambda file: file.kinds == {"document"}),
    "one series of 28; tilt corrected from positions and labelled; uneven spacing named; or side views off with the"
    " reason": both(set_said("scanner_tilted"), set_said("spacing_uneven")),
    "said in words, with a sentence to send to the hospital; 0 DICOM": both(outline_free, listed("not_dicom")),
    "said as proprietary or encrypted content, with a sentence to send to the hospital; 0 frames": both(
        outline_free, listed("not_dicom")
    ),
    "1 frame; nothing written outside; names reported": listed(),
    "problem said; whatever opens is shown": listed("unreadable"),
    "asks; Python's zipfile cannot open AES: either opens it or says so plainly": listed("locked"),
    "asks for the password; 5 frames with it, a plain sentence without": listed("locked"),
    "opens like a folder: 9 frames": listed(),
    "1 frame outside; inner 3 opened or named": listed(),
    "listed as not DICOM": NOT_DICOM,
    "ignored; never rendered": NOT_DICOM,
    "shown, no letters": both(shown, letters(False)),
    "shown, no letters, not in a volume": both(shown, letters(False), lambda file: "volume" not in file.kinds),
    "a problem is said": either(said(), listed()),
    "shown with an automatic window": shown,
    "no allocation; listed": listed(),
    "refused before allocation": listed("damaged"),
    "refused before allocation; the one frame that is there may be shown": said("frames_missing"),
    "shown with a mark": both(shown, MARKED),
    "listed as damaged": listed("damaged"),
    "listed as empty": listed("empty"),
    "listed with the reason": listed("damaged"),
    "listed: no picture": listed("damaged"),
    "listed: unknown encoding, the UID named": listed("packed_otherwise"),
    "shown with a mark (short data) or listed; never as if fine": MARKED,
    "shown with a mark or listed": MARKED,
    "shown with a mark or listed; no crash": MARKED,
    "never shown as fine: short data": MARKED,
    "no crash, listed or opened": ANYTHING,
    "opens or is listed; no crash": ANYTHING,
    "shown or listed, never dropped without a word": ANYTHING,
    "opens; a word on the preamble": both(shown, said("program_in_front")),
    "decoded by what the stream is, with a word, or listed": either(listed(), said("encoding_mislabelled")),
    "shown without a scale bar": both(shown, without_scale),
    "gap drawn and named: 3 mm... (4 mm step); order by position": set_said("pictures_missing"),
    "16 frames, a word on it": set_said("same_number"),
    "both reachable; the volume is not shifted by the double": set_said("groups_unequal"),
    "stack in instance order, no letters, planes off with the reason": both(shown, letters(False)),
    "resampled by true position or planes off with the reason": set_said("spacing_uneven"),
}
# A sentence about the whole disc → codes that must be said.
DISC_WORDS = {
    "discs/09-jpeg-only-no-dicom": {"disc_snapshots"},
    "discs/13-proprietary-encrypted": {"disc_locked"},
    "discs/14-wrong-dicomdir": {"directory_climbs_out", "listed_but_missing", "list_disagrees"},
    "discs/11-damaged": {"directory_damaged"},
    "discs/03-head-phantom-ct-philips": {"listed_but_missing"},
}


def rows_of(place: str) -> list[tuple[str, File, dict[str, str]]]:
    """(path in MANIFEST.csv, what became of the file, its row)."""
    found = read(place).files
    return [(f"{place}/{path}", found[path], row) for path, row in manifest()[place].items()]


@pytest.mark.parametrize("place", PLACES)
def test_no_file_is_lost_and_none_is_counted_twice(place: str) -> None:
    account, files = read(place).index.account, read(place).files
    assert account.found == account.shown + len(account.skipped)
    assert set(manifest()[place]) <= set(files)
    others = set(files) - set(manifest()[place])
    assert all(".zip/" in path for path in others)  # members of ZIP files are counted, too
    paths = [row.path for row in account.skipped]
    assert len(paths) == len(set(paths))
    assert not [path for path, file in files.items() if file.pictures and file.listed]
    assert account.shown == sum(bool(file.pictures) for file in files.values())
    assert all(plain(row) for row in account.skipped)


def plain(row: Skipped) -> bool:
    """A sentence without paths, tag numbers or the text of an exception."""
    return len(row.reason) > 10 and not any(mark in row.reason for mark in ("Error", "0x", "(0", "\\", "/"))


@pytest.mark.parametrize("place", PLACES)
def test_each_file_gives_as_many_pictures_as_the_table_says(place: str) -> None:
    wrong = []
    for path, file, row in rows_of(place):
        low, high = int(row["frames_min"]), int(row["frames_max"])
        if path in OTHER_COUNT:
            low = high = OTHER_COUNT[path][0]
        if not low <= len(file.shown) <= high:
            wrong.append((path, len(file.shown), low, high, sorted(file.said)))
    assert not wrong


@pytest.mark.parametrize("place", PLACES)
def test_a_picture_that_cannot_be_drawn_says_why(place: str) -> None:
    good = [(path, row) for path, file, row in rows_of(place) if len(file.shown) < len(file.pictures)]
    assert all(row["expect_kind"] == "damaged" for _, row in good)


@pytest.mark.parametrize("place", PLACES)
def test_each_file_is_of_the_kind_the_table_says(place: str) -> None:
    wrong = []
    for path, file, row in rows_of(place):
        there, _ = KINDS_THERE.get((place, row["expect_kind"]), (set(), ""))
        if not file.kinds <= KINDS[row["expect_kind"]] | there:
            wrong.append((path, file.kinds, row["expect_kind"]))
    assert not wrong


@pytest.mark.parametrize("place", PLACES)
def test_the_values_are_those_of_two_readers(place: str) -> None:
    wrong = []
    for path, file, _ in rows_of(place):
        told = truth()["files"].get(path, {})
        for picture in file.shown if path not in OTHER_VALUES else ():
            row = next((one for one in told.get("per_frame", ()) if one["i"] == picture.number - 1), None)
            if row is not None and not alike(picture, row, told):
                wrong.append((path, picture.number, told["agree"], picture.mean, row["mean"]))
    assert not wrong


def alike(picture: Picture, row: dict[str, Any], told: dict[str, Any]) -> bool:
    """Bit for bit where the readers agree so, else within the rounding of lossy decoders."""
    if told["agree"] != "close":
        return bool(picture.digest == row["sha256_f32"])
    step = 16.0 if picture.colour else 3.0 * picture.slope
    ends: bool = max(abs(picture.high - row["max"]), abs(picture.low - row["min"])) <= step
    return ends and abs(picture.mean - row["mean"]) <= max(0.03, step / 20)


@pytest.mark.parametrize("place", PLACES)
def test_what_the_table_expects_of_each_file_is_so(place: str) -> None:
    wrong = []
    for path, file, row in rows_of(place):
        if not SENTENCES.get(row["expect"], shown)(file):
            wrong.append((path, row["expect"], len(file.pictures), file.kinds, file.listed, sorted(file.said)))
    assert not wrong


@pytest.mark.parametrize("place", sorted(DISC_WORDS))
def test_what_is_wrong_with_a_whole_disc_is_said_with_a_remedy(place: str) -> None:
    found: Read = read(place)
    assert DISC_WORDS[place] <= found.words
    assert all(one.text for one in found.index.problems)
    if not found.index.picture_count:
        assert all("clinic" in one.remedy for one in found.index.problems)


def test_every_exception_in_the_tables_is_a_file_that_still_needs_it_and_has_a_reason() -> None:
    shared_data("MANIFEST.csv")
    for path in OTHER_VALUES:
        top, disc, name = path.split("/", 2)
        told = truth()["files"][path]
        (picture,) = read(f"{top}/{disc}").files[name].shown
        assert not alike(picture, told["per_frame"][0], told)
    assert set(OTHER_COUNT) <= {f"{place}/{path}" for place in PLACES for path in manifest()[place]}
    assert all(len(reason) > 20 for reason in (*OTHER_VALUES.values(), *(why for _, why in OTHER_COUNT.values())))
    assert all(len(reason) > 20 for _, reason in KINDS_THERE.values())


def test_an_archive_that_climbs_out_writes_nothing_anywhere() -> None:
    shared_data("discs", "10-zip")
    before = sorted(os.listdir(folder("discs/10-zip")))
    read("discs/10-zip")
    assert sorted(os.listdir(folder("discs/10-zip"))) == before
    assert not [name for name in ("evil.txt", "abs.txt", "win.txt") if (folder("discs/10-zip").parent / name).exists()]
