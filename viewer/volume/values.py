"""Stored values → modality values: rescale kept as two numbers, tables applied, units, padding, windows.

Rules R-P1, R-P3, R-P4, R-P5, R-P6, R-P10, R-P11, R-P13 (PS3.3 C.11.1, C.7.5.1.1.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.codec.stored import StoredFrame, worded
from viewer.dicom.header import FileWindow, Lut
from viewer.dicom.sop_class import CONVERTED_CT, CT_IMAGE, ENHANCED_CT
from viewer.index.cone_beam import is_cone_beam
from viewer.index.model import Frame
from viewer.index.weighting import is_typed_localizer
from viewer.problem import Problem, Severity, problem
from viewer.volume.colour import from_palette, rgb
from viewer.volume.garbled import has_garbled_rows
from viewer.volume.neighbours import planes_of
from viewer.volume.specks import has_specks
from viewer.volume.streaks import has_streaks
from viewer.volume.suv import uptake_name
from viewer.volume.tints import has_tinted_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CT_CLASSES = frozenset({CT_IMAGE, ENHANCED_CT, CONVERTED_CT})
_WINDOW_IN_STORED = frozenset({"MR", "PT", "XA", "RF"})  # R-P10
_CLEARLY = 1.2  # a reading of the window must fit so many times better than the book's to be taken instead
_OF_DAMAGE = frozenset(
    {"pixels_cut_off", "picture_incomplete", "picture_doubtful", "pixels_too_many", "values_contradict"}
)
_PET_UNITS = {"BQML": "Bq/ml", "GML": "SUV", "CNTS": "counts", "PROPCNTS": "counts", "PCNT": "%"}
_RLE = "1.2.840.10008.1.2.5"
_LOOKED_THROUGH = 2**21  # samples of a frame that are looked through for specks: a larger one would be shown too late
# Terms of (0028,1054), PS3.3 C.11.1.1.2, and of (0054,1001), C.8.9.1.1.3. Any other text is a person's own: it could hold
# a name, and the unit goes on into labels, reports and files.
_RESCALE_TERMS = frozenset({"OD", "HU", "MGML", "Z_EFF", "ED", "EDW", "HU_MOD", "PCT"})
_PET_TERMS = frozenset(
    ["CNTS", "NONE", "CM2", "CM2ML", "PCNT", "CPS", "BQML", "MGMINML", "UMOLMINML", "MLMING", "MLG", "1CM", "UMOLML"]
    + ["PROPCNTS", "PROPCPS", "MLMINML", "MLML", "GML", "STDDEV"]
)
_SAMPLES = 65536  # values looked at to decide what a window means


@dataclass(frozen=True, slots=True)
class FrameValues:
    """A frame ready for a slice: modality value = values * slope + intercept. padding: True = not part of the scan."""

    values: NDArray[np.generic]
    slope: float
    intercept: float
    padding: NDArray[np.bool_] | None
    is_colour: bool
    problems: tuple[Problem, ...]


def frame_values(frame: Frame, stored: StoredFrame) -> FrameValues:
    """Modality values of one frame, the rescale left as two numbers where it is one (R-P4 is settled in `Frame`)."""
    header, description = frame.header, frame.header.pixels
    assert description is not None
    words = frame_words(frame, stored.problems)
    array = stored.array
    if array.ndim == 3:
        colours = rgb(array, stored.photometric_now, description, header.profile)
        return FrameValues(colours, 1.0, 0.0, stored.padding, True, words)
    padding = joined(stored.padding, padding_of(array, description.padding))
    if description.photometric == "PALETTE COLOR":
        if header.palette is not None and len(header.palette.colours):
            return FrameValues(from_palette(array, header.palette), 1.0, 0.0, stored.padding, True, words)
        return FrameValues(array, 1.0, 0.0, padding, False, words + (problem("palette_missing"),))
    if header.modality_lut is not None:
        return FrameValues(through(array, header.modality_lut), 1.0, 0.0, padding, False, words)
    return FrameValues(array, frame.facts.slope, frame.facts.intercept, padding, False, words)


def frame_words(frame: Frame, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """What is to be said about a frame: its own words and its header's doubts, each once."""
    doubts = (word for word in frame.header.problems if word.severity is Severity.DOUBT)
    return tuple({word.code: word for word in (*doubts, *problems)}.values())


def is_damaged(frame: Frame, problems: tuple[Problem, ...]) -> bool:
    """Whether the points of a frame may be wrong, by its header or by what was said as it was read."""
    return any(word.code in _OF_DAMAGE for word in (*frame.header.problems, *problems))


