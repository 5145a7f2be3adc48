"""Who answers: settings are kept, keys never; a key for one address never goes to another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from tests.usecases.sitting import Sitting, sitting
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import said_words
from viewer.archive.archive import Archive
from viewer.problem import ProblemError, problem


def test_the_choice_is_kept_for_the_next_run(data: Path) -> None:
    with sitting() as seat:
        seat.session.setup.choose("address", "http://localhost:11434/", "made-up", "x-api-key")
    with sitting() as seat:
        settings = seat.session.setup.settings()
        assert (settings.provider, settings.model, settings.key_style) == ("address", "made-up", "x-api-key")
        assert settings.base_url == "http://localhost:11434"


@pytest.mark.parametrize("late", ["ask.provider", "ask.address.base_url", "ask.address.model"])
def test_a_choice_made_while_the_key_is_looked_for_holds(
    late: str, seat: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that looks for the key has read the old choice and comes back with it only after the new one."""
    if late != "ask.provider":  # the address is chosen, but was never given
        seat.session.setup.choose("address", "http://localhost:2", "")
        for name in ("base_url", "model"):
            seat.session._archive.settings_set(f"ask.address.{name}", None)
    read, go_on, settings_get = threading.Event(), threading.Event(), Archive.settings_get

    def slow(archive: Archive, name: str, default: object = None) -> object:
        value = settings_get(archive, name, default)
        if name == late and threading.current_thread() is not threading.main_thread():
            read.set()
            assert go_on.wait(PATIENCE)
        return value

    monkeypatch.setattr(Archive, "settings_get", slow)
    with sitting() as other:
        looking = other.session.setup.look_for_key()
        assert read.wait(PATIENCE)
        other.session.setup.choose("address", "http://localhost:11434", "made-up")
        go_on.set()
        other.loop.result(looking)
        settings = other.session.setup.settings()
        assert (settings.provider, settings.base_url, settings.model) == (
            "address", "http://localhost:11434", "made-up",
        )  # fmt: skip
        assert other.session.setup.why_not() is None


def test_a_choice_for_one_run_is_not_kept(data: Path) -> None:
    with sitting() as seat:
        seat.session.setup.choose_once(None, "http://localhost:1", "m", "bearer")
        assert seat.session.setup.recipient().base_url == "http://localhost:1"
    with sitting() as seat:
        assert seat.session.setup.settings().provider == "anthropic"


@pytest.mark.parametrize("address", ["ftp://example.org", "http://example.org", "nonsense", "https://a b"])
def test_an_address_that_cannot_be_one_is_refused_in_words(address: str, seat: Sitting) -> None:
    with pytest.raises(ProblemError) as failure:
        seat.session.setup.choose("address", address, "m")
    assert failure.value.problem.remedy
    assert seat.session.setup.settings().provider == "anthropic"


