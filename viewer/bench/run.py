"""`sidelight bench PATH [--json]`: what the program reaches on this machine, with what it is compared to in the same run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict

from viewer.bench.ask import measure_ask
from viewer.bench.disc import measure_disc
from viewer.bench.measure import Figure, load
from viewer.bench.memory import measure_memory
from viewer.bench.packed import measure_packed
from viewer.bench.pane import measure_pane
from viewer.bench.place import MakeSession
from viewer.bench.single import measure_single
from viewer.bench.smooth import measure_smooth
from viewer.bench.start import measure_start
from viewer.bench.stop import measure_stop
from viewer.commands.main import HELP, Parser
from viewer.commands.numbers import counted
from viewer.disc.open import open_medium
from viewer.problem import ProblemError, problem
from viewer.text.plain import for_terminal


def options() -> argparse.ArgumentParser:
    """Options of the command."""
    parser = Parser(prog="sidelight bench", description=HELP["bench"])
    parser.add_argument("path", help="folder with pictures to measure on")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--rounds", type=counted, default=5, metavar="N", help="how often each is measured")
    parser.add_argument(
        "--only",
        choices=["start", "disc", "memory", "packed", "single", "pane", "smooth", "ask", "stop"],
        help="one part only",
    )
    return parser


def run(arguments: list[str], make_session: MakeSession) -> int:
    """Measure and print; exit 0 when everything could be measured (a missed goal is a figure, not a failure)."""
    chosen = options().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parts: dict[str, Callable[[], list[Figure]]] = {
        "start": lambda: measure_start(chosen.rounds),
        "disc": lambda: measure_disc(chosen.path, chosen.rounds),
        "memory": lambda: measure_memory(chosen.path),
        "packed": lambda: measure_packed(chosen.rounds),
        "single": lambda: measure_single(chosen.rounds),
        "pane": lambda: measure_pane(chosen.path, make_session),
        "smooth": lambda: measure_smooth(chosen.path, make_session),
        "ask": lambda: measure_ask(make_session, chosen.rounds),
        "stop": lambda: measure_stop(make_session, chosen.rounds),
    }
    open_medium(chosen.path, None).close()  # a wrong path is said before anything is measured
    before = load()
    figures: list[Figure] = []
    for name, measure in parts.items():
        if chosen.only in (None, name):
            figures += measure()
    if not figures:
        raise ProblemError(problem("disc_without_pictures"))
    if chosen.json:
        machine = {"python": platform.python_version(), "system": platform.system(), "cpus": os.cpu_count()}
        row = {"machine": machine, "load": [before, load()], "figures": [asdict(one) for one in figures]}
        print(json.dumps(row, indent=1))
    else:
        print(f"load {before:.1f} before, {load():.1f} after; medians")
        for one in figures:
            verdict = "" if one.met is None else "met" if one.met else "MISSED"
            print(for_terminal(f"{one.name:<52} {one.median:>12.2f} {one.unit:<8} {one.goal:<14} {verdict}"))
    sys.stdout.flush()
    return 0
