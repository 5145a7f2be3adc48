"""What the AI saw of a disc and what not, in the words of screen, preview and paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.document.samples import turn
from tests.index.made import index_of, stack
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import NOBODY_THERE
from viewer.document.model import Conversation, SentPicture, Turn
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.problem import problem
from viewer.usecases.looked_at import looked_at_words, not_looked_at

ALL = 13  # pictures of the disc


def disc() -> DiscIndex:
    """A set of ten pictures from the side and one of three."""
    return index_of(
        stack(range(10)) + stack(range(3), first=20, series_uid="1.2.10", series_number=3, series_description="Other")
    )


def asked(*sent: SentPicture) -> Turn:
    return replace(turn("Why?"), sent=sent, pictures_on_disc=ALL)


def sent(plane: Plane, index: int, *, is_picture: bool = True) -> SentPicture:
    """Of the first set; its own pictures carry their number."""
    (first, *_) = disc().every_series
    frame = first.groups[0].frames[index].ref if is_picture else None
    return replace(turn("Why?").sent[0], series_id=first.id, plane=plane, index=index, frame=frame)


def rest(*turns: Turn) -> str:
    return not_looked_at(disc(), Conversation("talk", turns))


def test_one_picture_is_one_of_all() -> None:
    one = asked(sent(Plane.NATIVE, 4))
    assert looked_at_words(one) == "1 of 13 pictures"
    assert rest(one).startswith("The other 9 pictures of “")
    assert rest(one).endswith("”, and all 3 pictures of 1 more set.")


def test_a_cut_through_pictures_is_none_of_them() -> None:
    cut = asked(sent(Plane.AXIAL, 4, is_picture=False))
    assert looked_at_words(cut) == "a cut through pictures, none of the 13 themselves"
    assert rest(cut).startswith("The 10 pictures of “")
    assert "” themselves, and all 3 pictures of 1 more set." in rest(cut)


def test_a_picture_sent_in_two_directions_counts_once() -> None:
    twice = asked(sent(Plane.NATIVE, 4)), asked(sent(Plane.SAGITTAL, 4))
    assert rest(*twice).startswith("The other 9 pictures of “")


def test_a_picture_of_a_talk_from_before_pictures_carried_numbers_counts() -> None:
    old = asked(sent(Plane.NATIVE, 4, is_picture=False))
    assert looked_at_words(old) == "1 of 13 pictures"
    assert rest(old).startswith("The other 9 pictures of “")


@pytest.mark.parametrize("code", sorted(NOBODY_THERE))
@pytest.mark.parametrize("state", [AnswerState.FAILED, AnswerState.TIMED_OUT])
def test_what_did_not_leave_was_not_looked_at(code: str, state: AnswerState) -> None:
    """Whoever does not pick up lets the time run out, and has seen nothing."""
    alone = replace(asked(sent(Plane.NATIVE, 4)), answer=Answer(state, problem=problem(code, seconds=5, host="h")))
    assert looked_at_words(alone) == "none of 13 pictures"
    assert rest(alone) == "All 13 pictures of this disc."


def test_where_all_was_looked_at_it_says_so() -> None:
    only = index_of(stack(range(1)))
    (series,) = only.every_series
    seen = replace(sent(Plane.NATIVE, 0), series_id=series.id, frame=series.frames[0].ref)
    assert not_looked_at(only, Conversation("talk", (asked(seen),))) == "Every picture of this disc was looked at."
