"""What the values of a picture, or of a part of it, are and usually mean: sentences for the list of facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from viewer.index.cone_beam import is_cone_beam
from viewer.index.model import Frame, Series
from viewer.index.weighting import RELAXATION, Weighting, special_of, weighting_of
from viewer.picture.calibration import scale_at, unless_in_patient
from viewer.picture.fact import PictureFact
from viewer.picture.look import Region
from viewer.picture.presets import is_hounsfield, unit_of
from viewer.picture.scan import Modality, frame_of, modality_of
from viewer.picture.values import (
    ValueStatistics,
    area_words,
    clipped_box,
    figure_words,
    fineness,
    most_values,
    number_words,
    side_words,
    value_statistics,
    with_unit,
)
from viewer.problem import ProblemError
from viewer.text.plain import one_line
from viewer.text.resources import resource
from viewer.text.translate import count_of, tr
from viewer.volume.scales import ValueScale
from viewer.volume.slice import Slice


@dataclass(frozen=True, slots=True)
class ValueRange:
    """A row of `resources/glossary/ct_numbers.json`: what CT numbers from `low` up to `high` usually are."""

    id: str
    low: float
    high: float
    words: str


def value_facts(series: Series, slice_: Slice, region: Region | None) -> tuple[PictureFact, ...]:
    """What the values of a slice are, or those of a part of it. Nothing here fails."""
    if region is None or slice_.is_colour:
        return (_values_fact(series, slice_), *_uptake_facts(slice_))
    box = clipped_box(region, slice_)
    try:
        found = value_statistics(slice_, box)
    except ProblemError as failure:
        return (PictureFact(tr("In the chosen part"), failure.problem.text),)
    others = (_numbers_in(found, scale) for scale in slice_.scales if _holds_for_all(scale, found))
    size = _part_size(found, slice_, box)
    usually = meaning(found, most_values(slice_, box), series, slice_)
    return (_numbers(found, slice_), *others, size, usually, *_uptake_facts(slice_))


def _holds_for_all(scale: ValueScale, found: ValueStatistics) -> bool:
    """What a table says of each value is not that of their mean."""
    return not scale.entries and None not in (scale.of(found.smallest), scale.of(found.largest))


def _numbers(found: ValueStatistics, slice_: Slice) -> PictureFact:
    fine = fineness(slice_, found.mean, found.spread)
    mean, spread, low, high = (
        number_words(value, fine) for value in (found.mean, found.spread, found.smallest, found.largest)
    )
    words = tr("mean value {mean} ± {spread}", mean=mean, spread=spread)
    words = with_unit(words, slice_.unit) + tr(", smallest {low}, largest {high}", low=low, high=high)
    return PictureFact(tr("In the chosen part"), words, tr("mean ± standard deviation of the population"))


def _numbers_in(found: ValueStatistics, scale: ValueScale) -> PictureFact:
    """The same in another unit."""
    words = tr(
        "mean value {mean} ± {spread}",
        mean=figure_words(found.mean * scale.factor + scale.offset),
        spread=figure_words(found.spread * abs(scale.factor)),
    )
    ends = sorted(value * scale.factor + scale.offset for value in (found.smallest, found.largest))
    words = with_unit(words, scale.unit) + tr(
        ", smallest {low}, largest {high}", low=figure_words(ends[0]), high=figure_words(ends[1])
    )
    return PictureFact(tr("In another unit"), words, scale.unit)


def _uptake_facts(slice_: Slice) -> tuple[PictureFact, ...]:
    """Of PET: that uptake values are known, or why they are not."""
    if slice_.no_uptake is not None:
        return (PictureFact(tr("Uptake (SUV)"), slice_.no_uptake.words, "SUV"),)
    factor = next((scale for scale in slice_.scales if scale.unit.startswith("SUV") and not scale.entries), None)
    if factor is None:
        return ()
    words = tr(
        "One {unit} is {value} here.",
        unit=factor.unit,
        value=with_unit(figure_words(1 / factor.factor, 4), one_line(slice_.unit, 20)),
    )
    return (PictureFact(tr("Uptake (SUV)"), words, factor.unit),)


def _part_size(found: ValueStatistics, slice_: Slice, region: Region) -> PictureFact:
    pixels = count_of(found.pixels, "{n} pixel", "{n} pixels")
    if found.left_out:
        pixels += tr(" ({n} outside the scan left out)", n=found.left_out)
    corners = [(x, y) for x in (region.x0, region.x1 - 1) for y in (region.y0, region.y1 - 1)]
    try:
        scale = scale_at(slice_, corners)
    except ProblemError:
        return PictureFact(tr("Its size"), pixels)
    (between_rows, between_columns), calibration = scale.pixel_mm, scale.calibration
    area = area_words((found.pixels + found.left_out) * between_rows * between_columns)
    width, height = (region.x1 - region.x0) * between_columns, (region.y1 - region.y0) * between_rows
    mm = tr("{width} × {height} mm", width=side_words(width), height=side_words(height))
    return PictureFact(tr("Its size"), f"{mm}{unless_in_patient(calibration)} · {area} · {pixels}")


@cache
def ct_ranges() -> tuple[ValueRange, ...]:
    """The table of CT numbers, from air to metal."""
    rows = json.loads(resource("glossary", "ct_numbers.json").read_text("utf-8"))
    return tuple(ValueRange(**row) for row in rows)


def meaning(found: ValueStatistics, most: tuple[float, float], series: Series, slice_: Slice) -> PictureFact:
    """What values like these usually are (CT numbers), or why such a thing cannot be said (all others). `most`: between
    which values most of them lie.

    The mean of unlike things is the number of none of them: air and bone in one part are no water.
    """
    if not is_hounsfield(series, slice_):
        return _values_fact(series, slice_)
    rows = ct_ranges()
    low, middle, high = (_row_of(value) for value in (most[0], found.mean, most[1]))
    mean = number_words(found.mean, 1)
    if low <= middle <= high <= low + 1:
        words = tr("Around {mean} is usually {what}.", mean=mean, what=tr(rows[middle].words))
    else:
        words = tr("There are unlike things in this part, so their mean of {mean} says little.", mean=mean)
    if low == high != middle:
        words = f"{words} {tr('Most values here are those of {what}.', what=tr(rows[low].words))}"
    elif low != high:
        span = tr("Most values here reach from {low} to {high}.", low=tr(rows[low].words), high=tr(rows[high].words))
        words = f"{words} {span}"
    return PictureFact(
        tr("Usually"), f"{words} {tr('Different tissues can have the same number.')}", "Hounsfield units"
    )


def _row_of(value: float) -> int:
    """The row of `ct_ranges` a CT number belongs to."""
    rows = ct_ranges()
    return next((number for number, row in enumerate(rows) if value < row.high), len(rows) - 1)


def _values_fact(series: Series, slice_: Slice) -> PictureFact:
    label = tr("Values")
    if slice_.is_colour:
        return PictureFact(label, tr("This is a colour picture: its colours are not measured values."))
    if is_hounsfield(series, slice_):
        return PictureFact(label, tr("CT numbers: air is about −1000, water 0, bone above 300."), "Hounsfield units")
    if unit_of(slice_) == "SUV":
        return PictureFact(label, tr("Uptake compared with an even spread through the body, which would be 1."), "SUV")
    if modality_of(series) is Modality.MR and not slice_.unit:
        return PictureFact(label, _mri_values(frame_of(series, slice_), slice_))
    if dose := next((scale for scale in slice_.scales if scale.unit == "Gy" and not scale.entries), None):
        words = tr(
            "Radiation dose: one step of the stored values is {step} gray (Gy).", step=figure_words(dose.factor, 4)
        )
        return PictureFact(label, words, "Dose Grid Scaling")
    if slice_.unit:
        return PictureFact(label, tr("Values in {unit}, as the file states.", unit=one_line(slice_.unit, 20)))
    if any(is_cone_beam(frame.header) for frame in series.frames[:1]):
        words = tr("This machine sends a cone of X-rays, and its numbers are not those of other CTs.")
        return PictureFact(label, f"{words} {tr('Compare them only inside this set.')}", "Hounsfield units")
    return PictureFact(label, tr("The values have no unit: compare them only inside this set."))


def _mri_values(frame: Frame | None, slice_: Slice) -> str:
    """Brightness has no unit; maps are numbers that do have one."""
    other = next((scale.unit for scale in slice_.scales if not scale.entries), "")
    if other:
        return tr("The file tells what these values stand for in {unit}.", unit=one_line(other, 20))
    if frame is not None and (weighting_of(frame) is Weighting.ADC or special_of(frame) == RELAXATION):
        return tr("These are measured numbers; the file does not say in which unit.")
    return tr("MRI values have no unit: compare them only inside this set.")
