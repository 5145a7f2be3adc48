"""Starting our own child processes: isolated Python, an environment with nothing in it that could steer or betray."""

from __future__ import annotations

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

_ROOT = str(Path(__file__).resolve().parent.parent.parent)
# -I keeps the working folder and PYTHONPATH out; the program's own folder goes to the end, behind the standard library.
_START = "import sys, runpy; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv[1], run_name='__main__')"


def command(module: str) -> list[str]:
    """The argument list that runs `module` isolated: `python -I` with the program's own folder importable."""
    return [sys.executable, "-I", "-c", _START, _ROOT, module]


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
