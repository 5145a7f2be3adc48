"""What may be said to others about a picture: members of enums and bounded, rounded numbers, never a file's own text.

`disclosure` puts `PictureDescription.words` beside the pixels that leave. The words are English and fixed: they are
read by a model, and a test searches them for everything a file could have smuggled in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from viewer.dicom.header import Header
from viewer.dicom.sop_class import FOR_PROCESSING
from viewer.geometry.plane import Plane
from viewer.index.cone_beam import is_cone_beam
from viewer.index.model import Series
from viewer.index.spectral import Spectral, spectral_of
from viewer.index.weighting import Weighting, weighting_of
from viewer.picture.calibration import CALIBRATIONS, calibration_of
from viewer.picture.facts import LEAN
from viewer.picture.look import Picture
from viewer.picture.orient import turns_of
from viewer.picture.presets import is_hounsfield, unit_of
from viewer.picture.scan import (
    BodyRegion,
    Contrast,
    Modality,
    body_region_of,
    contrast_of,
    direction_of,
    frame_of,
    is_fat_dark,
    is_from_other_side,
    is_projection,
    modality_of,
    offset_from_middle,
)
from viewer.problem import Severity
from viewer.volume.slice import Slice

MODALITY_WORDS = {
    Modality.CT: "CT", Modality.MR: "MRI", Modality.PT: "PET", Modality.NM: "nuclear medicine scan",
    Modality.US: "ultrasound", Modality.CR: "X-ray picture", Modality.DX: "X-ray picture",
    Modality.RG: "X-ray picture", Modality.IO: "dental X-ray", Modality.PX: "panoramic dental X-ray",
    Modality.MG: "mammogram", Modality.XA: "X-ray angiogram", Modality.RF: "fluoroscopy picture",
    Modality.SC: "screen picture", Modality.ES: "endoscopy picture", Modality.XC: "photograph",
    Modality.GM: "microscope picture", Modality.SM: "microscope picture", Modality.OP: "photograph of the eye",
    Modality.OPT: "optical tomography of the eye", Modality.OTHER: "medical picture of unknown kind",
}  # fmt: skip
WEIGHTING_WORDS = {
    Weighting.T1: "T1-weighted", Weighting.T2: "T2-weighted", Weighting.PD: "proton-density-weighted",
    Weighting.FLAIR: "FLAIR", Weighting.STIR: "STIR", Weighting.T2_STAR: "T2*-weighted",
    Weighting.DIFFUSION: "diffusion-weighted", Weighting.ADC: "ADC map", Weighting.PERFUSION: "perfusion",
    Weighting.ANGIOGRAPHY: "angiography", Weighting.LOCALIZER: "localizer",
}  # fmt: skip
SPECTRAL_WORDS = {
    Spectral.ONE_ENERGY: "virtual monoenergetic image", Spectral.SUBSTANCE: "map of one material",
    Spectral.REMOVED: "one material removed by calculation (such as virtual non-contrast)",
    Spectral.SHARE: "map of the fraction of one material", Spectral.ATOMS: "map of the effective atomic number",
    Spectral.ELECTRONS: "map of the electron density", Spectral.CHANGED: "one material altered by calculation",
    Spectral.BY_VALUE: "values altered by calculation",
}  # fmt: skip
PLANE_WORDS = {Plane.AXIAL: "axial, seen from the feet", Plane.CORONAL: "coronal, seen from the front",
               Plane.SAGITTAL: "sagittal, seen from the side"}  # fmt: skip
OTHER_SIDE_WORDS = {Plane.AXIAL: "axial, seen from the head", Plane.CORONAL: "coronal, seen from behind"}
PROJECTION_WORDS = "overview projection through the body for planning (scout), not a slice"
SIDE_WORDS = {"L": "patient's left", "R": "patient's right", "A": "front of the body", "P": "back of the body",
              "H": "towards the head", "F": "towards the feet"}  # fmt: skip
OFFSET_WORDS = (
    ("to the patient's right of", "to the patient's left of"), ("in front of", "behind"), ("below", "above"),
)  # fmt: skip
SCALE_WORDS = {
    "calibrated": "a scale the clinic calibrated", "detector": "a scale at the detector, larger than in the body",
    "film": "a scale on the film, not in the body", "unverified": "a scale of unknown origin",
    "estimated": "a scale corrected for magnification, at an assumed depth", "ultrasound": "a scale the ultrasound machine set",
}  # fmt: skip
UNITS = frozenset({"HU", "SUV"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number must lie between to be said at all, and how many significant digits of it are said."""

    low: float
    high: float
    digits: int = 3


THICKNESS = Bounds(0.05, 100)
DISTANCE = Bounds(0.01, 100)
PIXEL = Bounds(0.001, 50)
OFFSET = Bounds(0, 2000)
CENTRE = Bounds(0, 70_000)  # of the absolute value
WIDTH = Bounds(1e-6, 140_000)
MAX_COUNT = 99_999


