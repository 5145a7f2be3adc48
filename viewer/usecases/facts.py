"""Facts about this picture for both faces: rows of words, with the technical word beside."""

from __future__ import annotations

from viewer.index.model import DiscIndex, Series
from viewer.marks.mark import Mark
from viewer.marks.statistics import inside_mask
from viewer.picture.facts import picture_facts
from viewer.picture.look import Region
from viewer.usecases.rows import Fact
from viewer.volume.slice import Slice


def facts_of(
    disc: DiscIndex, series: Series, slice_: Slice, region: Region | None, mark: Mark | None = None
) -> tuple[Fact, ...]:
    """Of a slice, and of the values inside the chosen part or a mark where there is one."""
    header = next((f.header for f in series.frames if f.ref == slice_.frame), None)
    inside = None if mark is None else inside_mask(mark, slice_)
    study = disc.study_of(series.id)
    rows = picture_facts(series, study, slice_, header, len(series.frames), region, inside)
    return tuple(Fact(row.label, row.words, row.term) for row in rows)
