"""Pictures that a CT worked out from several X-ray energies: they look like others, and show something else.

PS3.3 C.8.2.1.1.1 (fourth value of the image type), PS3.17 JJJJ.4: without its name such a picture is taken for a usual one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from viewer.index.model import Frame
from viewer.index.order import column
from viewer.index.split import image_type
from viewer.text.translate import tr


class Spectral(StrEnum):
    """What was worked out."""

    ONE_ENERGY = "VMI"
    SUBSTANCE = "MAT_SPECIFIC"
    REMOVED = "MAT_REMOVED"
    SHARE = "MAT_FRACTIONAL"
    ATOMS = "EFF_ATOMIC_NUM"
    ELECTRONS = "ELECTRON_DENSITY"
    CHANGED = "MAT_MODIFIED"
    BY_VALUE = "MAT_VALUE_BASED"


_WORDS = {
    Spectral.ONE_ENERGY: "as with one X-ray energy",
    Spectral.SUBSTANCE: "one substance alone",
    Spectral.REMOVED: "one substance taken out",
    Spectral.SHARE: "share of one substance",
    Spectral.ATOMS: "kinds of atoms",
    Spectral.ELECTRONS: "density of electrons",
    Spectral.CHANGED: "one substance changed",
    Spectral.BY_VALUE: "some values changed",
}

_ENERGY = column("header", "energy_kev")


def spectral_of(frame: Frame) -> Spectral | None:
    """What a picture of CT was worked out to show, None for a usual one."""
    if frame.header.modality.upper() != "CT":
        return None
    return next((Spectral(word) for word in image_type(frame)[3:] if word in _WORDS), None)


def spectral_words(frames: Sequence[Frame]) -> str:
    """The same of a set, in plain words, "" for usual pictures."""
    found, energies = spectral_of(frames[0]), set(_ENERGY(frames))
    if found is Spectral.ONE_ENERGY and len(energies) == 1 and (energy := energies.pop()) is not None:
        return tr("as with X-rays of {n} keV", n=f"{energy:g}")
    return tr(_WORDS[found]) if found is not None else ""
