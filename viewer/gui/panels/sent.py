"""What the AI saw: the picture that left, frozen beside its talk.

It stays at the top of the panel while the talk scrolls. Where the panel is low it is small, and the lines that need not
stay stand at the beginning of what scrolls.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from viewer.document.model import Turn
from viewer.gui.panels.foot import height_of
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Abreast, column_of, held
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.jobs.jobs import Job
from viewer.text.dates import iso_words
from viewer.text.translate import tr
from viewer.usecases.looked_at import has_left, looked_at_words, was_looked_at

LARGE, MIDDLE, SMALL = 144, 112, 72  # edges of the box a picture is fitted into
WIDE_PANEL = 440  # pixels from which on there is room for the large one
THINNEST = 8  # pixels
MOST = 0.18  # of the panel's height, with all its lines


def image_of(png: bytes, edge: int) -> QImage:
    """A picture that left, fitted into `edge` × `edge` device pixels; an empty one when its bytes are gone. Takes
    10 ms: for a worker, and by way of a reader, since `QImage.fromData` keeps the interpreter all the while."""
    buffer = QBuffer()
    buffer.setData(png)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    image = QImageReader(buffer, b"png").read()
    if image.isNull():
        return image
    return image.scaled(
        fitted(image.size(), edge), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def fitted(size: QSize, edge: int) -> QSize:
    """The size into `edge` × `edge`; a strip of a picture is drawn wider than it is, so that it can be seen at all."""
    return size.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(THINNEST, THINNEST))


class Beside(QWidget):
    """A picture and words about it; the words below it where beside it they would be cut."""

    def __init__(self, picture: QWidget, words: QVBoxLayout) -> None:
        super().__init__()
        self._picture, self._words = picture, words
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self._box.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._box.addWidget(held(words), 1)

    @override
    def minimumSizeHint(self) -> QSize:
        wide = max(self._picture.minimumWidth(), self._words.minimumSize().width())
        return QSize(wide, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self._picture.minimumWidth() + self._box.spacing() + self._words.minimumSize().width()
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wanted <= self.width() else ways.TopToBottom)


class SentHead(QWidget):
    """`show_turn` for each newer self of the last turn; `place` with each size of the panel."""

    def __init__(self, shell: Shell, beginning: QVBoxLayout) -> None:
        """beginning: the first thing that scrolls; it takes the lines that give way."""
        super().__init__()
        self._shell, self._beginning = shell, beginning
        self._turn: Turn | None = None
        self._edge = MIDDLE
        self.is_low = False
        self.picture = QLabel()
        self.picture.setScaledContents(True)
        self.picture.setAccessibleName(tr("What the AI saw"))
        self.looked, self.sized, self._when = (Words("", "second") for _ in range(3))
        self._link = Button(tr("Show it in the picture"), "link", do=self._show_in_picture)
        self.title = Words(tr("What the AI saw"), "strong")
        self.giving_way = QWidget()
        self.giving_way.setLayout(column_of(self.sized, self._when, Abreast(self._link), spacing=4))
        self._lines = column_of(self.title, self.looked, self.giving_way, 1, spacing=4)
        self.setLayout(column_of(Beside(self.picture, self._lines)))

    def show_turn(self, turn: Turn) -> None:
        """The picture of this question; nothing where none is known."""
        before, self._turn = self._turn, turn
        self.setVisible(bool(turn.sent))
        self.giving_way.setVisible(bool(turn.sent))
        if not turn.sent:
            return
        self._say_what_was_seen(turn)
        if before is not None and before.id == turn.id:
            return
        sent = turn.sent[0]
        self._when.set_words(f"{iso_words(turn.asked_at)} · {turn.model_name}, {turn.provider_name}")
        self._fit_picture()
        if before is None or not before.sent or before.sent[0].sha256 != sent.sha256:
            self._load(sent.sha256)

    def _say_what_was_seen(self, turn: Turn) -> None:
        """Whether anyone looked, and whether anything left at all, is known only when the answer has ended."""
        title = tr("What the AI saw") if was_looked_at(turn) else tr("The picture of this question")
        if title != self.title.text():
            self.title.set_words(title)
            self.picture.setAccessibleName(title)
        looked = tr("Looked at {what}.", what=looked_at_words(turn))
        if looked != self.looked.text():
            self.looked.set_words(looked)
        width, height = turn.sent[0].width, turn.sent[0].height
        sized = tr("Sent as {w} × {h} pixels.", w=width, h=height) if has_left(turn) else tr("Nothing was sent.")
        if sized != self.sized.text():
            self.sized.set_words(sized)

    def place(self, width: int, height: int) -> None:
        """In a panel of this size, in pixels."""
        self._edge = LARGE if width >= WIDE_PANEL else MIDDLE
        self._set_low(low=self._height_with_all(width) > MOST * height)
        self._fit_picture()

    def _height_with_all(self, width: int) -> int:
        """Pixels that it would take with all its lines, as far as they stand beside the picture."""
        room = max(1, width - self._edge - 12)
        heights = [height_of(one, room) for one in (self.title, self.looked, self.giving_way)]
        return max(self._edge, sum(heights) + self._lines.spacing() * (len(heights) - 1))

    def _set_low(self, *, low: bool) -> None:
        if low == self.is_low:
            return
        self.is_low = low
        hidden = self.giving_way.isHidden()
        if low:
            self._beginning.addWidget(self.giving_way)
        else:
            self._lines.insertWidget(2, self.giving_way)
        self.giving_way.setHidden(hidden)

    def _fit_picture(self) -> None:
        if self._turn is not None and self._turn.sent:
            sent, edge = self._turn.sent[0], SMALL if self.is_low else self._edge
            self.picture.setFixedSize(fitted(QSize(sent.width, sent.height), edge))

    def _load(self, sha256: str) -> None:
        self.picture.clear()
        session, edge = self._shell.session, round(LARGE * self.devicePixelRatioF())
        job = session.jobs.start("sent picture", lambda job: image_of(session.sent_png(sha256), edge))
        self._shell.bridge.follow(job, lambda job: self._loaded(job, sha256))

    def _loaded(self, job: Job[QImage], sha256: str) -> None:
        if job.result is None or not isValid(self):  # the panel may be gone by now
            return
        if self._turn is not None and self._turn.sent and self._turn.sent[0].sha256 == sha256:
            self.picture.setPixmap(QPixmap.fromImage(job.result))

    def _show_in_picture(self) -> None:
        if self._turn is not None and self._turn.sent:
            sent = self._turn.sent[0]
            self._shell.go_to(sent.series_id, sent.group, sent.plane, sent.index)
