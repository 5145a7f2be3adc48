"""What a file of a learned layout says for itself: values of its own put over the facts that its series shares.

Every function takes the values by tag, the facts of the header and those of its frame, and puts in what it knows. False
where a value is odd in any way: then the file is walked, which has the words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial

from viewer.dicom.fields import ascii_text, first_decimal, place, uid_text, whole_number
from viewer.dicom.rescale import INTERCEPT, SLOPE, scale_of
from viewer.dicom.tables import WINDOW_CENTRE, WINDOW_FUNCTION, WINDOW_NAMES, WINDOW_WIDTH, windows_of

Values = dict[int, bytes]
Facts = dict[str, object]
Taker = Callable[[Values, Facts, Facts], bool]

UID, INSTANCE, ACQUISITION, TIME = 0x00080018, 0x00200013, 0x00200012, 0x00080032
POSITION, TRIGGER, TEMPORAL, RATIO, REFERENCE = 0x00200032, 0x00181060, 0x00200100, 0x00282112, 0x00541300


def takers(own: Set[int], declared: str) -> tuple[Taker, ...]:
    """What takes the values of the tags `own`; declared: the value of (0008,0005)."""
    found: list[Taker] = [take for tag, take in _EACH.items() if tag in own]
    if not own.isdisjoint((WINDOW_CENTRE, WINDOW_WIDTH)):
        found.append(partial(_windows, declared))
    if not own.isdisjoint((SLOPE, INTERCEPT)):
        found.append(_rescale)
    return tuple(found)


def _uid(values: Values, header: Facts, frame: Facts) -> bool:
    header["sop_uid"] = uid = uid_text(values[UID])
    return bool(uid)


def _position(values: Values, header: Facts, frame: Facts) -> bool:
    frame["position"] = found = place(values[POSITION])
    return found is not None


def _time(values: Values, header: Facts, frame: Facts) -> bool:
    frame["acquisition_time"] = found = ascii_text(values[TIME])
    return found is not None


def _instance(values: Values, header: Facts, frame: Facts) -> bool:
    header["instance_number"] = whole_number(values[INSTANCE])
    return True


def _acquisition(values: Values, header: Facts, frame: Facts) -> bool:
    header["acquisition_number"] = whole_number(values[ACQUISITION])
    return True


def _ratio(values: Values, header: Facts, frame: Facts) -> bool:
    header["lossy_ratio"] = first_decimal(values[RATIO])
    return True


def _temporal(values: Values, header: Facts, frame: Facts) -> bool:
    frame["temporal"] = whole_number(values[TEMPORAL])
    return True


def _trigger(values: Values, header: Facts, frame: Facts) -> bool:
    frame["trigger_time"] = first_decimal(values[TRIGGER])
    return True


def _reference(values: Values, header: Facts, frame: Facts) -> bool:
    frame["reference_ms"] = first_decimal(values[REFERENCE])
    return True


def _windows(declared: str, values: Values, header: Facts, frame: Facts) -> bool:
    asked = values.get
    centre, width = asked(WINDOW_CENTRE), asked(WINDOW_WIDTH, b"")
    told = windows_of(centre, width, asked(WINDOW_FUNCTION, b""), asked(WINDOW_NAMES, b""), declared) if centre else ()
    frame["windows"] = told
    return True


def _rescale(values: Values, header: Facts, frame: Facts) -> bool:
    scale = scale_of(values.get(SLOPE), values.get(INTERCEPT), "")
    frame["slope"], frame["intercept"] = scale.slope, scale.intercept
    return scale.present and not scale.word


_EACH: dict[int, Taker] = {
    UID: _uid,
    INSTANCE: _instance,
    ACQUISITION: _acquisition,
    TIME: _time,
    POSITION: _position,
    TRIGGER: _trigger,
    TEMPORAL: _temporal,
    RATIO: _ratio,
    REFERENCE: _reference,
}
OWN = frozenset(_EACH) | {WINDOW_CENTRE, WINDOW_WIDTH, SLOPE, INTERCEPT}
BESIDE = (SLOPE, INTERCEPT, WINDOW_CENTRE, WINDOW_WIDTH, WINDOW_FUNCTION, WINDOW_NAMES)  # what those are read with
