"""The set-up of README's two commands: what an interrupted run left is made anew, and each refusal is told as what it is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parent.parent / "packaging"


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The set-up of a checkout of its own, in a folder as people name them."""
    checkout = tmp_path / "Mein Büro"
    (checkout / "packaging").mkdir(parents=True)
    shutil.copy(PACKAGING / "bootstrap.py", checkout / "packaging")
    spec = importlib.util.spec_from_file_location("bootstrap", checkout / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_an_environment_whose_making_was_interrupted_is_made_anew(bootstrap: ModuleType) -> None:
    python: Path = bootstrap.venv_python()
    # as it is found when the power goes before pip is in place
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bootstrap.VENV], check=True)
    bootstrap.make_venv()
    assert subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0


def test_what_was_being_installed_when_the_power_went_is_not_believed(bootstrap: ModuleType) -> None:
    half = bootstrap.VENV / "half"
    half.parent.mkdir()
    half.touch()
    bootstrap.UNFINISHED.touch()
    bootstrap.make_venv()
    assert not half.exists()
    assert bootstrap.venv_python().exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is closed to the administrator")
def test_a_checkout_that_may_not_be_written_is_told_so(bootstrap: ModuleType) -> None:
    bootstrap.ROOT.chmod(0o500)
    with pytest.raises(SystemExit) as end:
        bootstrap.make_venv()
    assert "may not be written" in str(end.value.code)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Error: [Errno 30] Read-only file system: '/x/.venv'", "may not be written"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "too little space"),
        ("WARNING: Retrying … [Errno -3] Temporary failure in name resolution", ""),
    ],
)
def test_a_disk_that_refuses_is_told_from_a_network_that_is_not_there(
    said: str, words: str, bootstrap: ModuleType
) -> None:
    assert words in bootstrap.disk_trouble(said)
    assert bool(bootstrap.disk_trouble(said)) == bool(words)


@pytest.mark.skipif(os.name != "posix", reason="there is no one to be without a home elsewhere")
def test_who_has_no_home_is_served_all_the_same(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert isinstance(bootstrap.missing_packages(), list)


PROGRAM = """
import signal, sys, time
def stopped(*_):
    time.sleep(1)  # longer than a parent would wait before it kills
    print("saved")
    sys.exit(3)
signal.signal(signal.SIGINT, stopped)
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_ctrl_c_lets_the_program_end_in_its_own_time_and_no_program_of_the_disc_is_started(tmp_path: Path) -> None:
    checkout, disc = tmp_path / "checkout", tmp_path / "disc"
    (checkout / "packaging").mkdir(parents=True)
    shutil.copy(PACKAGING / "start.py", checkout / "packaging")
    ready = (
        f"import sys; from pathlib import Path; ROOT = Path({str(checkout)!r})\ndef prepare(): return sys.executable\n"
    )
    (checkout / "packaging" / "bootstrap.py").write_text(ready)
    for place, text in ((checkout, PROGRAM), (disc, "print('from the disc')")):
        (place / "viewer").mkdir(parents=True)
        (place / "viewer" / "__init__.py").touch()
        (place / "viewer" / "__main__.py").write_text(text)
    start = [sys.executable, str(checkout / "packaging" / "start.py")]
    with subprocess.Popen(
        start, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, cwd=disc
    ) as program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline() == b"ready\n"
            os.killpg(program.pid, signal.SIGINT)
            out, trouble = program.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
    assert (out, trouble, program.returncode) == (b"saved\n", b"", 3)
