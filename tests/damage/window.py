"""`python -m tests.damage.window --count 1000 --seed 1 --json out.json`: damaged discs in the real window, a random hand at it.

Counted are deaths, exceptions that nobody caught, what Qt complains of, waits that never end, pauses of the window's thread over
100 ms (by the clock, and without what other programs took), and what is told later than 3 s. With `--keep FILE` a run goes
on where it ended. Timings mean something only where nothing else keeps the processors busy.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryFile

from tests.damage.run import Row, kept, walk_all

AT_ONCE = 150  # discs of one window
TOLD_SECONDS, PAUSE_MS, RECOVERY_SECONDS = 3.0, 100.0, 2.0


def figures(rows: list[Row], deaths: list[int], memory: Row) -> Row:
    """What the run is judged by."""
    pauses = [pause for row in rows for pause in row["pauses"]]
    told = [max(row["read_seconds"], row["slowest_picture_seconds"]) for row in rows]
    recoveries = [row["recovery_seconds"] for row in rows if row["recovery_seconds"] is not None]
    return {
        "discs": len(rows) + len(deaths),
        "steps": sum(row["steps"] for row in rows),
        "deaths_of_the_program": len(deaths),
        "unexpected_exceptions": sum(len(row["mistakes"]) for row in rows),
        "waits_without_end": sum(len(row["hangs"]) for row in rows),
        "longest_pause_ms": round(max((row["longest_ms"] for row in rows), default=0)),
        "longest_pause_of_our_own_ms": round(max((row["longest_own_ms"] for row in rows), default=0)),
        "pauses_over_100_ms": len(pauses),
        "pauses_of_our_own_over_100_ms": sum(pause["own"] > PAUSE_MS for pause in pauses),
        "told_slowest_seconds": round(max(told, default=0), 2),
        "told_later_than_3_seconds": sum(seconds > TOLD_SECONDS for seconds in told),
        "recoveries": len(recoveries),
        "slowest_recovery_seconds": round(max(recoveries, default=0), 2),
        "recoveries_over_2_seconds": sum(seconds > RECOVERY_SECONDS for seconds in recoveries),
        "program_peak_mib": memory["program_kib"] // 1024,
    }


def noteworthy(rows: list[Row]) -> list[Row]:
    """Discs someone should look at."""
    return [
        row
        for row in rows
        if row["pauses"] or row["mistakes"] or row["hangs"]
        or max(row["read_seconds"], row["slowest_picture_seconds"], row["recovery_seconds"] or 0) > RECOVERY_SECONDS
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run, print, write; exit 0 when nothing died, escaped or hung."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage.window", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write each disc here as it ends, and open none again that is there")
    parser.add_argument("--json", type=Path, help="write the figures and every noteworthy disc here")
    chosen = parser.parse_args(arguments)
    with chosen.keep.open("a+", encoding="utf-8") if chosen.keep else TemporaryFile("w+", encoding="utf-8") as keep:
        keep.seek(0)
        rows, deaths, _ = kept(keep)
        first = 1 + max([-1, *deaths, *(row["number"] for row in rows)])
        walk_all(chosen.seed, first, chosen.count, keep, "tests.damage.at_window", AT_ONCE)
        keep.seek(0)
        rows, deaths, memory = kept(keep)
    result = figures(rows, deaths, memory)
    print(json.dumps(result, indent=1))
    if chosen.json:
        whole = {"figures": result, "deaths": deaths, "noteworthy": noteworthy(rows)}
        chosen.json.write_text(json.dumps(whole, indent=1), "utf-8")
    bad = ("deaths_of_the_program", "unexpected_exceptions", "waits_without_end")
    return int(any(result[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
