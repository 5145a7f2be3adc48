"""The written form: everything comes back, older and newer files are read as far as they can be."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.samples import complete, mark, panes, turn
from viewer.answer.answer import Answer
from viewer.archive.shape import Unreadable, read, written
from viewer.document.model import ChosenRegion, Layout, Tool, Turn, View
from viewer.geometry.plane import Plane
from viewer.marks.mark import Mark
from viewer.picture.look import Look, Region, Window
from viewer.problem import Problem, Severity

VIEW = View(
    panes(), 1, Layout.ONE, True, (("s1", Look(Window(1.5, 2.5), True, True, 2)), ("s2", Look())), (1.0, 2.0, -3.5), False,
    Tool.TEXT, ChosenRegion("s1", 0, Plane.AXIAL, 3, Region(1, 2, 30, 40)), False, "m1", "t1",
)  # fmt: skip
GOLDEN = Path(__file__).with_name("version-1.json")


@pytest.mark.parametrize(
    "row", [VIEW, mark("m1", text="\ud800 \x00 ä"), turn("q1", complete()), View()], ids=lambda r: type(r).__name__
)
def test_every_row_comes_back_equal(row: object) -> None:
    text = written(row)
    assert text.isascii()
    assert read(type(row), text) == row


@given(blocks=st.text(), text=st.text(), seconds=st.floats(0, 1e9))
def test_texts_come_back_byte_for_byte(blocks: str, text: str, seconds: float) -> None:
    answer = Answer(text=text, blocks=blocks, seconds=seconds, problem=Problem("x", Severity.LOSS, text))
    assert read(Answer, written(answer)) == answer


def test_a_file_of_version_1_is_read_for_ever() -> None:
    kept = json.loads(GOLDEN.read_text("utf-8"))
    assert read(View, json.dumps(kept["view"])) == VIEW
    assert read(Mark, json.dumps(kept["mark"])) == mark("m1", text="größer")
    assert read(Turn, json.dumps(kept["turn"])) == turn("q1", complete())


def test_unknown_fields_are_left_out_and_missing_ones_take_their_default() -> None:
    kept = json.loads(written(VIEW))
    kept["is"]["stars"] = [1, 2]
    kept["is"]["tool"] = "laser"
    del kept["is"]["layout"]
    back = read(View, json.dumps(kept))
    assert (back.tool, back.layout, back.panes) == (Tool.WINDOW, Layout.THREE, VIEW.panes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"v":1,"is":[]}',
        "null",
        "[" * 100_000,
        '{"v":1,"is":{"id":1}}',
        '{"v":1,"is":' + "9" * 5000 + "}",
    ],
)
def test_nonsense_is_unreadable_and_nothing_else(text: str) -> None:
    with pytest.raises(Unreadable):
        read(Mark, text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.sampled_from(["id", "points", "anchor", "kind", "panes", "crosshair"]), c)))  # fmt: skip
def test_any_json_is_a_view_or_unreadable(value: object) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(read(View, json.dumps({"v": 1, "is": value})), View)
