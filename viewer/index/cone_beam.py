"""CT taken with a cone of X-rays: of teeth, from C-arms in operating rooms, beside machines of radiotherapy.

Such pictures are stored as CT, but scattered rays and cut-off bodies shift their numbers, and their makers may leave out
the calibration by water and air: they are no Hounsfield units (R-P13). No field of the standard tells them in a CT image.
"""

from __future__ import annotations

from viewer.dicom.header import Header
from viewer.index.words import find_word


def is_cone_beam(header: Header) -> bool:
    """Whether the maker or the model of the machine says so; the table is `resources/words/cone_beam.json`."""
    return header.modality == "CT" and bool(find_word("cone_beam", (header.model, header.manufacturer)))
