"""A mistake of the program, and a process that dies: neither leaves anything of a scan in a log or a dump."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

NAME = "MUSTER^ERIKA"
_MAIN = "import viewer.app, viewer.__main__ as main\nviewer.app.run = work\nraise SystemExit(main.main())\n"
_BREAKING = {
    "straight": f"def work(_):\n    return {{}}['{NAME}']\n",
    "from another": f"def work(_):\n    try:\n        {{}}['{NAME}']\n    except KeyError as e:\n        raise ValueError('{NAME}') from e\n",
    "in a thread": f"import threading\ndef work(_):\n    t = threading.Thread(target=lambda: int('{NAME}'))\n    t.start()\n    t.join()\n",
    "while it is cleared away": f"class Odd:\n    def __del__(self):\n        raise ValueError('{NAME}')\ndef work(_):\n    Odd()\n",
}  # fmt: skip


@pytest.mark.parametrize("way", _BREAKING)
def test_a_mistake_is_told_by_its_place_and_kind_alone(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", _BREAKING[way] + _MAIN], capture_output=True, text=True, check=False)
    assert NAME not in done.stdout + done.stderr
    assert "Sidelight made a mistake" in done.stderr
    assert "<string>:" in done.stderr
    assert "Error" in done.stderr.splitlines()[-1]


@pytest.mark.skipif(os.name != "posix", reason="dumps of memory are those of POSIX here")
def test_a_program_that_dies_leaves_no_dump_of_its_memory(tmp_path: Path) -> None:
    import resource

    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    work = "import os, signal\ndef work(_):\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
    died = subprocess.Popen(
        [sys.executable, "-c", work + _MAIN], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
    )  # fmt: skip
    _, status = os.waitpid(died.pid, 0)
    died.returncode = os.waitstatus_to_exitcode(status)
    assert died.returncode == -signal.SIGSEGV
    assert not os.WCOREDUMP(status)
