"""Header: the facts of one DICOM instance that the rest of the program may know. No pydicom object passes upward.

Every text is already decoded by its character set and made plain. Numbers are checked: finite, or None.
Sources are PS3.3 and PS3.5; tags stand beside the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar, TypeVar

from typing_extensions import override

from viewer.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PixelDescription:
    """How stored pixels are to be read (PS3.3 C.7.6.3)."""

    rows: int  # (0028,0010)
    columns: int  # (0028,0011)
    samples: int = 1  # (0028,0002)
    bits_allocated: int = 16  # (0028,0100)
    bits_stored: int = 16  # (0028,0101)
    high_bit: int = 15  # (0028,0102)
    is_signed: bool = False  # (0028,0103)
    photometric: str = "MONOCHROME2"  # (0028,0004)
    planar: int = 0  # (0028,0006)
    padding: tuple[float, float] | None = None  # (0028,0120) to (0028,0125), inclusive, low to high, stored values
    float_kind: str = ""  # "" | "float" (7FE0,0008) | "double" (7FE0,0009)


@dataclass(frozen=True, slots=True)
class Palette:
    """One palette colour table (PS3.3 C.7.6.3.1.5), 8-bit entries: uint8 (n, 3)."""

    first: int
    colours: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ColourProfile:
    """Levels of a file → linear light of a screen: `curves` has 256 values for each of red, green and blue, `matrix` turns
    the three into linear sRGB (nine numbers, row by row)."""

    curves: tuple[tuple[float, ...], ...]
    matrix: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lut:
    """A modality or VOI table (PS3.3 C.11.1.1, C.11.2.1.1): value v maps to entries[clip(v - first)]."""

    first: int
    entries: NDArray[np.float32]
    bits: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileWindow:
    """One window of the file (PS3.3 C.11.2.1.2): function "LINEAR", "LINEAR_EXACT" or "SIGMOID"."""

    centre: float
    width: float
    function: str = "LINEAR"
    name: str = ""


@dataclass(frozen=True, slots=True)
class PixelPlace:
    """Where the bytes of the frames lie in the file (PS3.5 A.4).

    Native data: `offset`, `length` of the whole value. Encapsulated: `fragments` holds for each frame its
    (offset, length) pairs, the item headers already left out; `offset` is the first fragment.
    """

    offset: int
    length: int
    encapsulated: bool = False
    fragments: tuple[tuple[tuple[int, int], ...], ...] = ()
    inflated: bool = False  # deflated file: offsets count in the inflated stream (`source.inflated_bytes`) …
    deflated_start: int = 0  # … that begins at this byte of the file
    swapped: bool = (
        False  # samples of a byte written as big endian words: each pair of bytes stands the wrong way round
    )


@dataclass(frozen=True, slots=True)
class RealWorldValue:
    """What stored values from `first` to `last` mean (PS3.3 C.7.6.16.2.11): value = stored * slope + intercept, or where
    `entries` are given entries[stored - first]. Several may stand beside one another, each with its unit (UCUM)."""

    first: float
    last: float
    slope: float = 1.0
    intercept: float = 0.0
    entries: tuple[float, ...] = ()
    unit: str = ""  # code, e.g. "mm2/s"
    label: str = ""


@dataclass(frozen=True, slots=True)
class UltrasoundRegion:
    """A part of an ultrasound picture with a scale of its own (PS3.3 C.8.5.5). Corners are inclusive, from 0."""

    x0: int
    y0: int
    x1: int
    y1: int
    flags: int = 0  # (0018,6016) bit 0: transparent over others = lower priority
    unit_x: int = 0  # (0018,6024) 3 = cm, 4 = seconds, 7 = cm/s …
    unit_y: int = 0  # (0018,6026)
    delta_x: float | None = None  # (0018,602C) per pixel, maybe negative
    delta_y: float | None = None  # (0018,602E)
    reference_x: int | None = None  # (0018,6020) counted from the region's corner
    reference_y: int | None = None  # (0018,6022)


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """A drawing of one bit a pixel over the picture (PS3.3 C.9.2); `overlay.overlay_mask` makes it a mask."""

    group: int  # 0x6000 to 0x601E
    rows: int
    columns: int
    origin: tuple[int, int] = (1, 1)  # row, column of its first point in the picture, from 1, maybe negative
    frames: int = 1
    first_frame: int | None = None  # frame of the picture (from 1) that its first frame lies on; None: on all
    kind: str = "G"  # "G" graphics, "R" region
    label: str = ""
    bit: int | None = None  # in this bit of the stored pixels; None: bytes of their own at …
    offset: int = 0
    length: int = 0
    swapped: bool = False  # words of two bytes in big endian order


@dataclass(frozen=True, slots=True)
class Shutter:
    """What of a picture stays uncovered (PS3.3 C.7.6.11), in (column, row) from 1: corners of a polygon, or centre and
    radius of a circle, or all but the ones of an overlay of the same file (C.7.6.15)."""

    corners: tuple[tuple[float, float], ...] = ()
    centre: tuple[float, float] | None = None
    radius: float = 0.0
    group: int = 0  # of the overlay, 0x6000 to 0x601E


@dataclass(frozen=True, slots=True)
class PetFacts:
    """What an uptake value is worked out from (PS3.3 C.8.9.1, C.8.9.4). Dates and times as stored, "" when absent."""

    weight_kg: float | None = None  # (0010,1030)
    dose_bq: float | None = None  # (0018,1074); some write MBq
    half_life_s: float | None = None  # (0018,1075)
    injection_datetime: str = ""  # (0018,1078)
    injection_time: str = ""  # (0018,1072)
    decay_correction: str = ""  # (0054,1102) "START" | "ADMIN" | "NONE"; enhanced: "DATETIME" | "NONE"
    decay_datetime: str = ""  # (0018,9701) enhanced objects: the moment corrected to
    corrected: tuple[str, ...] = ()  # (0028,0051) "ATTN", "DECY", …
    suv_type: str = ""  # (0054,1006) "BW" | "LBM" | "BSA" | …
    series_date: str = ""  # (0008,0021)
    series_time: str = ""  # (0008,0031)
    acquisition_date: str = ""  # (0008,0022)
    vendor_start: str = ""  # GE (0009,100D), Siemens (0071,1022): date and time of the scan's start
    philips_suv: float | None = None  # (7053,1000): value * factor = uptake value
    philips_bq_ml: float | None = None  # (7053,1009): value * factor = Bq/ml
    frame_duration_ms: float | None = None  # (0018,1242)
    timezone: str = ""  # (0008,0201) of the dates and times that tell none: "+0200"


class Moulded:
    """Records that may come from a `mould`, and are equal whichever they come from."""

    names: ClassVar[tuple[str, ...]]  # of all fields

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moulded) or other.names is not self.names:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.names)

    @override
    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.names))


@dataclass(frozen=True, eq=False)  # without slots, as is `Header`: what a mould does not hold stands in each
class FrameFacts(Moulded):
    """What belongs to one frame: per-frame groups beat shared ones beat the root (PS3.3 C.7.6.16)."""

    position: tuple[float, float, float] | None = None  # (0020,0032) LPS mm, centre of the first pixel
    orientation: tuple[float, float, float, float, float, float] | None = None  # (0020,0037)
    spacing: tuple[float, float] | None = None  # (0028,0030) mm between rows, between columns
    slope: float = 1.0  # (0028,1053)
    intercept: float = 0.0  # (0028,1052)
    rescale_type: str = ""  # (0028,1054)
    has_rescale: bool = False
    windows: tuple[FileWindow, ...] = ()
    thickness_mm: float | None = None  # (0018,0050)
    frame_type: tuple[str, ...] = ()  # (0008,0008) or (0008,9007)
    stack_id: str = ""  # (0020,9056)
    temporal: int | None = None  # (0020,9128), (0020,0100)
    trigger_time: float | None = None  # (0018,1060)
    echo: float | None = None  # echo time (0018,0081) ms
    echo_number: int | None = None  # (0018,0086)
    b_value: float | None = None  # (0018,9087) or the vendor's own
    dimension_index: tuple[int, ...] = ()  # (0020,9157)
    acquisition_time: str = ""  # (0008,0032)
    reference_ms: float | None = None  # (0054,1300) PET, (0020,930D): from the start of the scan to this frame's middle
    real_world: tuple[RealWorldValue, ...] = ()  # (0040,9096)
    shutters: tuple[Shutter, ...] = ()  # (0018,9472): of this frame alone
    voi_luts: tuple[Lut, ...] = ()  # (0028,3010) in (0028,9132): of this frame alone
    phase_percent: float | None = None  # (0020,9241): of the heart's cycle
    repetition: float | None = None  # (0018,0080) in (0018,9112) ms
    inversion: float | None = None  # (0018,9079) in (0018,9115) ms
    flip: float | None = None  # (0018,1314) in (0018,9112) degrees
    direction: tuple[float, ...] | None = None  # of the diffusion gradient: (0018,9089) or the vendor's own
    segment: int = 0  # (0062,000B): the part that this frame of a segmentation shows; 0: not told


@dataclass(frozen=True, slots=True)
class Person:
    """Who the pictures are of. Never leaves this computer; hidden on screen until asked for."""

    name: str = ""
    identifier: str = ""
    birth_date: str = ""  # YYYYMMDD as stored
    sex: str = ""
    name_guessed: bool = False  # the character set was wrong; this is our best guess


@dataclass(frozen=True, eq=False)
class Header(Moulded):
    """The facts of one file. Text fields may be empty; `pixels` is None where there is no picture."""

    path: str
    size: int
    sop_class: str = ""
    sop_uid: str = ""
    transfer_syntax: str = "1.2.840.10008.1.2"
    study_uid: str = ""
    series_uid: str = ""
    frame_of_reference: str = ""
    modality: str = ""
    series_number: int | None = None
    instance_number: int | None = None
    acquisition_number: int | None = None
    study_date: str = ""  # YYYYMMDD
    study_time: str = ""
    study_description: str = ""
    series_description: str = ""
    protocol: str = ""
    body_part: str = ""  # (0018,0015) as stored
    laterality: str = ""
    view: str = ""  # (0018,5101) of an X-ray: "CC", "MLO", "AP", "LL" …
    image_type: tuple[str, ...] = ()
    manufacturer: str = ""
    model: str = ""
    person: Person = field(default_factory=Person)
    frames: int = 0  # claimed and believable; 0 without pixels
    pixels: PixelDescription | None = None
    place: PixelPlace | None = None
    shared: FrameFacts = field(default_factory=FrameFacts)
    per_frame: tuple[FrameFacts, ...] = ()  # empty: `shared` holds for all frames
    modality_lut: Lut | None = None
    voi_luts: tuple[Lut, ...] = ()
    palette: Palette | None = None
    profile: ColourProfile | None = None  # where the colours are not those of a screen (R-C6)
    # scan facts in the standard's words; None or "" when absent
    repetition_time: float | None = None
    echo_time: float | None = None
    inversion_time: float | None = None
    flip_angle: float | None = None
    scanning_sequence: str = ""
    sequence_variant: str = ""
    sequence_name: str = ""
    contrast_agent: bool = False
    kernel: str = ""
    kvp: float | None = None
    energy_kev: float | None = None  # (0018,937C): the one X-ray energy that a picture was worked out for
    spacing_between_slices: float | None = None
    units: str = ""  # PET (0054,1001)
    frame_time_ms: float | None = None  # (0018,1063), or from the vector, or the cine rate
    pixel_aspect: tuple[int, int] | None = None  # (0028,0034) vertical, horizontal
    spacing_kind: str = (
        ""  # "patient" | "detector" | "calibrated" | "unverified" | "film" | "estimated" | "" (R-M1, R-M2)
    )
    on_four_legs: bool = False  # (0010,2210): an animal, whose directions have other names
    in_patient: bool = True  # False: places are those of (0020,930E), which tell no side of the patient
    patient_orientation: tuple[str, str] | None = None  # (0020,0020)
    document_title: str = ""  # (0042,0010), or what the root of a report's tree is called
    burned_in: str = ""  # (0028,0301) "YES" | "NO" | ""
    lossy: bool = False  # (0028,2110)
    lossy_ratio: float | None = None
    mosaic_tiles: int | None = None  # Siemens mosaic: number of tiles; None when not a mosaic
    mosaic_normal: tuple[float, float, float] | None = None  # from the CSA header
    concatenation: tuple[str, int, int] | None = None  # uid, part from 1, total (0 unknown)
    problems: tuple[Problem, ...] = ()
    pet: PetFacts | None = None  # only where the modality is PT
    regions: tuple[UltrasoundRegion, ...] = ()  # (0018,6011)
    overlays: tuple[OverlayPlane, ...] = ()  # groups 6000 to 601E
    shutters: tuple[Shutter, ...] = ()  # (0018,1600), where a frame has none of its own: what lies in all is to be seen
    magnification: float | None = None  # projections: size at the detector / size in the patient, > 1
    sweeps: bool = False  # (0018,1244): a film that runs forward and back again
    frame_times_ms: tuple[float, ...] = ()  # (0018,1065) from each frame to the one before; empty: `frame_time_ms`

    def frame_facts(self, number: int) -> FrameFacts:
        """The facts of frame `number` (from 1); what all share where the file tells of fewer frames than it has."""
        return self.per_frame[number - 1] if number <= len(self.per_frame) else self.shared

    def shutters_on(self, number: int) -> tuple[Shutter, ...]:
        """The shutters over frame `number` (from 1)."""
        return self.frame_facts(number).shutters or self.shutters

    def voi_luts_on(self, number: int) -> tuple[Lut, ...]:
        """The VOI tables for frame `number` (from 1)."""
        return self.frame_facts(number).voi_luts or self.voi_luts


for _kind in (FrameFacts, Header):
    _kind.names = tuple(field.name for field in fields(_kind))

_Kind = TypeVar("_Kind", Header, FrameFacts)
_new, _put = object.__new__, object.__setattr__  # looked up once: two records are made of each file


def mould(kind: type[_Kind], facts: Mapping[str, object]) -> type[_Kind]:
    """A kind of record of which all share these values of all fields but those that each says for itself.

    Hundreds of pictures of a series share all but a handful of a hundred values: so these take memory once, and are near
    at hand when all pictures are asked for them.
    """
    return type(kind.__name__, (kind,), {**facts, "__slots__": (), "__module__": kind.__module__})


def record(kind: type[_Kind], own: dict[str, object]) -> _Kind:
    """A record with these values of its own; the others are those of its mould, or there is none and they are all. Ten
    times as fast as its `__init__`."""
    made = _new(kind)
    _put(made, "__dict__", own)
    return made
