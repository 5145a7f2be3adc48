"""Fields: the values of one data set or item by tag, as text and checked numbers. Wrong numbers are None."""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from math import isfinite

from viewer.dicom.charset import decode
from viewer.dicom.encoding import Encoding
from viewer.dicom.walk import items
from viewer.text.plain import one_line, plain

_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_EDGES = b" \0\t\r\n"
MAX_NUMBERS = 65_536
_FAR = 1e9
_UNDERSCORE, _COMMA = b"_,"  # numbers: to look for a text of one byte takes an exception first


@lru_cache(maxsize=16_384)
def decimals(raw: bytes) -> tuple[float | None, ...]:
    """Values of a DS (PS3.5 6.2); what is no finite number is None; an empty value gives ()."""
    if not raw.strip(_EDGES):
        return ()
    return tuple(_decimal(part.strip(_EDGES)) for part in raw.split(b"\\", MAX_NUMBERS)[:MAX_NUMBERS])


def _decimal(part: bytes) -> float | None:
    if len(part) > 64 or _UNDERSCORE in part:  # Python's own spelling of digits
        return None
    try:
        value = float(part)
    except ValueError:
        return None
    return value if isfinite(value) else None


def with_points(raw: bytes) -> bytes:
    """A length or a place as it was meant where its writer's country has commas in its numbers: no DS has any, so nothing
    else can be meant; beside points they part the values."""
    return raw.replace(b",", b"\\" if b"." in raw else b".") if _COMMA in raw else raw


def first_decimal(raw: bytes) -> float | None:
    """The first value of a DS."""
    found = decimals(raw) if raw else ()
    return found[0] if found else None


@lru_cache(maxsize=16_384)
def whole_number(raw: bytes) -> int | None:
    """The first value of an IS; "3.0" counts as 3."""
    value = first_decimal(raw)
    return int(value) if value is not None and abs(value) < 2**53 else None


def place(raw: bytes) -> tuple[float, float, float] | None:
    """Three finite numbers of a DS, or None."""
    try:
        text = str(raw, "ascii")  # a float of bytes takes longer than one of a text
        one, two, three = text.split("\\")
        x, y, z = float(one), float(two), float(three)
        if abs(x) + abs(y) + abs(z) < _FAR and len(raw) <= 64 and "_" not in text:
            return x, y, z
    except ValueError:
        pass
    return _odd_place(raw)


def _odd_place(raw: bytes) -> tuple[float, float, float] | None:
    if _COMMA in raw:
        return place(with_points(raw))
    found = [value for value in decimals(raw) if value is not None and abs(value) < _FAR]
    return (found[0], found[1], found[2]) if len(found) == len(decimals(raw)) == 3 else None


def ascii_text(raw: bytes) -> str | None:
    """Text that needs neither a character set nor making plain, which is most of it; else None."""
    if len(raw) > 1024 or not raw.isascii():
        return None
    if (told := raw.strip(b" \0")).replace(b".", b"").isdigit():  # a time
        return str(told, "ascii")
    text = raw.decode("ascii").strip(" \0")
    if not text.isprintable():
        return None
    return " ".join(text.split()) if " " in text else text


@lru_cache(maxsize=4096)
def _text(raw: bytes, declared: str) -> str:
    return one_line(decode(raw, declared)[0].strip(" \0"), 1024)


@lru_cache(maxsize=16_384)
def code_words(raw: bytes) -> tuple[str, ...]:
    """Values of a CS: upper-case words without edges."""
    text = raw.decode("ascii", "replace").strip(" \0")
    return tuple(one_line(part, 64) for part in text.split("\\")[:64]) if text else ()


def uid_text(raw: bytes) -> str:
    """A UID as an opaque text; some are longer than 64 or hold letters."""
    told = raw.rstrip(b" \0")
    if told.replace(b".", b"").isdigit() and len(told) <= 128:  # nearly every one
        return str(told, "ascii")
    text = told.decode("ascii", "replace")
    if text.isprintable() and text.isascii() and " " not in text and len(text) <= 128:  # nothing to make plain
        return text
    return one_line(text, 128)


