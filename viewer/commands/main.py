"""The screenless commands: arguments in, words or JSON out, an exit code. 0 done, 2 not done (one sentence on stderr),
3 an answer that did not end complete."""

from __future__ import annotations

import argparse
import io
import os
import sys
from importlib import import_module
from typing import NoReturn

from typing_extensions import override

from viewer.commands.say import Sessions, fail
from viewer.problem import ProblemError
from viewer.text.plain import for_terminal
from viewer.text.translate import tr


class Parser(argparse.ArgumentParser):
    """argparse that ends in one plain sentence."""

    @override
    def error(self, message: str) -> NoReturn:
        """Exit 2; `--help` tells the rest."""
        self.exit(2, f"{for_terminal(message)}. See: {self.prog} --help\n")


HELP = {
    "index": "What is in a folder: every set of pictures, and every file that is not one, with its reason.",
    "render": "One picture of a set as PNG, as values, or its place in the body.",
    "ask": "Ask about one picture. What would leave is shown first; nothing leaves without a yes. "
    "Ends with 0 for a complete answer, 3 for any other ending, 2 when nothing was sent.",
    "doctor": "Is everything there that Sidelight needs? Ends with 2 where something is missing.",
    "ledger": "What left this laptop, and when.",
}


def run(arguments: list[str], sessions: Sessions) -> int:
    """Run one command (`arguments[0]` is its name); returns the exit code. Only that command's rooms are imported."""
    survive_odd_letters()
    name = arguments[0]
    module = import_module(f"viewer.commands.{name}")
    parser = Parser(prog=f"sidelight {name}", description=HELP[name])
    module.add_arguments(parser)
    options = parser.parse_args(arguments[1:])
    try:
        code: int = module.run(options, sessions)
    except ProblemError as failure:
        return fail(failure.problem)
    except KeyboardInterrupt:
        print(tr("Stopped."), file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read has had enough; what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def survive_odd_letters() -> None:
    """A terminal without a letter shows "?" for it instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
