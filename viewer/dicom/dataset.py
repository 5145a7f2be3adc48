"""data_set: the values of one file by tag, for what `Header` does not hold (reports, tables of contents, details)."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from viewer.dicom.encoding import EXPLICIT_LE, real_encoding
from viewer.dicom.fields import Fields
from viewer.dicom.source import MAX_RATIO, FileFacts, FileReader, Inflating, Source
from viewer.dicom.start import start_of
from viewer.dicom.walk import walk

_HEAD = 64 * 1024


class SizedFile(NamedTuple):
    """A path with its size."""

    path: str
    size: int


class DataSet(NamedTuple):
    """The values asked for, what the meta group names, and "" or what stopped the walk."""

    fields: Fields
    sop_class: str
    damage: str


def sized(medium: FileReader, found: FileFacts | str) -> FileFacts:
    """A found file, or its path with the size asked of the medium: doubling steps, then halves, a byte at a time."""
    if not isinstance(found, str):
        return found
    high = 1024
    while high < 2**40 and medium.read(found, high, 1):
        high *= 2
    low = high // 2 if high > 1024 else 0
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if medium.read(found, middle, 1) else (low, middle)
    return SizedFile(found, low)


def data_set(medium: FileReader, found: FileFacts | str, wanted: Container[int]) -> DataSet:
    """Values of `wanted` tags before the picture. Raises ProblemError where this is no DICOM or cannot be read."""
    file = sized(medium, found)
    source = Source(
        medium.read(file.path, 0, _HEAD), file.size, lambda offset, size: medium.read(file.path, offset, size)
    )
    start = start_of(source, file.path)
    position, declared = start.position, start.syntax.encoding
    if start.syntax.deflated:
        stream = Inflating(lambda offset, size: medium.read(file.path, offset, size), position, file.size)
        source, position, declared = Source(b"", file.size * MAX_RATIO, stream.read), 0, EXPLICIT_LE
    encoding = real_encoding(source.at(position, 512), declared, source.size - position)
    walked = walk(source, position, encoding, wanted)
    return DataSet(Fields(walked.values, encoding), start.sop_class, walked.damage)
