"""`sidelight ledger [--verify] [--json]`: what left this computer, and whether the list was tampered with."""

from __future__ import annotations

import argparse

from viewer.commands.say import Sessions, print_json
from viewer.text.plain import for_terminal
from viewer.text.translate import tr
from viewer.usecases.loop import Loop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--verify", action="store_true", help="check the chain; exit 2 when it does not hold")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """List, or verify."""
    session = sessions(Loop())
    try:
        if options.verify:
            ok, words = session.verify_ledger()
            print_json({"ok": ok, "words": words}) if options.json else print(for_terminal(words))
            return 0 if ok else 2
        rows = session.ledger_rows()
        if options.json:
            print_json([dict(row) for row in rows])
        else:
            print_rows(rows)
    finally:
        session.close()
    return 0


def print_rows(rows: tuple[dict[str, object], ...]) -> None:
    """One line a row."""
    if not rows:
        print(tr("Nothing has left this computer."))
    for row in rows:
        pictures = row["pictures"]
        count = len(pictures) if isinstance(pictures, tuple) else 0
        line = f"{row['at']}  {row['kind']:<8} {row['host']}  {row['model']}  pictures: {count}  {row['state']}"
        print(for_terminal(line))
