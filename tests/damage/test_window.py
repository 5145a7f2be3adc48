"""A few damaged discs in the real window; the large run is `python -m tests.damage.window --count 1000`. How long it paused is
looked at there, not here: this machine may be busy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.damage.discs import fill
from tests.patience import PATIENCE

COUNT, SEED = 5, 20


def test_nothing_dies_escapes_or_hangs_when_damaged_discs_are_played_with(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    ended = subprocess.run(
        [sys.executable, "-m", "tests.damage.window", f"--count={COUNT}", f"--seed={SEED}", f"--json={told}"],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    whole = json.loads(told.read_text())
    assert [disc["mistakes"] for disc in whole["noteworthy"] if disc["mistakes"]] == []
    assert [disc["hangs"] for disc in whole["noteworthy"] if disc["hangs"]] == []
    assert whole["deaths"] == []
    assert whole["figures"]["discs"] == COUNT
    assert ended.returncode == 0


def test_a_disc_is_the_same_each_time_it_is_made(tmp_path: Path) -> None:
    for number in range(6):
        made = []
        for name in ("first", "second"):
            folder = tmp_path / f"{number}{name}"
            folder.mkdir()
            told = fill(SEED, number, folder)
            made.append((told, sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))))
        assert made[0] == made[1]
