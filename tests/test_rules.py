"""RULES.md and the source hold together: each rule that is cited has a row, and each row is cited."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULE = re.compile(r"\bR-[A-Z]+[0-9]+\b")
ROW = re.compile(r"\| (R-[A-Z]+[0-9]+) \| (\S.*\.) \| (\S.*) \|")
RANGE = re.compile(r"R-[A-Z]+[0-9]+ (?:to|–|-) R-|\bR-[A-Z]\b")
# places of other documents, which a reader of the source cannot open
ELSEWHERE = re.compile(
    r"\b(?:of|in|as in) (?:the )?issue\b|\bissue [0-9]|\brules? of the reference\b|\bof the design\b", re.I
)
KEPT = {path.name for path in ROOT.glob("*.md")}


def texts() -> dict[Path, str]:
    """All source files of the program and its tests."""
    paths = (path for folder in ("viewer", "tests") for path in (ROOT / folder).rglob("*.py"))
    return {path: path.read_text("utf-8") for path in paths if path != Path(__file__).resolve()}


def rows() -> list[re.Match[str]]:
    """The rows of the table: id, rule, where it stands in the standard."""
    lines = (ROOT / "RULES.md").read_text("utf-8").splitlines()
    found = [ROW.fullmatch(line) for line in lines if line.startswith("| R-")]
    assert all(found), "a row is no row"
    return [row for row in found if row is not None]


def test_each_rule_that_is_cited_has_a_row_and_each_row_is_cited() -> None:
    cited = {rule for text in texts().values() for rule in RULE.findall(text)}
    listed = [row[1] for row in rows()]
    assert len(listed) == len(set(listed))
    assert cited == set(listed), cited ^ set(listed)


def test_rows_stand_in_order_and_no_citation_hides_behind_a_range() -> None:
    listed = [row[1] for row in rows()]
    assert listed == sorted(listed, key=lambda rule: (re.sub(r"[0-9]", "", rule), int(re.sub(r"[^0-9]", "", rule))))
    assert not [path for path, text in texts().items() if RANGE.search(text)]


def test_nothing_is_cited_that_is_not_here() -> None:
    for path, text in texts().items():
        named = set(re.findall(r"\b([\w-]+\.md)\b", text))
        beside = {name for name in named if name not in KEPT and not any(ROOT.joinpath("resources").rglob(name))}
        assert not beside, (path, beside)
        assert not ELSEWHERE.search(text), path
