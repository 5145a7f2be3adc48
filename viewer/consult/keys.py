"""Keys: in the system's key store where there is a trustworthy one, otherwise for this run only. Never in a file or log.

The store is asked in a child process with a limit, since a locked key ring can make a call that never returns.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from viewer.consult.launch import start
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr

ENVIRONMENT_NAME = "SIDELIGHT_API_KEY"
LONGEST = 1_000  # characters; the smallest system store holds about 1,280
_LIMIT = 2.0  # seconds


class Key:
    """A key that cannot be shown by accident; `reveal` is called only where it leaves for its service."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        text = secret.strip()
        if not text or len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
            raise ProblemError(problem("key_malformed"))
        self._secret = text

    def reveal(self) -> str:
        """The key itself."""
        return self._secret

    def __repr__(self) -> str:  # type: ignore[explicit-override]
        return "Key(…)"

    def __reduce__(self) -> str:  # type: ignore[explicit-override]
        raise TypeError("a key is not copied or stored")


@dataclass(frozen=True, slots=True)
class KeyState:
    """`kind` is "kept" (in the system's key store), "this_run" or "none"; `words` says it in a sentence."""

    kind: str
    words: str


_KEPT = "The key is kept in this computer's key store."
_RUN = "The key is kept for this run only and is gone when Sidelight closes."
_WHY = {
    "none": "This computer has no key store that Sidelight trusts, so the key is kept for this run only.",
    "locked": "This computer's key store is locked or gave no answer, so the key is kept for this run only.",
    "differs": "This computer's key store did not give the key back as it was, so the key is kept for this run only.",
}
_NONE = "There is no key yet."
_WILL_BE = {
    "none": "This computer has no key store that Sidelight trusts: a key will be kept for the running program only.",
    "locked": "This computer's key store is locked or gave no answer: a key will be kept for the running program only.",
}
_STORES = {"SecretService": "Secret Service", "kwallet": "KWallet", "libsecret": "Secret Service", "macOS": "Keychain",
           "Windows": "Credential Manager"}  # fmt: skip

Starter = Callable[[], "subprocess.Popen[bytes]"]


class KeyStore:
    """One per program. All methods may take up to 2 seconds on first use of a slow key store: not for the window's thread."""

    def __init__(self, starter: Starter | None = None, limit: float = _LIMIT) -> None:
        self._start = starter or (lambda: start("viewer.consult.keyprobe", session=True))
        self._limit = limit
        self._lock = threading.Lock()
        self._this_run: dict[str, Key] = {}
        self._kept: dict[str, Key | None] = {}
        self._why = ""
        self._unanswered = 0
        self._given = _from_environment()

    def get(self, provider: str) -> Key | None:
        """The key for `provider`: of this run, of the environment, or of the system's store."""
        with self._lock:
            return self._this_run.get(provider) or self._given or self._from_store(provider)

    def keep(self, provider: str, key: Key | None) -> KeyState:
        """Keep `key` (None forgets it), read it back, and say where it is."""
        with self._lock:
            self._this_run.pop(provider, None)
            self._kept.pop(provider, None)
            if key is None:
                self._ask({"do": "delete", "provider": provider})
                self._kept[provider] = None
            else:
                self._write(provider, key)
        return self.state(provider)

    def state(self, provider: str) -> KeyState:
        """Where the key for `provider` is, in words."""
        with self._lock:
            if provider in self._this_run:
                return KeyState("this_run", tr(_WHY.get(self._why, _RUN)))
            if self._given is not None:
                return KeyState("this_run", tr("The key was given when Sidelight was started; it is not kept."))
            if self._from_store(provider):
                return KeyState("kept", tr(_KEPT))
            why = _WILL_BE.get(self._why, "")
            return KeyState("none", " ".join(tr(sentence) for sentence in (_NONE, why) if sentence))

    def store_words(self) -> tuple[str, bool]:
        """What kind of key store there is, in words, and whether it can be used now; asks it anew."""
        with self._lock:
            reply = self._ask({"do": "get", "provider": "anthropic"})
        state = str(reply.get("state", "locked"))
        if state == "ok":
            name = _STORES.get(str(reply.get("store")), tr("unknown"))
            return tr("This computer's key store works ({name}).", name=name), True
        return tr(_WILL_BE.get(state, _WILL_BE["locked"])), False

    def _write(self, provider: str, key: Key) -> None:
        reply = self._ask({"do": "set", "provider": provider, "secret": key.reveal()})
        if reply.get("secret") == key.reveal():
            self._kept[provider] = key
            return
        self._why = str(reply.get("state", "locked")) if reply.get("state") != "ok" else "differs"
        if self._why == "differs":
            self._ask({"do": "delete", "provider": provider})
        self._this_run[provider] = key

    def _from_store(self, provider: str) -> Key | None:
        if provider not in self._kept:
            reply = self._ask({"do": "get", "provider": provider})
            self._why = str(reply.get("state", "locked"))
            if not reply and self._unanswered < 2:
                self._unanswered += 1  # perhaps the person is just unlocking it: asked again next time
                return None
            self._kept[provider] = _key_or_none(reply.get("secret"))
        return self._kept[provider]

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        """One question to the probe; an empty answer when it is not there in time."""
        with self._start() as probe:
            try:
                out, _ = probe.communicate(json.dumps(question).encode("ascii"), self._limit)
                reply = json.loads(out)
            except (subprocess.TimeoutExpired, ValueError):
                probe.kill()
                return {}
        return reply if isinstance(reply, dict) else {}


def _key_or_none(secret: object) -> Key | None:
    try:
        return Key(secret) if isinstance(secret, str) else None
    except ProblemError:
        return None


def _from_environment() -> Key | None:
    """Read once and removed, so that no child process inherits it."""
    return _key_or_none(os.environ.pop(ENVIRONMENT_NAME, None))
