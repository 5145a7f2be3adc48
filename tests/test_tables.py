"""Every table is walked: each Problem used has a row, each row is used and speaks plainly; each key means one thing."""

from __future__ import annotations

import ast
import re
import socket
import string
import sys
from pathlib import Path

from viewer.problem import PROBLEMS, Severity
from viewer.usecases.actions import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = re.compile(
    r"\b(exception|parse|parser|invalid|null|traceback|errno|stack|UID|oops|please wait)\b|!|\(\d{4},", re.I
)
# one thing has one word: what is said → what is not said in its place
WORDS = {
    "the clinic": re.compile(r"\bhospitals?\b", re.I),
    "the disc's own list": re.compile(r"\btable of contents\b", re.I),
    "this computer": re.compile(r"\b(?:laptop|notebook|PC)s?\b", re.I),
    "wipe the disc with a soft cloth": re.compile(
        r"\bclean (?:the disc|it)\b|\bwipe the disc(?! with a soft cloth)", re.I
    ),
}


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


def test_every_icon_is_drawn_somewhere() -> None:
    everything = "\n".join(sources().values())
    icons = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    assert {"play", "star"} < icons
    assert not {name for name in icons if f'"{name}"' not in everything}


def test_problems_speak_plainly() -> None:
    for code, row in PROBLEMS.items():
        assert row.text.endswith((".", "?")), code
        assert not FORBIDDEN.search(row.text + " " + row.remedy), (code, row.text)
        assert len(row.text) < 300, code
        string.Formatter().parse(row.text)


def test_what_is_doubtful_or_lost_comes_with_something_to_do() -> None:
    assert not {code for code, row in PROBLEMS.items() if row.severity is not Severity.NOTE and not row.remedy}


def said(tree: ast.AST) -> list[str]:
    """All texts in a source file but its docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return [node.value for node in texts if isinstance(node.value, str)]


def test_one_thing_has_one_word_on_screen() -> None:
    rooms = {path: text for path, text in sources().items() if path.parent.name != "phantom"}  # values of made files
    everything = [(str(path), words) for path, text in rooms.items() for words in said(ast.parse(text))]
    everything += [(path.name, path.read_text("utf-8")) for path in (ROOT / "resources").rglob("*.json")]
    for word, others in WORDS.items():
        assert not [(where, words) for where, words in everything if others.search(words)], word
        assert any(word in words.lower() for _, words in everything), word


def test_no_key_means_two_things() -> None:
    keys = [key for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))


def test_every_action_has_a_title_and_is_unique() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    assert all(row.title for row in ACTIONS)


def of_this_workplace() -> str:
    """A pattern of what is true of one place only: where the project, its environment and the person's files lie, and
    the computer's name where it is no ordinary word."""
    places = {path.as_posix() for path in (ROOT, ROOT.parent, Path.home(), Path(sys.prefix))} - {"/", "/usr"}
    names = [rf"(?<![\w.)}}]){re.escape(place.rstrip('/'))}/" for place in sorted(places)]
    host = socket.gethostname()
    return "|".join([*names, rf"\b{re.escape(host)}\b"] if re.search(r"[0-9-]", host) else names)


def test_no_file_of_the_project_names_a_machine_or_registry() -> None:
    somebodys = r"/(?:home|Users)/(?!anna\b|erika\b)\w+|\b[A-Z]:[\\/]+Users\b"  # those two are made up
    registries = r"pypi\.org|registry\.npmjs|deb\.debian"
    pattern = re.compile("|".join((of_this_workplace(), somebodys, registries)), re.I)
    folders = (ROOT / folder for folder in ("viewer", "tests", "packaging", "resources", ".ci"))
    paths = [*ROOT.glob("*.*"), *(path for folder in folders for path in folder.rglob("*"))]
    for path in paths:
        if path.is_file() and path.suffix in (".py", ".md", ".toml", ".json", ".txt", ""):
            found = pattern.search(path.read_text("utf-8", errors="ignore"))
            assert found is None, (path, found)
