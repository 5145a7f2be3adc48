"""The memory budget refuses what does not fit and forgets who is gone."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

from viewer.jobs.budget import Budget, container_limit, free_memory


class _Owner:
    pass


def test_what_does_not_fit_is_refused_and_a_pinned_picture_is_not() -> None:
    budget, one, other = Budget(100), _Owner(), _Owner()
    assert budget.take(one, 70)
    assert not budget.take(other, 40)
    assert budget.take(other, 40, pinned=True)
    assert budget.free == 0
    budget.give_back(one, 30)
    assert budget.free == 20
    budget.give_back(other)
    assert budget.free == 60


def test_an_owner_that_is_gone_holds_nothing() -> None:
    budget, owner = Budget(100), _Owner()
    budget.take(owner, 70)
    del owner
    gc.collect()
    assert budget.free == 100


def test_the_machine_tells_how_much_is_free() -> None:
    assert 2**20 < free_memory() < 2**50
    assert 2**20 < Budget().limit <= max(128 * 2**20, free_memory())


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({"memory.max": "max", "memory.current": "5"}, sys.maxsize),
        ({"memory.max": "1000", "memory.current": "900"}, 100),
        ({"memory.max": "1000", "memory.current": "900", "memory.stat": "anon 200\ninactive_file 650\n"}, 750),
        ({"memory.max": "1000", "memory.current": "1200"}, 0),
        ({}, sys.maxsize),
    ],
)
def test_a_container_s_files_that_nobody_uses_take_no_room(tmp_path: Path, files: dict[str, str], left: int) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "ascii")
    assert container_limit(tmp_path) == left
