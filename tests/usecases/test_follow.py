"""Ids on a fuller index: the same pictures are found again, whatever the number of sets."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import pytest

from tests.index.made import index_of, stack
from viewer.index.model import DiscIndex
from viewer.usecases import follow
from viewer.usecases.follow import find_series, known_series, new_ids


def many(sets: range) -> DiscIndex:
    """A disc with one set of three pictures for each number."""
    made = (stack(range(3), first=10 * number + 1, series_uid=f"1.2.{number}", series_number=number) for number in sets)
    return index_of(header for headers in made for header in headers)


def test_sets_are_found_again_by_their_pictures_and_not_by_their_place_in_the_list() -> None:
    before, after = many(range(10, 30)), many(range(30))
    ids = new_ids(known_series(before), after)
    assert len(ids) == 20
    for old, new in ids.items():
        one, other = before.series(old), after.series(new)
        assert one is not None
        assert other is not None
        assert one.uid == other.uid
    assert ids != {old: old for old in ids}


def test_each_set_is_looked_for_among_those_of_its_number_only(monkeypatch: pytest.MonkeyPatch) -> None:
    # a disc of 3,000 sets held the window up for a second each time more of it was known, one of 6,000 for nine
    disc = many(range(40))
    frame_place = Mock(wraps=follow.frame_place)
    monkeypatch.setattr(follow, "frame_place", frame_place)
    assert new_ids(known_series(disc), disc) == {series.id: series.id for series in disc.studies[0].series}
    assert frame_place.call_count == 40


def test_a_picture_in_a_set_put_together_by_hand_is_found_there() -> None:
    disc = many(range(2))
    one, other = disc.studies[0].series
    both = replace(one, uid="9.9", groups=(*one.groups, *other.groups), made_of=(one.id, other.id))
    made = replace(disc, studies=(replace(disc.studies[0], series=(both,)),))
    assert find_series(made, other.uid, other.groups[0].frames[1].ref) is both
    assert find_series(made, other.uid, None) is None
