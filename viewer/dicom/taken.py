"""What a file of a learned layout says for itself: values of its own put over the facts that its series shares.

Where a value is odd in any way the file is walked, which has the words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from typing import NamedTuple

from viewer.dicom.fields import ascii_text, first_decimal, place, uid_text, whole_number
from viewer.dicom.rescale import INTERCEPT, SLOPE, scale_of
from viewer.dicom.tables import WINDOW_CENTRE, WINDOW_FUNCTION, WINDOW_NAMES, WINDOW_WIDTH, windows_of

Values = dict[int, bytes]
Facts = dict[str, object]

UID, INSTANCE, ACQUISITION, TIME = 0x00080018, 0x00200013, 0x00200012, 0x00080032
POSITION, TRIGGER, TEMPORAL, RATIO, REFERENCE = 0x00200032, 0x00181060, 0x00200100, 0x00282112, 0x00541300


class Taken(NamedTuple):
    """One fact that is read from one value."""

    tag: int
    name: str
    read: Callable[[bytes], object]
    must: bool = False  # a value that gives nothing is odd


def _uid(raw: bytes) -> str | None:
    return uid_text(raw) or None


_HEADER = (
    Taken(UID, "sop_uid", _uid, must=True),
    Taken(INSTANCE, "instance_number", whole_number),
    Taken(ACQUISITION, "acquisition_number", whole_number),
    Taken(RATIO, "lossy_ratio", first_decimal),
)
_FRAME = (
    Taken(TIME, "acquisition_time", ascii_text, must=True),
    Taken(POSITION, "position", place, must=True),
    Taken(TRIGGER, "trigger_time", first_decimal),
    Taken(TEMPORAL, "temporal", whole_number),
    Taken(REFERENCE, "reference_ms", first_decimal),
)


class Takers:
    """Reads the values of the tags `own`; declared: the value of (0008,0005). has_rescale: whether the first file has one."""

    def __init__(self, own: Set[int], declared: str, *, has_rescale: bool) -> None:
        self._header = tuple(one for one in _HEADER if one.tag in own)
        self._frame = tuple(one for one in _FRAME if one.tag in own)
        self._several: list[Callable[[Values, Facts], bool]] = []  # what is read from several values, all of the frame
        if not own.isdisjoint((WINDOW_CENTRE, WINDOW_WIDTH)):
            self._several.append(partial(_windows, declared))
        if not own.isdisjoint((SLOPE, INTERCEPT)):
            self._several.append(partial(_rescale, has_rescale))

    def take(self, values: Values, header: Facts, frame: Facts) -> bool:
        """Put what a file says for itself over the facts of the header and of its frame; False where a value is odd. This
        runs over every file of a disc."""
        for facts, taken in ((header, self._header), (frame, self._frame)):
            for tag, name, read, must in taken:
                facts[name] = found = read(values[tag])
                if must and found is None:
                    return False
        return False not in [put(values, frame) for put in self._several]


def _windows(declared: str, values: Values, frame: Facts) -> bool:
    asked = values.get
    centre, width = asked(WINDOW_CENTRE), asked(WINDOW_WIDTH, b"")
    told = windows_of(centre, width, asked(WINDOW_FUNCTION, b""), asked(WINDOW_NAMES, b""), declared) if centre else ()
    frame["windows"] = told
    return True


def _rescale(has_rescale: bool, values: Values, frame: Facts) -> bool:
    scale = scale_of(values.get(SLOPE), values.get(INTERCEPT), "")
    frame["slope"], frame["intercept"] = scale.slope, scale.intercept
    return scale.present is has_rescale and not scale.word  # the first file may name it and leave it empty


OWN = frozenset(one.tag for one in (*_HEADER, *_FRAME)) | {WINDOW_CENTRE, WINDOW_WIDTH, SLOPE, INTERCEPT}
BESIDE = (SLOPE, INTERCEPT, WINDOW_CENTRE, WINDOW_WIDTH, WINDOW_FUNCTION, WINDOW_NAMES)  # what those are read with