def test_without_a_key_the_reason_is_one_sentence(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIDELIGHT_API_KEY")
    with sitting() as seat:
        seat.open(ct)
        seat.loop.result(seat.session.setup.warm_up())
        why = seat.session.why_not_ask()
        assert why is not None
        assert why.code == "key_missing"
        with pytest.raises(ProblemError):
            seat.session.setup.check_ready()


def test_a_key_is_in_no_file(data: Path, seat: Sitting) -> None:
    settings = seat.loop.result(seat.session.setup.keep_key("sk-very-secret-made-up"))
    assert "key is kept" in settings.key_words
    seat.session.close()
    for path in data.rglob("*"):
        assert not path.is_file() or b"sk-very-secret" not in path.read_bytes()


def test_the_connection_test_lists_models_and_sends_no_picture(seat: Sitting, server: MessagesServer) -> None:
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    report = seat.loop.result(seat.session.setup.test_connection())
    assert report.ok, report.words
    assert [model.id for model in report.models] == ["claude-opus-5-5", "claude-haiku-5-5"]
    assert not server.asked


def test_an_address_where_nobody_listens_is_said(seat: Sitting) -> None:
    seat.session.setup.choose_once(None, "http://127.0.0.1:9", "m", "bearer")
    report = seat.loop.result(seat.session.setup.test_connection())
    assert not report.ok
    assert "127.0.0.1" in report.words


def test_an_address_that_refuses_the_request_is_asked_more_simply_next(
    seat: Sitting, ct: Path, server: MessagesServer
) -> None:
    seat.open(ct)
    seat.session.setup.choose("address", server.base_url, "made-up")
    server.play("400")
    refused = seat.ask()
    assert refused.answer.problem is not None
    assert refused.answer.problem.code == "ask_more_simply"
    assert b'"thinking"' in server.asked[0].body
    server.play("normal")
    assert seat.ask().answer.state.value == "complete"
    assert b'"thinking"' not in server.asked[0].body


def test_a_model_of_anthropic_that_knows_no_such_reasoning_is_asked_without_and_others_are_not(seat: Sitting) -> None:
    setup = seat.session.setup
    setup.choose("anthropic", "", "claude-opus-4-5")

    def learned(said: str) -> str:
        refused = Answer(AnswerState.FAILED, problem=problem("ask_not_accepted", said, host="api.anthropic.com"))
        told = setup.learn_from(setup.recipient(), refused).problem
        return told.code if told else ""

    assert learned("messages: roles must alternate") == "ask_not_accepted"
    assert setup.recipient().wants_reasoning
    assert learned("adaptive thinking is not supported on this model") == "ask_more_simply"
    assert not setup.recipient().wants_reasoning
    assert learned("adaptive thinking is not supported on this model") == "ask_not_accepted"
    setup.choose("anthropic", "", "claude-opus-5-5")
    assert setup.recipient().wants_reasoning


def test_an_address_without_room_for_a_long_answer_is_asked_for_shorter_ones(
    seat: Sitting, ct: Path, server: MessagesServer
) -> None:
    seat.open(ct)
    seat.session.setup.choose("address", server.base_url, "made-up")
    asked_for: list[int] = []
    codes: list[str] = []
    server.play("400", said="'max_tokens' is too large: 16000. This model's maximum context length is 4096 tokens.")
    for _ in range(3):
        answer = seat.ask().answer
        asked_for.append(server.asked[-1].json["max_tokens"])
        codes.append(answer.problem.code if answer.problem else "")
    assert asked_for == [16_000, 4_000, 1_000]
    assert codes == ["ask_shorter", "ask_shorter", "ask_no_room"]
    server.play("normal")
    assert seat.ask().answer.state.value == "complete"
    assert b'"thinking"' in server.asked[0].body  # the wish for a summary is another matter
    assert seat.loop.result(seat.session.prepare("And now?")).recipient.max_tokens == 1_000
    seat.session.setup.choose("address", server.base_url, "another")
    assert seat.session.setup.recipient().max_tokens == 16_000


def test_a_question_that_is_too_long_costs_no_address_its_reasoning(
    seat: Sitting, ct: Path, server: MessagesServer
) -> None:
    seat.open(ct)
    seat.session.setup.choose("address", server.base_url, "made-up")
    server.play("400_no_room")
    answer = seat.ask().answer
    assert answer.problem is not None
    assert answer.problem.code == "ask_no_room"
    assert "context size" in said_words(answer)
    assert seat.session.setup.recipient().wants_reasoning


def test_without_a_model_named_the_usual_one_is_asked(seat: Sitting) -> None:
    seat.session.setup.choose_once(None, "http://127.0.0.1:9", None, "bearer")
    assert seat.session.setup.recipient().model


@pytest.mark.parametrize(
    ("address", "panel", "list_words"),
    [
        (
            "http://localhost:11434",
            "Free of charge, unless that program passes it on to a paid service",
            "free of charge",
        ),
        (
            "http://127.0.0.1:8080",
            "Free of charge, unless that program passes it on to a paid service",
            "free of charge",
        ),
        ("https://gateway.example.org", "Price not known: ask whoever runs this address", "price not known"),
        ("https://api.anthropic.com", "US cents for this question", "US cents"),
    ],
)
def test_a_price_is_told_of_anthropic_alone(seat: Sitting, address: str, panel: str, list_words: str) -> None:
    seat.session.setup.choose("address", address, "claude-opus-5-5")
    assert seat.session.setup.estimate_words("What is this?").endswith(panel)
    assert seat.session.setup.models()[0].price_words.endswith(list_words)
