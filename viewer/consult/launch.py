"""Starting our own child processes: isolated Python, an environment with nothing in it that could steer or betray."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# Only these pass. Left out on purpose: ANTHROPIC_*, *_PROXY, OTEL_*, SSLKEYLOGFILE, PYTHON*, AWS_* and every key.
_PASSED = frozenset(
    ["PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "USERPROFILE"]
    + ["APPDATA", "LOCALAPPDATA", "LD_LIBRARY_PATH"]
)
_SESSION = frozenset(
    ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"]
)

# -I keeps the working folder, PYTHONPATH and start-up files out; the folders named go to the end, behind the rest.
_START = (
    "import os, sys, runpy; sys.path += sys.argv.pop(1).split(os.pathsep); "
    "runpy.run_module(sys.argv[1], run_name='__main__')"
)


def command(module: str) -> list[str]:
    """The argument list that runs `module` isolated: `python -I` with the program's own folder importable."""
    return [sys.executable, "-I", "-c", _START, os.pathsep.join(_places()), module]


def _places() -> list[str]:
    """Where the program and its client library lie, also when they were installed for one person only."""
    places = [str(Path(__file__).resolve().parent.parent.parent)]
    for library in ("anthropic", "keyring"):
        found = importlib.util.find_spec(library)
        places += [str(Path(folder).parent) for folder in (found.submodule_search_locations or ())] if found else []
    return list(dict.fromkeys(places))


def environment(session: bool = False, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The child's environment; with `session` also what reaches the desktop's key store."""
    source = os.environ if given is None else given
    passed = _PASSED | _SESSION if session else _PASSED
    return {name: value for name, value in source.items() if name.upper() in passed}


def start(module: str, session: bool = False) -> subprocess.Popen[bytes]:
    """Start `module` with pipes on standard input and output; its errors go nowhere, since they could hold words."""
    return subprocess.Popen(
        command(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(session),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
