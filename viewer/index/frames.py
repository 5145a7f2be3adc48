"""The pictures of one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha1

import numpy as np

from viewer.dicom.header import FrameFacts, Header
from viewer.geometry.affine import FARTHEST_MM, has_geometry, normal_of
from viewer.index.model import Frame, frame_ref
from viewer.index.mosaic import mosaic_grid, tile_facts
from viewer.index.objects import not_picture
from viewer.problem import Problem, Severity

_frame = tuple.__new__  # three times as fast as `Frame(…)`


def loss(header: Header) -> Problem | None:
    """The reason why nothing of this file can be shown, None when there is none."""
    return next((found for found in header.problems if found.severity is Severity.LOSS), None)


def is_shown(header: Header) -> bool:
    """True when this file gives pictures."""
    if header.pixels is None or header.frames <= 0 or not_picture(header) is not None:
        return False
    return not header.problems or loss(header) is None


def sop_key(header: Header) -> str:
    """The SOP Instance UID; for a file without one a stand-in made from its name."""
    return (
        header.sop_uid
        or "file." + sha1(header.path.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    )


def frames_of(headers: Iterable[Header], copies: Mapping[str, int]) -> list[Frame]:
    """The pictures of shown files in stored order; one for each tile of a mosaic that can be taken apart. copies: path →
    copy."""
    found: list[Frame] = []
    for header in headers:
        key, copy = sop_key(header), copies.get(header.path, 0) if copies else 0
        if header.frames == 1 and header.mosaic_tiles is None and not header.per_frame:
            found.append(_frame(Frame, (frame_ref(key, 1, copy), header, header.shared)))
        else:
            facts = enumerate(_facts(header), 1)
            found += (Frame(frame_ref(key, number, copy), header, own) for number, own in facts)
    return found


def _facts(header: Header) -> tuple[FrameFacts, ...]:
    if mosaic_grid(header) is not None:
        return tile_facts(header)
    if header.modality == "NM" and header.frames > 1:
        return _nuclear_facts(header)
    told = header.per_frame[: header.frames]
    return told + (header.shared,) * (header.frames - len(told))


def _nuclear_facts(header: Header) -> tuple[FrameFacts, ...]:
    """Reconstructed slices without positions of their own step by the *signed* distance along the normal, positive
    behind the first (PS3.3 C.8.4.15); a negative one taken as positive would turn the body upside down."""
    plain = tuple(header.frame_facts(number) for number in range(1, header.frames + 1))
    first, step = plain[0], header.spacing_between_slices
    normal = normal_of(first.orientation)
    reconstructed = any("TOMO" in value for value in (*first.frame_type, *header.image_type))
    same = all(facts.position == first.position for facts in plain)
    placed = has_geometry(first.position, first.orientation, first.spacing)
    if not (reconstructed and same and placed and normal is not None and first.position is not None):
        return plain
    if step is None or not 0 < abs(step) < FARTHEST_MM:
        return plain
    places = np.asarray(first.position) + np.outer(np.arange(header.frames) * step, normal)
    return tuple(replace(facts, position=_triple(place)) for facts, place in zip(plain, places, strict=True))


def _triple(place: np.ndarray) -> tuple[float, float, float]:
    return float(place[0]), float(place[1]), float(place[2])
