"""Is there a screen? Qt ends the program with a page of plug-in names where it finds none: here it ends in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from viewer.problem import problem
from viewer.text.translate import tr

NOT_STARTED = 2


@contextmanager
def told_without_screen() -> Iterator[None]:
    """While the application is made: Qt's last word becomes one sentence on standard error, and exit code 2.

    What Qt says before that is printed only when it goes on after all. Qt would abort right after the handler, so the
    process ends here; nothing is open or unsaved yet.
    """
    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            what = problem("no_screen")
            os.write(2, f"{tr(what.text)} {tr(what.remedy)}\n".encode(errors="replace"))
            os._exit(NOT_STARTED)
        said.append(words)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        if said:
            sys.stderr.write("".join(f"{words}\n" for words in said))
