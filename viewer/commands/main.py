"""The screenless commands: arguments in, words or JSON out, an exit code. 0 done, 2 not done (one sentence on stderr),
3 an answer that did not end complete."""

from __future__ import annotations

import argparse
import io
import re
import sys
from importlib import import_module
from typing import NoReturn

from typing_extensions import override

from viewer.commands.say import Sessions
from viewer.text.plain import one_line
from viewer.text.version import program_version


class Parser(argparse.ArgumentParser):
    """argparse that ends in one plain sentence, takes -1e3 for the number it is, and no name of an option by halves."""

    def __init__(self, **given: object) -> None:
        super().__init__(allow_abbrev=False, **given)  # type: ignore[arg-type]  # handed on as they came
        self._negative_number_matcher = re.compile(r"-(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|-inf$|-nan$", re.IGNORECASE)

    @override
    def error(self, message: str) -> NoReturn:
        """Exit 2; `--help` tells the rest."""
        self.exit(2, f"{one_line(message, 300)}. See: {self.prog} --help\n")


HELP = {
    "index": "What is in a folder: every set of pictures, and every file that is not one, with its reason.",
    "render": "One picture of a set as PNG, as values, or its place in the body.",
    "ask": "Ask about one picture. What would leave is shown first; nothing leaves without a yes. "
    "Ends with 0 for a complete answer, 3 for any other ending, 2 when nothing was sent.",
    "doctor": "Is everything there that Sidelight needs? Ends with 2 where something is missing.",
    "ledger": "What left this computer, and when.",
    "forget": "Remove what this computer keeps about a disc: marks, questions, answers, copies. What goes is shown first; "
    "the disc and the list of sendings stay.",
    "bench": "How fast Sidelight is on this machine, beside what it is compared with.",
}


def run(arguments: list[str], sessions: Sessions) -> int:
    """Run one command (`arguments[0]` is its name); returns the exit code. Only that command's rooms are imported."""
    survive_odd_letters()
    name = arguments[0]
    module = import_module(f"viewer.commands.{name}")
    parser = Parser(prog=f"sidelight {name}", description=HELP[name])
    module.add_arguments(parser)
    options = parser.parse_args(arguments[1:])
    code: int = module.run(options, sessions)
    return code


def list_commands() -> None:
    """One line a command: its name and what it is for."""
    print("\ncommands without a window (each has --help):")
    for name, sentence in HELP.items():
        print(f"  {name:<8} {sentence.split('. ')[0].rstrip('.')}.")
    print("\nexit codes: 0 done, 2 not done (one sentence on standard error), 3 an answer that did not end complete")


def tell_version() -> None:
    """Name and version."""
    print(f"Sidelight {program_version()}".rstrip())


def survive_odd_letters() -> None:
    """A terminal without a letter shows "?" for it instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
