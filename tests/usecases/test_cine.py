"""Films run by the time that the file records; late pictures are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usecases.sitting import Sitting
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.cine import Timing, timing_of, why_not_play


def test_a_vector_gives_each_picture_its_own_time() -> None:
    timing = Timing((0.0, 100.0, 400.0), 600.0)
    assert [timing.index_at(ms) for ms in (0, 99, 100, 399, 400, 599, 600, 701)] == [0, 0, 1, 1, 2, 2, 0, 1]
    assert timing.index_at(150, first=2) == 2
    assert timing.index_at(210, first=2) == 0


def test_a_sweep_runs_back_again() -> None:
    timing = Timing((0.0, 10.0, 20.0), 30.0, sweeps=True)
    assert [timing.index_at(ms) for ms in (5, 15, 25, 35, 45, 55, 65)] == [0, 1, 2, 2, 1, 0, 0]


@given(st.lists(st.floats(1, 500), min_size=2, max_size=30), st.floats(0, 1e6), st.booleans())
def test_there_is_always_a_picture(steps: list[float], moment: float, sweeps: bool) -> None:
    starts = [0.0]
    for step in steps[:-1]:
        starts.append(starts[-1] + step)
    timing = Timing(tuple(starts), starts[-1] + steps[-1], sweeps=sweeps)
    assert 0 <= timing.index_at(moment) < len(starts)


def test_a_volume_is_no_film_and_a_multi_frame_object_is_one(seat: Sitting, ct: Path, tmp_path: Path) -> None:
    seat.open(ct)
    assert "not a film." in why_not_play(seat.volume, 0)
    assert why_not_play(None, 0)


def test_the_speed_is_said_and_where_it_is_not_recorded_too() -> None:
    assert Timing((0.0, 40.0), 80.0).words == "Playing 25 pictures a second."
    assert Timing((0.0, 1000.0), 2000.0).words == "Playing one picture a second."
    assert "not recorded" in Timing((0.0, 100.0), 200.0, is_recorded=False).words


@pytest.mark.parametrize("vector", [[0.0, 40.0, 80.0, 40.0], None])
def test_the_times_come_from_the_file(seat: Sitting, tmp_path: Path, vector: list[float] | None) -> None:
    import pydicom

    from tests import clinic

    folder = tmp_path / "ct"
    write_disc(folder, DiscKind.CT, slices=3, size=16)
    made = clinic.film(clinic.pictures(folder)[0])
    made.PreferredPlaybackSequencing = 1
    if vector is not None:
        made.FrameIncrementPointer = pydicom.tag.Tag(0x0018, 0x1065)
        made.FrameTimeVector = vector
    film = tmp_path / "film"
    film.mkdir()
    clinic.write(made, film / "a")
    seat.open(film)
    timing = timing_of(seat.volume, 0)
    assert timing.sweeps
    if vector is not None:
        assert timing.starts == (0, 40, 120, 160)
        assert timing.is_recorded
    else:
        assert timing.starts == (0, 100, 200, 300)
        assert not timing.is_recorded
    assert why_not_play(seat.volume, 0) == ""
