"""What is on the wire is what was agreed to, to where it was agreed, and nothing else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.consult.conftest import QUICK
from tests.fakes.disclosures import consent, disclosure, recipient
from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from viewer.answer.answer import AnswerState
from viewer.consult import launch
from viewer.consult.client import Target, stream_answer
from viewer.consult.consultation import Consultation
from viewer.consult.failures import Ended
from viewer.consult.keys import Key
from viewer.problem import ProblemError

KEY = Key("sk-test-1234")
ALLOWED = {
    "host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent",
    "authorization", "anthropic-version",
}  # fmt: skip


def test_the_body_is_byte_for_byte_the_one_agreed_to(consultation: Consultation, server: MessagesServer) -> None:
    question = disclosure(recipient(server.base_url))
    consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert server.asked[0].body == question.body


def test_headers_are_exactly_the_allowed_ones(consultation: Consultation, server: MessagesServer) -> None:
    question = disclosure(recipient(server.base_url))
    consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    sent = server.asked[0]
    assert sent.names == ALLOWED
    assert sent.header("user-agent") == "sidelight"
    assert sent.header("accept-encoding") == "identity"
    assert sent.header("authorization") == "Bearer sk-test-1234"
    assert sent.header("anthropic-version") == "2026-10-21"


def test_bytes_that_differ_from_the_agreed_hash_are_not_sent(
    consultation: Consultation, server: MessagesServer
) -> None:
    question = disclosure(recipient(server.base_url))
    forged = replace(question, body=question.body.replace(b"64", b"65"))
    answer = consultation.ask(forged, consent(forged), KEY, lambda _: None).wait(PATIENCE)
    assert answer.state is AnswerState.FAILED
    assert answer.problem is not None
    assert answer.problem.code == "ask_not_as_agreed"
    assert server.requests == []


@pytest.mark.parametrize("part", ["sha256", "base_url"])
def test_a_consent_to_something_else_is_refused_at_once(
    part: str, consultation: Consultation, server: MessagesServer
) -> None:
    question = disclosure(recipient(server.base_url))
    other = replace(consent(question), **{part: "http://127.0.0.1:1"})
    with pytest.raises(ProblemError) as refusal:
        consultation.ask(question, other, KEY, lambda _: None)
    assert refusal.value.problem.code == "ask_not_as_agreed"
    assert server.connections == 0


def test_a_service_that_needs_a_key_is_not_asked_without(consultation: Consultation, server: MessagesServer) -> None:
    question = disclosure(recipient(server.base_url))
    with pytest.raises(ProblemError) as refusal:
        consultation.ask(question, consent(question), None, lambda _: None)
    assert refusal.value.problem.code == "key_missing"


def test_a_redirect_is_not_followed_and_its_target_sees_nothing(
    consultation: Consultation, server: MessagesServer
) -> None:
    with MessagesServer("normal", strict=False) as other:
        for target in (other.base_url, f"http://localhost:{other.port}"):
            server.play("redirect", redirect_to=target)
            question = disclosure(recipient(server.base_url))
            answer = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
            assert answer.state is AnswerState.FAILED
        assert other.connections == 0


def test_nothing_in_the_environment_steers_or_sees_the_request(
    server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MessagesServer("normal", strict=False) as catcher:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "ANTHROPIC_BASE_URL"):
            monkeypatch.setenv(name, catcher.base_url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-evil")
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "evil")
        monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "Authorization: Bearer EVIL\nX-Evil: 1")
        monkeypatch.setenv("ANTHROPIC_LOG", "debug")
        monkeypatch.setenv("OTEL_PYTHON_TRACER_PROVIDER", "sdk_tracer_provider")
        consultation = Consultation(QUICK)
        try:
            question = disclosure(recipient(server.base_url))
            answer = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
        finally:
            consultation.close()
        assert answer.state is AnswerState.COMPLETE
        assert catcher.connections == 0
    assert server.asked[0].names == ALLOWED
    assert server.asked[0].header("authorization") == "Bearer sk-test-1234"


def test_the_child_s_environment_holds_no_key_proxy_or_tracing() -> None:
    given = {"PATH": "/bin", "SIDELIGHT_API_KEY": "k", "https_proxy": "x", "OTEL_X": "y", "ANTHROPIC_LOG": "debug"}
    assert launch.environment(given={**given, "SSLKEYLOGFILE": "f", "PYTHONPATH": "p"}) == {"PATH": "/bin"}


def test_this_side_never_imports_the_client_library() -> None:
    code = (
        "import sys; import viewer.consult.consultation, viewer.consult.keys, viewer.consult.models; "
        "bad = {'anthropic', 'httpx2', 'asyncio', 'keyring', 'ssl'} & set(sys.modules); print(sorted(bad))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_was_agreed_to_as_this_computer_and_leads_elsewhere_gets_no_byte(
    server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = disclosure(recipient(server.base_url, provider="address"))
    target = Target(server.base_url, "", "Authorization", "2026-10-21", question.sha256, this_computer=True)
    monkeypatch.setattr("viewer.consult.client.is_local", lambda address: address != "127.0.0.1")
    with pytest.raises(Ended) as end:
        asyncio.run(stream_answer(target, question.body, lambda _: None, lambda _: None))
    assert end.value.code == "ask_not_this_computer"
    assert server.closed.wait(PATIENCE)
    assert server.connections == 1
    assert server.requests == []
