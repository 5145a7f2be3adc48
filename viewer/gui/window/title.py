"""The words in the window's title: what is on screen and when it was made; whose it is only while names are shown."""

from __future__ import annotations

from viewer.document.model import State
from viewer.index.people import shown_name
from viewer.text.dates import date_words

PROGRAM = "Sidelight"


def title_words(state: State) -> str:
    """ "Lower back, MRI, 12 March 2024 — Sidelight"."""
    disc, panes = state.disc, state.view.panes
    on_screen = disc.study_of(panes[0].series_id) if disc and panes else None
    study = on_screen or (disc.studies[0] if disc and disc.studies else None)
    if study is None:
        return PROGRAM
    person = shown_name(study.person) if state.view.names_shown else ""
    words = ", ".join(part for part in (study.name, date_words(study.date), person) if part)
    return f"{words} — {PROGRAM}" if words else PROGRAM
