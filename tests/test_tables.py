"""Every table is walked: each Problem used has a row, each row is used and speaks plainly; each key means one thing."""

from __future__ import annotations

import re
import string
from pathlib import Path

from viewer.problem import PROBLEMS
from viewer.usecases.actions import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = re.compile(
    r"\b(exception|parse|parser|invalid|null|traceback|errno|stack|UID|oops|please wait)\b|!|\(\d{4},", re.I
)


def sources() -> dict[Path, str]:
    """All source files of the program."""
    return {path: path.read_text("utf-8") for path in (ROOT / "viewer").rglob("*.py")}


def used_codes() -> set[str]:
    """Codes named in `problem("…")` calls."""
    return {code for text in sources().values() for code in re.findall(r"\bproblem\(\s*\"([a-z0-9_]+)\"", text)}


def test_every_problem_that_is_raised_has_a_row() -> None:
    assert not used_codes() - set(PROBLEMS)


def test_every_row_is_used_somewhere() -> None:
    everything = "\n".join(text for path, text in sources().items() if path.name != "problem.py")
    unused = {code for code in PROBLEMS if f'"{code}"' not in everything}
    assert not unused


def test_problems_speak_plainly() -> None:
    for code, row in PROBLEMS.items():
        assert row.text.endswith((".", "?")), code
        assert not FORBIDDEN.search(row.text + " " + row.remedy), (code, row.text)
        assert len(row.text) < 300, code
        string.Formatter().parse(row.text)


def test_no_key_means_two_things() -> None:
    keys = [key for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))


def test_every_action_has_a_title_and_is_unique() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    assert all(row.title for row in ACTIONS)


def test_no_file_of_the_project_names_a_machine_or_registry() -> None:
    pattern = re.compile(r"/work/|/tmp/v/|pypi\.org|registry\.npmjs|deb\.debian", re.I)
    for folder in ("viewer", "tests", "packaging", "resources", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.is_file()
                and path.suffix in (".py", ".md", ".toml", ".json", ".txt", "")
                and path.name != Path(__file__).name
            ):
                text = path.read_text("utf-8", errors="ignore")
                assert not pattern.search(text), path
