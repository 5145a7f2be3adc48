"""`sidelight forget`: asks first, removes what is kept about a disc, leaves the list of sendings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.usecases.sitting import sitting
from viewer.app import run
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc

WORDS = "Zweiundvierzig-Marker"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def disc(data: Path, tmp_path: Path) -> Path:
    """A disc that was opened in the window and drawn on."""
    folder = tmp_path / "disc"
    write_disc(folder, DiscKind.CT, slices=5, size=32)
    with sitting() as seat:
        seat.open(folder)
        seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3.0, 3.0),), WORDS)
    assert is_kept(data)
    return folder


def is_kept(data: Path) -> bool:
    return any(WORDS.encode() in path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_without_a_clear_yes_nothing_is_forgotten(
    disc: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda words: "perhaps")
    assert run(["forget", str(disc)]) == 2
    said = capsys.readouterr()
    assert "This goes, for good:" in said.out
    assert "The list of what left this computer" in said.out
    assert said.err == "Nothing was forgotten.\n"
    assert is_kept(data)


@pytest.mark.parametrize("arguments", [["--yes"], []])
def test_with_a_yes_every_word_is_gone(
    disc: Path, data: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda words: "yes")
    assert run(["forget", str(disc), *arguments]) == 0
    assert not is_kept(data)


def test_a_disc_that_is_not_there_any_more_is_known_by_its_place(
    disc: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(disc)
    assert run(["forget", str(disc), "--yes"]) == 0
    assert not is_kept(data)
    assert run(["forget", str(disc), "--yes"]) == 2  # neither there nor known
    assert "There is nothing at this place" in capsys.readouterr().err


def test_a_disc_nothing_is_kept_about_says_so(
    disc: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    write_disc(other, DiscKind.CD, slices=5, size=32)
    assert run(["forget", str(other)]) == 0
    assert capsys.readouterr().out == "Nothing is kept about this disc.\n"
    assert is_kept(data)


def test_all_discs_are_forgotten_at_once(disc: Path, data: Path) -> None:
    assert run(["forget", "--all", "--yes"]) == 0
    assert not is_kept(data)
