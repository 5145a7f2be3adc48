"""The bundled sample: a made-up person's head (two series and scouts) and lower back, written in about two seconds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from viewer.phantom import head, spine
from viewer.phantom.field import Box, Painting
from viewer.phantom.scan import AXIAL, CORONAL, SAGITTAL, Facts, Scan, Side, series_truth, write_scan
from viewer.phantom.truth import KnownPoint, PhantomTruth, SeriesTruth
from viewer.problem import ProblemError, problem

VERSION = 1
Report = Callable[[int, int], None]

_T2_EXTRA: dict[str, object] = {
    "RepetitionTime": "4200",
    "EchoTime": "98",
    "EchoTrainLength": 15,
    "SequenceVariant": "SK",
}


@dataclass(frozen=True)
class _Plan:
    """One series of the sample."""

    facts: Facts
    box: Box
    side: Side
    paint: Callable[[Box], Painting]
    seed: int
    points: tuple[KnownPoint, ...] = ()
    first: int = 1  # instance number of its first picture

    def scan(self) -> Scan:
        """The series, painted now."""
        return Scan(self.box, self.paint(self.box).scanned(self.seed), self.side)

    def truth(self) -> SeriesTruth:
        """What is true of it, without painting it."""
        nothing = np.broadcast_to(np.uint16(0), self.box.shape)
        return series_truth(Scan(self.box, nothing, self.side), self.facts, self.points)


def write_sample(folder: Path, report: Report = lambda done, total: None) -> PhantomTruth:
    """Write the sample study into `folder` (made if needed; about 8 MiB) and tell what is true of it.

    `report(done, total)` is called at the start and after each picture, and may raise to stop. The files are the same every time.
    """
    plans = _plans()
    truth = sample_truth()
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        report(done, truth.dicom_files)

    report(0, truth.dicom_files)  # a program that closes begins no threads any more
    with ThreadPoolExecutor(2, "sidelight-phantom") as painters:
        for plan, scan in zip(plans, painters.map(_Plan.scan, plans)):
            write_scan(folder / _folder_name(plan.facts), scan, plan.facts, first=plan.first, tell=tell)
    return truth


_making = threading.Lock()


def ensure_sample(parent: Path, report: Report = lambda done, total: None) -> Path:
    """The folder of the sample below `parent`, written now unless it is whole already; raises ProblemError."""
    folder = parent / f"sample-{VERSION}"
    if folder.is_dir():
        return folder
    part = parent / f"sample-{VERSION}.part"
    with _making:  # asked for twice in a row, the second waits: two would take the folder away from each other
        if folder.is_dir():
            return folder
        try:
            shutil.rmtree(part, ignore_errors=True)
            write_sample(part, report)
            part.rename(folder)
        except OSError as failure:
            raise ProblemError(problem("sample_not_written")) from failure
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return folder


@cache
def sample_truth() -> PhantomTruth:
    """What is true of the sample, without writing it."""
    series: dict[str, SeriesTruth] = {}
    for plan in _plans():
        one, known = plan.truth(), series.get(plan.facts.series_uid)
        series[one.uid] = replace(known, frames=known.frames + one.frames, is_mixed=True) if known else one
    return PhantomTruth("Sample^Sidelight", tuple(series.values()), sum(each.frames for each in series.values()))


def _plans() -> tuple[_Plan, ...]:
    return (*_scouts(), _head_t1(), _head_t2(), _back_t2())


def _folder_name(facts: Facts) -> str:
    return f"{facts.body_part}/{facts.number:02d}-{facts.series}"


def _head_facts(series: str, number: int, description: str, **more: object) -> Facts:
    return Facts("head", series, number, description, "MRI head", "HEAD", **more)  # type: ignore[arg-type]


def _scouts() -> Iterator[_Plan]:
    """Three pictures in three directions in one series, as scanners make them first."""
    kind: dict[str, object] = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    facts = _head_facts("scout", 1, "Localizer", window=(450.0, 900.0), extra=kind)
    for first, (side, counts) in enumerate(
        ((SAGITTAL, (1, 128, 128)), (CORONAL, (128, 1, 128)), (AXIAL, (128, 128, 1)))
    ):
        box = Box.about((1.0, 6.0, 8.0), counts, (1.9, 1.9, 1.9))
        yield _Plan(facts, box, side, partial(head.head, palette=head.T1, edge_mm=1.9), 31 + first, first=first + 1)


def _head_t1() -> _Plan:
    box = Box.about((0.0, 0.0, 8.0), (144, 176, 80), (1.4, 1.4, 2.0))
    facts = _head_facts("t1", 2, "T1 axial", window=(450, 900))
    return _Plan(facts, box, AXIAL, partial(head.head, palette=head.T1, edge_mm=1.4), 21, _head_points(head.T1))


def _head_t2() -> _Plan:
    box = Box.about((0.0, 0.0, 5.5), (184, 224, 26), (1.05, 1.05, 5.5))
    facts = _head_facts("t2", 3, "T2 TSE axial", window=(550, 1100), head_first_numbers=True, extra=_T2_EXTRA)
    return _Plan(facts, box, AXIAL, partial(head.head, palette=head.T2, edge_mm=1.05), 22, _head_points(head.T2))


def _back_t2() -> _Plan:
    box = Box.about((0.0, 5.0, 5.0), (22, 160, 256), (4.4, 1.1, 1.1))
    facts = Facts("back", "t2", 2, "T2 TSE sagittal", "MRI lumbar spine", "LSPINE", window=(450, 900), extra=_T2_EXTRA)
    points = (
        _known("oil capsule on the left", spine.CAPSULE, spine.T2["oil"]),
        _known("air behind", (-40.0, 88.0, 90.0), 0),
    )
    return _Plan(facts, box, SAGITTAL, partial(spine.spine, edge_mm=1.1), 23, points)


def _head_points(palette: dict[str, float]) -> tuple[KnownPoint, ...]:
    return (
        _known("oil capsule on the left", head.CAPSULE, palette["oil"]),
        _known("water on the right", head.VENTRICLE, palette["water"]),
        _known("left eye", head.LEFT_EYE, palette["eye"]),
        _known("air outside", head.OUTSIDE, 0),
    )


def _known(name: str, place: tuple[float, float, float], value: float) -> KnownPoint:
    """Shading and noise of the made scanner stay within these bounds."""
    return KnownPoint(name, place, value * 0.7 - 60, value * 1.3 + 60)
