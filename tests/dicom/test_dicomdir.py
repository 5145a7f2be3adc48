"""The disc's own list: a hint that may lie."""

from __future__ import annotations

import pytest

from tests.data import shared_data
from tests.dicom.made import Found, Memory, data_set, element, item, wrapped
from viewer.dicom.dicomdir import DicomDir, ReferencedFile, missing_from, read_dicomdir
from viewer.disc.folder import FolderMedium


def listed(*files: str) -> DicomDir:
    records = b"".join(item(element(0x00041430, "CS", "IMAGE") + element(0x00041500, "CS", f)) for f in files)
    data = wrapped(data_set({0x00041220: ("SQ", records)}))
    return read_dicomdir(Memory(data), Found("DICOMDIR", len(data)))


@pytest.mark.parametrize("climbing", ["..\\..\\etc\\passwd", "C:\\x", "/etc/passwd", "\\\\server\\share", "A\\..\\B"])
def test_an_entry_that_leads_out_of_the_disc_is_named_and_left_out(climbing: str) -> None:
    table = listed("DIR\\IM1", climbing)
    assert [entry.path for entry in table.entries] == ["DIR/IM1"]
    assert [problem.code for problem in table.problems] == ["directory_climbs_out"]


def test_names_as_drives_show_them_are_found() -> None:
    table = DicomDir((ReferencedFile("DIR/IM1"), ReferencedFile("DIR/IM2"), ReferencedFile("DIR/GONE")))
    assert missing_from(table, "", ["dir/im1;1", "DIR/IM2."]) == ("DIR/GONE",)


@pytest.mark.parametrize(
    ("disc", "entries", "missing", "words"),
    [
        ("01-lumbar-spine-mr", 76, 0, []),
        ("03-head-phantom-ct-philips", 433, 349, []),
        ("14-wrong-dicomdir", 63, 2, ["directory_climbs_out"]),
        ("11-damaged", 0, 0, ["directory_damaged"]),
    ],
)
def test_real_tables_are_checked_against_the_disc(disc: str, entries: int, missing: int, words: list[str]) -> None:
    medium = FolderMedium(shared_data("discs", disc))
    table = read_dicomdir(medium, "DICOMDIR")
    assert len(table.entries) == entries
    assert len(missing_from(table, "", [found.path for found in medium.walk()])) == missing
    assert [problem.code for problem in table.problems] == words