def looked_through(frame: Frame, stored: StoredFrame) -> StoredFrame:
    """With a word where points, or a stretch of them, are as no scanner makes them. Only where values are stored one by one: damage to a packed stream
    looks different, and some packed streams of sound pictures look like this."""
    header = frame.header
    one_by_one = header.place is None or not header.place.encapsulated or header.transfer_syntax == _RLE
    if not one_by_one or stored.array.size > _LOOKED_THROUGH:
        return stored
    if has_tinted_points(stored.array):
        return worded(stored, "points_stand_out")
    for plane in planes_of(stored.array):
        if has_garbled_rows(plane):
            return worded(stored, "picture_doubtful")
        if has_specks(plane) or has_streaks(plane):
            return worded(stored, "points_stand_out")
    return stored


def through(array: NDArray[np.generic], lut: Lut) -> NDArray[np.float32]:
    """Values through a modality table; outside it its ends count (R-P5, PS3.3 C.11.1.1)."""
    places = np.clip(array.astype(np.int64) - lut.first, 0, len(lut.entries) - 1)
    return lut.entries[places].astype(np.float32, copy=False)


def padding_of(array: NDArray[np.generic], limits: tuple[float, float] | None) -> NDArray[np.bool_] | None:
    """True where a *stored* value is padding (R-P11), or is no number (R-P3); None where there is none."""
    mask: NDArray[np.bool_] | None = None
    if limits is not None:
        low, high = limits
        mask = (array == low) if low == high else (array >= low) & (array <= high)  # type: ignore[operator]
    if array.dtype.kind == "f":
        mask = joined(mask, ~np.isfinite(array))
    return mask if mask is not None and mask.any() else None


def joined(one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    """Where either mask is True."""
    if one is None or other is None:
        return one if other is None else other
    return one | other


def applied(values: FrameValues) -> NDArray[np.float32]:
    """Modality values as float32."""
    if values.slope == 1.0 and values.intercept == 0.0:
        return values.values.astype(np.float32)
    return (values.values.astype(np.float64) * values.slope + values.intercept).astype(np.float32)


def unit_of(frame: Frame) -> str:
    """The unit of the modality values, "" for a plain value: HU only where it is one (R-P13)."""
    header, facts = frame.header, frame.facts
    kind = facts.rescale_type.strip().upper()
    if header.modality == "PT":
        term = header.units.strip().upper()
        if term == "GML" and header.pet is not None:
            return uptake_name(header.pet)
        return _PET_UNITS.get(term, term if term in _PET_TERMS - {"NONE"} else "")
    if header.modality_lut is not None or not facts.has_rescale:
        return ""
    plain_ct = header.modality == "CT" and header.sop_class in _CT_CLASSES and not is_cone_beam(header)
    captured = "SECONDARY CAPTURE" in (*header.image_type, *facts.frame_type)
    if plain_ct and not captured and not is_typed_localizer(frame) and kind in ("", "HU"):
        return "HU"
    return kind if kind in _RESCALE_TERMS - {"HU"} else ""


def windows_of(frame: Frame, values: FrameValues) -> tuple[FileWindow, ...]:
    """The file's windows in modality values (R-P10): those of MR and PET are meant in stored ones by the book, but many
    scanners write them for the rescaled ones; where those fit clearly better they are meant."""
    windows = frame.facts.windows
    plain = values.slope == 1.0 and values.intercept == 0.0
    if not windows or values.is_colour or plain or frame.header.modality not in _WINDOW_IN_STORED:
        return windows
    low, high = _range(values)
    return tuple(_in_modality(window, low, high, values.slope, values.intercept) for window in windows)


def _range(values: FrameValues) -> tuple[float, float]:
    """1st and 99th percentile of the stored values, from a sample."""
    flat = values.values.reshape(-1)
    sample = flat[:: max(1, flat.size // _SAMPLES)].astype(np.float64)
    if values.padding is not None:
        kept = sample[~values.padding.reshape(-1)[:: max(1, flat.size // _SAMPLES)]]
        sample = kept if kept.size else sample
    low, high = np.percentile(sample, (1, 99))
    return float(low), float(high)


def _in_modality(window: FileWindow, low: float, high: float, slope: float, intercept: float) -> FileWindow:
    rescaled = sorted((low * slope + intercept, high * slope + intercept))
    if _overlap(window, rescaled[0], rescaled[1]) > _CLEARLY * _overlap(window, low, high):
        return window
    return replace(window, centre=window.centre * slope + intercept, width=window.width * abs(slope))


def _overlap(window: FileWindow, low: float, high: float) -> float:
    """The part of all that the window and the values from `low` to `high` cover that both cover: 0 to 1."""
    black, white = window.centre - window.width / 2, window.centre + window.width / 2
    return max(0.0, min(white, high) - max(black, low)) / max(max(white, high) - min(black, low), 1e-9)
