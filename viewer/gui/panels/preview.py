"""The preview page: the exact pixels, the exact words, who gets them and what it costs; then yes or no.

The picture shown is decoded from the bytes that would be sent, one picture pixel on one pixel of the screen.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.disclosure.frame import DisclosedFrame, Disclosure
from viewer.disclosure.show import exact_words, preview_rows
from viewer.gui.look.tokens import PANE
from viewer.gui.panels.picture_foot import PictureFoot
from viewer.gui.panes.slider_row import PictureSlider
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Note, Rule, part, row_of
from viewer.gui.widgets.controls import Button, IconButton
from viewer.gui.widgets.labels import Words
from viewer.problem import ProblemError
from viewer.text.plain import plain
from viewer.text.translate import tr

ZOOMS = (25, 50, 75, 100, 150, 200, 300, 400, 600, 800)
LOWEST = 110  # height of the exact words
HUNDRED = ZOOMS.index(100)


class ExactPicture(QWidget):
    """The PNG at exactly its size in device pixels; zoom enlarges pixels as squares; drag moves."""

    resized = Signal()

    def __init__(self, frame: DisclosedFrame) -> None:
        super().__init__()
        self.percent = 100
        self._offset = QPointF(0, 0)
        self._held: QPoint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self.setAccessibleName(tr("The picture that will leave"))
        self.show_frame(frame)

    @property
    def is_whole(self) -> bool:
        """Whether all of the picture is in sight."""
        return QRectF(self.rect()).contains(self.place())

    def show_frame(self, frame: DisclosedFrame) -> None:
        """Another picture."""
        self.image = QImage.fromData(frame.png)
        self._offset = QPointF(0, 0)
        self.update()

    def show_percent(self, percent: int) -> None:
        """100 = one picture pixel is one pixel of the screen. What is in the middle stays there."""
        self._offset *= percent / self.percent
        self.percent = percent
        self._hold_offset()
        self.update()

    def place(self) -> QRectF:
        """Where the picture stands, in logical pixels, on whole device pixels."""
        ratio = self.devicePixelRatioF()
        width = self.image.width() * self.percent / 100 / ratio
        height = self.image.height() * self.percent / 100 / ratio
        away = self._offset
        x = _kept_in((self.width() - width) / 2 + away.x(), width, self.width())
        y = _kept_in((self.height() - height) / 2 + away.y(), height, self.height())
        return QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, width, height)

    def _hold_offset(self) -> None:
        """A hand that pulls past the edge has not gone further than the picture did."""
        place = self.place()
        self._offset = place.center() - QRectF(self.rect()).center()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PANE.ground))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.percent < 100)
        painter.drawImage(self.place(), self.image)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position().toPoint()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            here = event.position().toPoint()
            self._offset += QPointF(here - self._held)
            self._held = here
            self._hold_offset()
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 640)


def _kept_in(start: float, length: float, room: float) -> float:
    """Where a picture of this length begins: in the middle while all of it can be seen, else without a gap at either
    end. What leaves must never be out of sight."""
    if length <= room:
        return (room - length) / 2
    return min(0.0, max(room - length, start))


class LowText(QPlainTextEdit):
    """Asks for little height and takes what is left over; what does not fit scrolls inside."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LOWEST)


