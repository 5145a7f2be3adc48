"""Keys are kept only where they can be read back, asked for with a limit, and never shown."""

from __future__ import annotations

import json
import logging
import os
import pickle  # noqa: TID251  to prove that it is refused
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from viewer.consult import keyprobe
from viewer.consult.keys import ENVIRONMENT_NAME, Key, KeyStore
from viewer.consult.launch import start
from viewer.problem import ProblemError

SECRET = "sk-test-1234"

WORKING = """
import json, sys, pathlib
q = json.load(sys.stdin); f = pathlib.Path(sys.argv[1]) / q["provider"]
if q["do"] == "set": f.write_text(q["secret"])
if q["do"] == "delete": f.unlink(missing_ok=True)
print(json.dumps({"state": "ok", "secret": f.read_text() if f.exists() else None}))
"""
FORGETFUL = 'import json, sys; json.load(sys.stdin); print(json.dumps({"state": "ok", "secret": None}))'
ABSENT = 'import json, sys; json.load(sys.stdin); print(json.dumps({"state": "none", "secret": None}))'
HANGING = "import time; time.sleep(60)"
CRASHING = "import os; os._exit(3)"


def starter(code: str, folder: Path) -> Callable[[], subprocess.Popen[bytes]]:
    """A probe that runs `code`."""
    arguments = [sys.executable, "-I", "-c", code, str(folder)]
    return lambda: subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def _no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_NAME, raising=False)


def revealed(key: Key | None) -> str | None:
    return key.reveal() if key else None


def test_a_working_store_keeps_the_key_for_the_next_run(tmp_path: Path) -> None:
    probe = starter(WORKING, tmp_path)
    store = KeyStore(probe, limit=20)
    assert store.state("anthropic").kind == "none"
    assert store.keep("anthropic", Key(SECRET)).kind == "kept"
    later = KeyStore(probe, limit=20)
    assert revealed(later.get("anthropic")) == SECRET
    assert later.get("address") is None
    assert later.keep("anthropic", None).kind == "none"
    assert KeyStore(probe, limit=20).get("anthropic") is None


@pytest.mark.parametrize(
    ("code", "word"), [(FORGETFUL, "back"), (ABSENT, "no key store"), (CRASHING, "locked"), (HANGING, "locked")]
)
def test_a_store_that_does_not_keep_means_this_run_only_and_says_why(code: str, word: str, tmp_path: Path) -> None:
    store = KeyStore(starter(code, tmp_path), limit=0.5 if code == HANGING else 20)
    state = store.keep("anthropic", Key(SECRET))
    assert state.kind == "this_run"
    assert word in state.words
    assert revealed(store.get("anthropic")) == SECRET


@pytest.mark.parametrize(
    ("code", "word", "works"),
    [
        (WORKING, "works", True),
        (ABSENT, "no key store", False),
        (CRASHING, "locked", False),
        (HANGING, "locked", False),
    ],
)
def test_the_state_of_the_store_is_said_before_there_is_a_key(
    code: str, word: str, works: bool, tmp_path: Path
) -> None:
    store = KeyStore(starter(code, tmp_path), limit=0.5 if code == HANGING else 20)
    words, can = store.store_words()
    assert (word in words, can) == (True, works)
    state = store.state("anthropic")
    assert state.kind == "none"
    assert works or code in (CRASHING, HANGING) or "running program only" in state.words


def test_a_key_from_the_environment_is_read_once_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_NAME, SECRET)
    store = KeyStore(starter(CRASHING, tmp_path))
    assert ENVIRONMENT_NAME not in os.environ
    assert revealed(store.get("anthropic")) == SECRET
    assert store.state("anthropic").kind == "this_run"


def test_a_key_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    key = Key(SECRET)
    logging.getLogger("test").warning("%s %r %s", key, key, [key])
    assert SECRET not in caplog.text
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\nX-Evil: 1", "ключ", "a\x00b", "x" * 1001])
def test_what_cannot_be_a_key_is_refused(text: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        Key(text)
    assert refusal.value.problem.code == "key_malformed"


def test_only_stores_of_the_list_are_used_whatever_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    question = {"do": "set", "provider": "anthropic", "secret": SECRET}
    with start("viewer.consult.keyprobe", session=True) as probe:
        out, _ = probe.communicate(json.dumps(question).encode(), PATIENCE)
    reply = json.loads(out)
    assert reply["state"] in ("none", "locked")
    assert reply["secret"] is None


def test_the_list_holds_no_store_that_writes_plain_files() -> None:
    modules = {module for rows in keyprobe.BACKENDS.values() for module, _ in rows}
    assert modules == {
        f"keyring.backends.{name}" for name in ("SecretService", "kwallet", "libsecret", "macOS", "Windows")
    }
