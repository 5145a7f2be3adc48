"""Pages of a PDF are drawn elsewhere; whatever a PDF does there, this process goes on."""

from __future__ import annotations

import io
import random
import subprocess
import threading

import imagecodecs
import numpy as np
import pikepdf
import pytest
import typst

from viewer.codec import paper
from viewer.codec.paper import PaperPage, draw_page
from viewer.codec.paper_worker import ANSWER, MAGIC, MOST_DOTS, OPENED
from viewer.jobs.jobs import Cancelled
from viewer.problem import ProblemError, problem

REFUSALS = {"paper_damaged", "paper_locked", "paper_page_damaged", "paper_page_too_large", "paper_too_slow"}


def printed(source: str) -> bytes:
    return typst.compile(source.encode())


LETTER = "#set page(width: 150pt, height: 100pt, margin: 10pt)\n= Befund\nÜber die Knie. #rect(fill: rgb(0, 90, 200))\n"


def changed(document: bytes, **settings: object) -> bytes:
    """The document with another page size, or locked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        if "size" in settings:
            opened.pages[0].MediaBox = [0, 0, *settings["size"]]  # type: ignore[misc]
        lock = pikepdf.Encryption(owner="chief", user="secret") if "locked" in settings else None
        opened.save(out, encryption=lock or False)
    return out.getvalue()


def outcome(document: bytes, number: int = 0, columns: int = 200) -> object:
    """The page, or the code of the Problem; anything else fails the test."""
    try:
        page = draw_page(document, number, columns)
    except ProblemError as failure:
        return failure.problem.code
    return page.problem.code if page.problem is not None else page


def test_a_page_looks_as_its_writer_draws_it() -> None:
    page = draw_page(printed(LETTER), 0, 300)
    judge = imagecodecs.png_decode(typst.compile(LETTER.encode(), format="png", ppi=144))[:, :, :3]
    assert (page.number, page.count) == (0, 1)
    assert page.dots.shape == judge.shape == (200, 300, 3)
    assert page.dots.dtype == np.uint8
    assert np.abs(page.dots.astype(int) - judge).mean() < 4  # letters are smoothed in another way
    blue = (judge == (0, 90, 200)).all(-1)
    assert blue.sum() > 1000
    assert (page.dots[blue] == (0, 90, 200)).all(-1).mean() > 0.97


def test_the_last_of_a_thousand_pages_is_drawn() -> None:
    document = printed("#set page(width: 60pt, height: 30pt)\n#for i in range(999) { [#i]; pagebreak() }\nEnd")
    page = draw_page(document, 999, 120)
    assert (page.number, page.count, page.dots.shape) == (999, 1000, (60, 120, 3))
    beyond = draw_page(document, 1000, 120)
    assert (beyond.count, beyond.dots.size, beyond.problem) == (1000, 0, problem("paper_damaged"))
    assert outcome(document, -1) == "paper_damaged"


@pytest.mark.parametrize(
    ("size", "shape"), [((14_400, 14_400), (2400, 2400)), ((14_400, 20), (3, 2400)), ((20, 14_400), (9600, 13))]
)
def test_a_huge_page_is_drawn_within_the_limits(size: tuple[int, int], shape: tuple[int, int]) -> None:
    page = draw_page(changed(printed(LETTER), size=size), 0, 2400)
    assert np.abs(np.subtract(page.dots.shape[:2], shape)).max() <= 1
    assert page.dots.size <= MOST_DOTS * 3


def test_a_page_larger_than_any_paper_is_refused_and_the_next_is_drawn() -> None:
    document = changed(printed(LETTER + "#pagebreak()\nBlatt 2"), size=(2e9, 2e9))
    first = draw_page(document, 0, 200)
    assert (first.count, first.problem) == (2, problem("paper_page_too_large"))
    assert isinstance(outcome(document, 1), PaperPage)


def test_a_locked_pdf_says_so() -> None:
    assert outcome(changed(printed(LETTER), locked=True)) == "paper_locked"


def test_damaged_pdfs_end_in_a_page_or_in_a_plain_word() -> None:
    document, chance = printed(LETTER), random.Random(5)
    assert outcome(b"") == "paper_damaged"
    assert outcome(b"%PDF-1.7\n" + b"\0" * 500) == "paper_damaged"
    assert outcome(document[: len(document) // 2]) in REFUSALS
    for _ in range(6):
        spoiled = bytearray(document)
        for _ in range(20):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        found = outcome(bytes(spoiled))
        assert isinstance(found, PaperPage) or found in REFUSALS


def test_a_process_that_is_killed_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    document, started = printed(LETTER), paper._started

    def killed(number: int, columns: int) -> subprocess.Popen[bytes]:
        process = started(number, columns)
        process.kill()
        return process

    with monkeypatch.context() as spoiled:
        spoiled.setattr(paper, "_started", killed)
        assert outcome(document) == "paper_page_damaged"
    assert isinstance(outcome(document), PaperPage)


ONE_PAGE = OPENED.pack(MAGIC, 1)
NONSENSE = {
    "silence": b"",
    "noise": b"?" * 4000,
    "no more than a count": ONE_PAGE,
    "noise after a count": ONE_PAGE + b"?" * 4000,
    "a page without dots": ONE_PAGE + ANSWER.pack(MAGIC, 0, 0, 0),
    "a page beyond the limits": ONE_PAGE + ANSWER.pack(MAGIC, 0, 2**31, 2**31),
    "a page that stops": ONE_PAGE + ANSWER.pack(MAGIC, 0, 100, 100) + b"\0" * 99,
    "a word nobody knows": ONE_PAGE + ANSWER.pack(MAGIC, 77, 10, 10),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nothing_that_a_process_answers_is_trusted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    words = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({NONSENSE[name]!r})"
    monkeypatch.setattr(paper, "_START", words)
    assert outcome(b"%PDF-") == "paper_page_damaged"


def test_a_process_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(paper, "_WALL_SECONDS", 0.2)
    assert outcome(b"%PDF-") == "paper_too_slow"


def test_a_page_that_is_wanted_no_more_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_START", "import time; time.sleep(600)")
    left = threading.Event()
    threading.Timer(0.1, left.set).start()
    with pytest.raises(Cancelled):
        draw_page(b"%PDF-", 0, 100, left.is_set)


def test_the_process_sees_nothing_of_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-invented")
    reported = "import os, sys; sys.stdin.buffer.read(); sys.exit('SIDELIGHT_API_KEY' in os.environ)"
    monkeypatch.setattr(paper, "_START", reported)
    made: list[subprocess.Popen[bytes]] = []
    started = paper._started

    def kept(number: int, columns: int) -> subprocess.Popen[bytes]:
        made.append(started(number, columns))
        return made[0]

    monkeypatch.setattr(paper, "_started", kept)
    assert outcome(b"%PDF-") == "paper_page_damaged"
    assert made[0].returncode == 0
