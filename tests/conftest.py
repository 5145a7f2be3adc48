"""For all tests: no screen, a data folder of their own, English words, patient property tests on a busy machine."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.patience import PATIENCE, PATIENCE_MS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# As in the program (`viewer/gui/pace.py`): a worker that takes down a widget it found in a cycle stops everything.
gc.disable()
EVERYTHING_EACH = 50  # tests
DATA = "SIDELIGHT_DATA"
nobodys_folder = tempfile.mkdtemp(prefix="sidelight-tests-")
_ended = count(1)


def pytest_runtest_teardown() -> None:
    """Cycles go between two tests, on this thread, also those that a window put aside."""
    gc.unfreeze()
    gc.collect(2 if next(_ended) % EVERYTHING_EACH == 0 else 1)


def pytest_configure() -> None:
    """No test may touch what a person kept: whatever is set outside, the folder is another one from here on, also for
    what is made once for a file of tests."""
    os.environ[DATA] = nobodys_folder


def pytest_unconfigure() -> None:
    """What was left in it goes."""
    shutil.rmtree(nobodys_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_real_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a folder of its own, but for those of a file that share one."""
    if os.environ[DATA] == nobodys_folder:
        monkeypatch.setenv(DATA, str(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session", autouse=True)
def patience_with_the_child() -> Iterator[None]:
    """On a busy machine the child that asks needs longer for its library than a person would wait for a list of models;
    and minutes lie between two tests that ask: it must not end meanwhile, or the second is one of a child that starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("viewer.consult.consultation.LIST_SECONDS", PATIENCE)
        patch.setattr("viewer.consult.consultation.IDLE_SECONDS", 3600.0)
        yield


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


class PatientBot(QtBot):
    """Waits as long as a busy machine needs wherever a test names no limit of its own (by itself: five seconds)."""

    @override
    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """In place of pytest-qt's own."""
    return PatientBot(request)
