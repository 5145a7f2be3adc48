"""A small run over damaged files in the normal tests; the large one is `python -m tests.damage.run --count 20000`."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from tests.damage.kinds import KINDS, Part, bomb, case, kind_of, lay_out
from tests.damage.large import large_case
from tests.damage.originals import LARGE_NAMES, NAMES, SIZE, original
from tests.damage.run import figures
from tests.damage.walk import Outcome, Walker, folder_of, run_case, truth, walker
from viewer.volume.slice import Slice

SEED, COUNT = 20, 180


@pytest.fixture(scope="module")
def walk() -> Iterator[Walker]:
    with walker() as made:
        yield made


@cache
def outcomes() -> tuple[Outcome, ...]:
    """The first cases of this seed, and one case of each kind that is not among them."""
    numbers: list[int] = []
    seen: set[str] = set()
    for number in range(4000):
        kind = kind_of(Random(f"{SEED}/{number}")).name
        if number < COUNT or kind not in seen:
            numbers.append(number)
        seen.add(kind)
    with walker() as walk:
        return tuple(run_case(SEED, case(SEED, number), walk) for number in numbers)


@pytest.mark.parametrize("name", NAMES)
def test_the_undamaged_file_of_each_encoding_opens_without_a_word(name: str, walk: Walker) -> None:
    with folder_of() as folder:
        (folder / "GOOD").write_bytes(original(name).data)
        found = [cut for _, _, cut in walk.pictures(folder)]
    assert len(found) == original(name).frames
    assert [cut if isinstance(cut, str) else cut.problems for cut in found] == [()] * len(found)


def test_every_kind_of_damage_was_tried() -> None:
    assert {outcome.kind for outcome in outcomes()} == {kind.name for kind in KINDS}


def test_nothing_but_a_plain_word_comes_out_of_a_damaged_file() -> None:
    assert [outcome.error for outcome in outcomes() if outcome.error] == []


def test_no_damaged_picture_has_another_shape_than_its_header_says() -> None:
    assert [outcome.number for outcome in outcomes() if outcome.wrong_shape] == []


def test_the_report_stays_true_and_the_good_picture_beside_it_is_shown() -> None:
    assert [outcome.number for outcome in outcomes() if outcome.untrue or outcome.neighbour_lost] == []


def test_most_compressed_pictures_that_changed_carry_a_word() -> None:
    rows = [
        {**outcome.__dict__, "pause": 0.0}
        for outcome in outcomes()
        if outcome.part == Part.PIXELS.value and original(outcome.encoding).encapsulated
    ]
    assert figures(rows, [], {"worker_kib": 0, "program_kib": 0})["changed_with_a_word"] >= 0.6


def test_most_files_that_decode_to_other_pixels_carry_a_word() -> None:
    """Of all encodings, damage anywhere in the file: what the run of 20,000 is judged by."""
    other = [outcome for outcome in outcomes() if outcome.pixels == "other"]
    assert len(other) > 40
    assert sum(outcome.marked for outcome in other) >= 0.6 * len(other)


def test_a_case_is_the_same_each_time_it_is_made() -> None:
    for number in range(60):
        assert case(SEED, number) == case(SEED, number)


def test_after_a_workers_death_the_next_good_slice_comes(walk: Walker) -> None:
    walk.next_good()
    walk.kill_worker()
    assert walk.next_good()[1] == ""  # how soon, the run measures


def test_the_values_of_lossless_encodings_are_alike() -> None:
    same = ("explicit", "implicit", "big-endian", "deflated", "rle", "jpeg-lossless", "jpeg-ls", "jpeg-2000", "htj2k")
    assert all((truth(name)[0] == truth("explicit")[0]).all() for name in same)


def test_nothing_is_written_beside_what_was_there() -> None:
    with folder_of() as folder, walker() as walk:
        for number in range(12):
            lay_out(SEED, case(SEED, number), folder)
        before = sorted((path.name, path.lstat().st_mtime_ns) for path in folder.rglob("*"))
        list(walk.pictures(folder))
        assert sorted((path.name, path.lstat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_a_file_that_grows_a_thousandfold_is_inflated_only_as_far_as_its_picture_reaches(walk: Walker) -> None:
    with folder_of() as folder:
        (folder / "BOMB").write_bytes(bomb(512))
        tracemalloc.start()
        try:
            ((_, _, cut),) = walk.pictures(folder)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert isinstance(cut, Slice)
    assert cut.values.shape == (SIZE, SIZE)
    assert most < 16 * 2**20


def test_large_pictures_open_without_a_word_and_most_damage_of_a_few_bytes_is_told(walk: Walker) -> None:
    for name in LARGE_NAMES:
        with folder_of() as folder:
            (folder / "GOOD").write_bytes(original(name).data)
            assert [isinstance(cut, Slice) and not cut.problems for _, _, cut in walk.pictures(folder)] == [True], name
    assert large_case(SEED, 3) == large_case(SEED, 3)
    outcomes = [run_case(SEED, large_case(SEED, number), walk) for number in range(20)]
    other = [outcome for outcome in outcomes if outcome.pixels == "other"]
    assert len(other) > 10
    assert sum(outcome.marked for outcome in other) >= 0.8 * len(other)
