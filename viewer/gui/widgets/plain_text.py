"""The one way foreign text (from a disc, a server, a model) reaches a widget: as text, never as markup.

Qt guesses the format of labels, tooltips and boxes, and a guessed `<img>` opens a file: here the format is set.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget

from viewer.text.plain import plain

TIP = 64  # characters in a line of a tooltip


def show_text(widget: QLabel | QAbstractButton | QLineEdit | QPlainTextEdit | QAction, text: str) -> None:
    """Set `text`, made plain; buttons and actions keep a literal "&"."""
    safe = plain(text)
    if isinstance(widget, QLabel):
        widget.setTextFormat(Qt.TextFormat.PlainText)
        widget.setText(safe)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(safe)
    elif isinstance(widget, QLineEdit):
        widget.setText(safe)
    else:
        widget.setText(safe.replace("&", "&&"))


def as_tip(text: str) -> str:
    """`text` for a tooltip: escaped inside our own frame, so that nothing in it is guessed to be markup; in lines of our
    own, for Qt makes narrow towers of markup and runs its lines together."""
    rows = (row for line in plain(text).split("\n") for row in wrap(line, TIP, break_on_hyphens=False) or [""])
    lines = "<br>".join(map(escape, rows))
    return f'<div style="white-space: pre">{lines}</div>' if text else ""


def show_tip(widget: QWidget | QAction, text: str) -> None:
    """Set a tooltip, escaped."""
    widget.setToolTip(as_tip(text))
