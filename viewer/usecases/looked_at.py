"""What of a disc the AI saw, and what not: the same words beside the talk and in the PDF."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from viewer.answer.answer import AnswerState
from viewer.answer.ending import NO_RECORD, NOBODY_THERE
from viewer.document.model import Conversation, SentPicture, Turn
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.index.spot import spot_of
from viewer.text.translate import count_of, tr


def has_left(turn: Turn) -> bool:
    """Whether anything of the question may have left, as far as its answer tells."""
    return turn.answer.problem is None or turn.answer.problem.code not in NOBODY_THERE | NO_RECORD


def was_looked_at(turn: Turn) -> bool:
    """Whether anyone may have looked at its pictures: not where nothing left, nor where the question failed before there
    was any answer."""
    return has_left(turn) and turn.answer.state is not AnswerState.FAILED


def looked_at_words(turn: Turn) -> str:
    """ "1 of 72 pictures"; a cut through pictures is none of them."""
    if not was_looked_at(turn):
        return count_of(turn.pictures_on_disc, "none of {n} picture", "none of {n} pictures")
    seen = len(_pictures(turn.sent))
    if turn.sent and not seen:
        return tr("a cut through pictures, none of the {n} themselves", n=turn.pictures_on_disc)
    return count_of(turn.pictures_on_disc, f"{seen} of {{n}} picture", f"{seen} of {{n}} pictures")


def not_looked_at(disc: DiscIndex, conversation: Conversation) -> str:
    """Everything on the disc that no question was about: "The other 37 pictures of “From the side, T2”, and all 34 pictures
    of 6 more sets." """
    looked: dict[str, list[SentPicture]] = {}
    for turn in filter(was_looked_at, conversation.turns):
        for sent in turn.sent:
            looked.setdefault(sent.series_id, []).append(sent)
    counts = [(one, len(one.frames)) for one in disc.every_series if one.frames]
    parts = [
        _rest(count, len(_pictures(looked[one.id]))).replace("[name]", one.name)
        for one, count in counts
        if one.id in looked and count > len(_pictures(looked[one.id]))
    ]
    whole = [count for series, count in counts if series.id not in looked]
    if whole:
        pictures = count_of(sum(whole), "the one picture", "all {n} pictures")
        more = count_of(len(whole), "{n} more set", "{n} more sets") if looked else tr("this disc")
        parts.append(tr("{pictures} of {sets}", pictures=pictures, sets=more))
    words = tr(", and ").join(parts)
    return f"{words[0].upper()}{words[1:]}." if words else tr("Every picture of this disc was looked at.")


def _rest(count: int, seen: int) -> str:
    """Those of a set with `count` pictures that were not looked at."""
    if not seen:
        return count_of(count, "the picture of “[name]” itself", "the {n} pictures of “[name]” themselves")
    return count_of(count - seen, "the other picture of “[name]”", "the other {n} pictures of “[name]”")


def _pictures(sent: Iterable[SentPicture]) -> set[Hashable]:
    """The disc's own pictures among these, each once in whatever direction it was shown."""
    return {one.frame or spot_of(one) for one in sent if one.frame is not None or one.plane is Plane.NATIVE}
