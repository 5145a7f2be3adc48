"""From raw values to a `Header`: which tags are asked for, and what each becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from viewer.dicom.charset import person_name
from viewer.dicom.encoding import UIDS, Encoding, Syntax, syntax
from viewer.dicom.fields import Fields
from viewer.dicom.frames import aspect, frame_time, frame_times, goes_below_zero, root_facts
from viewer.dicom.functional_groups import (
    ENERGIES,
    FRAME_GROUPS,
    SHARED_GROUPS,
    VOLUME_REFERENCE,
    energy_kev,
    group_facts,
    is_in_patient,
    spacing_kind,
    told_in_groups,
)
from viewer.dicom.header import FrameFacts, Header, Lut, Palette, Person
from viewer.dicom.mixed import PRESENTATION, is_meant_in_colour, is_mixed, whole_palette
from viewer.dicom.overlay import OVERLAY_TAGS, overlay_planes
from viewer.dicom.pet import PET_TAGS, pet_facts
from viewer.dicom.picture import DRAWN_OVER, Picture, picture_of
from viewer.dicom.pixels import PADDINGS
from viewer.dicom.place import MAX_FRAMES
from viewer.dicom.profile import PROFILE, colour_profile, is_colour, to_screen
from viewer.dicom.realworld import DOSE_SCALING, DOSE_UNITS
from viewer.dicom.regions import REGIONS, ultrasound_regions
from viewer.dicom.rescale import rescale
from viewer.dicom.shutters import SHAPE, SHUTTER_TAGS, bitmap_group, shutters_of
from viewer.dicom.source import FileFacts, Source
from viewer.dicom.spacing import magnification
from viewer.dicom.start import Start
from viewer.dicom.stepped import DOSE_OFFSETS, dose_facts, nuclear_facts
from viewer.dicom.tables import VOI_LUT, luts, palette
from viewer.dicom.vendor import B_TAGS, COMMENT, DIRECTION_TAGS, MOSAIC_TAGS, mosaic
from viewer.dicom.walk import Walked
from viewer.problem import ProblemError, problem

_TITLE, _CONCEPT = 0x00420010, 0x0040A043  # PS3.3 C.24.2, C.17.3
_LOCKED_FACTS = 0x04000500  # encrypted attributes, PS3.15 E.1
FACTS = frozenset({
    _LOCKED_FACTS, 0x00080005, 0x00080008, 0x00080016, 0x00080018, 0x00080020, 0x00080030, 0x00080032, 0x00080060, 0x00080070,
    0x00081030, 0x0008103E, 0x00081090, 0x00082144, 0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00102210, 0x00180010, 0x00180012,
    0x00189008, 0x00189016, 0x00189017, 0x00189018, 0x00180015, 0x00180020, 0x00180021, 0x00180024, 0x00180040, 0x00180050, 0x00180060, 0x00180080, 0x00180081,
    0x00180082, 0x00180086, 0x00180088, 0x00181030, 0x00181060, 0x00181063, 0x00181065, 0x00181164,
    0x00181210, 0x00181244, 0x00181314, 0x00181520, 0x00181521, 0x00182010, 0x00185101, 0x00186011, 0x0019100A, 0x0019100E, 0x0020000D,
    0x0020000E, 0x00200011, 0x00200012, 0x00200013, 0x00200020, 0x00200032, 0x00200037, 0x00200052, 0x00200060,
    0x00200062, 0x00200100, 0x00209056, 0x00209161, 0x00209162, 0x00209163, 0x00209228, VOLUME_REFERENCE, ENERGIES,
    0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280009, 0x00280010, 0x00280011, 0x00280030, 0x00280034,
    0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280301, 0x00280A02, 0x00281050,
    0x00281051, 0x00281052, 0x00281053, 0x00281054, 0x00281055, 0x00281056, 0x00281101, 0x00281102, 0x00281103,
    0x00281201, 0x00281202, 0x00281203, 0x00281221, 0x00281222, 0x00281223, 0x00282110, 0x00282112, 0x00283000,
    0x00283010, 0x00291010, 0x00540020, 0x00540022, 0x00540070, 0x00540080, 0x00541001, 0x52009229,
    0x52009230, 0x7FE00001, 0x7FE00002, 0x00181110, 0x00181111, 0x00181114, 0x00409096, 0x00541300, 0x30020011,
    0x30020022, 0x30020026, 0x3004000C,
    0x00281090, 0x00286100, 0x00209241, COMMENT, DOSE_UNITS, DOSE_SCALING, PRESENTATION, PROFILE, _TITLE, _CONCEPT,
}) | B_TAGS | DIRECTION_TAGS | MOSAIC_TAGS | PET_TAGS | OVERLAY_TAGS | SHUTTER_TAGS | PADDINGS  # fmt: skip

_VIEWING_MODE, _MASKS, _MASK_OPERATION = 0x00281090, 0x00286100, 0x00286101  # PS3.3 C.7.6.10
_MODALITY_LUT = 0x00283000
_TURNS, _TURNED_DEGREES = (0x00181520, 0x00181521), 10.0  # from picture to picture, in both directions


_AS_WRITTEN: tuple[tuple[str, Callable[[Fields, int], object], int], ...] = (
    ("frame_of_reference", Fields.uid, 0x00200052),
    ("study_uid", Fields.uid, 0x0020000D),
    ("series_uid", Fields.uid, 0x0020000E),
    ("series_number", Fields.integer, 0x00200011),
    ("instance_number", Fields.integer, 0x00200013),
    ("acquisition_number", Fields.integer, 0x00200012),
    ("study_date", Fields.text, 0x00080020),
    ("study_time", Fields.text, 0x00080030),
    ("study_description", Fields.text, 0x00081030),
    ("series_description", Fields.text, 0x0008103E),
    ("protocol", Fields.text, 0x00181030),
    ("body_part", Fields.text, 0x00180015),
    ("model", Fields.text, 0x00081090),
    ("sequence_name", Fields.text, 0x00180024),
    ("kernel", Fields.text, 0x00181210),
    ("repetition_time", Fields.decimal, 0x00180080),
    ("echo_time", Fields.decimal, 0x00180081),
    ("inversion_time", Fields.decimal, 0x00180082),
    ("flip_angle", Fields.decimal, 0x00181314),
    ("kvp", Fields.decimal, 0x00180060),
    ("spacing_between_slices", Fields.decimal, 0x00180088),
    ("lossy_ratio", Fields.decimal, 0x00282112),
    ("units", Fields.word, 0x00541001),
    ("view", Fields.word, 0x00185101),
    ("burned_in", Fields.word, 0x00280301),
)  # fact of the header, how its value is read, its element


def header_of(found: FileFacts, source: Source, start: Start, encoding: Encoding, walked: Walked) -> Header:
    """The Header of a walked data set; raises ProblemError where nothing of it can be used."""
    fields = Fields(walked.values, encoding)
    where = found.path
    kind, words = _true_syntax(start, encoding)
    sop_class = fields.uid(0x00080016) or start.sop_class
    if walked.damage:
        _give_up_or_go_on(walked, sop_class, where)
        words.append("file_part_damaged")
    picture = picture_of(fields, source, walked.pixels, kind, sop_class, where)
    if kind.compressed and kind.known and picture.place is not None and not picture.place.encapsulated:
        kind = syntax(UIDS[encoding])  # plain pixels, whatever the label says
    mixed = is_mixed(fields, picture.pixels)
    if mixed and picture.pixels is not None:
        picture = replace(picture, pixels=replace(picture.pixels, photometric="PALETTE COLOR"))
    if is_meant_in_colour(fields, picture.pixels):
        words.append("meant_in_colour")
    if _MASKS in walked.values and picture.pixels is not None and _is_meant_subtracted(fields):
        words.append("meant_subtracted")
    overlays = overlay_planes(fields, walked.places, picture.pixels) if _has_overlay(walked) else ()
    covering = {plane.group for plane in overlays}
    if bitmap_group(fields) not in (0, *covering):
        words.append("shutter_missing")
    header = _header(found, fields, start, kind, sop_class, picture, words)
    if mixed and header.palette is not None and header.pixels is not None:
        facts = header.per_frame[0] if header.per_frame else header.shared
        header = replace(header, palette=whole_palette(header.palette, header.pixels, facts))
    if SHAPE in walked.values:
        header = replace(header, shutters=shutters_of(fields, covering))
    return replace(header, overlays=overlays) if overlays else header


def _is_meant_subtracted(fields: Fields) -> bool:
    """Whether pictures are meant to be seen less their mask: by the mode told for them, else by what is done with it."""
    mode = fields.word(_VIEWING_MODE)
    if mode in ("SUB", "NAT"):
        return mode == "SUB"
    return any(item.word(_MASK_OPERATION) not in ("", "NONE") for item in fields.items(_MASKS, 16))


def _has_overlay(walked: Walked) -> bool:
    return bool(walked.places) or any(0x6000 <= tag >> 16 < 0x6020 for tag in walked.values)


def _true_syntax(start: Start, encoding: Encoding) -> tuple[Syntax, list[str]]:
    """The transfer syntax that fits what was found; a compressed one stays, its fragments speak for themselves."""
    declared, words = start.syntax, list(start.words)
    if encoding == declared.encoding:
        return declared, words
    words.append("label_corrected")
    return (declared if declared.compressed else syntax(UIDS[encoding])), words


def _give_up_or_go_on(walked: Walked, sop_class: str, where: str) -> None:
    """A damaged header without a picture is no use; text objects keep what was read."""
    few = len(walked.values.keys() - PET_TAGS) < 12
    if walked.pixels is None and (not sop_class or 0x00280010 in walked.values or few):
        raise ProblemError(problem("file_damaged", where))


def _header(
    found: FileFacts,
    fields: Fields,
    start: Start,
    kind: Syntax,
    sop_class: str,
    picture: Picture,
    words: list[str],
) -> Header:
    modality, manufacturer = fields.word(0x00080060), fields.text(0x00080070)
    image_type = fields.words(0x00080008)
    frames = _of_frames(fields, picture, sop_class, modality, manufacturer, words)
    tables = _of_tables(fields, picture, frames["shared"], words)
    if _LOCKED_FACTS in fields.values:
        words.append("facts_locked")
    return Header(
        path=found.path,
        size=found.size,
        sop_class=sop_class,
        sop_uid=fields.uid(0x00080018) or start.sop_uid,
        transfer_syntax=kind.uid,
        modality=modality,
        manufacturer=manufacturer,
        image_type=image_type,
        person=_person_of(fields),
        frames=picture.frames,
        pixels=picture.pixels,
        place=picture.place,
        problems=(*picture.problems, *(problem(word, found.path) for word in words)),
        pet=pet_facts(fields, modality),
        regions=ultrasound_regions(fields),
        document_title=_title(fields),
        **(_as_written(fields) | _as_told(fields) | _in_groups(fields)),
        **frames,
        **tables,
        **_of_film(fields, picture.frames),
        **_of_mosaic(fields, image_type, picture.frames),
    )


def _as_written(fields: Fields) -> dict[str, Any]:
    """Facts that are one element each, taken as they stand."""
    return {name: read(fields, tag) for name, read, tag in _AS_WRITTEN}


# what scanners write where no contrast agent was given
_NO_AGENT = re.compile(
    r"(no|non|none|nil|nein|kein\w*|ohne|without|sans|sin|senza|nativ\w*|unknown|unbekannt|null|n a|na|0+|false)\b"
)


def _is_agent(text: str) -> bool:
    """Whether the element (0018,0010) names a contrast agent."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return bool(words) and _NO_AGENT.match(words) is None


