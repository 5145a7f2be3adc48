"""Composition root: makes the adapters, hands them down, starts the window or a command. No other file knows two adapters."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.jobs.later import import_later

if TYPE_CHECKING:
    from viewer.usecases.session import Session

COMMANDS = ("index", "render", "ask", "doctor", "ledger", "forget")
CallSoon = Callable[[Callable[[], None]], None]


def run(arguments: list[str]) -> int:
    """Start with these arguments (without the program's name); returns the exit code."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # numpy starts twice as fast, and nothing here multiplies matrices
    from viewer.commands.ending import in_one_sentence

    first = arguments[0] if arguments else ""
    if first in COMMANDS:
        return in_one_sentence(lambda: run_command(arguments))
    if first == "bench":
        return in_one_sentence(lambda: run_bench(arguments[1:]))
    if "-h" in arguments or "--help" in arguments:
        return in_one_sentence(show_help)
    if "--version" in arguments:
        return in_one_sentence(show_version)
    return in_one_sentence(lambda: run_window(arguments))


def run_command(arguments: list[str]) -> int:
    """A screenless command."""
    from viewer.commands.main import run as run_one

    return run_one(arguments, lambda loop: make_session(loop.call_soon, keeps_place=False))


def run_bench(arguments: list[str]) -> int:
    """The measurements, of commands and window alike."""
    from viewer.bench.run import run as run_all

    return run_all(arguments, make_session)


def show_help() -> int:
    """What can be typed."""
    from viewer.commands.main import list_commands

    window_options().print_help()
    list_commands()
    return 0


def show_version() -> int:
    """Name and version."""
    from viewer.commands.main import tell_version

    tell_version()
    return 0


def window_options() -> argparse.ArgumentParser:
    """Options of the window."""
    from viewer.commands.main import Parser

    parser = Parser(prog="sidelight", description="Look at a scan, ask about one picture, take the answer along.")
    parser.add_argument("path", nargs="?", help="folder of the disc, ZIP or file to open")
    parser.add_argument("--demo", action="store_true", help="open the bundled sample study")
    parser.add_argument("--version", action="store_true", help="say which Sidelight this is, and end")
    return parser


def run_window(arguments: list[str], after_first_paint: Callable[[], None] | None = None) -> int:
    """The window."""
    options = window_options().parse_args(arguments)
    import_later("numpy")  # until something of it is used
    gc.disable()  # the search for cycles is a tenth of the start; later the window looks for them (`gui/pace.py`)
    try:
        from viewer.gui.plain_imports import import_plainly

        import_plainly()
        from viewer.gui.start import start
    except ImportError as failure:
        if not (failure.name or "").startswith(("PySide6", "shiboken6")):
            raise
        from viewer.commands.say import fail
        from viewer.problem import problem

        return fail(problem("no_window_parts"))

    return start(make_session, options.path, demo=options.demo, after_first_paint=after_first_paint)


def make_session(call_soon: CallSoon, *, keeps_place: bool = True) -> Session:
    """A session over real adapters; without a usable data folder it works in memory and says so."""
    from viewer.archive.archive import Archive
    from viewer.archive.ledger import Ledger
    from viewer.archive.place import data_folder
    from viewer.codec.pool import Decoder
    from viewer.consult.consultation import Consultation
    from viewer.consult.keys import KeyStore
    from viewer.jobs.jobs import Jobs
    from viewer.usecases.session import Adapters, Session

    folder = data_folder()
    archive = Archive.open(folder)
    adapters = Adapters(
        archive,
        Ledger(folder),
        Consultation(),
        KeyStore(),
        Decoder(),
        Jobs(4, behind=5),
        folder,
        keeps_place=keeps_place,
    )
    return Session(adapters, call_soon)
