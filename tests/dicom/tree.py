"""A made tree of MR series and other files, as a scanner's export lays it out: for tests and for measuring the index.

`python -m tests.dicom.tree FOLDER` writes the tree of the benchmark: ten series of 290 pictures and 100 other files.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.dicom.made import MR, element, us, wrapped

_TEXTS: dict[int, tuple[str, bytes | str]] = {
    0x00080005: ("CS", "ISO_IR 100"), 0x00080008: ("CS", "ORIGINAL\\PRIMARY\\M\\ND"), 0x00080016: ("UI", MR),
    0x00080020: ("DA", "20240312"), 0x00080021: ("DA", "20240312"), 0x00080060: ("CS", "MR"),
    0x00080070: ("LO", "MADE UP SYSTEMS"), 0x00080080: ("LO", "Practice on the Hill"), 0x00080090: ("PN", "Doe^Jo"),
    0x00081030: ("LO", "Lumbar spine"), 0x00081090: ("LO", "Imaginary 1.5T"), 0x00100010: ("PN", "Muster^Erika"),
    0x00100020: ("LO", "M-0001"), 0x00100030: ("DA", "19700101"), 0x00100040: ("CS", "F"),
    0x00180015: ("CS", "LSPINE"), 0x00180020: ("CS", "SE"), 0x00180021: ("CS", "SK\\SP"), 0x00180050: ("DS", "4"),
    0x00180080: ("DS", "3500"), 0x00180081: ("DS", "98"), 0x00180087: ("DS", "1.5"), 0x00180088: ("DS", "4.4"),
    0x00181030: ("LO", "t2_tse_sag"), 0x00181314: ("DS", "150"), 0x00185100: ("CS", "HFS"),
    0x0020000D: ("UI", "1.2.826.0.1.3680043.9.1.1"), 0x00200011: ("IS", "3"),
    0x00200037: ("DS", "0\\1\\0\\0\\0\\-1"), 0x00200052: ("UI", "1.2.826.0.1.3680043.9.1.1.9"),
    0x00280002: ("US", us(1)), 0x00280004: ("CS", "MONOCHROME2"), 0x00280030: ("DS", "0.6875\\0.6875"),
    0x00280100: ("US", us(16)), 0x00280101: ("US", us(12)), 0x00280102: ("US", us(11)), 0x00280103: ("US", us(0)),
    0x00281055: ("LO", "Algo1"),
}  # fmt: skip


def picture(series: int, number: int, size: int, rng: random.Random) -> bytes:
    """One MR picture of `size` × `size` with what a scanner writes beside it."""
    uid = f"1.2.826.0.1.3680043.9.1.1.{series}"
    moment = f"1{rng.randrange(10, 60)}{rng.randrange(10, 60):02}.{rng.randrange(10**6):06}"
    elements: dict[int, tuple[str, bytes | str]] = {
        **_TEXTS,
        0x00080018: ("UI", f"{uid}.{number}.{rng.randrange(10**8)}"), 0x00080012: ("DA", "20240312"),
        0x00080013: ("TM", moment), 0x00080030: ("TM", "101500"), 0x00080032: ("TM", moment),
        0x00080033: ("TM", moment), 0x0008103E: ("LO", f"t2_tse_sag_{series}"), 0x0020000E: ("UI", uid),
        0x00200012: ("IS", "1"), 0x00200013: ("IS", str(number)),
        0x00200032: ("DS", f"{-80 + 0.5 * number:.6g}\\-110.25\\{140.5 + series}"),
        0x00201041: ("DS", f"{-80 + 0.5 * number:.6g}"),
        0x00280010: ("US", us(size)), 0x00280011: ("US", us(size)), 0x00280106: ("US", us(rng.randrange(9))),
        0x00280107: ("US", us(rng.randrange(900, 4000))), 0x00281050: ("DS", str(rng.randrange(300, 700))),
        0x00281051: ("DS", str(rng.randrange(700, 1500))),
        0x00290010: ("LO", "MADE UP HEADER"), 0x00291010: ("OB", rng.randbytes(2000 if series % 2 else 9000)),
        0x7FE00010: ("OW", bytes(2 * size * size)),
    }  # fmt: skip
    body = b"".join(element(tag, vr, value) for tag, (vr, value) in sorted(elements.items()))
    return wrapped(body)


def write_tree(root: Path, series: int = 10, pictures: int = 290, others: int = 100, size: int = 64) -> int:
    """Write the tree below `root`; the number of files."""
    rng = random.Random(7)
    for number in range(series):
        folder = root / "DICOM" / "PA000001" / f"SE{number:06}"
        folder.mkdir(parents=True)
        for k in range(pictures):
            (folder / f"IM{k:06}").write_bytes(picture(number, k + 1, size, rng))
    (root / "VIEWER").mkdir(parents=True)
    for number in range(others):
        data = b"MZ" + rng.randbytes(3000) if number % 2 else b"[settings]\r\nlanguage=en\r\n"
        (root / "VIEWER" / f"PART{number:03}.{'DLL' if number % 2 else 'TXT'}").write_bytes(data)
    return series * pictures + others


if __name__ == "__main__":
    print(write_tree(Path(sys.argv[1])))
