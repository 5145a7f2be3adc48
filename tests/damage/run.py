"""`python -m tests.damage.run --count 20000 --seed 1 --json out.json`: many damaged files through the real program.

The walking is done in a child, so that a death of the program is counted and not shared. With `--keep FILE` a run that was
broken off, or made longer, goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import IO, Any

LIMIT_SECONDS = 60.0  # without a line: the child hangs, which counts as a death
AT_ONCE = 2500  # cases of one child
CHILD = "tests.damage.child"
ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]


def options() -> argparse.ArgumentParser:
    """Options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage.run", description=__doc__)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="write each case here as it ends, and walk none again that is there")
    parser.add_argument("--json", type=Path, help="write the figures and every noteworthy case here")
    return parser


def walk_all(seed: int, first: int, last: int, keep: IO[str], module: str = CHILD, at_once: int = AT_ONCE) -> None:
    """A line in `keep` for each case, for each in which the program died, and for the memory of each child. module: the
    child; at_once: cases of one."""
    at = first
    keep.write("\n")  # behind a line that was broken off
    while at < last:
        upto = min(last, at + at_once)
        ended = False
        for row in _child(module, seed, at, upto):
            keep.write(json.dumps(row) + "\n")
            keep.flush()
            at += "number" in row
            ended |= "memory" in row
        if not ended:
            keep.write(json.dumps({"died_in": at}) + "\n")
            at += 1


def kept(lines: Iterable[str]) -> tuple[list[Row], list[int], Row]:
    """(a row for each case, numbers of the cases in which the program died, most memory in KiB)."""
    rows: dict[int, Row] = {}
    deaths: list[int] = []
    memory = {"worker_kib": 0, "program_kib": 0}
    for line in lines:
        row = _told(line)
        if "number" in row:
            rows[row["number"]] = row
        elif "died_in" in row:
            deaths.append(row["died_in"])
        for name, value in row.get("memory", {}).items():
            memory[name] = max(memory[name], value)
    return list(rows.values()), deaths, memory


def _told(line: str) -> Row:
    """The row in a line; nothing where the line was broken off."""
    try:
        row: Row = json.loads(line)
    except ValueError:
        return {}
    return row


def _child(module: str, seed: int, first: int, last: int) -> Iterator[Row]:
    """The lines of one child, until it ends, dies or hangs."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, str(seed), str(first), str(last)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    stream = child.stdout

    def pass_on() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=pass_on, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=LIMIT_SECONDS)
        except queue.Empty:
            child.kill()
            break
        if line is None:
            break
        yield json.loads(line)
    child.wait()
    stream.close()


def figures(rows: list[Row], deaths: list[int], memory: Row) -> Row:
    """What the run is judged by."""
    pixels = [row for row in rows if row["part"] == "pixels"]
    changed = [row for row in pixels if row["pixels"] != "same"]
    checked = [row for row in changed if not _plain(row["encoding"])]
    other = [row for row in rows if row["pixels"] == "other"]
    recoveries = [row["recovery"] for row in rows if row["recovery"]] + [
        row["recovery_killed"] for row in rows if "recovery_killed" in row
    ]
    return {
        "cases": len(rows) + len(deaths),
        "deaths_of_the_program": len(deaths),
        "unexpected_exceptions": sum(bool(row["error"]) for row in rows),
        "silent_wrong_shapes": sum(row["wrong_shape"] for row in rows),
        "reports_that_do_not_add_up": sum(row["untrue"] for row in rows),
        "good_neighbours_lost": sum(row["neighbour_lost"] for row in rows),
        "slowest_seconds": round(max((row["seconds"] for row in rows), default=0), 3),
        "over_3_seconds": sum(row["seconds"] > 3 for row in rows),
        "longest_pause_ms": round(1000 * max((row["pause"] for row in rows), default=0), 1),
        "pauses_over_100_ms": sum(row["pause"] > 0.1 for row in rows),
        "workers_lost": sum(bool({"decoder_died", "decoder_too_slow"} & set(row["refused"])) for row in rows),
        "recoveries": len(recoveries),
        "good_slices_refused_after_a_death": sum(bool(row.get("good_refused")) for row in rows),
        "usual_recovery_seconds": round(median(recoveries or [0.0]), 3),
        "slowest_recovery_seconds": round(max(recoveries, default=0), 3),
        "worker_peak_mib": memory["worker_kib"] // 1024,
        "program_peak_mib": memory["program_kib"] // 1024,
        "decoded_to_other_pixels": len(other),
        "of_these_with_a_word": _share(other),
        "of_these_with_a_word_compressed": _share([row for row in other if not _plain(row["encoding"])]),
        "pictures_damaged": len(pixels),
        "of_these_changed": len(changed),
        "changed_with_a_word": _share(changed),
        "changed_with_a_word_compressed": _share(checked),
        "changed_with_a_word_by_encoding": _shares(changed, "encoding"),
        "changed_with_a_word_by_kind": _shares(changed, "kind"),
    }


def _plain(encoding: str) -> bool:
    """Not compressed: a changed value is a value like any other."""
    from tests.damage.originals import original

    return not original(encoding).encapsulated


def _share(rows: list[Row]) -> float:
    marked = sum(bool(row["marked"]) for row in rows)
    return round(marked / max(1, len(rows)), 4)


def _shares(rows: list[Row], name: str) -> dict[str, list[float]]:
    """value → [share with a word, how many]."""
    return {
        key: [_share(part := [row for row in rows if row[name] == key]), len(part)]
        for key in sorted({row[name] for row in rows})
    }


def noteworthy(rows: list[Row]) -> list[Row]:
    """Cases someone should look at."""
    return [
        row
        for row in rows
        if row["error"] or row["wrong_shape"] or row["untrue"] or row["neighbour_lost"] or row["seconds"] > 1.5
        or row["recovery"] or row.get("good_refused") or row.get("recovery_killed", 0) > 2 or row["pause"] > 0.1
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run, print, write; exit 0 when nothing died, escaped, hung or took a wrong shape."""
    chosen = options().parse_args(arguments)
    began = time.monotonic()
    with chosen.keep.open("a+", encoding="utf-8") if chosen.keep else TemporaryFile("w+", encoding="utf-8") as keep:
        keep.seek(0)
        rows, deaths, _ = kept(keep)
        walk_all(
            chosen.seed,
            1 + max([chosen.first - 1, *deaths, *(row["number"] for row in rows)]),
            chosen.first + chosen.count,
            keep,
        )
        keep.seek(0)
        rows, deaths, memory = kept(keep)
    result = {**figures(rows, deaths, memory), "minutes": round((time.monotonic() - began) / 60, 1)}
    print(json.dumps(result, indent=1))
    kinds = Counter(row["kind"] for row in rows)
    if chosen.json:
        whole = {"figures": result, "deaths": deaths, "cases_by_kind": kinds, "noteworthy": noteworthy(rows)}
        chosen.json.write_text(json.dumps(whole, indent=1), "utf-8")
    bad = (
        "deaths_of_the_program",
        "unexpected_exceptions",
        "silent_wrong_shapes",
        "reports_that_do_not_add_up",
        "over_3_seconds",
        "good_slices_refused_after_a_death",
    )
    return int(any(result[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
