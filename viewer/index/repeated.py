"""Places of a series at which several pictures lie, and how often a lot of its pictures holds each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from viewer.index.model import Frame

PlaceOf = dict[int, int]  # of each picture, by its `id`, the number of its place


def fullest(place: PlaceOf) -> int:
    """How many pictures lie at the place that has most of them."""
    return max(Counter(place.values()).values())


def each_once(frames: Sequence[Frame], place: PlaceOf) -> bool:
    """True when no two of `frames` lie at one place."""
    return len({place[id(frame)] for frame in frames}) == len(frames)


def is_whole(frames: Sequence[Frame], place: PlaceOf, places: int) -> bool:
    """True when `frames` hold each of the `places` once."""
    return len(frames) == places and each_once(frames, place)


def equally_often(frames: Sequence[Frame], place: PlaceOf, places: int) -> bool:
    """True when `frames` hold each of the `places`, and each as often as the others."""
    often = Counter(place[id(frame)] for frame in frames)
    return len(often) == places and len(set(often.values())) == 1
