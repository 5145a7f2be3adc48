"""Windows on offer for a picture: the file's own by name first, then the table's where their unit holds (R-P13)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from viewer.index.model import Series
from viewer.index.spectral import spectral_of
from viewer.index.weighting import is_typed_localizer
from viewer.picture.look import Window
from viewer.picture.window import file_windows, lut_windows
from viewer.text.resources import resource
from viewer.text.translate import tr
from viewer.volume.slice import Slice


@dataclass(frozen=True, slots=True)
class Preset:
    """A row of `resources/presets.json`; `values` is the unit it is made for ("HU", "SUV")."""

    id: str
    name: str
    values: str
    centre: float
    width: float


@cache
def preset_rows() -> tuple[Preset, ...]:
    """All rows of the table, in the order they are offered."""
    return tuple(Preset(**row) for row in json.loads(resource("presets.json").read_text("utf-8")))


def presets_for(series: Series, slice_: Slice | None) -> tuple[Window, ...]:
    """The file's windows and VOI LUTs, named, then the presets valid for these values; none for colour or before a slice is there."""
    if slice_ is None or slice_.is_colour:
        return ()
    own = (*dict.fromkeys(file_windows(slice_)), *lut_windows(slice_))  # some scanners store one of them twice
    named = tuple(
        Window(w.centre, w.width, w.function, w.name or _file_name(n, len(own)), w.origin) for n, w in enumerate(own, 1)
    )
    rows = preset_rows() if values_are_comparable(series, slice_) else ()
    offered = tuple(
        Window(row.centre, row.width, name=tr(row.name), origin="preset")
        for row in rows
        if row.values == unit_of(slice_)
    )
    return (*named, *offered)


def _file_name(number: int, of: int) -> str:
    return tr("As stored") if of == 1 else tr("As stored, {n}", n=number)


def unit_of(slice_: Slice) -> str:
    """ "HU", "SUV" for every kind of SUV, or the unit as it is."""
    return "SUV" if slice_.unit.upper().startswith("SUV") else slice_.unit


def is_hounsfield(series: Series, slice_: Slice) -> bool:
    """Whether the values are CT numbers that mean the same in every CT (R-P13)."""
    spectral = any(spectral_of(frame) for frame in series.frames[:1])  # at 40 keV iodine is as bright as bone
    return series.modality == "CT" and slice_.unit == "HU" and not spectral and values_are_comparable(series, slice_)


def values_are_comparable(series: Series, slice_: Slice) -> bool:
    """Whether a preset may be offered: the series is CT in HU or PET in SUV, and no scout or screen picture."""
    if any(is_typed_localizer(frame) for frame in series.frames[:1]):
        return False
    return (series.modality, unit_of(slice_)) in {("CT", "HU"), ("PT", "SUV")}
