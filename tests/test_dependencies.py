"""What the program imports it also declares: in pyproject.toml, with a reason and a licence, and pinned in the locks."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# modules whose distribution has another name; PySide6 asks for the shiboken6 of its own version
DISTRIBUTIONS = {"PySide6": "pyside6-essentials", "shiboken6": "pyside6-essentials"}


def plain(name: str) -> str:
    """A name as package indexes compare it: "typing_extensions" and "typing-extensions" are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(kind: str = "") -> set[str]:
    """The distributions that pyproject.toml names, of the program or of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["optional-dependencies"][kind] if kind else project["dependencies"]
    return {plain(re.split(r"[^\w.-]", line)[0]) for line in lines}


def imported(path: Path) -> set[str]:
    """The distributions of other people that a file imports anywhere, also within functions and for types only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    others = found - sys.stdlib_module_names - {"viewer"}
    return {plain(DISTRIBUTIONS.get(name, name)) for name in others}


def test_every_import_is_declared() -> None:
    for path in (ROOT / "viewer").rglob("*.py"):
        measures = (ROOT / "viewer" / "bench") in path.parents  # beside second opinions, where they are installed
        missing = imported(path) - declared() - (declared("test") if measures else set())
        assert not missing, (path, missing)


def test_nothing_is_declared_that_is_not_used() -> None:
    paths = list((ROOT / "viewer").rglob("*.py"))
    unused = declared() - {name for path in paths for name in imported(path)}
    named = "\n".join(path.read_text("utf-8") for path in paths)
    assert not {name for name in unused if f'"{name}"' not in named}  # keyring is imported by its name, in a child


def test_every_dependency_has_a_reason_a_licence_and_a_pin() -> None:
    rows = re.findall(r"^\| ([\w-]+) \| \S.* \| \S.* \|$", (ROOT / "DECISIONS.md").read_text("utf-8"), re.M)
    assert declared() <= {plain(row) for row in rows}
    for lock, wanted in (("lock.txt", declared()), ("lock-test.txt", declared() | declared("test"))):
        pinned = re.findall(r"^([\w.-]+)==", (ROOT / "packaging" / lock).read_text("utf-8"), re.M)
        assert wanted <= {plain(name) for name in pinned}, lock
