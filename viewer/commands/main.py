"""The screenless commands: arguments in, words or JSON out, an exit code. 0 done, 2 not done (one sentence on stderr),
3 an answer that did not end complete."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

from viewer.commands import ask, doctor, index, ledger, render
from viewer.commands.say import Sessions, fail
from viewer.problem import ProblemError
from viewer.text.plain import for_terminal
from viewer.text.translate import tr

Run = Callable[[argparse.Namespace, Sessions], int]

NAMES = ("index", "render", "ask", "doctor", "ledger", "bench")
RUNS: dict[str, Run] = {
    "index": index.run, "render": render.run, "ask": ask.run, "doctor": doctor.run, "ledger": ledger.run,
}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """argparse that ends in one plain sentence."""

    def error(self, message: str) -> NoReturn:
        """Exit 2; `--help` tells the rest."""
        self.exit(2, f"{for_terminal(message)}. See: {self.prog} --help\n")


def parser() -> Parser:
    """All commands and their options."""
    top = Parser(prog="sidelight", description="Look at a scan, ask about one picture, take the answer along.")
    commands = top.add_subparsers(dest="command", required=True, parser_class=Parser)
    index.add_arguments(commands.add_parser("index", help="what is in a folder"))
    render.add_arguments(commands.add_parser("render", help="one picture as PNG or values"))
    ask.add_arguments(commands.add_parser("ask", help="ask about one picture"))
    doctor.add_arguments(commands.add_parser("doctor", help="is everything there that Sidelight needs"))
    ledger.add_arguments(commands.add_parser("ledger", help="what left this laptop, and when"))
    return top


def run(arguments: list[str], sessions: Sessions) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        return RUNS[options.command](options, sessions)
    except ProblemError as failure:
        return fail(failure.problem)
    except KeyboardInterrupt:
        print(tr("Stopped."), file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
