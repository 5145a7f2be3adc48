"""Objects with functional groups: what is told per frame beats what is told of all frames, and that beats the root.

PS3.3 C.7.6.16 (rule R-P6). One macro is one row of `_MACROS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from viewer.dicom.fields import Fields
from viewer.dicom.frames import PHASE, directions_of, goes_below_zero, orientation_of, positive
from viewer.dicom.header import FrameFacts, PixelDescription
from viewer.dicom.realworld import MAPPINGS, real_world_values
from viewer.dicom.rescale import rescale
from viewer.dicom.shutters import shutters_of
from viewer.dicom.spacing import IMAGER, pair
from viewer.dicom.tables import VOI_LUT, luts, windows
from viewer.dicom.vendor import b_value, direction, direction_in

SHARED_GROUPS, FRAME_GROUPS = 0x52009229, 0x52009230
_POSITION, _ORIENTATION, _MEASURES = 0x00209113, 0x00209116, 0x00289110
_VOLUME_POSITION, _VOLUME_ORIENTATION = 0x0020930E, 0x0020930F
VOLUME_REFERENCE = 0x00209312
ENERGIES, _ENERGY = 0x00189364, 0x0018937C
_TRANSFORM, _WINDOW, _CONTENT = 0x00289145, 0x00289132, 0x00209111
_ECHO, _DIFFUSION, _TIMING = 0x00189114, 0x00189117, 0x00189112
_FRAME_TYPES = (  # MR, CT, PET, parametric map, …
    0x00189226, 0x00189329, 0x00189751, 0x00409092,
    0x00189504, 0x00189806, 0x00189835, 0x00520025, 0x00480116,  # 3D X-ray, ultrasound, photoacoustic, IVOCT, confocal
)  # fmt: skip
_MODIFIER, _RECONSTRUCTION, _BEAM = 0x00189115, 0x00189314, 0x00189325
_TEMPORAL, _CARDIAC = 0x00209310, 0x00189118
_SHUTTERS = 0x00189472
_ANATOMY, _FRAME_SIDE, _REGION, _BODY_PART = 0x00209071, 0x00209072, 0x00082218, 0x00180015
_SEGMENT = 0x0062000A
_ON_DETECTOR, _IN_BEAM, _CALIBRATED = 0x00289443, 0x00189401, 0x00189404
# group of a frame, where it tells the size of a pixel, and what that size is of (rules R-M1, R-M2)
_SIZES = (
    (_MEASURES, 0x00280030, "patient"), (_IN_BEAM, _CALIBRATED, "calibrated"), (_ON_DETECTOR, IMAGER, "detector"),
)  # fmt: skip
_Macros = dict[int, Callable[[Fields], dict[str, object]]]
_OF_COMPLEX = {"PHASE": "PHASE", "REAL": "R", "IMAGINARY": "I"}  # (0008,9208), as image types have it


def group_facts(
    fields: Fields, base: FrameFacts, frames: int, manufacturer: str, pixels: PixelDescription | None
) -> tuple[FrameFacts, tuple[FrameFacts, ...], str]:
    """(shared facts, facts of each frame, code of a Problem or "") of an object with functional groups."""
    if SHARED_GROUPS not in fields.values and FRAME_GROUPS not in fields.values:
        return base, (), ""
    root = replace(base, position=None) if frames > 1 else base  # one place cannot be that of many
    macros = _MACROS if is_in_patient(fields) else _IN_VOLUME
    shared, word = _with_groups(root, fields.item(SHARED_GROUPS), macros, manufacturer, pixels)
    frames_items = fields.items(FRAME_GROUPS, frames)
    made: list[FrameFacts] = []
    for item in frames_items:
        facts, said = _with_groups(shared, item, macros, manufacturer, pixels)
        word = word or said
        made.append(facts)
    if made and len(made) < frames:  # groups for fewer frames than there are pictures: the rest has no known place
        made += [replace(shared, position=None)] * (frames - len(made))
    return shared, tuple(made), word


def is_in_patient(fields: Fields) -> bool:
    """Whether the groups tell places in the patient, which go before those in the coordinate system of a volume
    (PS3.3 C.8.24.2, A.59.4.1.2: photoacoustics and ultrasound may tell both)."""
    groups = [one for tag in (SHARED_GROUPS, FRAME_GROUPS) if (one := fields.item(tag)) is not None]
    in_volume = any(_VOLUME_POSITION in one for one in groups)
    return not in_volume or any(_POSITION in one for one in groups)


def _with_groups(
    base: FrameFacts, groups: Fields | None, macros: _Macros, manufacturer: str, pixels: PixelDescription | None
) -> tuple[FrameFacts, str]:
    """`base` with what the macros of one item say, and the code of a Problem or ""."""
    if groups is None:
        return base, ""
    new: dict[str, object] = {}
    word = ""
    for tag, read in macros.items():
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


def spacing_kind(fields: Fields) -> str:
    """What the size of a pixel is of, by the groups of an object: see `Header.spacing_kind`."""
    groups = [one for tag in (FRAME_GROUPS, SHARED_GROUPS) if (one := fields.item(tag)) is not None]
    for group, size, kind in _SIZES:
        if any((item := one.item(group)) is not None and item.raw(size) for one in groups):
            return kind
    return ""


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
        if (energy := energy_kev(one)) is not None:
            told["energy_kev"] = energy
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
    return told | _anatomy(fields)


def _anatomy(fields: Fields) -> dict[str, object]:
    """Side and part of the body (PS3.3 C.7.6.16.2.8): a side only where all frames have the same."""
    first = fields.item(SHARED_GROUPS)
    shared = first is not None and _ANATOMY in first
    if not shared:
        first = fields.item(FRAME_GROUPS)
    item = first.item(_ANATOMY) if first is not None else None
    if item is None:
        return {}
    told: dict[str, object] = {}
    side, region = item.word(_FRAME_SIDE), item.item(_REGION)
    if side in ("L", "R", "B"):
        alike = shared or all(_side(group) == side for group in fields.items(FRAME_GROUPS))
        told["laterality"] = side if alike else "B"
    if region is not None and not fields.raw(_BODY_PART):
        told["body_part"] = region.text(0x00080104)
    return told


def _side(group: Fields) -> str:
    item = group.item(_ANATOMY)
    return item.word(_FRAME_SIDE) if item is not None else ""


def energy_kev(fields: Fields) -> float | None:
    """The one energy that a picture of CT with several was worked out for, by the root or a group (PS3.3 C.8.2.2, C.8.15.3.12)."""
    item = fields.item(ENERGIES) if ENERGIES in fields.values else None
    value = item.double(_ENERGY) if item is not None else None
    return value if value is not None and 1 <= value < 1000 else None


def _position(item: Fields) -> dict[str, object]:
    return {"position": item.vector3(0x00200032)}


def _orientation(item: Fields) -> dict[str, object]:
    return {"orientation": orientation_of(item, 0x00200037)}


def _volume_position(item: Fields) -> dict[str, object]:
    place = item.doubles(0x00209301)
    return {"position": place if len(place) == 3 and None not in place else None}


def _volume_orientation(item: Fields) -> dict[str, object]:
    return {"orientation": directions_of(item.doubles(0x00209302))}


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
    told = {"trigger_time": item.double(0x00209153), "phase_percent": item.double(PHASE)}
    return {name: value for name, value in told.items() if value is not None}


def _moment(item: Fields) -> dict[str, object]:
    value = item.double(0x0020930D)
    return {"reference_ms": value * 1000.0} if value is not None and abs(value) < 1e9 else {}


def _covering(item: Fields) -> dict[str, object]:
    return {"shutters": shutters_of(item)}


_MACROS: _Macros = {
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
    _SEGMENT: lambda item: {"segment": item.number(0x0062000B) or 0},
    **dict.fromkeys(_FRAME_TYPES, _kind),
}
_IN_VOLUME: _Macros = _MACROS | {_VOLUME_POSITION: _volume_position, _VOLUME_ORIENTATION: _volume_orientation}
