"""The written form of what is kept: frozen rows to JSON and back, one version number, nothing executed.

A row is written as `{"field": value}` for each of its fields; a kept text is `{"v": 1, "is": …}`. Reading is tolerant:
unknown fields are left out, missing ones take their default, a value of the wrong type counts as missing, and a row
that lacks a field without default is dropped from its list. So an older program reads a newer file as far as it can.
Strings come back byte for byte (`Answer.blocks` must: the service refuses a changed one).
"""

from __future__ import annotations

import json
import math
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

VERSION = 1
T = TypeVar("T")


class Unreadable(Exception):
    """This value cannot be what was asked for."""


def written(row: object) -> str:
    """JSON text (ASCII only) of a frozen row made of rows, tuples, enums, texts and numbers."""
    return json.dumps({"v": VERSION, "is": _plain(row)}, separators=(",", ":"), allow_nan=False)


def read(kind: type[T], text: str) -> T:
    """The row of `kind` written in `text`; raises Unreadable when too little of it is there."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError) as failure:
        raise Unreadable from failure
    if not isinstance(kept, dict):
        raise Unreadable
    row: T = _read(kind, kept.get("is"))
    return row


def plain_value(value: object) -> object:
    """A value as lists, dicts, texts and numbers."""
    return _plain(value)


def typed_value(kind: Any, value: object) -> Any:
    """What `plain_value` was made from, by its type; raises Unreadable."""
    return _read(kind, value)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _read(kind: Any, value: object) -> Any:
    """The value as `kind`, one of: row class, enum, tuple, `X | None`, text, truth, whole number, number."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _read(next(each for each in get_args(kind) if each is not type(None)), value)
    if origin is tuple:
        return _read_tuple(get_args(kind), value)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_row(kind, value)
    if issubclass(kind, Enum):
        return _read_enum(kind, value)
    return _read_plain(kind, value)


def _read_plain(kind: type, value: object) -> object:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as failure:
            raise Unreadable from failure
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise Unreadable
    return value


def _read_enum(kind: type[Enum], value: object) -> Enum:
    try:
        return kind(value)
    except ValueError as failure:
        raise Unreadable from failure


def _read_tuple(parts: tuple[Any, ...], value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise Unreadable
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_readable(parts[0], value))
    if len(parts) != len(value):
        raise Unreadable
    return tuple(_read(part, each) for part, each in zip(parts, value))


def _readable(kind: Any, values: list[object]) -> list[Any]:
    """The rows that can be read. Numbers of a list belong together: one bad number spoils all."""
    out: list[Any] = []
    for value in values:
        try:
            out.append(_read(kind, value))
        except Unreadable:
            if not is_dataclass(kind):
                raise
    return out


def _read_row(kind: type, value: object) -> Any:
    if not isinstance(value, dict):
        raise Unreadable
    found: dict[str, Any] = {}
    for field, hint in _hints(kind):
        try:
            found[field.name] = _read(hint, value[field.name])
        except (KeyError, Unreadable):
            if field.default is MISSING and field.default_factory is MISSING:
                raise Unreadable from None
    return kind(**found)


@cache
def _hints(kind: type) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field, hints[field.name]) for field in fields(kind))
