"""Which media are copied first: told by the system where it knows, else by reading a little."""

from __future__ import annotations

from pathlib import Path

import pytest

from viewer.disc import slow
from viewer.disc.slow import is_slow, mount_is_slow, read_rate

MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 21 11:0 / /media/anna/MY\\040DISC ro,nosuid - iso9660 /dev/sr0 ro
41 21 11:1 / /media/film ro - udf /dev/sr1 ro
42 21 0:50 / /mnt/clinic rw - cifs //server/share rw
43 21 8:17 / /media/stick rw - vfat /dev/sdb1 rw
44 40 8:18 / /media/anna/MY\\040DISC/inner rw - ext4 /dev/sdc1 rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/media/anna/MY DISC/DICOM", True),
        ("/media/anna/MY DISC", True),
        ("/media/anna/MY DISCS", None),
        ("/media/anna/MY DISC/inner/x", None),
        ("/media/film", True),
        ("/mnt/clinic/export", True),
        ("/media/stick/DICOM", None),
        ("/home/anna", None),
    ],
)
def test_the_table_of_mounts_tells_optical_drives_and_networks(path: str, expected: bool | None) -> None:
    assert mount_is_slow(MOUNTS, path) is expected
    assert mount_is_slow("", path) is None


@pytest.mark.parametrize(("seconds", "expected"), [(0.5, True), (0.0001, False)])
def test_elsewhere_the_reading_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, expected: bool
) -> None:
    (tmp_path / "a").write_bytes(bytes(200_000))
    monkeypatch.setattr(slow, "_text", lambda path: "")
    ticks = iter(seconds * n for n in range(100))
    assert is_slow(str(tmp_path), lambda: next(ticks)) is expected


def test_nothing_to_read_is_not_slow(tmp_path: Path) -> None:
    assert read_rate(str(tmp_path)) == float("inf")
    assert read_rate(str(tmp_path / "missing")) == float("inf")