def _as_told(fields: Fields) -> dict[str, Any]:
    """Facts that are made of an element or two."""
    values = fields.values
    return {
        "laterality": fields.word(0x00200062) or fields.word(0x00200060),
        "scanning_sequence": "\\".join(fields.words(0x00180020)),
        "sequence_variant": "\\".join(fields.words(0x00180021)),
        "contrast_agent": _is_agent(fields.text(0x00180010)),
        "pixel_aspect": aspect(fields) if 0x00280034 in values else None,
        "on_four_legs": fields.word(0x00102210) == "QUADRUPED",
        "patient_orientation": None if _turns(fields) else _letters(fields.words(0x00200020)),
        "lossy": fields.raw(0x00282110).strip(b" \0") == b"01",
        "energy_kev": energy_kev(fields),
        "concatenation": _concatenation(fields) if 0x00209161 in values else None,
    }


def _in_groups(fields: Fields) -> dict[str, object]:
    told = told_in_groups(fields) if SHARED_GROUPS in fields.values else {}
    if is_in_patient(fields):
        return told
    return told | {"in_patient": False, "frame_of_reference": fields.uid(VOLUME_REFERENCE)}


def _of_frames(
    fields: Fields, picture: Picture, sop_class: str, modality: str, manufacturer: str, words: list[str]
) -> dict[str, Any]:
    """What belongs to each frame, and how its scale came about; `words` takes what is wrong with it."""
    base, kind = root_facts(fields, modality, manufacturer, _is_signed(picture))
    shared, per_frame, said = _frames(fields, base, picture, sop_class, modality, manufacturer)
    if said or (said := rescale(fields).word if not per_frame else ""):
        words.append(said)
    if per_frame and REGIONS not in fields and per_frame[0].spacing != base.spacing:
        kind = spacing_kind(fields)
    return {
        "shared": shared,
        "per_frame": per_frame,
        "spacing_kind": kind,
        "magnification": magnification(fields) if kind in ("detector", "estimated") else None,
    }


