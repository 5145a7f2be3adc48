"""Samples of a byte in big endian words (PS3.5 7.3): every pair of bytes stands the wrong way round."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.made import element
from tests.volume.discs import opened
from viewer.codec.pool import Decoder
from viewer.jobs.budget import Budget
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source, stored_values


def big(tag: int, vr: str, value: bytes | str | int) -> bytes:
    return element(tag, vr, struct.pack(">H", value) if isinstance(value, int) else value, little=False)


@pytest.mark.parametrize("kind", ["OB", "OW"])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("frames", [1, 3])
def test_bytes_come_out_in_their_order(tmp_path: Path, kind: str, colour: bool, frames: int) -> None:
    shape = (frames, 3, 5, 3) if colour else (frames, 3, 5)  # an odd number of bytes a frame
    values = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    raw = values.tobytes() + b"\0" * (values.size % 2)
    body = (
        big(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7") + big(0x00080018, "UI", "1.2.3") + big(0x00080060, "CS", "OT")
        + big(0x00280002, "US", 3 if colour else 1) + big(0x00280004, "CS", "RGB" if colour else "MONOCHROME2")
        + big(0x00280006, "US", 0) + big(0x00280008, "IS", str(frames)) + big(0x00280010, "US", 3)
        + big(0x00280011, "US", 5) + big(0x00280100, "US", 8) + big(0x00280101, "US", 8) + big(0x00280102, "US", 7)
        + big(0x00280103, "US", 0)
        + big(0x7FE00010, kind, np.frombuffer(raw, "<u2").astype(">u2").tobytes() if kind == "OW" else raw)
    )  # fmt: skip
    meta = element(0x00020010, "UI", "1.2.840.10008.1.2.2")
    (tmp_path / "IM").write_bytes(bytes(128) + b"DICM" + meta + body)
    medium, index = opened(tmp_path)
    decoder = Decoder(workers=1)
    reader = FrameReader(medium, decoder, Budget())
    (series,) = index.studies[0].series
    source = open_source(series, 0, reader)
    for number in range(frames):
        assert np.array_equal(stored_values(source, number, reader), values[number])
    source.close()
    decoder.close()
