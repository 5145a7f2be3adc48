"""How much memory a whole series takes: the peak of a process of its own that opens a folder and loads all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from viewer.bench.disc import largest, load_volume, read_index
from viewer.bench.measure import Figure
from viewer.codec.pool import Decoder

ALLOWED, BESIDE = 1.15, 80 * 2**20  # times the voxels, and so many bytes for the program itself
_CHILD = "import sys; from viewer.bench.memory import report; report(sys.argv[1])"
_ROOT = Path(__file__).resolve().parents[2]


def peak() -> int:
    """Most bytes this process ever held; 0 where the system does not tell of this program alone."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = status.read_text("ascii", "replace").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def report(path: str) -> None:
    """What the child does: index, first picture, all pictures of the largest series, a line of JSON."""
    index = read_index(path)
    series = largest(index)
    voxels = 0
    if series is not None:
        decoder = Decoder()
        load_volume(path, series, decoder)
        decoder.close()
        pixels = series.frames[0].header.pixels
        depth = 1 if pixels is None else pixels.samples * -(-pixels.bits_allocated // 8)
        voxels = int(np.prod([len(series.groups[0].frames), series.rows, series.columns], dtype=np.int64)) * depth
    print(json.dumps({"voxels": voxels, "peak": peak()}))


def measure_memory(path: str) -> list[Figure]:
    """One figure, in MiB; none where nothing can be told."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(Path(path).resolve())], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    told = json.loads(done.stdout)
    if not told["peak"] or not told["voxels"]:
        return []
    took, limit = told["peak"] / 2**20, (told["voxels"] * ALLOWED + BESIDE) / 2**20
    name = f"peak memory, {told['voxels'] / 2**20:.0f} MiB of voxels"
    return [Figure(name, round(took, 1), round(took, 1), "MiB", 1, f"≤ {limit:.0f} MiB", took <= limit)]