def _of_tables(fields: Fields, picture: Picture, shared: FrameFacts, words: list[str]) -> dict[str, Any]:
    modality_lut, voi_luts, colours, damaged = _tables(fields, picture, shared)
    if damaged:
        words.append("table_damaged")
    tables = {"modality_lut": modality_lut, "voi_luts": voi_luts, "palette": colours}
    if not fields.raw(PROFILE) or picture.pixels is None or not is_colour(picture.pixels):
        return tables
    profile, understood = colour_profile(fields.raw(PROFILE))
    if not understood:
        words.append("colour_profile_unknown")
    if profile is not None and colours is not None:
        return tables | {"palette": replace(colours, colours=to_screen(colours.colours, profile))}
    return tables | {"profile": profile}


def _of_film(fields: Fields, frames: int) -> dict[str, Any]:
    values = fields.values
    return {
        "frame_time_ms": frame_time(fields) if frames > 1 else None,
        "frame_times_ms": frame_times(fields, frames) if 0x00181065 in values else (),
        "sweeps": 0x00181244 in values and fields.number(0x00181244) == 1,
    }


def _of_mosaic(fields: Fields, image_type: tuple[str, ...], frames: int) -> dict[str, Any]:
    tiles, normal = mosaic(fields, image_type) if "MOSAIC" in image_type and frames == 1 else (None, None)
    return {"mosaic_tiles": tiles, "mosaic_normal": normal}


