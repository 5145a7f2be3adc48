"""The facts of each frame: from the root, or from functional groups, where per frame beats shared beats root.

PS3.3 C.7.6.16; nuclear medicine frames get their positions from the spacing and its sign (rule R-G12, C.8.4.15).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from viewer.dicom.fields import Fields
from viewer.dicom.header import FrameFacts, PixelDescription, RealWorldValue
from viewer.dicom.realworld import DOSE_SCALING, MAPPINGS, dose_values, real_world_values
from viewer.dicom.rescale import rescale
from viewer.dicom.shutters import shutters_of
from viewer.dicom.spacing import IMAGER, pair, spacing
from viewer.dicom.tables import VOI_LUT, luts, windows
from viewer.dicom.vendor import b_value, direction, direction_in

SHARED_GROUPS, FRAME_GROUPS = 0x52009229, 0x52009230
_POSITION, _ORIENTATION, _MEASURES = 0x00209113, 0x00209116, 0x00289110
_TRANSFORM, _WINDOW, _CONTENT = 0x00289145, 0x00289132, 0x00209111
_ECHO, _DIFFUSION, _TIMING = 0x00189114, 0x00189117, 0x00189112
_FRAME_TYPES = (  # MR, CT, PET, parametric map, …
    0x00189226, 0x00189329, 0x00189751, 0x00409092,
    0x00189504, 0x00189806, 0x00189835, 0x00520025, 0x00480116,  # 3D X-ray, ultrasound, photoacoustic, IVOCT, confocal
)  # fmt: skip
_MODIFIER, _RECONSTRUCTION, _BEAM = 0x00189115, 0x00189314, 0x00189325
_PHASE = 0x00209241
_TEMPORAL, _CARDIAC = 0x00209310, 0x00189118
_SHUTTERS = 0x00189472
_ON_DETECTOR, _IN_BEAM, _CALIBRATED = 0x00289443, 0x00189401, 0x00189404
# group of a frame, where it tells the size of a pixel, and what that size is of (rules R-M1, R-M2)
_SIZES = (
    (_MEASURES, 0x00280030, "patient"), (_IN_BEAM, _CALIBRATED, "calibrated"), (_ON_DETECTOR, IMAGER, "detector"),
)  # fmt: skip
_OF_COMPLEX = {"PHASE": "PHASE", "REAL": "R", "IMAGINARY": "I"}  # (0008,9208), as image types have it
_VELOCITY, _UNASSIGNED = 0x00189197, 0x00209170
DOSE_OFFSETS = 0x3004000C
_DETECTOR, _DETECTOR_VECTOR, _SLICE_VECTOR, _TIME_SLOTS = 0x00540022, 0x00540020, 0x00540080, 0x00540070


def root_facts(fields: Fields, modality: str, manufacturer: str, is_signed: bool) -> tuple[FrameFacts, str]:
    """(facts of a file without functional groups, kind of its spacing). is_signed: of the pixels."""
    values = fields.values
    position = fields.vector3(0x00200032) if 0x00200032 in values else None
    orientation = orientation_of(fields, 0x00200037) if 0x00200037 in values else None
    measured, kind = spacing(fields, modality, position is not None and orientation is not None)
    scale = rescale(fields)
    weight = b_value(fields, manufacturer)
    return FrameFacts(
        position,
        orientation,
        measured,
        scale.slope,
        scale.intercept,
        scale.kind,
        scale.present,
        windows(fields),
        positive(fields.decimal(0x00180050)) if 0x00180050 in values else None,
        fields.words(0x00080008),
        fields.text(0x00209056) if 0x00209056 in values else "",
        fields.integer(0x00200100) if 0x00200100 in values else None,
        fields.decimal(0x00181060) if 0x00181060 in values else None,
        fields.decimal(0x00180081) if 0x00180081 in values else None,
        fields.integer(0x00180086) if 0x00180086 in values else None,
        weight,
        (),
        fields.text(0x00080032) if 0x00080032 in values else "",
        fields.decimal(0x00541300) if 0x00541300 in values else None,
        _real_world(fields, is_signed),
        direction=direction(fields, manufacturer) if weight else None,
        phase_percent=fields.double(_PHASE) if _PHASE in values else None,
    ), kind


def _real_world(fields: Fields, is_signed: bool) -> tuple[RealWorldValue, ...]:
    mapped = real_world_values(fields, is_signed) if MAPPINGS in fields.values else ()
    return (*mapped, *dose_values(fields)) if DOSE_SCALING in fields.values else mapped


def positive(value: float | None) -> float | None:
    """`value` where it is a length, else None."""
    return value if value is not None and 0 < value < 1e5 else None


def orientation_of(fields: Fields, tag: int) -> tuple[float, float, float, float, float, float] | None:
    """Six cosines as stored (rounding and right angles are geometry's business); None where they are no directions."""
    values = fields.vector(tag, 6)
    if values is None or max(abs(value) for value in values) > 1.1:
        return None
    a, b, c, d, e, f = values
    if not (a or b or c) or not (d or e or f):
        return None
    return (a, b, c, d, e, f)


def group_facts(
    fields: Fields, base: FrameFacts, frames: int, manufacturer: str, pixels: PixelDescription | None
) -> tuple[FrameFacts, tuple[FrameFacts, ...], str]:
    """(shared facts, facts of each frame, code of a Problem or "") of an object with functional groups."""
    if SHARED_GROUPS not in fields.values and FRAME_GROUPS not in fields.values:
        return base, (), ""
    root = replace(base, position=None) if frames > 1 else base  # one place cannot be that of many
    shared, word = _with_groups(root, fields.item(SHARED_GROUPS), manufacturer, pixels)
    frames_items = fields.items(FRAME_GROUPS, frames)
    made: list[FrameFacts] = []
    for item in frames_items:
        facts, said = _with_groups(shared, item, manufacturer, pixels)
        word = word or said
        made.append(facts)
    if made and len(made) < frames:  # groups for fewer frames than there are pictures: the rest has no known place
        made += [replace(shared, position=None)] * (frames - len(made))
    return shared, tuple(made), word


def _with_groups(
    base: FrameFacts, groups: Fields | None, manufacturer: str, pixels: PixelDescription | None
) -> tuple[FrameFacts, str]:
    """`base` with what the macros of one item say, and the code of a Problem or ""."""
    if groups is None:
        return base, ""
    new: dict[str, object] = {}
    word = ""
    for tag, read in _MACROS.items():
        if tag in groups.values:
            item = groups.item(tag)
            if item is not None:
                new.update(read(item))
    if MAPPINGS in groups.values:
        new["real_world"] = real_world_values(groups, pixels is not None and pixels.is_signed)
    if _TRANSFORM in groups.values and (item := groups.item(_TRANSFORM)) is not None:
        scale = rescale(item)
        word = scale.word
        new.update(slope=scale.slope, intercept=scale.intercept, rescale_type=scale.kind, has_rescale=scale.present)
    if "b_value" not in new and (value := b_value(groups, manufacturer)) is not None:
        new.update(b_value=value, direction=direction(groups, manufacturer))
    facts = replace(base, **new) if new else base  # type: ignore[arg-type]
    if _WINDOW in groups.values and (item := groups.item(_WINDOW)) is not None and VOI_LUT in item.values:
        tables, damaged = luts(item, VOI_LUT, goes_below_zero(pixels, facts))
        facts, word = replace(facts, voi_luts=tables), "table_damaged" if damaged else word
    return facts, word


def goes_below_zero(pixels: PixelDescription | None, facts: FrameFacts) -> bool:
    """Whether modality values can be negative: then a VOI table begins with a signed one (PS3.3 C.11.2.1.1)."""
    if pixels is None:
        return False
    low = -(2 ** (pixels.bits_stored - 1)) if pixels.is_signed else 0
    ends = low, low + 2**pixels.bits_stored - 1
    return min(end * facts.slope + facts.intercept for end in ends) < 0


def _position(item: Fields) -> dict[str, object]:
    return {"position": item.vector3(0x00200032)}


def _orientation(item: Fields) -> dict[str, object]:
    return {"orientation": orientation_of(item, 0x00200037)}


def _measures(item: Fields) -> dict[str, object]:
    new: dict[str, object] = {}  # what is left out here may be told for all frames
    if item.raw(0x00280030):
        new["spacing"] = pair(item.raw(0x00280030))
    if item.raw(0x00180050):
        new["thickness_mm"] = positive(item.decimal(0x00180050))
    return new


def _size_of(tag: int) -> Callable[[Fields], dict[str, object]]:
    """What a group of angiography says of the size of a pixel (PS3.3 C.8.19.6.4, C.8.19.6.9)."""
    return lambda item: {"spacing": pair(item.raw(tag))} if item.raw(tag) else {}


def spacing_kind(fields: Fields) -> str:
    """What the size of a pixel is of, by the groups of an object: see `Header.spacing_kind`."""
    groups = [one for tag in (FRAME_GROUPS, SHARED_GROUPS) if (one := fields.item(tag)) is not None]
    for group, size, kind in _SIZES:
        if any((item := one.item(group)) is not None and item.raw(size) for one in groups):
            return kind
    return ""


def _frame_window(item: Fields) -> dict[str, object]:
    return {"windows": windows(item)}


def _content(item: Fields) -> dict[str, object]:
    new: dict[str, object] = {}
    if 0x00209157 in item.values:
        new["dimension_index"] = item.numbers(0x00209157, 4)[:16]
    if 0x00209056 in item.values:
        new["stack_id"] = item.text(0x00209056)
    if 0x00209128 in item.values:
        new["temporal"] = item.number(0x00209128)
    moment = item.text(0x00189074) or item.text(0x00189151)
    if len(moment) >= 14:
        new["acquisition_time"] = moment[8:]
    return new


def _echo(item: Fields) -> dict[str, object]:
    return {"echo": item.double(0x00189082)}


def _diffusion(item: Fields) -> dict[str, object]:
    if 0x00189087 in item.values:
        return {"b_value": item.double(0x00189087), "direction": direction_in(item)}
    return {"b_value": 0.0} if item.word(0x00189075) == "NONE" else {}


def _kind(item: Fields) -> dict[str, object]:
    """What a frame is; the part of a complex value (PS3.3 C.8.13.3.1.1) stands where image types tell it, as fourth word."""
    if 0x00089007 not in item.values:
        return {}
    words = item.words(0x00089007)
    part = _OF_COMPLEX.get(item.word(0x00089208), "")
    if part and part not in words[2:]:
        words = (*words, "", "", "")[:3] + (part, *words[3:])
    return {"frame_type": words}


def _timing(item: Fields) -> dict[str, object]:
    told = {"repetition": item.decimal(0x00180080), "flip": item.decimal(0x00181314)}
    return {name: value for name, value in told.items() if value is not None}


def _modifier(item: Fields) -> dict[str, object]:
    value = item.double(0x00189079) if item.word(0x00189009) != "NO" else None
    return {"inversion": value} if value is not None else {}


def _trigger(item: Fields) -> dict[str, object]:
    told = {"trigger_time": item.double(0x00209153), "phase_percent": item.double(_PHASE)}
    return {name: value for name, value in told.items() if value is not None}


def _moment(item: Fields) -> dict[str, object]:
    value = item.double(0x0020930D)
    return {"reference_ms": value * 1000.0} if value is not None and abs(value) < 1e9 else {}


def _covering(item: Fields) -> dict[str, object]:
    return {"shutters": shutters_of(item)}


_MACROS = {
    _POSITION: _position,
    _ORIENTATION: _orientation,
    _ON_DETECTOR: lambda item: _kind(item) | _size_of(IMAGER)(item),
    _IN_BEAM: _size_of(_CALIBRATED),
    _MEASURES: _measures,
    _WINDOW: _frame_window,
    _CONTENT: _content,
    _ECHO: _echo,
    _DIFFUSION: _diffusion,
    _TIMING: _timing,
    _MODIFIER: _modifier,
    _CARDIAC: _trigger,
    _TEMPORAL: _moment,
    _SHUTTERS: _covering,
    **dict.fromkeys(_FRAME_TYPES, _kind),
}


def told_in_groups(fields: Fields) -> dict[str, object]:
    """Facts of the header that an object of many frames tells in its groups, as the first frame has them: the sharpness
    and the voltage of a CT, the kind of an MR sequence (PS3.3 C.8.15.3.6, C.8.15.3.9, C.8.13.4)."""
    told: dict[str, object] = {}
    groups = [one for tag in (SHARED_GROUPS, FRAME_GROUPS) if (one := fields.item(tag)) is not None]
    for one in groups:
        if (item := one.item(_RECONSTRUCTION)) is not None and item.raw(0x00181210):
            told["kernel"] = item.text(0x00181210)
        if (item := one.item(_BEAM)) is not None and item.raw(0x00180060):
            told["kvp"] = item.decimal(0x00180060)
    kinds = {"SPIN": ["SE"], "GRADIENT": ["GR"], "BOTH": ["SE", "GR"]}.get(fields.word(0x00189008), [])
    if fields.word(0x00189018) == "YES":
        kinds.append("EP")
    if any((item := one.item(_MODIFIER)) is not None and item.word(0x00189009) == "YES" for one in groups):
        kinds.append("IR")
    if kinds:
        told["scanning_sequence"] = "\\".join(kinds)
    steady = fields.word(0x00189017) not in ("", "NONE")
    spoiled = fields.word(0x00189016) not in ("", "NONE")
    if steady or spoiled:
        told["sequence_variant"] = "\\".join(["SS"] * steady + ["SP"] * spoiled)
    if fields.items(0x00180012, 1):
        told["contrast_agent"] = True
    return told


def nuclear_facts(fields: Fields, base: FrameFacts, frames: int) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Shared and per-frame facts of a nuclear medicine object; positions only for reconstructed slices."""
    detectors = fields.items(_DETECTOR, 64)
    if frames > 1 and not ("RECON TOMO" in base.frame_type or "RECON GATED TOMO" in base.frame_type):
        return _views(fields, replace(base, position=None), frames, detectors)
    if detectors:
        position = base.position or detectors[0].vector3(0x00200032)
        orientation = base.orientation or orientation_of(detectors[0], 0x00200037)
        base = replace(base, position=position, orientation=orientation)
    step = fields.decimal(0x00180088)
    if frames < 2 or base.position is None or base.orientation is None or not step:
        return base, ()
    numbers = fields.numbers(_SLICE_VECTOR) or tuple(range(1, frames + 1))
    if len(numbers) != frames:
        return base, ()
    a, b, c, d, e, f = base.orientation
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    x, y, z = base.position
    slots = fields.numbers(_TIME_SLOTS)
    times: Sequence[int | None] = slots if len(slots) == frames else (base.temporal,) * frames
    made = []
    for number, time in zip(numbers, times, strict=True):
        along = (number - 1) * step
        place = (x + along * normal[0], y + along * normal[1], z + along * normal[2])
        made.append(replace(base, position=place, temporal=time))
    return base, tuple(made)


def _views(
    fields: Fields, base: FrameFacts, frames: int, detectors: list[Fields]
) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Views through the body, each as its detector looks (PS3.3 C.8.4.11): one from behind has left and right exchanged. Where
    detectors turn they are told of for the first view only."""
    if "TOMO" in base.frame_type or "GATED TOMO" in base.frame_type:
        return replace(base, orientation=None), ()
    looks = [orientation_of(one, 0x00200037) or base.orientation for one in detectors] or [base.orientation]
    if len(set(looks)) == 1:
        return replace(base, orientation=looks[0]), ()
    numbers = fields.numbers(_DETECTOR_VECTOR)
    if len(numbers) != frames or not all(1 <= number <= len(looks) for number in numbers):
        return replace(base, orientation=None), ()
    return replace(base, orientation=None), tuple(replace(base, orientation=looks[number - 1]) for number in numbers)


def dose_facts(fields: Fields, base: FrameFacts, frames: int) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Shared and per-frame facts of a radiotherapy dose, whose planes lie at Grid Frame Offsets (PS3.3 C.8.8.3.2):
    from the first plane along the normal, or, where the first is the plane's own height, heights in the patient."""
    offsets = [value for value in fields.decimals(DOSE_OFFSETS) if value is not None and abs(value) < 1e5]
    if frames < 2 or base.position is None or base.orientation is None or len(offsets) != frames:
        return (replace(base, position=None), ()) if frames > 1 else (base, ())
    a, b, c, d, e, f = base.orientation
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    x, y, z = base.position
    heights = offsets[0] != 0 and abs(offsets[0] - z) < 0.01 and abs(normal[2]) > 0.999
    way = (0.0, 0.0, 1.0) if heights else normal
    made = []
    for offset in offsets:
        along = offset - offsets[0]
        made.append(replace(base, position=(x + along * way[0], y + along * way[1], z + along * way[2])))
    return base, tuple(made)


def frame_times(fields: Fields, frames: int) -> tuple[float, ...]:
    """The frame time vector (0018,1065) in ms, one entry a frame, the first counted as 0; () where it does not fit."""
    vector = fields.decimals(0x00181065)
    if frames < 2 or len(vector) != frames or any(value is None or value < 0 for value in vector[1:]):
        return ()
    return (0.0, *(value or 0.0 for value in vector[1:]))


def frame_time(fields: Fields) -> float | None:
    """Milliseconds per frame (rule R-S7): frame time, mean of the vector, then the rates."""
    one = fields.decimal(0x00181063)
    if one is not None and one > 0:
        return one
    vector = [value for value in fields.decimals(0x00181065)[1:] if value is not None and value > 0]
    if vector:
        return sum(vector) / len(vector)
    rate = next((r for tag in (0x00082144, 0x00180040) if (r := fields.decimal(tag)) is not None and r > 0), None)
    return 1000.0 / rate if rate else None


def aspect(fields: Fields) -> tuple[int, int] | None:
    """(0028,0034) vertical, horizontal."""
    values = fields.decimals(0x00280034)
    if len(values) != 2 or any(value is None or not 1 <= value < 1e6 for value in values):
        return None
    return int(values[0] or 1), int(values[1] or 1)
