"""The floors hold, and each contract really catches what it is there for (a contract on a wrong name passes for ever)."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

PLANTED = {
    "a lower room imports a higher one": ("geometry/planted.py", "import viewer.picture.look\n", "Floors"),
    "a room imports its neighbour": ("archive/planted.py", "import viewer.report.pdf\n", "Floors"),
    "Qt below the window, inside a function": (
        "report/planted.py", "def f() -> None:\n    import PySide6.QtGui\n", "Qt is named only in gui",
    ),
    "the client outside consult": ("usecases/planted.py", "import anthropic\n", "The network is named only in consult"),
    "a socket outside consult": ("disclosure/planted.py", "import socket\n", "The network is named only in consult"),
    "pydicom above dicom": ("volume/planted.py", "import pydicom\n", "pydicom is named only in dicom"),
    "a codec in the volume room": ("volume/planted.py", "import imagecodecs\n", "Codecs are named only in codec"),
    "pages of a PDF drawn above the codecs": (
        "gui/planted.py", "def f() -> None:\n    import pypdfium2\n", "Codecs are named only in codec",
    ),
    "the database outside the archive": ("document/planted.py", "import sqlite3\n", "Codecs are named only in codec"),
    "a small widget knows the window": ("gui/widgets/planted.py", "import viewer.gui.window.files\n", "Floors of the window"),
    "a list knows a page": ("gui/sets/planted.py", "import viewer.gui.pages.help_page\n", "Floors of the window"),
    "the window opens the door itself": ("gui/planted.py", "import viewer.disclosure.prepare\n", "One door"),
    "the window reaches the network room": (
        "gui/planted.py", "import viewer.consult.consultation\n", "Network, disk and paper only through the use cases",
    ),
    "a room nobody placed": ("helpers/__init__.py", "", "Floors"),
}  # fmt: skip


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over the tree in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program to plant things in."""
    shutil.copytree(ROOT / "viewer", tmp_path / "viewer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_caught(copy: Path, name: str) -> None:
    path, source, contract = PLANTED[name]
    planted = copy / "viewer" / path
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(source, "utf-8")
    done = lint(copy)
    assert done.returncode != 0, done.stdout
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken) or "helpers" in done.stdout, done.stdout[-2000:]


def test_an_import_ring_is_caught(copy: Path) -> None:
    (copy / "viewer/geometry/planted_a.py").write_text("import viewer.geometry.planted_b\n", "utf-8")
    (copy / "viewer/geometry/planted_b.py").write_text("import viewer.geometry.planted_a\n", "utf-8")
    done = lint(copy)
    assert any("ring" in line and "BROKEN" in line for line in done.stdout.splitlines()), done.stdout[-2000:]


def calls(tree: ast.AST, names: set[str]) -> set[str]:
    """Which of `names` are called anywhere in a syntax tree, by plain name or attribute."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            found |= {name} & names
    return found


def test_only_the_door_makes_disclosures() -> None:
    allowed = {"disclosure", "usecases/asking.py", "archive"}
    makers = {
        str(path.relative_to(ROOT / "viewer"))
        for path in (ROOT / "viewer").rglob("*.py")
        if calls(ast.parse(path.read_text("utf-8")), {"DisclosedFrame", "Disclosure", "Consent"})
    }
    strangers = {maker for maker in makers if maker not in allowed and maker.split("/")[0] not in allowed}
    assert not strangers


def test_rooms_hold_no_code_in_their_init() -> None:
    for path in (ROOT / "viewer").rglob("__init__.py"):
        body = ast.parse(path.read_text("utf-8")).body
        assert all(isinstance(node, ast.Expr) for node in body), path


HEAVY = {
    "pydicom",
    "pyqtgraph",
    "anthropic",
    "keyring",
    "scipy",
    "SimpleITK",
    "imagecodecs",
    "pypdfium2",
    "typst",
    "httpx2",
    "asyncio",
    "numpy._core",
    "importlib.metadata",
    "email",
}


def lines_of(code: str, data: Path) -> list[str]:
    """What a program of its own prints that opens the window, where nobody sees it."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SIDELIGHT_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_the_window_is_painted_without_heavy_imports(tmp_path: Path) -> None:
    code = (
        "import builtins, sys\n"
        "from viewer.app import run_window\n"
        "def painted():\n"
        "    from PySide6.QtWidgets import QApplication\n"
        f"    print(sorted(set(sys.modules) & {HEAVY!r}), builtins.__import__ is builtins.__feature_import__)\n"
        "    QApplication.exit(0)\n"
        "run_window([], after_first_paint=painted)\n"
        "import numpy, pyqtgraph\n"
        "print(numpy.arange(3).sum(), 'shiboken6' in sys.modules)\n"
    )
    assert lines_of(code, tmp_path) == ["[] False", "3 True"]


def test_no_type_of_qt_is_left_to_be_made_by_a_worker_that_imports_pyqtgraph(tmp_path: Path) -> None:
    """Two threads that make one at a time ended the program: 2 of 50 starts in which the settings were opened at once."""
    code = (
        "import threading\n"
        "from PySide6 import QtCore, QtGui, QtWidgets\n"
        "from viewer.app import run_window\n"
        "from viewer.gui.window import warming\n"
        "def make_ready():\n"
        "    left = [name for one in (QtCore, QtGui, QtWidgets) for name in dir(one) if name not in vars(one)]\n"
        "    print(left, threading.current_thread() is threading.main_thread())\n"
        "    later = QtCore.Qt.ConnectionType.QueuedConnection\n"
        "    QtCore.QMetaObject.invokeMethod(QtWidgets.QApplication.instance(), 'quit', later)\n"
        "warming.make_ready = make_ready\n"
        "run_window([])\n"
    )
    assert lines_of(code, tmp_path) == ["[] False"]
