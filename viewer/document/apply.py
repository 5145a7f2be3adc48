"""`apply(state, change)`: the one place that knows what each change does.

Pure and total: a change that cannot be (an unknown mark, a pane that is not there, an answer after its end) gives back
the *same object*, so that nobody is told and nothing is journalled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from viewer.answer.answer import Answer
from viewer.document import changes as c
from viewer.document.model import Conversation, Conversations, Document, PaneView, State, Turn, View
from viewer.marks.mark import Mark
from viewer.picture.look import Look


def apply(state: State, change: c.Change) -> State:
    """The state after `change`; the same object when the change is impossible or changes nothing."""
    match change:
        case c.DiscOpened() | c.DiscIndexed() | c.DiscClosed() | c.PlaceRestored():
            return _disc(state, change)
        case c.MarkAdded() | c.MarkChanged() | c.MarkRemoved():
            return _with_document(state, _document(state.document, change))
        case c.DocumentReplaced() | c.SetsArranged():
            return _arranged(state, change)
        case c.QuestionAsked() | c.AnswerReceived():
            talks = _conversations(state.conversations, change)
            return state if talks is state.conversations else replace(state, conversations=talks)
        case c.BelongingsFound(belongings):
            return state if state.disc is None else replace(state, belongings=belongings)
        case c.MarkSelected(mark_id):
            return _with_view(state, selected_mark=mark_id) if _can_select(state.document, mark_id) else state
        case c.ConversationShown(wanted):
            known = not wanted or any(talk.id == wanted for talk in state.conversations.items)
            return _with_view(state, conversation=wanted) if known else state
        case _:
            view = _view(state.view, change)
            return state if view is state.view else replace(state, view=view)


def _disc(state: State, change: c.DiscOpened | c.DiscIndexed | c.DiscClosed | c.PlaceRestored) -> State:
    match change:
        case c.DiscOpened(disc):
            return State(disc=disc)
        case c.DiscIndexed(disc, document, talks, view):
            if state.disc is None or state.disc is disc or state.disc.root != disc.root:
                return state
            talks, view = talks or state.conversations, view or state.view
            return State(disc, document or state.document, talks, view, state.belongings)
        case c.DiscClosed():
            return state if state.disc is None else State()
        case c.PlaceRestored(document, conversations, view):
            if not _can_select(document, view.selected_mark):
                view = replace(view, selected_mark="")
            return replace(state, document=document, conversations=conversations, view=view)
        case _:
            assert_never(change)


# --- document


def _arranged(state: State, change: c.DocumentReplaced | c.SetsArranged) -> State:
    """The document, and where its sets are others the disc with all that was kept by its ids; all or nothing."""
    if change.disc is not None:
        if state.disc is None or state.disc.root != change.disc.root:
            return state
        talks, view = change.conversations or state.conversations, change.view or state.view
        state = replace(state, disc=change.disc, conversations=talks, view=view)
    return _with_document(state, change.document)


def _document(document: Document, change: c.MarkAdded | c.MarkChanged | c.MarkRemoved) -> Document:
    match change:
        case c.MarkAdded(mark):
            return document if _find(document, mark.id) else replace(document, marks=(*document.marks, mark))
        case c.MarkChanged(mark):
            old = _find(document, mark.id)
            if old is None or old == mark:
                return document
            return replace(document, marks=tuple(mark if each is old else each for each in document.marks))
        case c.MarkRemoved(mark_id):
            old = _find(document, mark_id)
            left = tuple(each for each in document.marks if each is not old)
            return document if old is None else replace(document, marks=left)
        case _:
            assert_never(change)


def _find(document: Document, mark_id: str) -> Mark | None:
    return next((mark for mark in document.marks if mark.id == mark_id), None)


def _can_select(document: Document, mark_id: str) -> bool:
    return not mark_id or _find(document, mark_id) is not None


def _with_document(state: State, document: Document) -> State:
    """A mark that is gone cannot stay selected."""
    if document is state.document:
        return state
    state = replace(state, document=document)
    return state if _can_select(document, state.view.selected_mark) else _with_view(state, selected_mark="")


# --- conversations


def _conversations(talks: Conversations, change: c.QuestionAsked | c.AnswerReceived) -> Conversations:
    match change:
        case c.QuestionAsked(conversation_id, turn):
            return _asked(talks, conversation_id, turn)
        case c.AnswerReceived(conversation_id, turn_id, answer):
            return _answered(talks, conversation_id, turn_id, answer)
        case _:
            assert_never(change)


def _asked(talks: Conversations, conversation_id: str, turn: Turn) -> Conversations:
    if not conversation_id or any(old.id == turn.id for talk in talks.items for old in talk.turns):
        return talks
    if not any(talk.id == conversation_id for talk in talks.items):
        return Conversations((*talks.items, Conversation(conversation_id, (turn,))))
    return Conversations(
        tuple(
            Conversation(talk.id, (*talk.turns, turn)) if talk.id == conversation_id else talk for talk in talks.items
        )
    )


def _answered(talks: Conversations, conversation_id: str, turn_id: str, answer: Answer) -> Conversations:
    """An answer that has ended stays as it ended: a late piece after Stop changes nothing."""
    talk = next((each for each in talks.items if each.id == conversation_id), None)
    turn = next((each for each in talk.turns if each.id == turn_id), None) if talk else None
    if talk is None or turn is None or turn.answer.state.ended or turn.answer == answer:
        return talks
    turns = tuple(replace(each, answer=answer) if each is turn else each for each in talk.turns)
    return Conversations(tuple(Conversation(talk.id, turns) if each is talk else each for each in talks.items))


# --- view

ViewChange = (
    c.PanesArranged | c.PaneChanged | c.SliceShown | c.PaneActivated | c.LookChanged | c.CrosshairMoved
    | c.CrosshairToggled | c.LayoutChosen | c.PaneMaximised | c.ToolChosen | c.RegionChosen | c.NamesShown
    | c.BesideToggled | c.OutlinesChosen | c.ViewApplied
)  # fmt: skip


def _view(view: View, change: ViewChange) -> View:
    match change:
        case c.PanesArranged(panes, active):
            return _changed(view, panes=panes, active=active) if 0 <= active < max(1, len(panes)) else view
        case c.PaneChanged(number, pane):
            return _changed(view, panes=_put(view.panes, number, pane)) if 0 <= number < len(view.panes) else view
        case c.SliceShown(number, index, crosshair):
            return _scrolled(view, number, index, crosshair)
        case c.PaneActivated(number):
            return _changed(view, active=number) if 0 <= number < len(view.panes) else view
        case c.LookChanged(series_id, look):
            return _looked(view, series_id, look)
        case c.CrosshairMoved(point, indices):
            return _crosshair(view, point, indices)
        case c.CrosshairToggled(shown):
            return _changed(view, crosshair_shown=shown)
        case c.LayoutChosen(layout):
            return _changed(view, layout=layout)
        case c.PaneMaximised(maximised):
            return _changed(view, maximised=maximised)
        case c.ToolChosen(tool):
            return _changed(view, tool=tool)
        case c.RegionChosen(region):
            return _changed(view, region=region)
        case c.NamesShown(shown):
            return _changed(view, names_shown=shown)
        case c.BesideToggled(shown):
            return _changed(view, beside_shown=shown)
        case c.OutlinesChosen(ids):
            return _changed(view, outlines=ids)
        case c.ViewApplied(applied):
            return _changed(view, applied=applied)
        case _:
            assert_never(change)


def _changed(view: View, **fields: object) -> View:
    """The view with other fields, or the same object when they are equal already."""
    if all(getattr(view, name) == value for name, value in fields.items()):
        return view
    return replace(view, **fields)  # type: ignore[arg-type]


def _with_view(state: State, **fields: object) -> State:
    view = _changed(state.view, **fields)
    return state if view is state.view else replace(state, view=view)


def _put(panes: tuple[PaneView, ...], number: int, pane: PaneView) -> tuple[PaneView, ...]:
    return panes if panes[number] == pane else (*panes[:number], pane, *panes[number + 1 :])


def _scrolled(view: View, number: int, index: int, crosshair: tuple[float, float, float] | None) -> View:
    if not 0 <= number < len(view.panes) or index < 0:
        return view
    panes = _put(view.panes, number, replace(view.panes[number], index=index))
    return _changed(view, panes=panes, crosshair=view.crosshair if crosshair is None else crosshair)


def _looked(view: View, series_id: str, look: Look) -> View:
    if view.look(series_id) == look:
        return view
    others = tuple(row for row in view.looks if row[0] != series_id)
    return replace(view, looks=(*others, (series_id, look)))


def _crosshair(view: View, point: tuple[float, float, float] | None, indices: tuple[int, ...]) -> View:
    """A negative index leaves its pane alone (it shows another volume)."""
    if len(indices) > len(view.panes):
        return view
    panes = view.panes
    for number, index in enumerate(indices):
        if index >= 0 and panes[number].index != index:
            panes = _put(panes, number, replace(panes[number], index=index))
    return _changed(view, crosshair=point, panes=panes)
