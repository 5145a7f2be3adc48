"""How every command ends: an exit code and at most one sentence, whatever the terminal, the pipe or the person does."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from viewer.commands.say import fail, say_error
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr

NOT_DONE = 2
# What writing to standard output can say; anything else that escapes is a bug and stays one.
_OUTPUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EBADF})


def in_one_sentence(work: Callable[[], int]) -> int:
    """The exit code of `work`, its output flushed; SystemExit passes, no other ending leaves a trace on the terminal."""
    stop_when_told()
    try:
        code = _flushed(work)
    except ProblemError as failure:
        return fail(failure.problem)
    except KeyboardInterrupt:
        say_error(tr("Stopped."))
        return NOT_DONE
    except BrokenPipeError:  # whoever read has had enough
        return 0
    except OSError as failure:
        if failure.errno not in _OUTPUT:
            raise
        return fail(problem("cannot_print"))
    finally:
        let_go_of_output()
    return code


def stop_when_told() -> None:
    """A script or a computer that shuts down ends a command as Ctrl+C does: what came so far is written. What whoever
    started it had switched off (nohup) stays off."""
    if threading.current_thread() is not threading.main_thread():
        return  # Python hears of signals there alone
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has one of them
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _flushed(work: Callable[[], int]) -> int:
    try:
        return work()
    finally:
        if sys.stdout is not None and sys.exc_info()[0] in (None, SystemExit):
            sys.stdout.flush()


def let_go_of_output() -> None:
    """What cannot be flushed goes nowhere, so that the interpreter does not complain about it at its end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
