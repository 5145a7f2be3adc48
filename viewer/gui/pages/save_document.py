"""Saving a report, a film or a model of the disc: where to, and how it went. The page that it was shown on may be gone by then."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from viewer.gui.shell import Shell
from viewer.gui.widgets import file_dialogs
from viewer.index.model import Series
from viewer.problem import ProblemError
from viewer.text.translate import tr
from viewer.usecases.documents import DiscDocument, safe_name
from viewer.usecases.saving import home


def saving_words(document: DiscDocument) -> str:
    """ "Save the PDF": of the button and of the dialog it opens."""
    if document.is_model:
        return tr("Save the model")
    return tr("Save the film") if document.is_film else tr("Save the PDF")


def choose_and_save(shell: Shell, window: QWidget, series: Series, document: DiscDocument) -> None:
    """Ask where the PDF, the film or the model goes, write it, and say how it went."""
    name = safe_name(series, document.ending)
    path = file_dialogs.choose_place(window, saving_words(document), str(home() / name), f"(*.{document.ending})")
    if not path:
        return
    try:
        job = shell.session.take_along.document(document, Path(path))
    except (KeyError, ProblemError):
        shell.say(tr("It is not on this disc any more."))
    else:
        shell.saves.follow(job, partial(choose_and_save, shell, window, series, document))
