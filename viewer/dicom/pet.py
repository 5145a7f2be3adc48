"""What an uptake value (SUV) is worked out from: dose, weight, times (PS3.3 C.8.9.1, C.8.9.4; R-Q2, R-Q3, R-Q4, R-Q5)."""

from __future__ import annotations

from viewer.dicom.fields import Fields
from viewer.dicom.header import PetFacts

_DRUG, _CORRECTED, _DECAY, _SUV_TYPE = 0x00540016, 0x00280051, 0x00541102, 0x00541006
_GE, _SIEMENS, _PHILIPS_SUV, _PHILIPS_BQ = 0x0009100D, 0x00711022, 0x70531000, 0x70531009
_CREATORS = {
    0x00090010: "GEMS_PETD_01",
    0x00710010: "SIEMENS MED PT",
    0x70530010: "PHILIPS PET PRIVATE GROUP",
}
# asked for in every file, but told of PET only: elsewhere they may hold anything
PET_TAGS = frozenset({
    _DRUG, _CORRECTED, _DECAY, _SUV_TYPE, _GE, _SIEMENS, _PHILIPS_SUV, _PHILIPS_BQ, *_CREATORS,
    0x00080021, 0x00080022, 0x00080031, 0x00080201, 0x00101030, 0x00181242, 0x00189701, 0x00189758,
})  # fmt: skip


def pet_facts(fields: Fields, modality: str) -> PetFacts | None:
    """The facts of a PET picture; None for any other."""
    if modality != "PT":
        return None
    drug = fields.item(_DRUG) or Fields({}, fields.encoding)
    text = fields.text
    return PetFacts(
        weight_kg=fields.decimal(0x00101030),
        dose_bq=drug.decimal(0x00181074),
        half_life_s=drug.decimal(0x00181075),
        injection_datetime=drug.text(0x00181078),
        injection_time=drug.text(0x00181072),
        decay_correction=fields.word(_DECAY) or _enhanced_decay(fields),
        decay_datetime=text(0x00189701),
        corrected=tuple(word.strip().upper() for word in fields.words(_CORRECTED)),
        suv_type=fields.word(_SUV_TYPE),
        series_date=text(0x00080021),
        series_time=text(0x00080031),
        acquisition_date=text(0x00080022),
        vendor_start=_private(fields, 0x00090010, _GE) or _private(fields, 0x00710010, _SIEMENS),
        philips_suv=_factor(fields, _PHILIPS_SUV),
        philips_bq_ml=_factor(fields, _PHILIPS_BQ),
        frame_duration_ms=fields.decimal(0x00181242),
        timezone=text(0x00080201),
    )


def _enhanced_decay(fields: Fields) -> str:
    """Enhanced objects say YES or NO, and to which moment (0018,9701)."""
    return {"NO": "NONE", "YES": "DATETIME"}.get(fields.word(0x00189758), "")


def _has_creator(fields: Fields, creator: int) -> bool:
    return fields.text(creator).upper() == _CREATORS[creator]


def _private(fields: Fields, creator: int, tag: int) -> str:
    return fields.text(tag) if _has_creator(fields, creator) else ""


def _factor(fields: Fields, tag: int) -> float | None:
    value = fields.decimal(tag) if _has_creator(fields, 0x70530010) else None
    return value if value is not None and 0 < value < 1e12 else None
