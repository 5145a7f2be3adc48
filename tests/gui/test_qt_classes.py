"""PySide makes the Python classes of Qt as they are asked for. Handed a part of Qt's own making it makes all that the part
could be: 20 ms for a widget, 50 for an object; and it walks a list meanwhile that imports on a worker add to, which has
crashed windows that were closed at their start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEN = """
import sys
from PySide6 import QtWidgets
def are_all_made():
    return "QCalendarWidget" in vars(QtWidgets)  # which nothing here asks for
"""
MADE_BY_HAND = f"""{SEEN}
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QListView
application = QApplication([])
before = are_all_made()
QListView().viewport()
print(before, are_all_made())
"""
FIRST_PAINT = f"""{SEEN}
from viewer.app import run_window
from PySide6.QtWidgets import QApplication
def painted():
    print(are_all_made())
    QApplication.quit()
sys.exit(run_window([], painted))
"""
OWNER_GONE = f"""{SEEN}
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import delete
from viewer.gui.pace import AtWork
application = QApplication([])
owner = QObject()
at_work = AtWork(owner)
at_work.begin()
delete(owner)
print(are_all_made())
"""


def said(program: str, folder: Path) -> str:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SIDELIGHT_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("program", [FIRST_PAINT, OWNER_GONE], ids=["first paint", "owner gone"])
def test_no_part_of_qt_s_own_making_is_asked_for(program: str, tmp_path: Path) -> None:
    if said(MADE_BY_HAND, tmp_path) != "False True":
        pytest.skip("this PySide makes its classes another way")
    assert said(program, tmp_path) == "False"
