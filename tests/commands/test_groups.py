"""Every picture of a set can be fetched by its number alone, also where the set holds several echoes or times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from viewer.app import run
from viewer.phantom.disc import DiscKind, write_disc

PLACES, ECHOES, SIZE = 8, 3, 16


@pytest.fixture
def echoes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three echoes at eight places; the first value of a picture is 100 times its echo plus its place."""
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    folder = tmp_path / "disc"
    write_disc(folder, DiscKind.CT, slices=PLACES, size=SIZE)
    made = sorted(path for path in folder.rglob("*") if path.is_file())
    for echo in range(1, ECHOES + 1):
        for place, path in enumerate(made):
            header = pydicom.dcmread(path)
            header.SOPInstanceUID = f"{header.SOPInstanceUID}.{echo}"
            header.EchoTime, header.RescaleIntercept = str(10 * echo), "0"
            pixels = header.pixel_array.copy()
            pixels[0, 0] = 100 * echo + place
            header.PixelData = pixels.tobytes()
            header.save_as(folder / f"echo{echo}-{place}")
    for path in made:
        path.unlink()
    return folder


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def first_value(path: Path) -> float:
    data = path.read_bytes()
    return float(np.frombuffer(data[10 + int.from_bytes(data[8:10], "little") :], "<f4")[0])


def test_native_pictures_are_counted_through_the_whole_set(
    echoes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (series,) = printed(capsys, "index", str(echoes), "--json")["studies"][0]["series"]
    assert (series["frames"], len(series["groups"])) == (PLACES * ECHOES, ECHOES)
    target, seen = tmp_path / "v.npy", []
    for number in range(series["frames"]):
        wanted = ("--index", str(number), "--values", str(target), "--json")
        row = printed(capsys, "render", str(echoes), "--series", series["id"], *wanted)
        assert (row["group"], row["index"]) == divmod(number, PLACES)
        seen.append(first_value(target))
    assert seen == [100 * echo + place for echo in range(1, ECHOES + 1) for place in range(PLACES)]


def test_a_named_group_is_counted_by_itself(echoes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "v.npy")
    line = ["render", str(echoes), "--series", "s1", "--values", target]
    assert run([*line, "--group", "2", "--index", "1"]) == 0
    assert first_value(Path(target)) == 301
    assert run([*line, "--group", "1", "--index", str(PLACES)]) == 2
    assert f"0 to {PLACES - 1}" in capsys.readouterr().err
    assert run([*line, "--index", str(PLACES * ECHOES)]) == 2
    assert f"0 to {PLACES * ECHOES - 1}" in capsys.readouterr().err
    assert run([*line, "--plane", "axial", "--index", str(PLACES)]) == 2
