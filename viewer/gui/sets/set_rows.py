"""The rows of the list of sets: groups "Start here" and "Helpers", one heading per examination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from viewer.dicom.sop_class import KEY_OBJECTS, STRUCTURE_SET
from viewer.index.listing import step_words
from viewer.index.model import DiscIndex, Series, SeriesKind, Study
from viewer.index.names import with_direction
from viewer.index.people import shown_name
from viewer.problem import Severity
from viewer.text.dates import date_words
from viewer.text.plain import one_line
from viewer.text.translate import count_of, tr
from viewer.usecases.belongings import SAVED_VIEWS, SEGMENTATIONS
from viewer.usecases.documents import MODEL_CLASSES, is_film, title_of
from viewer.usecases.looking import own_plane

NO_STARS: Mapping[str, int] = MappingProxyType({})
DRAWN_OVER = SAVED_VIEWS | SEGMENTATIONS | {STRUCTURE_SET, KEY_OBJECTS}


class RowKind(StrEnum):
    """What a row of the list is."""

    STUDY = "study"
    GROUP = "group"
    FOLD = "fold"  # "Helpers (9)": opens and closes
    SET = "set"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: words ready to paint."""

    kind: RowKind
    title: str
    second: str = ""
    tip: str = ""
    series_id: str = ""
    icon: str = ""  # instead of a thumbnail
    frames: int = 0
    is_open: bool = True
    can_be_shown: bool = True


def second_line(series: Series) -> str:
    """ "38 pictures · 1 mm", "28 pictures · unevenly spaced", "cannot be shown, 24 files", "1 picture · no scale"."""
    frames = len(series.frames)
    if not frames:
        return without_pictures(series)
    words = count_of(frames, "{n} picture", "{n} pictures")
    step = series.step_mm
    if step is not None:
        told = f", {step_words(step)}" in series.name
        return words if told else words + " · " + tr("{n} mm", n=f"{round(step, 2 if step < 1 else 1):g}")
    if series.spacing_mm is not None:
        return words + " · " + tr("unevenly spaced")
    if any(frame.facts.spacing for frame in series.frames[:1]):
        return words
    return words + " · " + tr("no scale")


def without_pictures(series: Series) -> str:
    """What a set is that holds no pictures of its own."""
    if any(header.sop_class in MODEL_CLASSES for header in series.documents):
        return tr("a model to save")
    if series.kind is SeriesKind.DOCUMENT:
        return series.name if title_of(series) else tr("to be read here")
    classes = {header.sop_class for header in series.documents}
    if classes and classes <= DRAWN_OVER:
        return tr("shown over its pictures")
    if any(is_film(header) for header in series.documents):
        return tr("a film to save")
    damaged = any(problem.severity is Severity.LOSS for problem in series.problems)
    return tr("cannot be shown") if damaged or not classes else tr("not a picture")


def icon_without_pictures(series: Series) -> str:
    """Papers, films, what is drawn over pictures; a warning only where something is wrong or unknown."""
    if series.kind is SeriesKind.DOCUMENT:
        return "file-text"
    if any(is_film(header) for header in series.documents):
        return "play"
    drawn_over = series.documents and {header.sop_class for header in series.documents} <= DRAWN_OVER
    return "flag" if drawn_over else "triangle-alert"


def row_of_series(series: Series, stars: int = 0, *, names_shown: bool = False) -> Row:
    """A set's row; `stars` are pictures of it that the clinic marked. A document has the title it was given. What the
    clinic wrote about a set may hold a name, and stands in its tip only while names are shown."""
    frames = len(series.frames)
    icon = "" if frames else icon_without_pictures(series)
    written = one_line(series.description) if names_shown else ""
    plane = own_plane(series).value if with_direction(series.name, "") != series.name else ""
    technical = ", ".join(part for part in (plane, written, series.modality) if part)
    reasons = [problem.text for problem in series.problems]
    return Row(
        RowKind.SET, title_of(series) or series.name or tr("Pictures"), second_line(series) + (f" · ★ {stars}" if stars else ""), "\n".join([series.name, technical, *reasons]), series.id,
        icon, frames, can_be_shown=frames > 0,
    )  # fmt: skip


def rows_of(
    disc: DiscIndex,
    filter_words: str,
    helpers_open: frozenset[str],
    *,
    names_shown: bool = False,
    stars: Mapping[str, int] = NO_STARS,
) -> list[Row]:
    """All rows of a disc, filtered by words in names; whose each examination is, while names are shown."""
    rows: list[Row] = []
    for study in disc.studies:
        if len(disc.studies) > 1:
            parts = (date_words(study.date), shown_name(study.person) if names_shown else "")
            second = " · ".join(part for part in parts if part)
            tip = one_line(study.description) if names_shown else ""
            rows.append(Row(RowKind.STUDY, study.name, second, tip))
        shown = partial(row_of_series, names_shown=names_shown)
        rows += _study_rows(study, filter_words.casefold(), study.uid in helpers_open, stars, shown)
    return rows


def _study_rows(
    study: Study, needle: str, is_open: bool, stars: Mapping[str, int], row_of: Callable[[Series, int], Row]
) -> list[Row]:
    found = [s for s in study.series if needle in f"{title_of(s)} {s.name} {s.description}".casefold()]
    first = [series for series in found if not series.helper]
    helpers = [series for series in found if series.helper]
    rows: list[Row] = []
    if first:
        if len(first) > 1 or helpers:  # with one set there is no other place to start
            rows.append(Row(RowKind.GROUP, tr("Start here")))
        rows += [row_of(series, stars.get(series.id, 0)) for series in first]
    if helpers:
        is_open = is_open or bool(needle) or not first
        count = sum(max(1, len(series.frames)) for series in helpers)
        rows.append(Row(RowKind.FOLD, tr("Helpers ({n})", n=count), series_id=study.uid, is_open=is_open))
        rows += [row_of(series, stars.get(series.id, 0)) for series in helpers] if is_open else []
    return rows
