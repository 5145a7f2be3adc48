"""A whole tree of series read from files, as the benchmark measures it: all of them, each in its order."""

from __future__ import annotations

from pathlib import Path

from tests.dicom.tree import write_tree
from tests.index.built import read_folder
from viewer.index.model import SeriesKind


def test_a_tree_of_series_is_read_whole_and_in_order(tmp_path: Path) -> None:
    count = write_tree(tmp_path, series=4, pictures=30, others=6, size=8)
    index = read_folder(tmp_path)
    account = index.account
    assert (account.found, account.shown, len(account.skipped)) == (count, 120, 6)
    found = [one for study in index.studies for one in study.series]
    assert [(one.kind, len(one.frames)) for one in found] == [(SeriesKind.VOLUME, 30)] * 4
    for series in found:
        numbers = [frame.header.instance_number for frame in series.frames]
        assert numbers in (list(range(1, 31)), list(range(30, 0, -1)))
        assert all(frame.facts.position is not None and frame.facts.windows for frame in series.frames)
        assert len({frame.ref for frame in series.frames}) == 30
