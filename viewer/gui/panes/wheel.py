"""Wheel: one notch is one picture; fine touchpad movements add up, their run-on after lifting the fingers is left out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

NOTCH = 120
PIXELS_PER_STEP = 40


class Wheel:
    """Turns wheel events into whole steps and carries the rest."""

    def __init__(self) -> None:
        self._rest = 0.0

    def steps(self, event: QWheelEvent) -> int:
        """Whole steps, positive = towards the person (the next picture)."""
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:
            return 0
        angle, pixels = event.angleDelta().y() or event.angleDelta().x(), event.pixelDelta().y()
        turned = angle / NOTCH if angle else pixels / PIXELS_PER_STEP
        if turned * self._rest < 0:
            self._rest = 0.0
        self._rest += turned
        whole = int(self._rest)
        self._rest -= whole
        return -whole
