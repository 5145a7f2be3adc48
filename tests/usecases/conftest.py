"""A data folder per test, and made discs once per run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.messages_server import MessagesServer
from tests.usecases.sitting import Sitting, sitting
from viewer.phantom.disc import DiscKind, write_disc


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-made-up")
    return tmp_path / "data"


@pytest.fixture
def seat(data: Path) -> Iterator[Sitting]:
    with sitting() as made:
        yield made


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as made:
        yield made


@pytest.fixture(scope="session")
def made_cd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "cd"
    write_disc(folder, DiscKind.CD, slices=8, size=32)
    return folder


@pytest.fixture
def cd(made_cd: Path, tmp_path: Path) -> Path:
    """A CD of this test's own."""
    return Path(shutil.copytree(made_cd, tmp_path / "cd"))


@pytest.fixture(scope="session")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One CT series of 9 slices."""
    folder = tmp_path_factory.mktemp("made") / "ct"
    write_disc(folder, DiscKind.CT, slices=9, size=32)
    return folder
