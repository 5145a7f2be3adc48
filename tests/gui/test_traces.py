"""What the window leaves behind on the computer: nothing outside its own data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_CHOOSE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from viewer.gui.start import make_application
from viewer.gui.widgets.file_dialogs import choose_folder
make_application(["sidelight"], "light")
def accept():
    dialog = QApplication.activeModalWidget()
    dialog.accept() if isinstance(dialog, QDialog) else QTimer.singleShot(20, accept)
QTimer.singleShot(0, accept)
print(choose_folder(QWidget(), "", sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the dialog is the system's own")
def test_choosing_a_folder_leaves_its_name_nowhere(tmp_path: Path) -> None:
    home, disc = tmp_path / "home", tmp_path / "Muster Erika"
    home.mkdir()
    disc.mkdir()
    places = {name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", _CHOOSE, str(disc)],
        env={**os.environ, **places, "HOME": str(home)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(disc)
    assert [one for one in home.rglob("*") if one.is_file() and "Muster" in one.read_text(errors="replace")] == []
