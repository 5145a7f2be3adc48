"""The table of marks: one row a mark, numbers as a machine reads them, nothing that tells whose pictures they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from hashlib import sha256

from viewer.document.model import Document
from viewer.index.model import DiscIndex
from viewer.marks.mark import Mark, Measurement, RegionStatistics
from viewer.problem import ProblemError
from viewer.text.plain import one_line
from viewer.text.version import program_version
from viewer.usecases.marking import measured
from viewer.volume.slice import Slice, Source

POINTS = 2
COLUMNS = (
    "study_days", "series_number", "sop_uid_hash", "frame", "kind", "name", "plane",
    *(f"{axis}{point}_mm" for point in range(1, POINTS + 1) for axis in "xyz"),
    "length_mm", "angle_deg", "area_mm2", "n_pixels", "n_excluded", "mean", "sd", "min", "max", "unit", "calibration",
    "app_version",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, str]


def table_of(disc: DiscIndex, document: Document, source: Callable[[str, int], Source]) -> bytes:
    """All marks as CSV: UTF-8, "." in numbers, hidden marks too. Blocks (the marked slices are read)."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for mark in document.marks:
        writer.writerow(_row(disc, mark, source))
    return text.getvalue().encode("utf-8", "replace")


def _row(disc: DiscIndex, mark: Mark, source: Callable[[str, int], Source]) -> Row:
    anchor = mark.anchor
    row = {"kind": mark.kind.value, "name": _harmless(one_line(mark.text)), "plane": anchor.plane.value}
    row |= {"app_version": program_version()} | _where(disc, mark)
    for number, point in enumerate(mark.points_lps[:POINTS], 1):
        row |= {f"{axis}{number}_mm": _number(value) for axis, value in zip("xyz", point, strict=True)}
    slice_ = _slice(mark, source)
    if slice_ is not None:
        row |= _numbers(mark, slice_)
    return row


def _where(disc: DiscIndex, mark: Mark) -> Row:
    """Study and picture without a date or a number that leads to a person."""
    series, study = disc.series(mark.anchor.series_id), disc.study_of(mark.anchor.series_id)
    frame = mark.anchor.frame
    days = _days(study.date, min((s.date for s in disc.studies if s.date), default="")) if study else ""
    return {
        "study_days": days,
        "series_number": str(series.number) if series and series.number is not None else "",
        "sop_uid_hash": sha256(frame.sop_uid.encode("utf-8", "replace")).hexdigest()[:16] if frame else "",
        "frame": str(frame.number) if frame else str(mark.anchor.index + 1),
    }


def _slice(mark: Mark, source: Callable[[str, int], Source]) -> Slice | None:
    try:
        return source(mark.anchor.series_id, mark.anchor.group).slice(mark.anchor.plane, mark.anchor.index)
    except (ProblemError, KeyError, IndexError):
        return None  # a mark whose pictures are gone keeps its row without numbers


def _numbers(mark: Mark, slice_: Slice) -> Row:
    found = measured(mark, slice_)
    if isinstance(found, Measurement):
        return {"length_mm": _number(found.value), "unit": found.unit, "calibration": found.calibration}
    if isinstance(found, RegionStatistics):
        return {
            "area_mm2": "" if found.area_mm2 is None else _number(found.area_mm2),
            "n_pixels": str(found.pixels),
            "n_excluded": str(found.left_out),
            "mean": _number(found.mean),
            "sd": _number(found.spread),
            "min": _number(found.smallest),
            "max": _number(found.largest),
            "unit": found.unit,
        }
    return {}


def _number(value: float) -> str:
    return f"{value:.6g}"


def _harmless(text: str) -> str:
    """A spreadsheet would run a text that begins like a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _days(day: str, first: str) -> str:
    try:
        return str((date.fromisoformat(day) - date.fromisoformat(first)).days)
    except ValueError:
        return ""