class PreviewPage(QWidget):
    """Takes the place of the panes. Esc or "Do not send" goes back; nothing has left then."""

    def __init__(self, shell: Shell, disclosure: Disclosure, conversation_id: str) -> None:
        super().__init__()
        self._shell, self.disclosure, self._talk = shell, disclosure, conversation_id
        self._frames = disclosure.frames or tuple(frame for turn in disclosure.past for frame in turn.frames)
        self._at = 0
        self.setProperty("part", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._picture_side(), 47)
        layout.addWidget(self._words_side(), 53)

    def _picture_side(self) -> QWidget:
        side = QWidget()
        side.setStyleSheet(f"background: {PANE.ground}")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.exact = ExactPicture(self._frames[0])
        column.addWidget(self.exact, 1)
        self.size_words = Words("", "second")
        self._percent = Words("100 %", "second", wraps=False)
        for words in (self.size_words, self._percent):
            words.setStyleSheet(f"color: {PANE.text}")
        self.zoom = PictureSlider()
        self.zoom.setRange(0, len(ZOOMS) - 1)
        self.zoom.setValue(HUNDRED)
        self.zoom.setFixedWidth(120)
        self.zoom.setAccessibleName(tr("Zoom"))
        self.zoom.valueChanged.connect(self._zoomed)
        bar = row_of(spacing=8)
        if len(self._frames) > 1:
            self._which = Words("", "second", wraps=False)
            self._which.setStyleSheet(f"color: {PANE.text}")
            bar.addWidget(IconButton("chevron-left", tr("Picture before"), lambda: self._turn_to(-1)))
            bar.addWidget(self._which)
            bar.addWidget(IconButton("chevron-right", tr("Next picture"), lambda: self._turn_to(1)))
        bar.addStretch(1)
        bar.addWidget(self.zoom)
        bar.addWidget(self._percent)
        controls = QWidget()
        controls.setLayout(bar)
        column.addWidget(PictureFoot(self.size_words, controls))
        self._turn_to(0)
        self.exact.resized.connect(lambda: self._say_size(self._frames[self._at]))
        return side

    def _turn_to(self, by: int) -> None:
        self._at = (self._at + by) % len(self._frames)
        frame = self._frames[self._at]
        self.exact.show_frame(frame)
        self._say_size(frame)
        if len(self._frames) > 1:
            self._which.set_words(tr("{n} of {all}", n=self._at + 1, all=len(self._frames)))

    def _say_size(self, frame: DisclosedFrame) -> None:
        size = tr("{w} × {h} pixels, {kb} KB", w=frame.width, h=frame.height, kb=max(1, round(len(frame.png) / 1000)))
        exact = (
            tr("shown at its exact size")
            if self.exact.percent == 100
            else tr("enlarged")
            if self.exact.percent > 100
            else tr("made smaller")
        )
        rest = "" if self.exact.is_whole else ", " + tr("drag to see the rest")
        self.size_words.set_words(f"{size}, {exact}{rest}")

    def _zoomed(self, step: int) -> None:
        self.exact.show_percent(ZOOMS[step])
        self._percent.set_words(f"{ZOOMS[step]} %")
        self._say_size(self._frames[self._at])

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.exact.geometry().contains(event.position().toPoint()):
            self.zoom.setValue(self.zoom.value() + (1 if event.angleDelta().y() > 0 else -1))

    def _words_side(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(32, 24, 32, 16)
        column.setSpacing(14)
        column.addWidget(Words(tr("This is what will leave this computer"), "title"))
        many = len(self._frames) > 1
        column.addWidget(
            Words(
                tr("These pictures and these words. Nothing else.")
                if many
                else tr("This picture and these words. Nothing else."),
                "lead",
            )
        )
        column.addWidget(self._table())
        for warning in self.disclosure.warnings:  # above what may need scrolling on a small screen
            column.addWidget(Note(warning, "warn"))
        column.addWidget(Words(tr("The exact words that go along"), "strong"))
        column.addWidget(self._exact_words(), 1)
        column.addWidget(Note(self.disclosure.not_sent, "info"))
        column.addWidget(Words(tr("A note of this sending is kept on this computer."), "second"))
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addLayout(self._buttons())
        return side

    def _table(self) -> QWidget:
        card = part("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnStretch(1, 1)
        rows = preview_rows(self.disclosure)
        for number, (label, words) in enumerate(rows):
            for column, widget in enumerate((Words(label, "label", wraps=False), Words(words))):
                widget.setContentsMargins(10, 7, 10, 7)
                grid.addWidget(widget, 2 * number, column, Qt.AlignmentFlag.AlignTop)
            if number + 1 < len(rows):
                grid.addWidget(Rule(), 2 * number + 1, 0, 1, 2)
        return card

    def _exact_words(self) -> QWidget:
        self.words = LowText()
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(tr("The exact words that go along"))
        exact = exact_words(self.disclosure)
        always = tr("The same with every question ({more}):", more=exact.more)
        texts = [*exact.now, always, exact.always] if exact.always else exact.now
        self.words.setPlainText("\n\n".join(plain(text) for text in texts))
        self.words.setMinimumHeight(LOWEST)
        return self.words

    def _buttons(self) -> QHBoxLayout:
        self.do_not_send = Button(tr("Do not send"), do=self._shell.leave_page)
        many = len(self._frames) > 1
        self.send = Button(
            tr("Send these pictures") if many else tr("Send this picture"), "primary", "send-horizontal", self._send
        )
        for button in (self.do_not_send, self.send):
            button.setProperty("big", True)
        row = row_of(1, self.do_not_send, self.send, spacing=16)
        row.setContentsMargins(32, 12, 32, 24)
        return row

    def _send(self) -> None:
        session = self._shell.session
        try:
            session.send(self.disclosure, session.consent(self.disclosure), self._talk)
        except ProblemError as failure:
            self._shell.say(failure.problem.words)
            return
        self._shell.leave_page()
        self._shell.show_panel("ask")

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.do_not_send.setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._shell.leave_page()
            return
        super().keyPressEvent(event)
