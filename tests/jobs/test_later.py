"""A library that is imported when it is first used: once, also where two threads want it at the same moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from viewer.jobs.later import import_later

NAME = "made_up_library"
LIBRARY = """
import sys, threading
sys.times_imported = getattr(sys, "times_imported", 0) + 1
threading.Event().wait(0.05)
answer = 42
def __getattr__(name):
    if name == "rare":
        return "found"
    raise AttributeError(name)
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / NAME
    folder.mkdir()
    (folder / "__init__.py").write_text(LIBRARY)
    (folder / "part.py").write_text("word = 'part'")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "times_imported", 0, raising=False)
    yield
    for name in (NAME, f"{NAME}.part"):
        sys.modules.pop(name, None)


def times_imported() -> int:
    return int(getattr(sys, "times_imported", 0))


@pytest.mark.usefixtures("library")
def test_it_is_imported_when_something_of_it_is_used() -> None:
    import_later(NAME)
    early = import_module(NAME)
    assert times_imported() == 0
    assert early.answer == 42
    assert times_imported() == 1
    assert early.rare == "found"
    assert import_module(NAME).answer == 42
    with pytest.raises(AttributeError):
        early.nothing  # noqa: B018
    assert type(early) is type(sys)


@pytest.mark.usefixtures("library")
def test_a_part_of_it_can_be_imported_first() -> None:
    import_later(NAME)
    early = import_module(NAME)
    assert import_module(f"{NAME}.part").word == "part"
    assert (early.answer, early.part.word, times_imported()) == (42, "part", 1)


@pytest.mark.usefixtures("library")
def test_threads_that_want_it_at_the_same_moment_get_it_whole() -> None:
    import_later(NAME)
    early = import_module(NAME)
    start, found = threading.Barrier(8), []

    def use(number: int) -> None:
        start.wait(PATIENCE)
        found.append(early.answer if number % 2 else import_module(f"{NAME}.part").word)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(found, key=str) == [42] * 4 + ["part"] * 4
    assert times_imported() == 1


def test_what_is_not_installed_says_so_when_it_is_used() -> None:
    import_later("no_such_library_at_all")
    try:
        early = sys.modules["no_such_library_at_all"]
        for _ in range(2):
            with pytest.raises(ImportError):
                early.anything  # noqa: B018
    finally:
        sys.modules.pop("no_such_library_at_all", None)


@pytest.mark.usefixtures("library")
def test_what_is_there_stays() -> None:
    there = import_module(NAME)
    import_later(NAME)
    assert import_module(NAME) is there
