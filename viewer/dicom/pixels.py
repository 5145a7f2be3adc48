"""How stored pixels are to be read, with contradictions refused or corrected and said (PS3.3 C.7.6.3, PS3.5 8.1.1)."""

from __future__ import annotations

import struct
from functools import lru_cache
from math import isfinite

from viewer.dicom.fields import Fields
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError, problem

_ALLOCATED = frozenset({1, 8, 16, 32, 64})
_SAMPLES = {"RGB": 3, "ARGB": 4, "CMYK": 4, "MONOCHROME1": 1, "MONOCHROME2": 1, "PALETTE COLOR": 1}
_FLOATS = {0x7FE00008: ("float", 32), 0x7FE00009: ("double", 64)}
# kind of pixels → (padding, its limit)
_PADDINGS = {"": (0x00280120, 0x00280121), "float": (0x00280122, 0x00280124), "double": (0x00280123, 0x00280125)}
_FORMS = {"float": "f", "double": "d"}
PADDINGS = frozenset(tag for pair in _PADDINGS.values() for tag in pair)


def description(fields: Fields, tag: int, where: str) -> tuple[PixelDescription, str]:
    """(how to read the pixels, code of a Problem or ""); raises ProblemError where that cannot be known."""
    number = fields.number
    padding, limit = _PADDINGS[_FLOATS.get(tag, ("", 0))[0]]
    described = _description(
        number(0x00280010),
        number(0x00280011),
        number(0x00280002),
        number(0x00280100),
        number(0x00280101),
        number(0x00280102),
        number(0x00280103),
        fields.word(0x00280004),
        number(0x00280006),
        tag,
        fields.raw(padding),
        fields.raw(limit),
        fields.encoding.little,
    )
    if isinstance(described, str):
        raise ProblemError(problem(described, where))
    return described


@lru_cache(maxsize=1024)
def _description(
    rows: int | None,
    columns: int | None,
    samples: int | None,
    allocated: int | None,
    stored: int | None,
    high: int | None,
    representation: int | None,
    photometric: str,
    planar: int | None,
    tag: int,
    padding: bytes,
    padding_limit: bytes,
    little: bool,
) -> tuple[PixelDescription, str] | str:
    if not rows or not columns:
        return "size_unknown"
    kind, float_bits = _FLOATS.get(tag, ("", 0))
    bits = _bits(float_bits or allocated or 0, float_bits or stored or 0, None if kind else high)
    expected = 3 if photometric.startswith("YBR") else _SAMPLES.get(photometric, samples or 1)
    if bits is None or expected not in (1, 3, 4):
        return "bits_impossible"
    allocated_bits, stored_bits, high_bit, corrected = bits
    corrected = corrected or (samples != expected and not (samples is None and expected == 1))
    signed = representation == 1 and not kind
    pad = _padding(padding, padding_limit, _FORMS.get(kind, "h" if signed else "H"), little)
    return PixelDescription(
        rows, columns, expected, allocated_bits, stored_bits, high_bit, signed, photometric or "MONOCHROME2",
        planar if planar in (0, 1) and expected > 1 else 0, pad, kind,
    ), "bits_corrected" if corrected else ""  # fmt: skip


def _bits(allocated: int, stored: int, high: int | None) -> tuple[int, int, int, bool] | None:
    """(allocated, stored, high bit, whether one of them had to be corrected); None where they cannot be known. 0 and
    None: not told."""
    likely = allocated or (0 if not stored else 8 if stored <= 8 else 16)
    likely = 16 if 8 < likely < 16 else likely
    if likely not in _ALLOCATED:
        return None
    fitting = min(stored or likely, likely)
    top = fitting - 1 if high is None or not fitting - 1 <= high < likely else high
    corrected = likely != allocated or fitting != (stored or likely) or top != (fitting - 1 if high is None else high)
    return likely, fitting, top, corrected


def _padding(value: bytes, limit: bytes, form: str, little: bool) -> tuple[float, float] | None:
    """Low to high, in stored values; the sign follows the pixels, whatever VR was written (rule R-P11)."""
    form = ("<" if little else ">") + form
    size = struct.calcsize(form)
    if len(value) < size:
        return None
    first = struct.unpack_from(form, value)[0]
    second = struct.unpack_from(form, limit)[0] if len(limit) >= size else first
    return (min(first, second), max(first, second)) if isfinite(first) and isfinite(second) else None
