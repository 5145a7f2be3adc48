"""The small Markdown: words and a little style, nothing that acts, nothing lost, never slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patience import PATIENCE
from viewer.answer.markdown import MAX_LINE, BlockKind, Run, blocks_of

K = BlockKind


def test_the_usual_parts_are_told_apart() -> None:
    text = (
        "## Head\nOne **two** `three`\nfour\n\n- a\n  - b\n3) c\n\n```py\nx = **1**\n```\n---\n| a | b |\n|---|---|\n"
    )
    blocks = blocks_of(text)
    assert [(block.kind, block.level, block.marker) for block in blocks] == [
        (K.HEADING, 2, ""), (K.PARAGRAPH, 0, ""), (K.ITEM, 0, "•"), (K.ITEM, 1, "•"), (K.ITEM, 0, "3."),
        (K.CODE, 0, ""), (K.TABLE, 0, ""),
    ]  # fmt: skip
    assert blocks[1].runs == (Run("One "), Run("two", bold=True), Run(" "), Run("three", code=True), Run(" four"))
    assert blocks[5].text == "x = **1**"


def test_links_and_pictures_become_their_words_and_html_stays_text() -> None:
    (block,) = blocks_of("See [this](http://evil.example/x) ![scan](file:///etc/passwd) <img src=x> [ref][1]")
    assert block.text == "See this scan <img src=x> ref"


def test_stars_that_mean_nothing_stay() -> None:
    (block,) = blocks_of("2 ** 3 and a ** b **")
    assert block.text == "2 ** 3 and a ** b **"
    assert not any(run.bold for run in block.runs)


@pytest.mark.parametrize(
    "line", [" ".join(f"word{n}" for n in range(900)), "骨の間の明るい帯" * 700, "12 - 30 - 7 # " * 500 + "end"]
)
def test_a_long_line_is_one_paragraph_without_a_blank_that_was_not_there(line: str) -> None:
    (block,) = blocks_of(line)
    assert block.kind is K.PARAGRAPH
    assert block.text == line


def test_no_word_of_a_long_item_is_cut() -> None:
    words = [f"word{n}" for n in range(900)]
    assert " ".join(block.text for block in blocks_of("- " + " ".join(words))).split() == words


def test_a_table_has_rows_of_cells_as_long_as_its_head() -> None:
    before, table, after = blocks_of(
        "Levels:\n| Level | **Bright**? |\n|:--|:-:|\n| L4/5 | a \\| b |\n| L5/S1 |\n| x | y | z |\n\nDone"
    )
    assert (before.text, after.text) == ("Levels:", "Done")
    assert table.text.split("\n") == ["Level\tBright?", "L4/5\ta | b", "L5/S1\t", "x\ty z"]
    assert table.rows[0][1] == (Run("Bright", bold=True), Run("?"))


def test_bars_without_a_line_under_a_head_and_giant_tables_stay_as_written() -> None:
    assert [block.kind for block in blocks_of("| a | b |\n| c | d |")] == [K.CODE]
    wide = "|a" * 13 + "|\n" + "|-" * 13 + "|"
    assert [block.kind for block in blocks_of(wide)] == [K.CODE]
    long = "|a|b|\n|-|-|\n" + "|c|d|\n" * 300
    assert all(block.kind is not K.TABLE or len(block.rows) <= 200 for block in blocks_of(long))
    assert "".join(block.text for block in blocks_of(long)).count("c") == 300


def test_an_unclosed_fence_is_shown() -> None:
    (block,) = blocks_of("```\nrest")
    assert (block.kind, block.text) == (K.CODE, "rest")


@given(st.text(alphabet="ab1 \n*_`#-[]()!<>|~.\t", max_size=200))
def test_no_letter_is_lost_and_nothing_raises(text: str) -> None:
    shown = "".join(block.text for block in blocks_of(text))
    if not set(text) & set("[`~"):  # inside addresses and behind fences letters may go
        assert [c for c in shown if c in "ab"] == [c for c in text if c in "ab"]
    assert all(block.runs or block.kind is not K.CODE for block in blocks_of(text))
    assert all(len({len(row) for row in block.rows}) == 1 for block in blocks_of(text) if block.kind is K.TABLE)


def test_hostile_length_stays_within_bounds() -> None:
    for text in (
        "[" * 100_000,
        "**a " * 25_000,
        "`" * 100_000,
        "x" * 100_000,
        "a\n" * 50_000,
        "![a](" * 20_000,
        "|-" * 50_000,
        "|-|\n" * 20_000,
    ):
        cells = [run for block in blocks_of(text) for runs in (block.runs, *sum(block.rows, ())) for run in runs]
        assert max(len(run.text) for run in cells) <= 101 * MAX_LINE


def test_headings_of_signs_take_no_longer_than_other_lines() -> None:
    """Each line of them had been gone through as often as it is long: three megabytes took minutes."""
    began = time.monotonic()
    blocks = blocks_of(("# " + "# " * 990 + "x\n") * 1_500)
    assert time.monotonic() - began < PATIENCE
    assert {(block.kind, block.text[-1]) for block in blocks} == {(K.HEADING, "x")}
    assert [block.text for block in blocks_of("## a # b ## \n# #\n")] == ["a # b", ""]
