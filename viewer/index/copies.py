"""Files that carry the same number (SOP Instance UID): the same file twice, or different pictures by mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from viewer.dicom.header import Header
from viewer.index.order import natural

SameBytes = Callable[[str, str], bool]


def signature(header: Header) -> tuple[object, ...]:
    """What must be equal for two files of one number to count as one object: all facts that place and read it."""
    scan = (header.instance_number, header.acquisition_number, header.image_type, header.echo_time)
    where = (header.shared, header.per_frame, header.place)
    return (header.size, header.study_uid, header.series_uid, header.transfer_syntax, *scan, header.pixels, *where)


def is_packed_again(alike: Sequence[Header]) -> bool:
    """Whether files of shared numbers differ in nothing but their packing, as far as their headers tell: the same pictures,
    plain and compressed. Only unpacking them could prove it, so both are shown."""
    found: dict[str, list[Header]] = {}
    for header in alike:
        found.setdefault(header.sop_uid, []).append(header)
    return all(len(one) > 1 and _differ_in_packing(one) for one in found.values())


def _differ_in_packing(headers: Sequence[Header]) -> bool:
    packings = {header.transfer_syntax for header in headers}
    first, *others = ((header.instance_number, header.shared, header.per_frame, header.frames) for header in headers)
    return len(packings) == len(headers) and all(other == first for other in others)


def sort_out(headers: Sequence[Header], same_bytes: SameBytes | None = None) -> tuple[list[Header], list[Header]]:
    """Headers of one number → (different ones by path, doubles). The first path of equal ones is kept.

    `same_bytes(path, path)` settles it where given; without it equal facts at an equal place count as equal.
    """
    kept: list[Header] = []
    doubles: list[Header] = []
    alike: dict[tuple[object, ...], list[Header]] = {}
    # the shorter name of two copies is the one that was copied: "CD/IM1" before "CD - Copy/IM1"
    for header in sorted(headers, key=lambda item: (item.path.count("/"), len(item.path), natural(item.path))):
        equal = alike.setdefault(signature(header), [])
        if any(same_bytes is None or same_bytes(one.path, header.path) for one in equal):
            doubles.append(header)
        else:
            equal.append(header)
            kept.append(header)
    return kept, doubles
