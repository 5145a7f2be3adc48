"""The memory budget refuses what does not fit and forgets who is gone."""

from __future__ import annotations

import gc

from viewer.jobs.budget import Budget, free_memory


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
