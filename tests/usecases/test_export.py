"""Taking along: the report is composed from what the person saw when they asked for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from tests.fakes.messages_server import MessagesServer
from tests.usecases.sitting import Sitting
from viewer.answer.answer import Answer, AnswerState
from viewer.document.changes import AnswerReceived, RegionChosen
from viewer.document.model import ChosenRegion, PaneView, State
from viewer.geometry.plane import Letters, Plane
from viewer.index.model import DiscIndex, Series
from viewer.index.spot import spot_of
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.look import Look, Region, Window
from viewer.problem import problem
from viewer.report.content import ReportContent
from viewer.usecases import export
from viewer.usecases.export import (
    Drawing,
    caption_words,
    compose_report,
    letter_words,
    what_words,
)
from viewer.usecases.printed_turns import report_turn, sent_words
from viewer.usecases.windows import Windows
from viewer.volume.slice import Source


def drawing(seat: Sitting, state: State, disc: DiscIndex) -> Drawing:
    """What pictures of the report are drawn from."""

    def source_of(series: Series, group: int = 0) -> Source:
        return seat.session.source(series.id, group)

    return Drawing(state, disc, source_of, Windows(), seat.session.sent_png)


def composed(seat: Sitting, talk: str = "") -> ReportContent:
    """The content as it goes to the PDF writer."""
    return compose_report(drawing(seat, seat.state, seat.disc), seat.session.conversation(talk), with_name=False)


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


@pytest.mark.parametrize("plane", list(Plane))
def test_a_caption_says_each_thing_once(plane: Plane, ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.arrange((PaneView(seat.volume.id, 0, plane, 3),))
    (picture,) = composed(seat).pictures
    words = picture.caption.casefold()
    for said in ("from below", "from the front", "from the side", "ct"):
        assert words.split(", ").count(said) + words.count(f"{said} (") <= 1, picture.caption
    direction = {Plane.CORONAL: "from the front", Plane.SAGITTAL: "from the side"}.get(plane, "from below")
    assert direction in words
    assert picture.letters is not None
    assert picture.scale is not None


@pytest.mark.parametrize(
    ("name", "words"), [("Overview, from above", "Overview"), ("From below, CT, soft", "CT, soft")]
)
def test_the_direction_in_the_name_of_a_set_is_not_said_twice(name: str, words: str, ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    series = replace(seat.volume, name=name)
    assert what_words(seat.show_native(seat.volume, 4), series, Look()) == ("from below (axial)", words)
    assert what_words(seat.slice(), series, Look(flipped=True)) == ("from above (axial)", words)


def test_a_caption_has_short_numbers_and_says_what_the_letters_are(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    slice_ = replace(seat.show_native(seat.volume, 4), thickness_mm=0.6666667)
    words = caption_words(slice_, seat.volume, Window(-670.805, 2061.64), Look())
    assert "0.667 mm thick, contrast 2062, brightness −671" in words
    assert "exchanged" not in words
    assert ", light and dark exchanged by the reader" in caption_words(slice_, seat.volume, None, Look(inverted=True))
    assert ", grey painted in the colours of a saved view" in caption_words(
        slice_, seat.volume, None, Look(paint="00" * 768)
    )
    (picture,) = composed(seat).pictures
    assert picture.caption.endswith(". R the patient's right, L the patient's left, A front, P back.")
    assert letter_words(None) == ""
    assert letter_words(Letters("AH", "PF", "RT", "LE-D")) == (
        "A front, H head, P back, F feet, RT the animal's right, LE the animal's left, D back."
    )


def test_the_report_has_the_picture_its_marks_and_facts(ct: Path, seat: Sitting, tmp_path: Path) -> None:
    seat.open(ct)
    slice_ = seat.show_native(seat.volume, 4)
    seat.session.add_mark(MarkKind.LENGTH, slice_, ((2, 2), (20, 2)))
    elsewhere = seat.show_native(seat.volume, 2)
    seat.session.add_mark(MarkKind.TEXT, elsewhere, ((5, 5),), "look here")
    content = composed(seat)
    assert [len(picture.marks) for picture in content.pictures] == [1, 1]
    assert content.facts
    path = seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf"))
    assert "look here" in text_of(path)
    assert "Muster" not in text_of(path)


def test_a_report_asked_for_is_of_its_disc_though_another_is_opened_at_once(
    ct: Path, cd: Path, seat: Sitting, tmp_path: Path
) -> None:
    seat.open(ct)
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((5, 5),), "first disc")
    job = seat.session.take_along.pdf(tmp_path / "a.pdf")
    seat.open(cd)
    seat.until(lambda: job.finished)
    assert "first disc" in text_of(job.wait(0))


def test_the_window_is_the_one_on_screen(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.set_look(seat.volume.id, Look(Window(77, 555, origin="person")))
    assert "contrast 555, brightness 77" in composed(seat).pictures[0].caption


def test_a_talk_is_printed_with_what_was_sent_and_what_was_not_looked_at(
    cd: Path, seat: Sitting, server: MessagesServer, tmp_path: Path
) -> None:
    seat.open(cd)
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    turn = seat.ask("What is the bright rod?")
    talk = seat.view.conversation
    content = composed(seat, talk)
    (printed,) = content.turns
    assert printed.looked_at == f"1 of {seat.disc.picture_count} pictures"
    assert content.pictures[0].seen is not None
    shown = seat.disc.series(seat.view.panes[0].series_id)
    assert shown is not None
    others = seat.disc.picture_count - len(shown.frames)
    sets = sum(bool(one.frames) for study in seat.disc.studies for one in study.series) - 1
    more = "1 more set" if sets == 1 else f"{sets} more sets"
    assert content.not_looked_at == (
        f"The other {len(shown.frames) - 1} pictures of “{shown.name}”, and all {others} pictures of {more}."
    )
    text = text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf", talk)))
    assert "What is the bright rod?" in text
    assert turn.answer.reasoning.split(".")[0] in text


@pytest.mark.parametrize(("limit", "room", "left_out"), [(3, 10**9, 2), (40, 1, 4), (40, 10**9, 0)])
def test_marks_on_more_pictures_than_there_is_room_for_do_not_keep_the_report_from_being_written(
    limit: int, room: int, left_out: int, ct: Path, seat: Sitting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_PICTURES", limit)
    monkeypatch.setattr(export, "MAX_PNG", room)
    seat.open(ct)
    for number in range(5):
        seat.session.add_mark(MarkKind.TEXT, seat.show_native(seat.volume, number), ((5, 5),), f"mark {number}")
    content = composed(seat)
    assert (len(content.pictures), content.pictures_left_out) == (5 - left_out, left_out)
    text = text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf")))
    assert (f"{left_out} more pictures with marks had no room here." in text) is bool(left_out)


@pytest.mark.parametrize("shown", [Plane.NATIVE, Plane.AXIAL])
def test_a_mark_lies_on_its_picture_in_whatever_direction_that_is_shown(shown: Plane, ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    other = Plane.AXIAL if shown is Plane.NATIVE else Plane.NATIVE
    drawn_on = seat.slice(PaneView(seat.volume.id, 0, other, 4))
    seat.session.add_mark(MarkKind.LENGTH, drawn_on, ((2, 2), (20, 2)))
    seat.session.arrange((PaneView(seat.volume.id, 0, shown, 4),))
    assert len(seat.session.marks_on(seat.slice())) == 1
    (picture,) = composed(seat).pictures
    (mark,) = picture.marks
    assert mark.label == "225 mm"
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((5, 5),), "here")
    (picture,) = composed(seat).pictures
    assert len(picture.marks) == 2
    seat.session.add_mark(MarkKind.TEXT, seat.slice(PaneView(seat.volume.id, 0, other, 3)), ((5, 5),), "there")
    first, second = composed(seat).pictures
    assert (len(first.marks), len(second.marks)) == (2, 1)


def test_words_beside_a_mark_are_printed_whole(ct: Path, seat: Sitting, tmp_path: Path) -> None:
    seat.open(ct)
    note = " ".join(f"word{number}" for number in range(28))  # as many as the field for it takes
    seat.session.add_mark(MarkKind.TEXT, seat.show_native(seat.volume, 4), ((5, 5),), note)
    assert f"{note}, Text" in text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf")))


def test_no_promise_about_names_is_made_for_pictures_with_writing_in_them(tmp_path: Path, seat: Sitting) -> None:
    write_disc(tmp_path / "burned", DiscKind.BURNED_IN)
    disc = seat.open(tmp_path / "burned")
    seat.show_native(disc.studies[0].series[0], 0)
    text = text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf")))
    assert "were left out; writing within a picture may still hold them." in text
    assert "are not in this file" not in text


def test_pictures_of_another_person_on_the_disc_do_not_come_along(tmp_path: Path, seat: Sitting) -> None:
    write_disc(tmp_path / "two", DiscKind.TWO_PATIENTS, slices=4, size=32)
    disc = seat.open(tmp_path / "two")
    first, other = (study.series[0] for study in disc.studies)
    for series, words in ((first, "of the first"), (other, "of the other")):
        seat.session.add_mark(MarkKind.TEXT, seat.show_native(series, 1), ((5, 5),), words)
    seat.show_native(first, 2)
    pictures = composed(seat).pictures
    assert [mark.label for picture in pictures for mark in picture.marks] == ["of the first"]
    assert len(pictures) == 2


def test_a_picture_of_another_examination_says_of_which(tmp_path: Path, seat: Sitting) -> None:
    write_disc(tmp_path / "two", DiscKind.TWO_PATIENTS, slices=4, size=32)
    disc = seat.open(tmp_path / "two")
    first, other = disc.studies
    one = replace(other, person=first.person, name="Head, MRI", date="20240312")
    seat.session.add_mark(MarkKind.TEXT, seat.show_native(other.series[0], 1), ((5, 5),), "earlier")
    seat.show_native(first.series[0], 2)
    both = replace(disc, studies=(first, one))
    state = replace(seat.state, disc=both)
    here, there = compose_report(drawing(seat, state, both), None, with_name=False).pictures
    assert here.caption.startswith("Picture 3 of ")
    assert there.caption.startswith("Head, MRI, 12 March 2024. Picture 2 of ")


@pytest.mark.parametrize("part", [None, Region(4, 4, 20, 24)])
@pytest.mark.parametrize(
    "look", [Look(Window(77, 555, origin="person")), Look(inverted=True), Look(flipped=True), Look(turned=1)]
)
def test_a_picture_looked_at_otherwise_since_stands_beside_what_the_ai_saw(
    part: Region | None, look: Look, ct: Path, seat: Sitting, server: MessagesServer
) -> None:
    seat.open(ct)
    pane = PaneView(seat.volume.id, 0, Plane.NATIVE, 4)
    seat.session.arrange((pane,))
    if part is not None:
        seat.session.store.dispatch(RegionChosen(ChosenRegion(*spot_of(pane), part)))
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    turn = seat.ask()
    assert len(composed(seat, seat.view.conversation).pictures) == 1
    seat.session.set_look(seat.volume.id, look)
    now, then = composed(seat, seat.view.conversation).pictures
    assert now.seen is not None
    assert then.png == seat.session.sent_png(turn.sent[0].sha256)
    assert then.caption == f"What the AI saw, just as it was sent. {turn.sent[0].words}"


def test_where_nothing_left_the_report_does_not_say_that_something_was_looked_at(
    ct: Path, seat: Sitting, tmp_path: Path
) -> None:
    seat.open(ct)
    seat.show_native(seat.volume, 4)
    seat.session.setup.choose_once(None, "http://127.0.0.1:9", "m", "bearer")
    turn = seat.ask()
    assert turn.answer.problem is not None
    assert turn.answer.problem.code == "ask_no_connection"
    content = composed(seat, seat.view.conversation)
    assert content.pictures[0].seen is None
    assert content.not_looked_at == "All 9 pictures of this disc."
    text = text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf", seat.view.conversation)))
    assert "none of 9 pictures Nothing was sent." in text
    assert "There is no answer." in text
    for untrue in ("was sent:", "What the AI saw", "exact words sent", "Answered by", "program answered"):
        assert untrue not in text, untrue


def test_a_question_that_was_refused_at_the_door_left_but_nobody_looked(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.show_native(seat.volume, 4)
    with MessagesServer() as server:
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
        turn = seat.ask()
    failed = replace(turn, answer=Answer(AnswerState.FAILED, problem=problem("ask_key_refused", host="h")))
    printed = report_turn(failed)
    assert printed.looked_at == "none of 9 pictures"
    assert printed.looked_at_note.startswith("The whole picture was sent: ")
    assert printed.words_sent == turn.words


def test_an_answer_of_which_more_came_says_so(ct: Path, seat: Sitting, server: MessagesServer) -> None:
    seat.open(ct)
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    turn = seat.ask()
    assert "more than is printed" not in sent_words(turn)
    assert "more than is printed" in sent_words(replace(turn, answer=replace(turn.answer, hidden=True)))
    seat.session.store.dispatch(AnswerReceived("nobody", "nothing", turn.answer))


def test_a_talk_about_a_disc_that_is_gone_still_prints_what_was_sent(
    cd: Path, seat: Sitting, server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from viewer.problem import ProblemError, problem

    seat.open(cd)
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    turn = seat.ask()

    def gone(*_: object) -> object:
        raise ProblemError(problem("file_gone"))

    source = seat.session.source(turn.sent[0].series_id)
    monkeypatch.setattr(type(source), "slice", gone)
    content = composed(seat, seat.view.conversation)
    assert [picture.png for picture in content.pictures] == [seat.session.sent_png(turn.sent[0].sha256)]
    assert content.pictures[0].caption.startswith("What the AI saw, just as it was sent. ")
    assert text_of(seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf", seat.view.conversation)))


def test_the_suggested_name_holds_no_name_of_a_person(cd: Path, seat: Sitting) -> None:
    seat.open(cd)
    name = seat.session.take_along.pdf_name()
    assert name.startswith("Sidelight ")
    assert name.endswith(".pdf")
    assert "muster" not in name.lower()
