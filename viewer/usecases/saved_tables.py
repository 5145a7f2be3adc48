"""Tables of a saved view: its whole grey chain, worked out once for every value a picture can hold (PS3.4 N.2).

stored → the state's own modality step → its VOI window or table → its presentation table → level. What comes of it is a
window with levels in the picture's modality values, in which everything on screen stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.dicom.header import FileWindow, Lut
from viewer.dicom.presentation import Presentation, Voi, applies
from viewer.index.model import Frame
from viewer.picture.look import Window
from viewer.text.translate import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BITS = 16
WHITE = 255

Values: TypeAlias = "NDArray[np.float64]"


def curve_for(presentation: Presentation, frame: Frame) -> Window | None:
    """The state's chain where a table is in it and the picture is grey of at most 16 bits; None: a formula says it all."""
    pixels, facts = frame.header.pixels, frame.facts
    if pixels is None or pixels.float_kind:
        return None
    vois = [v for v in presentation.vois if applies(v.pictures, frame.ref.sop_uid, frame.ref.number)]
    voi = next((v for v in vois if v.windows or v.tables), None)
    in_voi = voi is not None and bool(voi.tables) and not voi.windows
    if not (in_voi or presentation.table is not None or presentation.modality_table is not None):
        return None
    own, bits, is_signed, slope, intercept = frame.header.modality_lut, pixels.bits_stored, pixels.is_signed, 1.0, 0.0
    if own is not None:  # what the picture holds is what its own table gives, and the state's is the same
        bits, is_signed = own.bits, False
    else:
        slope, intercept = facts.slope, facts.intercept
    if bits > MOST_BITS or slope == 0:
        return None
    low = -(2 ** (bits - 1)) if is_signed else 0
    stored = np.arange(low, low + 2**bits, dtype=np.float64)
    parts = _presented(_chosen(_modality(stored, presentation, own), voi), presentation)
    levels = np.floor(parts * WHITE + 0.5).astype(np.uint8)
    ends = sorted((low * slope + intercept, (low + 2**bits - 1) * slope + intercept))
    width = len(levels) * abs(slope)
    text = (levels if slope > 0 else levels[::-1]).tobytes().decode("latin-1")
    name = voi.tables[0].name if voi is not None and in_voi and voi.tables[0].name else tr("As saved")
    return Window(ends[0] + width / 2, width, name=name, origin="file", levels=text)


def _modality(stored: Values, presentation: Presentation, own: Lut | None) -> Values:
    if presentation.modality_table is not None and own is None:
        return _through(stored, presentation.modality_table)
    return stored * presentation.slope + presentation.intercept


def _through(values: Values, table: Lut) -> Values:
    """The entry for each value; below the first and above the last hold the end entries (PS3.3 C.11.1.1, C.11.2.1.1)."""
    index = np.clip(np.floor(values - _first(table, values) + 0.5), 0, len(table.entries) - 1)
    return table.entries.astype(np.float64)[index.astype(np.int64)]


def _first(table: Lut, values: Values) -> int:
    """The first mapped value: of two bytes, negative where the values themselves can be (PS3.3 C.11.2.1.1)."""
    return table.first - 65_536 if table.first >= 32_768 and values.min() < 0 else table.first


def _chosen(values: Values, voi: Voi | None) -> Values:
    """Parts of white, 0 to 1, after the VOI step; without one from the lowest to the highest value."""
    if voi is not None and voi.windows:
        return _windowed(values, voi.windows[0])
    if voi is not None and voi.tables:
        return _parts(_through(values, voi.tables[0]), voi.tables[0])
    low, high = float(values.min()), float(values.max())
    return (values - low) / ((high - low) or 1.0)


def _windowed(values: Values, window: FileWindow) -> Values:
    """PS3.3 C.11.2.1.2.1 and C.11.2.1.3 as parts of the output range."""
    centre, width = window.centre, window.width
    if window.function == "SIGMOID":
        sigmoid: Values = 1 / (1 + np.exp(np.clip(-4 * (values - centre) / width, -60, 60)))
        return sigmoid
    if window.function == "LINEAR" and width >= 1:
        centre, width = centre - 0.5, width - 1
    if width <= 0:
        return (values > centre).astype(np.float64)
    ramp: Values = np.clip((values - centre) / width + 0.5, 0, 1)
    return ramp


def _presented(parts: Values, presentation: Presentation) -> Values:
    """Through the presentation table, whose input is the whole output range of the step before (PS3.3 C.11.4)."""
    table = presentation.table
    if table is None:
        return parts
    index = np.floor(parts * (len(table.entries) - 1) + 0.5).astype(np.int64)
    return _parts(table.entries.astype(np.float64)[index], table)


def _parts(entries: Values, table: Lut) -> Values:
    found: Values = np.clip(entries / (2.0 ** max(table.bits, 1) - 1), 0, 1)
    return found
