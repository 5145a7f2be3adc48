"""How soon the window is on screen, against a bare PySide6 window in the same run; a process for each start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from viewer.bench.measure import Figure, figure, ratio
from viewer.bench.place import own_place

_ROOT = Path(__file__).resolve().parents[2]
BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: (print("painted", flush=True), QApplication.exit(0)))
application = QApplication(sys.argv)
window = Bare()
window.resize(1366, 768)
window.show()
application.exec()
"""
OURS = """
from viewer.app import run_window
from PySide6.QtWidgets import QApplication
run_window([], after_first_paint=lambda: (print("painted", flush=True), QApplication.exit(0)))
"""


def installed(folder: Path) -> dict[str, str]:
    """The environment of a program that is installed, with its bytecode beside it: here in a folder of the bench's."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return {**environment, "OPENBLAS_NUM_THREADS": "1", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def milliseconds_to_paint(code: str, environment: dict[str, str]) -> float:
    """From starting a fresh interpreter to its word that the first paint is done. It stands in the program's own folder:
    Python imports from where it stands, and that may be the disc's."""
    began = time.perf_counter()
    start = [sys.executable, "-c", code]
    with subprocess.Popen(start, env=environment, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("painted"):
                spent = (time.perf_counter() - began) * 1000
                child.wait(30)
                return spent
    raise RuntimeError("the window was never painted")


def measure_start(count: int = 5) -> list[Figure]:
    """Interleaved, so that both meet the same machine."""
    bare, ours = [], []
    with own_place() as folder:
        environment = installed(folder)
        for _ in range(count + 1):
            bare.append(milliseconds_to_paint(BARE, environment))
            ours.append(milliseconds_to_paint(OURS, environment))
    bare, ours = bare[1:], ours[1:]  # the first start writes the bytecode
    return [
        figure("bare PySide6 window", bare),
        figure("Sidelight's window, nothing opened", ours),
        ratio("window against a bare one", ours, bare, 5.0),
    ]