def _title(fields: Fields) -> str:
    """What a document is called."""
    if _TITLE in fields.values:
        return fields.text(_TITLE)
    concept = fields.item(_CONCEPT) if _CONCEPT in fields.values else None
    return concept.text(0x00080104) if concept is not None else ""


def _frames(
    fields: Fields, base: FrameFacts, picture: Picture, sop_class: str, modality: str, manufacturer: str
) -> tuple[FrameFacts, tuple[FrameFacts, ...], str]:
    claimed = picture.frames
    if sop_class in DRAWN_OVER:
        claimed = min(fields.integer(0x00280008) or 1, MAX_FRAMES)
    if SHARED_GROUPS in fields.values or FRAME_GROUPS in fields.values:
        return group_facts(fields, base, claimed, manufacturer, picture.pixels)
    if modality == "NM":
        return (*nuclear_facts(fields, base, claimed), "")
    if DOSE_OFFSETS in fields.values:
        return (*dose_facts(fields, base, claimed), "")
    if claimed > 1 and frame_time(fields) is None:
        base = replace(base, position=None)  # the place of the first, and nobody tells which way the others lie
    return base, (), ""


def _tables(
    fields: Fields, picture: Picture, facts: FrameFacts
) -> tuple[Lut | None, tuple[Lut, ...], Palette | None, bool]:
    """(modality table, VOI tables, palette, whether one of them is damaged)."""
    values, damaged = fields.values, False
    signed = _is_signed(picture)
    modality_luts: tuple[Lut, ...] = ()
    voi_luts: tuple[Lut, ...] = ()
    if _MODALITY_LUT in values:
        modality_luts, damaged = luts(fields, _MODALITY_LUT, signed)
    if VOI_LUT in values:
        voi_luts, broken = luts(fields, VOI_LUT, not modality_luts and goes_below_zero(picture.pixels, facts))
        damaged = damaged or broken
    colours = palette(fields, signed) if 0x00281101 in values else None
    if picture.pixels is not None and picture.pixels.photometric == "PALETTE COLOR" and colours is None:
        damaged = True
    return (modality_luts[0] if modality_luts else None), voi_luts, colours, damaged


def _is_signed(picture: Picture) -> bool:
    return picture.pixels is not None and picture.pixels.is_signed


def _person_of(fields: Fields) -> Person:
    raw = fields.raw
    return _person(raw(0x00100010), raw(0x00100020), fields.text(0x00100030), fields.word(0x00100040), fields.declared)


@lru_cache(maxsize=1024)
def _person(name: bytes, identifier: bytes, birth: str, sex: str, declared: str) -> Person:
    shown, guessed = person_name(name, declared)
    plain_id = Fields({0: identifier}, Encoding(True, True), declared).text(0)
    return Person(shown, plain_id, birth, sex, guessed)


def _letters(words: tuple[str, ...]) -> tuple[str, str] | None:
    return (words[0].upper(), words[1].upper()) if len(words) == 2 and all(words) else None


def _turns(fields: Fields) -> bool:
    """Whether the machine went round the patient while the film ran (PS3.3 C.8.7.5): its sides are those of the first
    picture only."""
    ways = ([angle for angle in fields.decimals(tag) if angle is not None] for tag in _TURNS if tag in fields.values)
    # told from the first picture or from the one before: writers differ
    return any(way and max(max(way) - min(way), abs(sum(way))) > _TURNED_DEGREES for way in ways)


def _concatenation(fields: Fields) -> tuple[str, int, int] | None:
    part = fields.number(0x00209162)
    return (fields.uid(0x00209161), part, fields.number(0x00209163) or 0) if part else None
