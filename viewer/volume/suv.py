"""The uptake value (SUV) of PET: one factor for a series, or the reason why there is none. Never a guess.

SUVbw = activity [Bq/ml] × weight [g] / dose at the start of the scan [Bq] (PS3.3 C.8.9.1, C.8.9.4; R-Q2, R-Q3, R-Q4, R-Q5, R-Q6).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from viewer.dicom.header import FrameFacts, Header, PetFacts
from viewer.problem import Problem, problem

_WEIGHTS_KG = (1.0, 400.0)
_DOSES_BQ = (1e6, 2e9)
_MEGABECQUERELS = (10.0, 1000.0)  # a dose of this size was written in MBq
_HALF_LIVES_S = (60.0, 1e6)
_HALF_DAY = timedelta(hours=12)
_LONGEST = timedelta(days=2)  # from injection to scan
_NAMES = {"": "SUVbw", "BW": "SUVbw", "LBM": "SUVlbm", "LBMJAMES128": "SUVlbm", "LBMJANMA": "SUVlbm", "BSA": "SUVbsa",
          "IBW": "SUVibw"}  # fmt: skip
_DIGITS = re.compile(r"(\d{8})(\d{2})(\d{2})?(\d{2})?(?:\.(\d{1,6}))?")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})$")  # from UTC, at the end of a DT (PS3.5 6.2)


@dataclass(frozen=True, slots=True)
class SuvFactor:
    """uptake = modality value × `factor`; `name` says what it is counted against ("SUVbw": body weight)."""

    factor: float
    name: str = "SUVbw"


def suv_factor(header: Header, frames: Sequence[FrameFacts] = ()) -> SuvFactor | Problem:
    """The factor for all modality values of a PET series, or why there is none.

    header: of any picture of the series. frames: facts of all of its pictures, whose acquisition times and reference
    times tell when the scan began; without them those of the header.
    """
    pet = header.pet
    if pet is None:
        return problem("suv_not_pet")
    units = header.units.upper()
    if units == "GML":
        return SuvFactor(1.0, uptake_name(pet))
    if units == "CNTS" and pet.philips_suv is not None:
        return SuvFactor(pet.philips_suv)
    if units == "CNTS" and pet.philips_bq_ml is not None:
        return _by_weight(pet, frames or (header.shared,), pet.philips_bq_ml)
    if units != "BQML":
        return problem("suv_units")
    return _by_weight(pet, frames or (header.shared,), 1.0)


def uptake_name(pet: PetFacts) -> str:
    """What values in g/ml are counted against, as the file says; "SUV" where it says what the standard does not (R-Q5)."""
    return _NAMES.get(pet.suv_type, "SUV")


def _by_weight(pet: PetFacts, frames: Sequence[FrameFacts], bq_ml: float) -> SuvFactor | Problem:
    weight, dose, half_life = pet.weight_kg, pet.dose_bq, pet.half_life_s
    if not {"ATTN", "DECY"} <= set(pet.corrected):
        return problem("suv_not_corrected")
    if weight is None or not _WEIGHTS_KG[0] <= weight <= _WEIGHTS_KG[1]:
        return problem("suv_no_weight")
    if dose is not None and _MEGABECQUERELS[0] <= dose <= _MEGABECQUERELS[1]:
        return problem("suv_dose_unit")
    if dose is None or not _DOSES_BQ[0] <= dose <= _DOSES_BQ[1]:
        return problem("suv_no_dose")
    if half_life is None or not _HALF_LIVES_S[0] <= half_life <= _HALF_LIVES_S[1]:
        return problem("suv_no_half_life")
    waited = _waited_s(pet, frames)
    if isinstance(waited, Problem):
        return waited
    return SuvFactor(bq_ml * weight * 1000.0 / (dose * 2.0 ** (-waited / half_life)))


def _waited_s(pet: PetFacts, frames: Sequence[FrameFacts]) -> float | Problem:
    """Seconds from the injection to the moment that the activity was corrected to."""
    if pet.decay_correction == "ADMIN":
        return 0.0
    if pet.decay_correction not in ("START", "DATETIME"):
        return problem("suv_decay_unknown")
    start = _local(pet, pet.decay_datetime) if pet.decay_correction == "DATETIME" else _scan_start(pet, frames)
    injected = None if start is None else _injection(pet, start)
    if start is None or injected is None:
        return problem("suv_no_times")
    waited = start - injected
    return waited.total_seconds() if timedelta(0) <= waited <= _LONGEST else problem("suv_times_contradict")


def _scan_start(pet: PetFacts, frames: Sequence[FrameFacts]) -> datetime | None:
    """Series time where it is not later than any picture; a series made later has it from the scanner's own field,
    else from the earliest picture less its distance from the start (R-Q3)."""
    series = _moment(pet.series_date + pet.series_time) if pet.series_time else None
    date = pet.acquisition_date or pet.series_date
    taken = [(_moment(date + one.acquisition_time), one) for one in frames if one.acquisition_time]
    known = [(moment, one) for moment, one in taken if moment is not None]
    if not known:
        return _local(pet, pet.vendor_start) or series
    if series is not None:  # a scan over midnight: the pictures after it belong to the next day
        known = [(moment + timedelta(days=1) if series - moment > _HALF_DAY else moment, one) for moment, one in known]
    earliest, facts = min(known, key=lambda pair: pair[0])
    if series is not None and series <= earliest:
        return series
    if (own := _local(pet, pet.vendor_start)) is not None:
        return own
    return earliest - timedelta(seconds=_before_s(pet, facts))


def _before_s(pet: PetFacts, first: FrameFacts) -> float:
    """Seconds from the start of the scan to that of its earliest picture. The reference time leads to the moment within
    the picture at which the activity had its mean (PS3.3 C.8.9.4.1.5), a little before its middle."""
    duration, decay = (pet.frame_duration_ms or 0.0) / 1000.0, math.log(2) / (pet.half_life_s or math.inf)
    reference = (first.reference_ms or 0.0) / 1000.0
    if not 0 < reference < _LONGEST.total_seconds() or not 0 <= duration < _HALF_DAY.total_seconds():
        return 0.0
    shrunk = -math.expm1(-decay * duration)
    middle = math.log(decay * duration / shrunk) / decay if shrunk > 0 else 0.0
    return max(reference - middle, 0.0)


def _injection(pet: PetFacts, start: datetime) -> datetime | None:
    """The injection; a time of day without a date is that of the scan's day, or of the day before when it is later."""
    if (known := _local(pet, pet.injection_datetime)) is not None:
        return known
    if not pet.injection_time:
        return None
    told = _moment(start.strftime("%Y%m%d") + pet.injection_time)
    return told - timedelta(days=1) if told is not None and told > start else told


def _local(pet: PetFacts, text: str) -> datetime | None:
    """A DT in the time of the file's other dates and times (PS3.3 C.12.1.1.8). Where one of the two offsets from UTC is
    not told, both are taken for the same."""
    moment, own = _moment(text), _OFFSET.search(text)
    here = _OFFSET.search(pet.timezone) or _OFFSET.search(pet.decay_datetime)
    if moment is None or own is None or here is None:
        return moment
    try:
        return moment + _ahead(here) - _ahead(own)
    except OverflowError:
        return None


def _ahead(offset: re.Match[str]) -> timedelta:
    """By how much clocks at this offset are ahead of UTC."""
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return -ahead if offset[1] == "-" else ahead


def _moment(text: str) -> datetime | None:
    """A DT without its offset from UTC, or a DA and TM put together."""
    found = _DIGITS.match(text.replace(":", "").replace(" ", ""))
    if found is None:
        return None
    day, hour, minute, second, part = found.groups()
    try:
        whole = datetime.strptime(day + hour + (minute or "00") + (second or "00"), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return whole + timedelta(microseconds=int((part or "0").ljust(6, "0")))
