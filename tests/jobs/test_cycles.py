"""While a disc is read nothing is searched for, and afterwards all is as before."""

from __future__ import annotations

import gc

import pytest

from viewer.jobs.cycles import no_search_for_cycles


@pytest.mark.parametrize("before", [True, False])
def test_the_search_is_off_within_and_as_before_after_success_and_failure(before: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if before else gc.disable)()
        with no_search_for_cycles():
            assert not gc.isenabled()
        assert gc.isenabled() is before
        with pytest.raises(KeyError), no_search_for_cycles():
            raise KeyError
        assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()
