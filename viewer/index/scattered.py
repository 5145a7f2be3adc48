"""Pictures of one scan that careless anonymising gave a series (or an examination) of its own each: known by all else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from viewer.dicom.header import Header
from viewer.geometry.affine import has_geometry
from viewer.index.mosaic import tile_size
from viewer.index.order import natural
from viewer.index.split import is_projection

FEWEST = 5  # lone pictures that are as good as surely one scan; fewer may have been taken one by one


def belong_together(lone: Iterable[Header]) -> list[list[Header]]:
    """Of files whose series show one place each (mostly a file that is alone in its series) the lots that are one series,
    each by path, in the order of their first path."""
    found: dict[tuple[object, ...], list[Header]] = {}
    for header in lone:
        if _is_slice(header):
            found.setdefault(_key(header), []).append(header)
    lots = [one for lot in found.values() for one in ([lot] if _is_one_series(lot) else _by_folder(lot))]
    listed = [sorted(lot, key=_by_path) for lot in lots if _is_one_series(lot)]
    return sorted(listed, key=lambda lot: _by_path(lot[0]))


def _by_folder(lot: list[Header]) -> list[list[Header]]:
    """Where one number lies at one place twice, folders may still tell two examinations apart."""
    found: dict[str, list[Header]] = {}
    for header in lot:
        found.setdefault(header.path.rpartition("/")[0], []).append(header)
    return list(found.values())


def _by_path(header: Header) -> tuple[object, ...]:
    return natural(header.path), header.path


def _is_slice(header: Header) -> bool:
    facts = header.shared
    placed = has_geometry(facts.position, facts.orientation, facts.spacing)
    return header.pixels is not None and header.frames == 1 and placed and not is_projection(header)


def _key(header: Header) -> tuple[object, ...]:
    """What all pictures of a series share, whatever its numbers."""
    facts = header.shared
    scan = (header.modality, header.sop_class, header.series_number, header.series_description, header.protocol)
    look = (tile_size(header), facts.spacing, facts.orientation, header.image_type[:3], header.kernel)
    return (*scan, *exam_key(header), *look)


def exam_key(header: Header) -> tuple[object, ...]:
    """What all pictures of an examination share, whatever its number."""
    return header.person, header.study_date, header.study_description


def _is_one_series(lot: list[Header]) -> bool:
    """Enough of them, no two with one number at one place. Of places with a series each that has several times (some
    scanners write them so), at least so many, under one number."""
    series = Counter(header.series_uid for header in lot)
    if len(series) > 1 and max(series.values()) > 1 and (len(series) < FEWEST or lot[0].series_number is None):
        return False
    enough = FEWEST if len(series) > 1 else 2
    return len(lot) >= enough and len({(header.instance_number, header.shared.position) for header in lot}) == len(lot)
