"""Ctrl-C in the terminal, a terminal that is closed, a computer that shuts down: the window closes as by its own button.

Python's own answer to Ctrl-C is an exception wherever the program stands, here inside a call from Qt, which ends in a crash.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def close_when_told(close: Callable[[], None], keeper: QObject) -> None:
    """Have `close` called from the event loop when the system asks the program to end; `keeper` lives as long as it.
    What whoever started the program had switched off (nohup) stays off."""
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda number, frame: QTimer.singleShot(0, keeper, close))
        return
    heard, told = os.pipe()  # Python hears of a signal only when it runs, and a window at rest does not
    for end in (heard, told):
        os.set_blocking(end, False)
    notifier = QSocketNotifier(heard, QSocketNotifier.Type.Read, keeper)

    def obey() -> None:
        notifier.setEnabled(False)
        close()

    notifier.activated.connect(obey)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for number in (getattr(signal, name) for name in _NAMES):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: None)
