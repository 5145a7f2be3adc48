"""The child that talks to the system's key store: one question on standard input, one answer on standard output.

Only store kinds on the list are used, and their classes are made here by name: neither an environment variable nor a
configuration file can put another one (plain text, forgetful, foreign code) in their place.

Question: {"do": "get" | "set" | "delete", "provider", "secret"}. Answer: {"state": "ok" | "none" | "locked", "secret",
"store"}, where the secret is what the store gives back after the deed.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

SERVICE = "Sidelight"
# platform → (module, class), best first
BACKENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "linux": (
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.libsecret", "Keyring"),
    ),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
}


def backend(platform: str = sys.platform) -> Any:
    """The first usable store of the list, or None. `Any`: the classes are chosen by name."""
    for module, name in BACKENDS.get(platform, ()):
        try:
            kind = getattr(importlib.import_module(module), name)
            if kind.priority > 0:
                return kind()
        except Exception:  # noqa: BLE001, S112  a store that cannot be asked says so in its own many ways
            continue
    return None


def answer(question: dict[str, str], store: Any) -> dict[str, str | None]:
    """Do what `question` asks with `store` and read back."""
    if store is None:
        return {"state": "none", "secret": None}
    provider = question["provider"]
    kind = type(store).__module__.rpartition(".")[2]
    try:
        if question["do"] == "set":
            store.set_password(SERVICE, provider, question["secret"])
        elif question["do"] == "delete" and store.get_password(SERVICE, provider) is not None:
            store.delete_password(SERVICE, provider)
        return {"state": "ok", "secret": store.get_password(SERVICE, provider), "store": kind}
    except Exception:  # noqa: BLE001  locked, denied, dismissed: every store has its own words, all mean no
        return {"state": "locked", "secret": None, "store": kind}


def main() -> None:
    """Answer one question."""
    question = json.loads(sys.stdin.buffer.read())
    out = json.dumps(answer(question, backend()))
    sys.stdout.write(out)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
