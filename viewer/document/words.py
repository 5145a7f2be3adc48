"""What an undo step is called: "Delete length", "Move arrow"."""

from __future__ import annotations

from dataclasses import replace

from viewer.document import changes as c
from viewer.document.model import Document
from viewer.marks.mark import Mark, MarkKind
from viewer.text.translate import tr

_NAMES: dict[MarkKind, str] = {
    MarkKind.ARROW: "arrow",
    MarkKind.RECTANGLE: "rectangle",
    MarkKind.ELLIPSE: "ellipse",
    MarkKind.LENGTH: "length",
    MarkKind.TEXT: "text",
}


def step_words(before: Document, change: c.Change) -> str:
    """The words for a change of the document, in the person's language."""
    old = {mark.id: mark for mark in before.marks}
    match change:
        case c.MarkAdded(mark):
            return _words("Add {mark}", mark)
        case c.MarkChanged(mark):
            return _words(_verb(old[mark.id], mark), mark)
        case c.MarkRemoved(mark_id):
            return _words("Delete {mark}", old[mark_id])
        case c.SetsArranged():
            return change.words
        case _:
            return tr("Change marks")


def _words(sentence: str, mark: Mark) -> str:
    return tr(sentence, mark=tr(_NAMES[mark.kind]))


def _verb(old: Mark, new: Mark) -> str:
    if old.hidden != new.hidden:
        return "Hide {mark}" if new.hidden else "Show {mark}"
    if replace(old, points=new.points, points_lps=new.points_lps) == new:
        return "Move {mark}"
    return "Change {mark}"
