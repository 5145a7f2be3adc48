"""Make the environment Sidelight runs in: a venv with the locked packages, and on Linux the libraries Qt needs.

Runs on any Python ≥ 3.11 with the standard library only. Used by `start.py` and `check.py` beside it. Each Python it
starts gets -P: nothing is imported from the folder where the command was typed, which may be the disc's.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UNFINISHED = VENV / "unfinished"  # there while the environment is being made or changed
LOCK = ROOT / "packaging" / "lock.txt"
TEST_LOCK = ROOT / "packaging" / "lock-test.txt"

# What the wheels of PySide6-Essentials 6.12 need on a bare Debian or Ubuntu: library → package.
# The first seven are needed even without a screen, because libQt6Gui links them.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
TEST_PROGRAMS = {"pdftotext": "poppler-utils"}  # a second reader judges the PDFs; without it those tests are skipped
MORE_PACKAGES = ("fonts-dejavu-core", "ca-certificates")
_CLOSED = f"Sidelight keeps its packages in {VENV}, which may not be written. Copy the whole folder to a place of your own and go there."
_FULL = f"There is too little space on the disk for the packages in {VENV}: about 1 GB is needed. Free some."
DISK_TROUBLES = (  # as each Python says them, in every language
    ("[Errno 28]", _FULL), ("[Errno 122]", _FULL), ("[Errno 13]", _CLOSED), ("[Errno 30]", _CLOSED), ("[Errno 1]", _CLOSED),
)  # fmt: skip


def say(words: str) -> None:
    """One line for the person, at once."""
    print(words, flush=True)


def missing_packages() -> list[str]:
    """Debian packages of the libraries that cannot be loaded here; empty on other systems."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in QT_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    fonts = any(Path(place).exists() for place in ("/usr/share/fonts", os.path.expanduser("~/.fonts")))
    return missing if fonts and not missing else [*missing, *MORE_PACKAGES]


def install_line(packages: list[str]) -> str:
    """What a person would type to install Debian packages, without the right to."""
    return "apt-get install -y --no-install-recommends " + " ".join(packages)


def installed(packages: list[str]) -> bool:
    """Whether Debian packages could be installed here and now."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("Installing from your system's packages: " + " ".join(packages))
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    lines = (["apt-get", "update"], install_line(packages).split())
    return all(subprocess.run(line, **quiet).returncode == 0 for line in lines)


def install_system(packages: list[str]) -> None:
    """Install Debian packages where that is allowed, else print the one line to run and stop."""
    if packages and not installed(packages):
        others = (
            "" if shutil.which("apt-get") else " (it is for Debian and Ubuntu; other systems have names of their own)"
        )
        sys.exit(
            f"Sidelight needs a few libraries of your system. Please run this line, then try again{others}:\n"
            f"  sudo {install_line(packages)}"
        )


def install_test_programs() -> None:
    """The programs that judge in the tests; where they may not be installed, the tests that need them say so."""
    missing = [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    if missing and sys.platform.startswith("linux") and not installed(missing):
        say(f"Some tests will be skipped. To run them too: sudo {install_line(missing)}")


def venv_python() -> Path:
    """The interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stop(why: str) -> NoReturn:
    """End with one sentence that says why and what to do."""
    sys.exit(f"{why} Then run the same line again.")


def attempted(*lines: list[str]) -> str:
    """What the first of these commands that failed said about it; "" when all went well."""
    for line in lines:
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode:
            return done.stdout.strip() or f"{line[0]} ended with {done.returncode}"
    return ""


def disk_trouble(said: str) -> str:
    """The sentence for a disk that refused, from what a command said; "" where it was something else."""
    return next((words for sign, words in DISK_TROUBLES if sign in said), "")


def make_venv() -> None:
    """The environment, made anew where none is whole: a first run may have been ended at any moment."""
    whole = venv_python().exists() and not UNFINISHED.exists()
    if whole and not attempted([str(venv_python()), "-P", "-m", "pip", "--version"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    make = [sys.executable, "-P", "-m", "venv", str(VENV)]
    said = begun() or attempted(make)
    if "ensurepip" in said and not disk_trouble(said):  # on Debian the module for it is a package of its own
        shutil.rmtree(VENV, ignore_errors=True)
        install_system([f"python3.{sys.version_info.minor}-venv"])
        said = begun() or attempted(make)
    if said:
        say(said)
        stop(disk_trouble(said) or f"No environment could be made in {VENV}: the lines above say why.")


def begun() -> str:
    """Note that what follows is not whole until it is done; what the disk says where that cannot be written."""
    try:
        VENV.mkdir(exist_ok=True)
        UNFINISHED.touch()
    except OSError as failure:
        return str(failure)
    return ""


def install(lock: Path) -> None:
    """Bring the environment to the lock file; nothing is asked of the network when it is there already."""
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"{lock.stem}.sha256"
    if venv_python().exists() and not UNFINISHED.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv()
    say("Getting the packages Sidelight is built on (once, about 200 MB)…")
    pip = [str(venv_python()), "-P", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fetch = [*pip, "--require-hashes", "-r", str(lock)]
    place = [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    said = begun() or attempted(fetch, place)
    if said:
        say(said)
        stop(
            disk_trouble(said)
            or "The packages could not be fetched; the lines above say why. Check the connection to the internet."
        )
    stamp.write_text(wanted)
    UNFINISHED.unlink()


def prepare(*, for_tests: bool = False) -> Path:
    """Everything; returns the environment's interpreter."""
    if sys.version_info < (3, 11):
        sys.exit("Sidelight needs Python 3.11 or newer. Yours is " + sys.version.split()[0] + ".")
    try:
        install_system(missing_packages())
        install(TEST_LOCK if for_tests else LOCK)
        if for_tests:
            install_test_programs()
    except KeyboardInterrupt:
        sys.exit("Stopped. The same line goes on with it.")
    except OSError as failure:
        stop(disk_trouble(str(failure)) or f"Setting up did not work: {failure}.")
    return venv_python()
