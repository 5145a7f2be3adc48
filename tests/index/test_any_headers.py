"""Headers drawn at random, as no clinic would write them and some do: whatever they say, every picture is shown once, and
the sets are the same in whatever order the files are read."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.index.built import build_index
from tests.index.made import ANNA, AXIAL, MR, SAGITTAL, picture
from viewer.dicom.header import Header, Person
from viewer.disc.medium import FileKind, FoundFile
from viewer.index.build import IndexBuilder
from viewer.index.model import DiscIndex

STORAGE = "1.2.840.10008.5.1.4.1.1."
NOWHERE, ELSEWHERE = (float("nan"), 0.0, 0.0), (1e300, 0.0, 0.0)
SKEW = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # two directions that are one
# what a field may say, and how often it says the same in all files
FIELDS: dict[str, tuple[tuple[Any, ...], float]] = {
    "position": ((None, *((0.0, 0.0, float(k)) for k in range(8)), NOWHERE, ELSEWHERE), 0.1),
    "orientation": ((AXIAL, SAGITTAL, None, SKEW, (0.0,) * 6), 0.7),
    "spacing": (((1.0, 1.0), (0.5, 0.5), None, (1.0, 2.0)), 0.85),
    "temporal": ((None, 1, 2, 3), 0.75),
    "trigger_time": ((None, 0.0, 40.0, 80.0), 0.75),
    "echo": ((None, 10.0, 20.0), 0.8),
    "b_value": ((None, 0.0, 500.0), 0.8),
    "acquisition_time": (("", "101500", "101501.5"), 0.75),
    "frame_type": (((), ("ORIGINAL", "PRIMARY", "M"), ("DERIVED", "SECONDARY")), 0.8),
    "stack_id": (("", "1", "2"), 0.9),
    "dimension_index": (((), (1, 1), (1, 2)), 0.9),
    "slope": ((1.0, 2.0), 0.8),
    "study_uid": (("1.2", "1.3", ""), 0.8),
    "series_uid": (("1.2.9", "1.2.10", "", "1.2.11"), 0.6),
    "series_number": ((None, 1, 2), 0.7),
    "instance_number": ((None, *range(1, 12)), 0.1),
    "acquisition_number": ((None, 1, 2), 0.7),
    "frame_of_reference": (("", "7.1", "7.2"), 0.7),
    "modality": (("MR", "CT", "PT", "US", "NM", "OT", "XA", "MG"), 0.85),
    "image_type": (
        (("ORIGINAL", "PRIMARY", "M"), ("DERIVED", "SECONDARY"), ("ORIGINAL", "PRIMARY", "LOCALIZER")),
        0.75,
    ),
    "series_description": (("", "t1", "t2"), 0.7),
    "kernel": (("", "B30", "B60"), 0.8),
    "person": ((ANNA, Person(), Person("Muster, Max", "B2"), Person("Muster, Max", "A1")), 0.8),
    "rows": ((16, 8), 0.85),
    "sop_class": ((MR, STORAGE + "2", STORAGE + "7", STORAGE + "4.1"), 0.8),
    "study_date": (("20240312", "20240313", ""), 0.85),
    "frame_time_ms": ((None, 40.0), 0.9),
    "concatenation": ((None, ("9.9", 1, 2), ("9.9", 2, 2), ("9.8", 1, 0)), 0.95),
    "folder": (("", "A/", "C/D/"), 0.6),
    "frames": ((1, 1, 1, 4, 7), 0.85),
}


def drawn(draw: random.Random, values: Sequence[Any], constant: float) -> Callable[[int], Any]:
    """What file k says: the same in all, by turns, in runs, one apart from the rest, or anything."""
    if draw.random() < constant:
        value = draw.choice(values)
        return lambda k: value
    run = draw.randint(2, 6)
    ways: Sequence[Callable[[int], Any]] = [
        lambda k: draw.choice(values),
        lambda k: values[k % len(values)],
        lambda k: values[(k // run) % len(values)],
        lambda k: values[0] if k else values[-1],
    ]
    return draw.choice(ways)


def a_disc(draw: random.Random) -> list[Header]:
    fields = {name: drawn(draw, values, constant) for name, (values, constant) in FIELDS.items()}
    uid = drawn(draw, [f"1.5.{k}" for k in range(6)], 0.0) if draw.random() < 0.2 else lambda k: f"1.5.{k}"
    return [one_file(draw, k, uid(k), fields) for k in range(draw.choice([1, 2, 3, 5, 8, 12, 20]))]


def one_file(draw: random.Random, k: int, uid: str, fields: dict[str, Callable[[int], Any]]) -> Header:
    said = {name: field(k) for name, field in fields.items()}
    folder, frames = said.pop("folder"), said.pop("frames")
    header = picture(k + 1, sop_uid=uid, path=f"{folder}IM{k:03}", **said)
    if frames == 1:
        return header
    told = tuple(
        replace(
            header.shared,
            position=draw.choice([(0.0, 0.0, float(number % 4)), None]),
            temporal=draw.choice([None, number // 4 + 1]),
            echo=draw.choice([None, 10.0 * (number // 4)]),
        )
        for number in range(frames)
    )
    return replace(header, frames=frames, per_frame=draw.choice([(), told]))


def index_in(headers: Sequence[Header], order: Sequence[Header]) -> DiscIndex:
    files = [FoundFile(header.path, header.size, FileKind.DICOM) for header in headers]
    return build_index("disc", files, order, same_bytes=lambda one, other: False)


def sets_of(index: DiscIndex) -> Sequence[object]:
    """What each set is and holds, without its id."""
    return sorted(
        (one.kind, one.planes, sorted([(f.header.path, f.number) for f in group.frames] for group in one.groups))
        for one in index.every_series
    )


@settings(derandomize=True, max_examples=150)
@given(st.randoms(use_true_random=False))
def test_every_picture_is_shown_once_and_sets_do_not_hang_on_the_order_of_reading(draw: random.Random) -> None:
    headers = a_disc(draw)
    index = index_in(headers, headers)
    shown = Counter((frame.header.path, frame.number) for series in index.every_series for frame in series.frames)
    assert shown == Counter((header.path, n) for header in headers for n in range(1, header.frames + 1))
    ids = [series.id for series in index.every_series]
    assert len(ids) == len(set(ids))
    assert all(note.code != "not_sorted" for series in index.every_series for note in series.problems)

    mixed = headers[:]
    draw.shuffle(mixed)
    assert sets_of(index_in(headers, mixed)) == sets_of(index)
    growing = IndexBuilder(lambda one, other: False)
    for header in mixed:
        growing.add(FoundFile(header.path, header.size, FileKind.DICOM))
        growing.add_header(header)
        if draw.random() < 0.4:
            growing.result("disc", complete=False)
    assert sets_of(growing.result("disc", complete=True)) == sets_of(index)
