"""How the parts of a place stand in the tables, and how they come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from viewer.answer.answer import Answer, AnswerState
from viewer.archive.seen import ANSWER, DEEDS, MARK, Seen, see, see_none, seen_of, unsee
from viewer.archive.shape import Unreadable, read, written
from viewer.document import changes as c
from viewer.document.model import Conversation, Conversations, Document, State, Turn, View
from viewer.marks.mark import Mark
from viewer.problem import problem

T = TypeVar("T")
Write = Callable[[sqlite3.Connection], None]
Topic = tuple[str, ...]  # what a write is about: a later one about the same replaces one that still waits


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """What was kept for a disc. `lost` counts kept things that could not be read back."""

    document: Document
    conversations: Conversations
    view: View
    lost: int = 0


def write_of(disc_key: str, change: c.Change) -> tuple[Topic, Write] | None:
    """What keeps this change, and what it is about; None for changes that are only part of the view."""
    match change:
        case c.MarkAdded(mark) | c.MarkChanged(mark):
            return ("mark", disc_key, mark.id), lambda db: put_mark(db, disc_key, mark)
        case c.MarkRemoved(mark_id):
            return ("mark", disc_key, mark_id), lambda db: remove_mark(db, disc_key, mark_id)
        case c.DocumentReplaced(document) | c.SetsArranged(_, document):
            talks = change.conversations or Conversations()
            return ("marks", disc_key), lambda db: put_moved(db, disc_key, document, talks)
        case c.QuestionAsked(conversation_id, turn):
            return ("turn", disc_key, turn.id), lambda db: put_turn(db, disc_key, conversation_id, turn)
        case c.AnswerReceived(_, turn_id, answer):
            return ("answer", disc_key, turn_id), lambda db: put_answer(db, disc_key, turn_id, answer)
        case _:
            return None


def see_place(
    db: sqlite3.Connection, disc_key: str, kept: SavedPlace, document: Document, talks: Conversations
) -> None:
    """What was read of a disc, and how it lies on the pictures it has now."""
    see_none(db, disc_key)
    here = {mark.id: mark for mark in document.marks}
    for mark in kept.document.marks:
        if mark.id in here:
            see(db, disc_key, MARK, mark.id, written(mark), written(here[mark.id]))
    see(db, disc_key, DEEDS, "", _deeds(kept.document), _deeds(document))
    for turn in (turn for talk in talks.items for turn in talk.turns):
        see(db, disc_key, ANSWER, turn.id, written(turn.answer))


def put_mark(db: sqlite3.Connection, disc_key: str, mark: Mark) -> None:
    """Add a mark at the end, or change it where it stands."""
    shape = written(mark)
    _put_shape(db, disc_key, mark.id, shape)
    see(db, disc_key, MARK, mark.id, shape)


def remove_mark(db: sqlite3.Connection, disc_key: str, mark_id: str) -> None:
    """Take a mark away."""
    db.execute("DELETE FROM mark WHERE disc_key = ? AND id = ?", (disc_key, mark_id))
    unsee(db, disc_key, MARK, mark_id)


def put_marks(db: sqlite3.Connection, disc_key: str, marks: tuple[Mark, ...]) -> None:
    """Of the marks of this window exactly these, in this order, but for what another window did with them since; the
    marks of others stay, before them."""
    seen = seen_of(db, disc_key, MARK)
    there = dict(db.execute("SELECT id, shape FROM mark WHERE disc_key = ?", (disc_key,)).fetchall())
    for mark_id in seen.keys() - {mark.id for mark in marks}:
        remove_mark(db, disc_key, mark_id)
    db.executemany("DELETE FROM mark WHERE disc_key = ? AND id = ?", [(disc_key, mark.id) for mark in marks])
    for mark in marks:
        old = there.get(mark.id, "")
        if mark.id not in seen or not seen[mark.id].leaves(_today(Mark, old), written(mark)):
            put_mark(db, disc_key, mark)
        elif old:
            _put_shape(db, disc_key, mark.id, old)


def put_deeds(db: sqlite3.Connection, disc_key: str, document: Document) -> None:
    """What was done with sets by hand; where nothing was done here since, what another window did stays."""
    row = db.execute("SELECT shape FROM deeds WHERE disc_key = ?", (disc_key,)).fetchone()
    there, mine = _today(Document, row[0] if row else ""), _deeds(document)
    if seen_of(db, disc_key, DEEDS).get("", Seen()).leaves(there, mine):
        return
    db.execute("DELETE FROM deeds WHERE disc_key = ?", (disc_key,))
    if mine:
        db.execute("INSERT INTO deeds VALUES (?, ?)", (disc_key, mine))
    see(db, disc_key, DEEDS, "", mine)


def put_moved(db: sqlite3.Connection, disc_key: str, document: Document, talks: Conversations) -> None:
    """A document whose sets are others now, and where what was sent lies since."""
    put_marks(db, disc_key, document.marks)
    put_deeds(db, disc_key, document)
    for turn in (turn for talk in talks.items for turn in talk.turns):
        shape = written(replace(turn, answer=Answer()))
        db.execute("UPDATE turn SET shape = ? WHERE disc_key = ? AND id = ?", (shape, disc_key, turn.id))


def put_turn(db: sqlite3.Connection, disc_key: str, conversation_id: str, turn: Turn) -> None:
    """A question with its answer so far; one that is kept already stays as it is."""
    answer = written(turn.answer)
    values = (disc_key, conversation_id, turn.id, written(replace(turn, answer=Answer())), answer)
    db.execute(
        "INSERT OR IGNORE INTO turn (disc_key, conversation_id, id, shape, answer) VALUES (?, ?, ?, ?, ?)", values
    )
    rows = [(disc_key, turn.id, picture.sha256) for picture in turn.sent]
    db.executemany("INSERT OR IGNORE INTO sent_picture VALUES (?, ?, ?)", rows)
    see(db, disc_key, ANSWER, turn.id, answer)


def put_answer(db: sqlite3.Connection, disc_key: str, turn_id: str, answer: Answer) -> None:
    """The answer so far of a question that is kept."""
    shape = written(answer)
    db.execute("UPDATE turn SET answer = ? WHERE disc_key = ? AND id = ?", (shape, disc_key, turn_id))
    see(db, disc_key, ANSWER, turn_id, shape)


def put_talks(db: sqlite3.Connection, disc_key: str, talks: Conversations) -> None:
    """All questions with their answers; one that goes on in another window is left to it, one forgotten there is gone."""
    seen = seen_of(db, disc_key, ANSWER)
    there = dict(db.execute("SELECT id, answer FROM turn WHERE disc_key = ?", (disc_key,)).fetchall())
    for talk in talks.items:
        for turn in talk.turns:
            old = _answer_today(there[turn.id]) if turn.id in there else ""
            if turn.id not in seen or not seen[turn.id].leaves(old, written(turn.answer)):
                put_turn(db, disc_key, talk.id, turn)
                put_answer(db, disc_key, turn.id, turn.answer)


def put_view(db: sqlite3.Connection, disc_key: str, view: View) -> None:
    """The place; names are hidden again when it comes back."""
    db.execute("INSERT OR REPLACE INTO view VALUES (?, ?)", (disc_key, written(replace(view, names_shown=False))))


def put_place(db: sqlite3.Connection, disc_key: str, state: State) -> None:
    """Everything of a disc: its marks and sets, its talks, its view. What another window on it keeps stays."""
    put_marks(db, disc_key, state.document.marks)
    put_deeds(db, disc_key, state.document)
    put_talks(db, disc_key, state.conversations)
    put_view(db, disc_key, state.view)


def _put_shape(db: sqlite3.Connection, disc_key: str, mark_id: str, shape: str) -> None:
    db.execute(
        "INSERT INTO mark SELECT ?, ?, COALESCE(MAX(position), 0) + 1, ? FROM mark WHERE disc_key = ?"
        " ON CONFLICT (disc_key, id) DO UPDATE SET shape = excluded.shape",
        (disc_key, mark_id, shape, disc_key),
    )


def _deeds(document: Document) -> str:
    return written(Document(deeds=document.deeds)) if document.deeds else ""


def _today(kind: type[T], text: str) -> str:
    """A kept text as this version of the program would write it; "" where it is none."""
    row = _read_or_lost(kind, text, [])
    return written(row) if row is not None else ""


def _answer_today(text: str) -> str:
    return written(_ended(_read_or_lost(Answer, text, []) or Answer()))


def read_place(db: sqlite3.Connection, disc_key: str) -> SavedPlace | None:
    """Everything kept for a disc that can still be read, or None when nothing was kept."""
    key = (disc_key,)
    views = db.execute("SELECT shape FROM view WHERE disc_key = ?", key).fetchall()
    marks = db.execute("SELECT shape FROM mark WHERE disc_key = ? ORDER BY position", key).fetchall()
    turns = db.execute(
        "SELECT conversation_id, shape, answer FROM turn WHERE disc_key = ? ORDER BY number", key
    ).fetchall()
    done = db.execute("SELECT shape FROM deeds WHERE disc_key = ?", key).fetchall()
    if not (views or marks or turns or done):
        return None
    lost: list[str] = []
    by_hand = next(iter(_read_all(Document, done, lost)), Document())
    view = next(iter(_read_all(View, views, lost)), View())
    document = Document(tuple(_read_all(Mark, marks, lost)), by_hand.deeds)
    return SavedPlace(document, _talks(turns, lost), replace(view, names_shown=False), len(lost))


def _read_all(kind: type[T], rows: list[tuple[str]], lost: list[str]) -> list[T]:
    return [row for (text,) in rows if (row := _read_or_lost(kind, text, lost)) is not None]


def _read_or_lost(kind: type[T], text: str, lost: list[str]) -> T | None:
    try:
        return read(kind, text)
    except Unreadable:
        lost.append(text)
        return None


def _talks(rows: list[tuple[str, str, str]], lost: list[str]) -> Conversations:
    talks: dict[str, tuple[Turn, ...]] = {}
    for conversation_id, shape, answer_text in rows:
        turn = _read_or_lost(Turn, shape, lost)
        if turn is not None:
            answer = _read_or_lost(Answer, answer_text, lost) or Answer()
            turn = replace(turn, answer=_ended(answer))
            talks[conversation_id] = (*talks.get(conversation_id, ()), turn)
    return Conversations(tuple(Conversation(key, turns) for key, turns in talks.items()))


def _ended(answer: Answer) -> Answer:
    """An answer that was on its way when the program died ended there, and says so."""
    if answer.state.ended:
        return answer
    return replace(answer, state=AnswerState.BROKEN, problem=problem("answer_interrupted"))
