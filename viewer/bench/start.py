"""How soon the window is on screen, against a bare PySide6 window in the same run; a process for each start."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from viewer.bench.measure import Figure, figure, ratio

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
from viewer.app import make_session
from viewer.gui.start import start
from PySide6.QtWidgets import QApplication
start(make_session, after_first_paint=lambda: (print("painted", flush=True), QApplication.exit(0)))
"""


def seconds_to_paint(code: str) -> float:
    """Milliseconds from starting a fresh interpreter to its word that the first paint is done."""
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) as child:
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
    for _ in range(count):
        bare.append(seconds_to_paint(BARE))
        ours.append(seconds_to_paint(OURS))
    return [
        figure("bare PySide6 window", bare),
        figure("Sidelight's window, nothing opened", ours),
        ratio("window against a bare one", ours, bare, 5.0),
    ]
