"""What millimetres a header may claim, by the rules R-M1, R-M2, R-M3 and R-M4 (PS3.3 10.7.1)."""

from __future__ import annotations

from functools import lru_cache

from viewer.dicom.fields import Fields, decimals, with_points

Pair = tuple[float, float]
MAGNIFICATION, SOURCE_DETECTOR, SOURCE_PATIENT = 0x00181114, 0x00181110, 0x00181111
PORTAL, PORTAL_DETECTOR, PORTAL_AXIS = 0x30020011, 0x30020026, 0x30020022
PIXEL, IMAGER, SCANNED, CALIBRATION = 0x00280030, 0x00181164, 0x00182010, 0x00280A02
_CROSS_SECTION = frozenset({"CT", "MR", "PT", "NM", "OCT", "IVOCT"})
_PROJECTION = frozenset({"CR", "DX", "IO", "MG", "PX", "XA", "RF", "RG", "RTIMAGE"})
_REGION, _CENTIMETRES = 0x00186011, 3


def spacing(fields: Fields, modality: str, has_plane: bool) -> tuple[Pair | None, str]:
    """((mm between rows, between columns) or None, kind): see `Header.spacing_kind`."""
    if modality in ("US", "IVUS") and _REGION in fields.values:
        found = _ultrasound(fields)
        return (found, "calibrated") if found else (pair(fields.raw(PIXEL)), "")
    if modality == "RTIMAGE" and (plane := pair(fields.raw(PORTAL))) is not None:
        return _portal(fields, plane)
    found, kind = _spacing(
        fields.raw(PIXEL), fields.raw(IMAGER), fields.raw(SCANNED), fields.word(CALIBRATION), modality, has_plane
    )
    if kind == "detector" and found is not None and (factor := magnification(fields)) is not None:
        return (found[0] / factor, found[1] / factor), "estimated"
    return found, kind


def _portal(fields: Fields, plane: Pair) -> tuple[Pair, str]:
    """The scale of a picture for radiotherapy (PS3.3 C.8.8.2): told for the plane of the picture, and brought to the depth
    of the axis that the machine turns about where both distances from the source are told."""
    detector, axis = fields.decimal(PORTAL_DETECTOR), fields.decimal(PORTAL_AXIS)
    if not detector or not axis or not 1.0 <= detector / axis < 10.0:
        return plane, "detector"
    return (plane[0] * axis / detector, plane[1] * axis / detector), "estimated"


def magnification(fields: Fields) -> float | None:
    """How much larger the shadow on the detector is than the body (R-M2): the factor itself, else by the distances of
    source, patient and detector; None where neither says more than 1."""
    factor = fields.decimal(MAGNIFICATION)
    if factor is None and SOURCE_DETECTOR in fields:
        detector, patient = fields.decimal(SOURCE_DETECTOR), fields.decimal(SOURCE_PATIENT)
        factor = detector / patient if detector and patient and patient > 0 else None
    return factor if factor is not None and 1.0 < factor < 10.0 else None


@lru_cache(maxsize=4096)
def _spacing(
    pixel: bytes, imager: bytes, scanned: bytes, calibration: str, modality: str, has_plane: bool
) -> tuple[Pair | None, str]:
    own, detector, film = pair(pixel), pair(imager), pair(scanned)
    if modality in _CROSS_SECTION or (has_plane and modality not in _PROJECTION):
        return (own, "patient") if own else (detector or film, "")
    if own and calibration in ("FIDUCIAL", "GEOMETRY"):
        return own, "calibrated"
    if own and detector and modality in _PROJECTION:
        same = all(abs(a - b) <= 1e-3 * b for a, b in zip(own, detector))
        return own, "detector" if same else "calibrated"
    if own:
        return own, "film" if own == film else "unverified"
    if detector:
        return detector, "detector"
    return film, "film" if film else ""


@lru_cache(maxsize=4096)
def pair(raw: bytes) -> Pair | None:
    """Two positive numbers; one alone counts for both directions, zero or nonsense for none."""
    values = decimals(with_points(raw))
    if len(values) == 1:
        values = (values[0], values[0])
    if len(values) != 2 or any(value is None or not 1e-6 < value < 1e4 for value in values):
        return None
    return (values[0] or 0.0, values[1] or 0.0)


def _ultrasound(fields: Fields) -> Pair | None:
    """The scale of the spatial regions where all of them share one (PS3.3 C.8.5.5); deltas are cm, maybe negative."""
    scales = set()
    for region in fields.items(_REGION, 64):
        if region.number(0x00186024) == _CENTIMETRES == region.number(0x00186026):
            across, down = region.double(0x0018602C), region.double(0x0018602E)
            if across and down:
                scales.add((round(abs(down) * 10, 9), round(abs(across) * 10, 9)))
    only = scales.pop() if len(scales) == 1 else None
    return only if only and all(1e-6 < value < 1e4 for value in only) else None