@dataclass(frozen=True, slots=True)
class PictureDescription:
    """Everything that may be said about a picture. Text fields hold members of closed lists only; mm throughout."""

    modality: Modality
    weighting: Weighting | None = None
    spectral: Spectral | None = None  # of CT
    contrast: Contrast = Contrast.UNKNOWN
    region: BodyRegion = BodyRegion.UNKNOWN  # of the body
    plane: Plane | None = None
    is_from_other_side: bool = False  # seen from the head or from behind
    lean_degrees: int = 0
    edges: tuple[str, str, str, str] | None = None  # letters at left, right, top, bottom: of L R A P H F
    number: int = 1  # of the slice, from 1
    count: int = 1
    offset: tuple[int, float] | None = None  # axis, mm from the middle of the set
    thickness_mm: float | None = None
    distance_mm: float | None = None
    pixel_mm: float | None = None  # of the picture as sent
    scale: str = ""  # a key of CALIBRATIONS, "" without a scale
    centre: float | None = None
    width: float | None = None
    unit: str = ""  # "HU" | "SUV" | ""
    is_negative: bool = False  # light and dark exchanged by the person
    is_mirrored: bool = False  # by the person, before it was turned
    turned: int = 0  # by the person: quarter turns clockwise
    is_part: bool = False
    is_colour: bool = False
    is_painted: bool = False  # grey in colours
    is_lossy: bool = False  # fine detail was lost when it was stored
    is_doubtful: bool = False  # something about the picture is not as it should be
    is_fat_dark: bool = False  # of MRI: suppressed
    is_projection: bool = False  # an overview of CT
    is_cone_beam: bool = False  # of CT: of teeth, C-arms
    is_raw: bool = False  # of X-rays: as measured, not made for looking at
    is_resampled: bool = False  # cut through a volume, not a picture the scanner made

    @property
    def words(self) -> str:
        """The sentences that leave with the picture, in English."""
        return " ".join(sentence for sentence in (
            self._kind(), self._direction(), self._edges(), self._place(), self._sizes(), self._shown(), self._doubts(),
        ) if sentence)  # fmt: skip

    def _kind(self) -> str:
        parts = [MODALITY_WORDS[self.modality]]
        if self.is_projection:
            parts.append(PROJECTION_WORDS)
        elif self.weighting is not None:
            parts.append(WEIGHTING_WORDS[self.weighting])
            parts += ["fat suppressed"] if self.is_fat_dark else []
        if self.spectral is not None:
            parts.append(f"multi-energy CT, {SPECTRAL_WORDS[self.spectral]}")
        parts += ["cone-beam CT, values not calibrated"] if self.is_cone_beam else []
        parts += ["raw detector picture, not processed for viewing"] if self.is_raw else []
        if self.region is not BodyRegion.UNKNOWN:
            parts.append(f"body region: {self.region.value}")
        if self.modality in (Modality.CT, Modality.MR):
            given = "contrast agent given" if self.contrast is Contrast.YES else "contrast agent not stated"
            parts.append(given)
        return f"{'; '.join(parts)}."

    def _direction(self) -> str:
        if self.plane is None or self.plane is Plane.NATIVE:
            return ""
        lean = f", leaning {self.lean_degrees} degrees" if self.lean_degrees else ""
        seen = OTHER_SIDE_WORDS.get(self.plane) if self.is_from_other_side else None
        return f"Direction: {seen or PLANE_WORDS[self.plane]}{lean}."

    def _edges(self) -> str:
        if self.edges is None:
            return f"Which side is which is not known for this picture.{self._moved()}"
        names = zip(("Left", "right", "top", "bottom"), self.edges, strict=True)
        return ", ".join(f"{edge} edge: {SIDE_WORDS[letters[0]]} ({letters})" for edge, letters in names) + "."

    def _moved(self) -> str:
        """Where no edge tells it: a letter on the film that was mirrored would stand for the other side."""
        mirrored = "mirrored, left and right exchanged" if self.is_mirrored else ""
        turned = f"turned clockwise by {90 * self.turned} degrees" if self.turned else ""
        how = " and then ".join(part for part in (mirrored, turned) if part)
        return f" The viewer shows it {how}." if how else ""

    def _place(self) -> str:
        words = f"{'Picture' if self.is_projection else 'Slice'} {self.number} of {self.count}"
        if self.offset is not None:
            axis, mm = self.offset
            side = OFFSET_WORDS[axis][1 if mm > 0 else 0]
            words += ", in the middle of the set" if abs(mm) < 0.5 else f", {abs(mm):g} mm {side} the middle of the set"
        made = (
            " Cut through the volume by the viewer, not a picture as the scanner made it." if self.is_resampled else ""
        )
        part = " Only a part of the slice is shown." if self.is_part else ""
        return f"{words}.{part}{made}"

    def _sizes(self) -> str:
        told = (
            ("slice thickness", self.thickness_mm), ("distance between slices", self.distance_mm),
            ("one pixel of this picture", self.pixel_mm),
        )  # fmt: skip
        known = [f"{name} {mm:g} mm" for name, mm in told if mm is not None]
        if self.pixel_mm is None:
            known.append("no scale in mm")
        elif self.scale != "patient":
            known.append(SCALE_WORDS.get(self.scale, SCALE_WORDS["unverified"]))
        words = ", ".join(known)
        return f"{words[0].upper()}{words[1:]}."

    def _shown(self) -> str:
        if self.is_colour:
            return "Colour picture."
        window = ""
        if self.centre is not None and self.width is not None:
            unit = f" {self.unit}" if self.unit else ""
            window = f"Brightness window: centre {self.centre:g}{unit}, width {self.width:g}{unit}."
        painted = "Grey values are painted in false colours." if self.is_painted else ""
        negative = "Light and dark are exchanged, as in a negative." if self.is_negative else ""
        return " ".join(words for words in (window, painted, negative) if words)

    def _doubts(self) -> str:
        lossy = "Fine detail was lost when the picture was stored." if self.is_lossy else ""
        doubtful = "A part of this picture may be damaged, missing or estimated." if self.is_doubtful else ""
        return f"{lossy} {doubtful}".strip()


