"""Deeds with the sets chosen in the list: putting together, taking apart, putting back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from viewer.index.by_hand import How
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.text.translate import tr

if TYPE_CHECKING:
    from viewer.gui.bridge import Bridge
    from viewer.usecases.session import Session

APART = {"apart_before": How.BEFORE, "apart_groups": How.GROUPS, "apart_single": How.SINGLE}
MENU = ("sets_together", *APART, "sets_back")


class Listing(Protocol):
    """What is asked of the window around the list."""

    @property
    def session(self) -> Session: ...

    @property
    def bridge(self) -> Bridge: ...

    @property
    def chosen_sets(self) -> tuple[str, ...]: ...

    def say(self, sentence: str) -> None: ...


class SetDeeds:
    """What happens is seen in the list; how to take it back is said."""

    def __init__(self, window: Listing) -> None:
        self._window, self._session = window, window.session

    def handlers(self) -> dict[str, Callable[[], None]]:
        """One deed for each row of the table."""
        return {
            "sets_together": self._together,
            **{name: partial(self._apart, how) for name, how in APART.items()},
            "sets_back": self._back,
        }

    def _together(self) -> None:
        self._do(self._session.put_together, tr("Put together. Ctrl+Z takes it back."))

    def _apart(self, how: How) -> None:
        self._do(partial(self._session.take_apart, how), tr("Taken apart. Ctrl+Z takes it back."))

    def _back(self) -> None:
        self._do(self._session.put_sets_back, tr("The sets are as they were read."))

    def _do(self, deed: Callable[[Sequence[str]], Job[DiscIndex]], words: str) -> None:
        try:
            job = deed(self._window.chosen_sets)
        except KeyError:  # all is read, but where the person was is still being found
            self._window.say(tr("The disc is not quite ready. Try again in a moment."))
            return
        self._window.bridge.follow(job, lambda job: self._window.say(words) if job.result is not None else None)
