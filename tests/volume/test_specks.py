"""Single points that stand out are noticed; nothing that a scanner, a drawing or noise makes is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.volume.made import series_of, stacked
from viewer.codec.pool import Decoder
from viewer.disc.folder import FolderMedium
from viewer.geometry.plane import Plane
from viewer.jobs.budget import Budget
from viewer.volume.neighbours import planes_of
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source
from viewer.volume.specks import has_specks
from viewer.volume.streaks import has_streaks

Y, X = np.mgrid[:80, :64]
BODY = (1000 + 400 * np.hypot(Y - 40, X - 30) / 50).astype(np.uint16)


def is_told(picture: np.ndarray) -> bool:
    return any(has_specks(plane) or has_streaks(plane) for plane in planes_of(picture))


def grainy(seed: int, spread: float = 12.0) -> np.ndarray:
    """A round body with noise in air, 12 bit."""
    chance = np.random.default_rng(seed)
    body = np.where(np.hypot(Y - 40, X - 30) < 25, BODY, 24)
    return np.clip(body + chance.normal(0, spread, body.shape), 0, 4095).astype(np.uint16)


def test_a_high_bit_that_tipped_over_is_noticed_but_at_an_edge() -> None:
    """One in thousands is hidden by the noise itself: a point of it that stands out a fourth as far."""
    missed = tried = 0
    for seed in range(150):
        picture, chance = grainy(seed), np.random.default_rng(seed)
        assert not is_told(picture)
        for row, column in ((1, 1), (78, 62), (chance.integers(1, 79), chance.integers(1, 63))):
            if abs(np.hypot(row - 40, column - 30) - 25) > 6:
                picture[row, column] ^= 0x800
                missed += not is_told(picture)
                picture[row, column] ^= 0x800
                tried += 1
    assert tried > 300
    assert missed <= 0.01 * tried


@given(st.integers(0, 2**32 - 1), st.integers(0, 2))
def test_a_point_that_stands_out_in_a_film_of_ultrasound_is_noticed_whichever_colour_it_is_of(
    seed: int, channel: int
) -> None:
    grey = (grainy(seed) >> 5).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=2)
    picture[30:38, 30:38] = (200, 40, 40)  # a piece of flow
    assert not is_told(picture)
    picture[50, 30, channel] = 255
    assert is_told(picture)


@pytest.mark.parametrize("place", [(2, 3), (0, 31), (79, 62), (40, 60), (79, 5), (40, 45)])
def test_a_bit_that_tipped_over_in_even_tissue_is_noticed_beside_bones_that_differ_by_more(
    place: tuple[int, int],
) -> None:
    missed = 0
    for seed in range(50):
        picture = grainy(seed)
        picture[20:60, 24:32] += np.random.default_rng(seed).normal(1500, 40, (40, 8)).astype(np.uint16)
        assert not is_told(picture)
        picture[place] ^= 0x200
        missed += not is_told(picture)
    assert missed <= 1


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_bits_that_nobody_can_tell_from_noise_accuse_nothing(seed: int, bit: int) -> None:
    picture, chance = grainy(seed), np.random.default_rng(seed)
    picture[chance.integers(0, 80, 8), chance.integers(0, 64, 8)] ^= np.uint16(1 << bit)
    assert not is_told(picture)


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("value", [0, 65535])
def test_a_word_of_ones_or_zeros_is_noticed(count: int, value: int) -> None:
    picture = grainy(8)
    picture[38, 20 : 20 + count] = value
    assert is_told(picture)


def test_most_stretches_of_noise_are_noticed() -> None:
    found = 0
    for seed in range(60):
        picture, chance = grainy(seed), np.random.default_rng(seed)
        row, column = chance.integers(1, 78), chance.integers(0, 40)
        picture[row, column : column + 24] = chance.integers(0, 4096, 24)
        found += is_told(picture)
    assert found >= 45


@given(st.integers(0, 2**32 - 1), st.sampled_from(["normal", "poisson", "uniform", "speckle"]))
def test_noise_of_any_kind_is_no_damage(seed: int, kind: str) -> None:
    chance = np.random.default_rng(seed)
    picture = {
        "normal": lambda: chance.normal(500, 200, (60, 60)),
        "poisson": lambda: chance.poisson(60, (60, 60)),
        "uniform": lambda: chance.integers(0, 4096, (60, 60)),
        "speckle": lambda: chance.rayleigh(30, (60, 60)),
    }[kind]()
    assert not is_told(np.clip(picture, 0, 4095).astype(np.uint16))


@pytest.mark.parametrize("value", [255, 90])
def test_drawn_lines_letters_and_scales_are_no_damage(value: int) -> None:
    picture = (grainy(3) >> 4).astype(np.uint8)
    picture[10, 5:50] = value
    picture[20:60, 7] = value
    for tick in range(20, 60, 4):
        picture[tick, 5:9] = value
    for number in range(9):
        picture[70:75, 5 + 6 * number : 8 + 6 * number] = value
    assert not is_told(picture)


@pytest.mark.parametrize("place", [(5, 5), (38, 30), (60, 40)])
@pytest.mark.parametrize(
    "letter", ["###|.#.|.#.|.#.", "#..|#..|#..|###", "##.|#.#|##.|#.#", "#.#|#.#|#.#|.#.", "#.#|.#.|#.#"]
)
def test_a_single_small_letter_is_no_damage(letter: str, place: tuple[int, int]) -> None:
    drawn = np.array([[point == "#" for point in row] for row in letter.split("|")])
    picture = grainy(4)
    picture[place[0] : place[0] + len(drawn), place[1] : place[1] + 3][drawn] = 4095
    assert not is_told(picture)
    assert not is_told((picture >> 4).astype(np.uint8))


@pytest.mark.parametrize("kind", ["u1", "u2", "i2", "i4"])
def test_every_kind_of_integer_is_looked_through_and_tiny_pictures_are_not(kind: str) -> None:
    picture = (grainy(5) >> 5).astype(kind)
    assert not is_told(picture)
    picture[40, 30] += 90
    assert is_told(picture)
    assert not is_told(picture[30:50, 20:40])
    assert not is_told(picture.astype(np.float32))


def test_the_picture_with_the_tipped_bit_carries_a_word_in_each_plane_it_is_shown_in(tmp_path: Path) -> None:
    voxels = np.stack([grainy(number) for number in range(5)])
    voxels[3, 12, 50] ^= 0x800
    reader = FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))
    source = open_source(series_of(tmp_path, voxels, stacked(5)), 0, reader)
    source.load()
    for plane in (Plane.NATIVE, Plane.AXIAL):
        words = [[word.code for word in source.slice(plane, index).problems] for index in range(5)]
        assert words == [[], [], [], ["points_stand_out"], []]


def test_data_behind_the_last_picture_are_said_and_padding_is_not(tmp_path: Path) -> None:
    voxels = np.stack([grainy(number) for number in range(2)])
    series = series_of(tmp_path, voxels, stacked(2))
    reader = FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))
    for frame, more, wanted in zip(series.frames, (bytes(40), bytes(20) + b"more"), ([], ["pixels_too_many"])):
        path = tmp_path / frame.header.path
        path.write_bytes(path.read_bytes() + more)
        assert frame.header.place is not None
        place = replace(frame.header.place, length=frame.header.place.length + len(more))
        header = replace(frame.header, place=place, size=frame.header.size + len(more))
        stored = reader.stored(frame._replace(header=header))
        assert [word.code for word in stored.problems] == wanted


def test_the_end_of_a_picture_that_something_pushed_behind_it_is_said_however_it_is_read(tmp_path: Path) -> None:
    voxels = np.stack([grainy(number) for number in range(40)])
    series = series_of(tmp_path, voxels, stacked(40))
    frames = []
    for number, frame in enumerate(series.frames):
        path = tmp_path / frame.header.path
        data = path.read_bytes()
        pushed = data[:4000] + data[4000:4060] + data[4000:]
        padded = data + bytes.fromhex("fcfffcff") + b"OB\0\0\4\0\0\0" + b"fill"
        path.write_bytes(written := {3: pushed, 20: pushed}.get(number, padded))
        frames.append(frame._replace(header=replace(frame.header, size=len(written))))
    group = replace(series.groups[0], frames=tuple(frames))
    reader = FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))
    source = open_source(replace(series, groups=(group,)), 0, reader)
    source.load()
    told = [number for number in range(40) if source.slice(Plane.NATIVE, number).problems]
    assert told == [3, 20]
    assert [word.code for word in source.slice(Plane.NATIVE, 3).problems] == ["pixels_too_many"]