class Fields:
    """Values by tag. `declared` is the value of (0008,0005) that holds here."""

    __slots__ = ("declared", "encoding", "values")

    def __init__(self, values: dict[int, bytes], encoding: Encoding, declared: str = "") -> None:
        self.values = values
        self.encoding = encoding
        own = values.get(0x00080005)
        self.declared = own.decode("ascii", "replace").strip(" \0") if own is not None else declared

    def __contains__(self, tag: int) -> bool:
        return tag in self.values

    def raw(self, tag: int) -> bytes:
        """The bytes of a value, b"" where it is absent."""
        return self.values.get(tag, b"")

    def text(self, tag: int) -> str:
        """Text decoded by the character set, in one line, made plain."""
        raw = self.values.get(tag)
        if not raw:
            return ""
        found = ascii_text(raw)
        return _text(raw, self.declared) if found is None else found

    def long_text(self, tag: int) -> str:
        """Text of several lines, made plain."""
        return plain(decode(self.raw(tag), self.declared)[0]).strip()

    def words(self, tag: int) -> tuple[str, ...]:
        """Code words (CS)."""
        raw = self.values.get(tag)
        return code_words(raw) if raw else ()

    def word(self, tag: int) -> str:
        """The first code word, upper case."""
        raw = self.values.get(tag)
        found = code_words(raw) if raw else ()
        return found[0].strip().upper() if found else ""

    def uid(self, tag: int) -> str:
        """A UID."""
        raw = self.values.get(tag)
        return uid_text(raw) if raw else ""

    def decimals(self, tag: int) -> tuple[float | None, ...]:
        """All values of a DS."""
        raw = self.values.get(tag)
        return decimals(raw) if raw else ()

    def decimal(self, tag: int) -> float | None:
        """The first value of a DS."""
        raw = self.values.get(tag)
        return first_decimal(raw) if raw else None

    def integer(self, tag: int) -> int | None:
        """An IS; "3.0" counts as 3."""
        raw = self.values.get(tag)
        return whole_number(raw) if raw else None

    def vector(self, tag: int, count: int) -> tuple[float, ...] | None:
        """Exactly `count` finite numbers of a DS, or None."""
        values = decimals(with_points(self.raw(tag)))
        if len(values) != count:
            return None
        good = tuple(value for value in values if value is not None and abs(value) < _FAR)
        return good if len(good) == count else None

    def vector3(self, tag: int) -> tuple[float, float, float] | None:
        """Three finite numbers of a DS, or None."""
        raw = self.values.get(tag)
        return place(raw) if raw else None

    def number(self, tag: int, signed: bool = False) -> int | None:
        """The first binary integer (US, SS, UL, SL), by the length of the value."""
        raw = self.values.get(tag)
        if not raw:
            return None
        raw = raw[:4] if len(raw) == 4 else raw[:2]
        return int.from_bytes(raw, "little" if self.encoding.little else "big", signed=signed)

    def numbers(self, tag: int, size: int = 2, signed: bool = False) -> tuple[int, ...]:
        """Binary integers of `size` bytes each."""
        raw = self.raw(tag)
        count = min(len(raw) // size, MAX_NUMBERS)
        letter = {1: "B", 2: "H", 4: "I"}[size]
        order = "<" if self.encoding.little else ">"
        return struct.unpack_from(f"{order}{count}{letter.lower() if signed else letter}", raw)

    def doubles(self, tag: int) -> tuple[float | None, ...]:
        """Values of an FD (or FL where the length says so); text in its place is understood."""
        raw = self.raw(tag)
        if raw and len(raw) % 8 and _NUMBER.match(raw.strip(_EDGES).split(b"\\")[0]):
            return decimals(raw)
        return self._binary(raw, 8, "d") if len(raw) % 8 == 0 else self._binary(raw, 4, "f")

    def _binary(self, raw: bytes, size: int, letter: str) -> tuple[float | None, ...]:
        count = min(len(raw) // size, MAX_NUMBERS)
        order = "<" if self.encoding.little else ">"
        found = struct.unpack_from(f"{order}{count}{letter}", raw)
        return tuple(value if isfinite(value) else None for value in found)

    def double(self, tag: int) -> float | None:
        """The first value of an FD."""
        found = self.doubles(tag)
        return found[0] if found else None

    def items(self, tag: int, most: int = 100_000) -> list[Fields]:
        """The items of a sequence, not more than `most`."""
        raw = self.values.get(tag)
        if not raw:
            return []
        return [Fields(values, encoding, self.declared) for values, encoding in items(raw, self.encoding, most)]

    def item(self, tag: int) -> Fields | None:
        """The first item of a sequence."""
        raw = self.values.get(tag)
        if not raw:
            return None
        found = items(raw, self.encoding, 1)
        return Fields(*found[0], self.declared) if found else None