def closed_description(series: Series, slice_: Slice, picture: Picture) -> PictureDescription:
    """What may be said about `picture`, rendered from `slice_` of `series`. Nothing free passes through here."""
    frame = frame_of(series, slice_)
    header = frame.header if frame is not None else Header("", 0)
    direction = None if slice_.on_four_legs else direction_of(slice_)  # these are words for people
    window = picture.window
    is_cut = slice_.is_stored and not is_projection(series)
    mirrored, turned = turns_of(picture.to_slice[:2, :2])
    return PictureDescription(
        modality=modality_of(series),
        weighting=None if frame is None else weighting_of(frame),
        spectral=None if frame is None else spectral_of(frame),
        contrast=contrast_of(header),
        region=body_region_of(header),
        plane=None if direction is None else direction[0],
        is_from_other_side=direction is not None and is_from_other_side(picture.affine, direction[0]),
        lean_degrees=0 if direction is None or direction[1] < LEAN else min(90, round(direction[1])),
        edges=_edges_of(picture),
        number=min(max(slice_.index + 1, 1), MAX_COUNT),
        count=min(max(slice_.count, 1), MAX_COUNT),
        offset=_offset_of(slice_, series),
        thickness_mm=bounded(slice_.thickness_mm, THICKNESS) if is_cut else None,
        distance_mm=bounded(series.step_mm, DISTANCE) if is_cut else None,
        pixel_mm=bounded(picture.mm_per_pixel, PIXEL),
        scale=_scale_of(slice_),
        centre=None if window is None else bounded(window.centre, CENTRE),
        width=None if window is None else bounded(window.width, WIDTH),
        unit=unit_of(slice_) if unit_of(slice_) in UNITS and (slice_.unit != "HU" or is_hounsfield(series, slice_)) else "",
        is_negative=picture.negative,
        is_mirrored=mirrored,
        turned=turned,
        is_part=picture.region is not None,
        is_colour=slice_.is_colour,
        is_painted=picture.pixels.ndim == 3 and not slice_.is_colour,
        is_lossy=header.lossy,
        is_doubtful=any(problem.severity is not Severity.NOTE for problem in slice_.problems),
        is_fat_dark=is_fat_dark(series),
        is_projection=is_projection(series),
        is_cone_beam=is_cone_beam(header),
        is_raw=header.sop_class in FOR_PROCESSING,
        is_resampled=not slice_.is_stored,
    )  # fmt: skip


def bounded(value: float | None, bounds: Bounds) -> float | None:
    """`value` rounded to the digits that may be said, or None when it is missing, not finite or out of bounds."""
    if value is None or not math.isfinite(value) or not (bounds.low <= abs(value) <= bounds.high):
        return None
    return float(f"{value:.{bounds.digits}g}")


def _scale_of(slice_: Slice) -> str:
    calibration = CALIBRATIONS["ultrasound"] if slice_.regions else calibration_of(slice_)
    return next((kind for kind, row in CALIBRATIONS.items() if row is calibration), "")


def _edges_of(picture: Picture) -> tuple[str, str, str, str] | None:
    if picture.letters is None:
        return None
    letters = (picture.letters.left, picture.letters.right, picture.letters.top, picture.letters.bottom)
    known = all(1 <= len(edge) <= 3 and set(edge) <= SIDE_WORDS.keys() for edge in letters)
    return letters if known else None


def _offset_of(slice_: Slice, series: Series) -> tuple[int, float] | None:
    if slice_.on_four_legs or slice_.count < 2:
        return None
    found = offset_from_middle(slice_, series)
    if found is None or bounded(found[1], OFFSET) is None:
        return None
    axis, mm = found
    return (axis, float(math.floor(abs(mm) + 0.5)) * math.copysign(1, mm))
