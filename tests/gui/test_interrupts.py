"""The system asks the program to end: it closes as by its own button."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import signal, sys
from viewer.app import run_window
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)  # tests that run in the background have Ctrl-C switched off
sys.exit(run_window([], lambda: print("up", flush=True)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of Unix")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_window_that_is_asked_to_end_closes_in_good_order(name: str, tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SIDELIGHT_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as window:  # fmt: skip
        assert window.stdout is not None
        assert window.stdout.readline() == "up\n"
        window.send_signal(getattr(signal, name))
        try:
            _, told = window.communicate(timeout=60)
        finally:
            window.kill()
    assert window.returncode == 0, told
    assert "Traceback" not in told
    assert "mistake" not in told
