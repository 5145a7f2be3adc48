"""The screenless commands: arguments in, words or JSON out, an exit code. 0 done, 2 not done (one sentence on stderr),
3 an answer that did not end complete."""

from __future__ import annotations

import argparse
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
    "index": "what is in a folder",
    "render": "one picture as PNG or values",
    "ask": "ask about one picture",
    "doctor": "is everything there that Sidelight needs",
    "ledger": "what left this laptop, and when",
}


def run(arguments: list[str], sessions: Sessions) -> int:
    """Run one command (`arguments[0]` is its name); returns the exit code. Only that command's rooms are imported."""
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
    except BrokenPipeError:
        return 0
    return code
