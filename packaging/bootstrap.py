"""Make the environment Sidelight runs in: a venv with the locked packages, and on Linux the libraries Qt needs.

Runs on any Python ≥ 3.11 with the standard library only. Used by `start.py` and `check.py` beside it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
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
    fonts = any(Path(place).exists() for place in ("/usr/share/fonts", str(Path.home() / ".fonts")))
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
        sys.exit(
            "Sidelight needs a few libraries of your system. Please run this line, then try again:\n"
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


def make_venv() -> None:
    """A fresh environment; on Debian the module for it is a package of its own."""
    if venv_python().exists():
        return
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.DEVNULL).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    install_system([f"python3.{sys.version_info.minor}-venv"])
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install(lock: Path) -> None:
    """Bring the environment to the lock file; nothing is asked of the network when it is there already."""
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"{lock.stem}.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Getting the packages Sidelight is built on (once, about 200 MB)…")
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fetch = [*pip, "--require-hashes", "-r", str(lock)]
    place = [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if subprocess.run(fetch).returncode or subprocess.run(place).returncode:
        sys.exit(
            "The packages could not be fetched. Check the connection to the internet, then run the same line again."
        )
    stamp.write_text(wanted)


def prepare(*, for_tests: bool = False) -> Path:
    """Everything; returns the environment's interpreter."""
    if sys.version_info < (3, 11):
        sys.exit("Sidelight needs Python 3.11 or newer. Yours is " + sys.version.split()[0] + ".")
    install_system(missing_packages())
    make_venv()
    install(TEST_LOCK if for_tests else LOCK)
    if for_tests:
        install_test_programs()
    return venv_python()
