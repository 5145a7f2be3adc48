"""Which models and addresses are offered; what *Test connection* says."""

from __future__ import annotations

import json
from datetime import date
from typing import BinaryIO

import pytest

from tests.fakes.disclosures import recipient
from tests.fakes.messages_rules import Rules
from tests.fakes.messages_server import MessagesServer
from viewer.answer.models import offered
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key
from viewer.consult.models import built_in, listed
from viewer.consult.providers import PROVIDERS
from viewer.consult.providers import recipient as checked
from viewer.consult.wire import Message, read_message

KEY = Key("sk-test-1234")


def test_only_models_that_take_pictures_and_live_are_listed(consultation: Consultation, server: MessagesServer) -> None:
    models = consultation.list_models(recipient(server.base_url), KEY)
    assert models.from_service
    assert [row.id for row in models.rows] == ["claude-opus-5-5", "claude-haiku-5-5"]
    assert server.requests[0].path == "/v1/models?limit=1000"
    assert server.requests[0].body == b""
    assert server.asked == []


def test_a_list_that_comes_page_by_page_is_read_to_its_end(consultation: Consultation, server: MessagesServer) -> None:
    server.play(models="pages")
    models = consultation.list_models(recipient(server.base_url), KEY)
    assert [row.id for row in models.rows] == ["claude-opus-5-5", "claude-haiku-5-5"]
    assert server.requests[1].path == "/v1/models?limit=1000&after_id=claude-opus-5-5"


def test_a_list_without_end_ends(consultation: Consultation, server: MessagesServer) -> None:
    server.play(models="endless")
    models = consultation.list_models(recipient(server.base_url), KEY)
    assert [row.id for row in models.rows] == ["one"]
    assert len(server.requests) <= 20


def test_of_a_list_without_measure_only_what_is_shown_reaches_the_window_s_process(
    consultation: Consultation, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[int] = []

    def measured(stream: BinaryIO) -> tuple[Message, bytes] | None:
        message = read_message(stream)
        received.append(len(json.dumps(message[0])) if message else 0)
        return message

    monkeypatch.setattr("viewer.consult.consultation.read_message", measured)
    server.play(models="huge")
    for asked in (1, 2):  # the first is waited for by the listening thread already
        models = consultation.list_models(recipient(server.base_url), KEY)
        assert len(models.rows) == 500
        assert len(server.requests) == asked
    assert received
    assert max(received) < 100_000


def test_another_server_s_list_is_read_without_complaint(consultation: Consultation, server: MessagesServer) -> None:
    server.play(models="openai", rules=Rules(auth="none"))
    models = consultation.list_models(recipient(server.base_url, provider="address"), None)
    assert [(row.id, row.name, row.takes_pictures) for row in models.rows] == [("llava:13b", "llava:13b", None)]


@pytest.mark.parametrize(
    ("models", "ok", "word"),
    [
        ("normal", True, "works"),
        ("404", True, "lists no models"),
        ("empty", True, "none"),
        ("null", True, "none"),
        ("html", False, "language"),
    ],
)
def test_the_connection_test_says_what_it_found(
    models: str, ok: bool, word: str, consultation: Consultation, server: MessagesServer
) -> None:
    server.play(models=models)
    found = consultation.test(recipient(server.base_url, provider="address"), KEY)
    assert found.ok is ok
    assert word in found.words
    assert server.asked == []


def test_the_connection_test_names_a_refused_key(consultation: Consultation, server: MessagesServer) -> None:
    server.play(rules=Rules(key="another"))
    found = consultation.test(recipient(server.base_url), KEY)
    assert not found.ok
    assert "did not accept the key" in found.words


def test_without_a_list_the_original_service_gets_the_built_in_table(
    consultation: Consultation, server: MessagesServer
) -> None:
    server.play(models="404")
    models = consultation.list_models(recipient(server.base_url), KEY)
    assert not models.from_service
    assert models == built_in()
    assert models.dated == "2026-11"


def test_a_retired_model_leaves_the_built_in_table_on_its_day() -> None:
    before, after = date(2026, 11, 29), date(2026, 11, 30)
    gone = {row.id for row in offered(before)} - {row.id for row in offered(after)}
    assert gone == {"claude-sonnet-4-5"}


@pytest.mark.parametrize(
    "entry",
    [
        None,
        7,
        "x",
        [],
        {},
        {"id": 7},
        {"id": ""},
        {"id": "a\nb"},
        {"id": "a\u202eb"},
        {"id": "x", "lifecycle": "retired"},
    ],
)
def test_what_is_no_model_is_passed_over(entry: object) -> None:
    assert listed([entry]).rows == ()


def test_every_provider_gives_a_recipient() -> None:
    for row in PROVIDERS:
        made = checked(row.id, base_url="http://localhost:11434", model="claude-opus-5-5")
        assert made.strict_fields is (row.id == "anthropic")
        assert made.is_local is (row.id == "address")
        assert made.image_tier == "high"
        assert made.model_name == "Claude Opus 5.5"
