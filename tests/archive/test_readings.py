"""Facts of files as another version of the program kept them: read as far as they still hold, else dropped in silence."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from viewer.archive.readings import Known, read_readings, written_readings
from viewer.dicom.header import FrameFacts, Header, Lut, PixelDescription, PixelPlace, UltrasoundRegion
from viewer.disc.medium import FileKind, FoundFile

REGION = UltrasoundRegion(0, 0, 9, 9, 0, 3, 3, 0.1, 0.1)
KNOWN = Known(
    FoundFile("a", 900, FileKind.DICOM, None, 7),
    Header("a", 900, pixels=PixelDescription(8, 8), place=PixelPlace(500, 128), regions=(REGION,)),
)


def kept() -> tuple[dict[str, Any], list[bytes]]:
    first, *rest = zlib.decompress(written_readings([KNOWN])).split(b"\n")
    return json.loads(first), rest


def packed(first: dict[str, Any], rest: list[bytes]) -> bytes:
    return zlib.compress(b"\n".join([json.dumps(first).encode(), *rest]))


def test_what_was_kept_comes_back() -> None:
    assert read_readings(packed(*kept())) == {"a": KNOWN}


def test_facts_of_another_version_are_dropped_in_silence() -> None:
    first, rest = kept()
    for names in (["gantry_tilt", *first["names"]], first["names"][1:], [*first["names"][1:], "gantry_tilt"]):
        assert read_readings(packed({**first, "names": names}, rest)) == {}


def test_facts_inside_facts_that_are_asked_for_no_more_are_left_out() -> None:
    first, rest = kept()
    names: list[str] = first["names"]
    assert set(names) >= {field.name for field in fields(Header)} - {"path", "size", "shared"}
    first["tables"][names.index("regions")][0][0]["spatial_format"] = 1
    first["tables"][names.index("place")][0]["declared_length"] = 256
    assert read_readings(packed(first, rest)) == {"a": KNOWN}


@pytest.mark.parametrize("where", ["root", "shared", "frame"])
def test_a_file_with_a_table_of_grey_values_is_read_anew(where: str) -> None:
    tables = (Lut(0, np.zeros(3, np.float32), 8),)
    facts = FrameFacts(voi_luts=tables)
    header = {
        "root": Header("b", 900, voi_luts=tables),
        "shared": Header("b", 900, shared=facts),
        "frame": Header("b", 900, frames=2, per_frame=(FrameFacts(), facts)),
    }[where]
    found = read_readings(written_readings([KNOWN, Known(FoundFile("b", 900, FileKind.DICOM, None, 7), header)]))
    assert found == {"a": KNOWN}
