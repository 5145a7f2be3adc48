"""What a question would be about: the part or picture, small, with its words and the way back to the whole picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import column_of, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.index.spot import Spot, spot_of
from viewer.jobs.jobs import Job
from viewer.picture.look import Picture, Region
from viewer.picture.render import render
from viewer.problem import Problem
from viewer.text.translate import tr
from viewer.volume.slice import Slice

EDGE = 112


class ChosenPicture(QWidget):
    """Follows the active pane; `refresh()` after a change."""

    def __init__(self, shell: Shell, use_whole: Callable[[], None]) -> None:
        super().__init__()
        self._shell = shell
        self._picture = QLabel()
        self._picture.setFixedSize(QSize(EDGE, 84))
        self._picture.setAccessibleName(tr("The picture you ask about"))
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setStyleSheet("background: #060708; border-radius: 4px")
        self._title = Words("", "strong")
        self._words = Words("", "second")
        self._whole = Button(tr("Use the whole picture"), "link", do=use_whole)
        self._part = Button(tr("Choose a part"), "link", do=lambda: shell.act("tool_region"))
        column = column_of(self._title, self._words, self._whole, self._part, 1, spacing=2)
        for link in (self._whole, self._part):
            column.setAlignment(link, Qt.AlignmentFlag.AlignLeft)
        row = row_of(self._picture, spacing=12)
        row.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        self.setLayout(row)
        self._wanted: Spot | None = None
        self._drawing: Job[Picture] | None = None

    def refresh_size(self, width: int) -> None:
        """Narrow panels get a smaller picture."""
        edge = EDGE if width >= 300 else 84
        self._picture.setFixedWidth(edge)

    def refresh(self) -> None:
        """Ask for the slice anew; a slice that comes too late is dropped."""
        session = self._shell.session
        pane = session.store.state.view.pane
        if pane is None or not pane.series_id:
            self._title.set_words(tr("No picture chosen yet"))
            return
        before, self._wanted = self._wanted, spot_of(pane)
        ready = session.source(pane.series_id, pane.group).ready(pane.plane, pane.index)
        if ready is not None:
            self._show(ready)
        else:
            wanted = self._wanted
            if before is not None and before.series_id != wanted.series_id:  # of another set: that is not asked about
                self._drawing = None
                self._picture.clear()
                self._words.set_words("")
            session.fetch(pane.series_id, pane.group, pane.plane, pane.index, lambda got: self._came(wanted, got))

    def _came(self, wanted: object, got: Slice | Problem) -> None:
        if wanted == self._wanted and isinstance(got, Slice):
            self._show(got)

    def _show(self, slice_: Slice) -> None:
        session = self._shell.session
        view = session.store.state.view
        chosen = view.region
        region = chosen.region if chosen is not None and spot_of(chosen) == spot_of(slice_) else None
        self._draw(slice_, region)
        which = tr("picture {n}\u00a0of\u00a0{all}", n=slice_.index + 1, all=slice_.count)
        if region is None:
            self._title.set_words(tr("The whole picture"))
            self._words.set_words(which[:1].upper() + which[1:])
        else:
            self._title.set_words(tr("Your chosen part"))
            mm = slice_.pixel_mm
            width, height = region.x1 - region.x0, region.y1 - region.y0
            size_words = f"{width * mm[1]:.0f} × {height * mm[0]:.0f} mm" if mm else f"{width} × {height} px"
            self._words.set_words(tr("{size} of {which}", size=size_words, which=which))
        self._whole.setVisible(region is not None)
        self._part.setVisible(region is None)

    def _draw(self, slice_: Slice, region: Region | None) -> None:
        """On a worker: making a picture small takes longer than a scroll step may wait."""
        session, ratio = self._shell.session, self.devicePixelRatioF()
        size = (round(self._picture.width() * ratio), round(self._picture.height() * ratio))
        look, window = session.store.state.view.look_on(slice_), session.window_for(slice_)
        self._drawing = session.jobs.start("chosen", lambda job: render(slice_, look, window, size, region))
        self._shell.bridge.follow(self._drawing, lambda job: self._drawn(job, ratio))

    def _drawn(self, job: Job[Picture], ratio: float) -> None:
        if isValid(self) and job is self._drawing and job.result is not None:
            self._picture.setPixmap(pixmap_from(job.result, ratio))


def pixmap_from(picture: Picture, ratio: float) -> QPixmap:
    """A Qt picture of our picture's pixels."""
    pixels = picture.pixels
    height, width = pixels.shape[:2]
    form = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    image = QImage(pixels.tobytes(), width, height, width * (3 if pixels.ndim == 3 else 1), form)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
