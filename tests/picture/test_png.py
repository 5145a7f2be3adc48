"""PNG and NPY: nothing in them but the pixels and the values."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.picture.judge import read_picture
from tests.picture.png import read_png
from viewer.picture.npy import npy_bytes
from viewer.picture.png import encode_png, png_chunks

PIXELS = st.one_of(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=20)),
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))),
)


@settings(deadline=None)
@given(pixels=PIXELS)
def test_what_is_written_is_read_again_and_is_the_same_bytes_each_time(pixels: np.ndarray) -> None:
    png = encode_png(pixels)
    assert (read_png(png) == pixels).all()
    assert encode_png(pixels.copy(order="F")) == png
    assert [kind for kind, _ in png_chunks(png)] == [b"IHDR", b"IDAT", b"IEND"]
    assert png.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("shape", [(37, 53), (37, 53, 3)])
def test_another_program_reads_the_same_pixels(shape: tuple[int, ...], tmp_path: object) -> None:
    smooth = (np.indices(shape).sum(axis=0) * 3 % 256).astype(np.uint8)
    path = f"{tmp_path}/picture.png"
    with open(path, "wb") as file:
        file.write(encode_png(smooth))
    assert (read_picture(path) == smooth).all()


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((0, 4), np.uint8), np.zeros((4, 4), np.uint16), np.zeros((4, 4, 4), np.uint8), np.zeros(4, np.uint8)],
)
def test_anything_but_grey_and_rgb_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="PNG"):
        encode_png(pixels)


@settings(deadline=None)
@given(data=st.data())
def test_damaged_and_foreign_bytes_are_refused_and_never_fail_otherwise(data: st.DataObject) -> None:
    png = bytearray(encode_png(np.arange(48, dtype=np.uint8).reshape(6, 8)))
    place = data.draw(st.integers(0, len(png) - 1))
    png[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="PNG"):
        read_png(bytes(png))
    with pytest.raises(ValueError, match="PNG"):
        read_png(bytes(png[:place]))


def test_a_packed_bomb_is_not_unpacked() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")
    with pytest.raises(ValueError, match="damaged"):
        read_png(bomb)


def test_values_are_written_as_little_endian_float32() -> None:
    values = np.array([[1.5, -2.0], [np.nan, 4.0]], np.float64)
    data = npy_bytes(values)
    file = io.BytesIO(data)
    assert np.lib.format.read_magic(file) == (1, 0)
    shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
    assert (shape, fortran, kind) == ((2, 2), False, np.dtype("<f4"))
    assert np.array_equal(np.frombuffer(file.read(), "<f4").reshape(2, 2), values.astype("<f4"), equal_nan=True)
