"""The list of an examination: what to look at first, what is only a helper, and names that tell sets apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from viewer.dicom.sop_class import FOR_PROCESSING
from viewer.index.model import Frame, Series, SeriesKind
from viewer.index.objects import is_screen_picture
from viewer.index.order import natural
from viewer.index.split import image_type
from viewer.index.weighting import is_localizer
from viewer.text.translate import tr

FEW_DERIVED = 3  # so many derived pictures or fewer are a helper beside the originals
_Ranks = {SeriesKind.VOLUME: 0, SeriesKind.STACK: 1, SeriesKind.CINE: 1, SeriesKind.SINGLE: 2}


def start_here(series: Series) -> tuple[object, ...]:
    """Originals first (volumes by number of pictures, stacks, single ones), then derived ones, then helpers."""
    if not series.groups:
        return (9 if series.kind is SeriesKind.DOCUMENT else 10, 0, natural(series.id))
    first, count = series.groups[0].frames[0], len(series.frames)
    if is_localizer(first):
        rank = 6
    elif _is_screen(series):
        rank = 7
    else:
        rank = _Ranks[series.kind] + (3 if is_derived(first) or _is_raw(first) else 0)
    return (rank, -count, natural(series.id))


def _is_screen(series: Series) -> bool:
    """Pictures of a screen; but many programs write whole volumes under that label."""
    return is_screen_picture(series.groups[0].frames[0].header) and series.kind is not SeriesKind.VOLUME


def is_derived(frame: Frame) -> bool:
    """True for pictures computed from others."""
    return "DERIVED" in image_type(frame)[:1] or "SECONDARY" in image_type(frame)[1:2]


def _is_raw(frame: Frame) -> bool:
    return frame.header.sop_class in FOR_PROCESSING


def with_helpers(series: Sequence[Series]) -> list[Series]:
    """Mark scouts, screen pictures and small derived sets as helpers; never all that an examination has."""
    main = [one for one in series if one.groups and not is_minor(one)]
    return [
        one if one.helper == _wanted(one, bool(main)) else replace(one, helper=_wanted(one, bool(main)))
        for one in series
    ]


def _wanted(series: Series, has_main: bool) -> bool:
    if series.made_of:
        return False  # somebody made it on purpose
    if not series.groups:
        return series.kind is SeriesKind.OTHER or "dose" in series.name.casefold()
    return has_main and is_minor(series)


def is_minor(series: Series) -> bool:
    """Whether a series with pictures is a helper as soon as there is anything else: a scout, a screen picture, raw ones, or
    a few derived ones."""
    first = series.groups[0].frames[0]
    few = is_derived(first) and len(series.frames) <= FEW_DERIVED and series.kind is not SeriesKind.CINE
    return is_localizer(first) or _is_screen(series) or _is_raw(first) or few


def told_apart(series: Sequence[Series]) -> list[Series]:
    """Series of one name get the echo or value added that they are of, or their distance between pictures, where that
    differs, else a number."""
    series = _of_a_value(series)
    same = Counter(one.name for one in series)
    steps: dict[str, set[float]] = {}
    for one in series:
        if one.step_mm is not None:
            steps.setdefault(one.name, set()).add(round(one.step_mm, 1))
    told = []
    for one in series:
        if same[one.name] > 1 and one.step_mm is not None and len(steps[one.name]) > 1:
            one = replace(one, name=f"{one.name}, {step_words(one.step_mm)}")
        told.append(one)
    return _numbered(told)


def _of_a_value(series: Sequence[Series]) -> list[Series]:
    """With the value that all there is to choose from in a set shares ("Echo 2 (80 ms), Time 1 of 3", …), where sets of
    one name have several of these."""
    shared = [_shared_value(one) for one in series]
    values: dict[str, set[str]] = {}
    for one, value in zip(series, shared, strict=True):
        values.setdefault(one.name, set()).add(value)
    return [
        replace(one, name=f"{one.name}, {_within(value)}") if value and len(values[one.name]) > 1 else one
        for one, value in zip(series, shared, strict=True)
    ]


def _within(value: str) -> str:
    """As it stands within a name; letters like "AX" or "T2", which a clinic wrote, stay as they are."""
    return value[:1].lower() + value[1:] if value[1:2].islower() else value


def _shared_value(series: Series) -> str:
    parts = {group.label.partition(", ")[::2] for group in series.groups}
    heads = {head for head, _ in parts}
    return heads.pop() if len(heads) == 1 and len(parts) > 1 else ""


def step_words(step_mm: float) -> str:
    """ "every 3.5 mm", as it stands in a name that had to be told apart."""
    return tr("every {mm:g} mm", mm=round(step_mm, 1))


def _numbered(series: Sequence[Series]) -> list[Series]:
    """What still has one name is counted: "Overview (2)"."""
    same, seen = Counter(one.name for one in series), Counter[str]()
    counted = []
    for one in series:
        seen[one.name] += 1
        number = seen[one.name]
        counted.append(replace(one, name=f"{one.name} ({number})") if same[one.name] > 1 else one)
    return counted
