"""Storage SOP classes: what kind of object a file holds, by the names of the standard (PS3.4 B.5, B.6; PS3.6 A)."""

from __future__ import annotations

STORAGE = "1.2.840.10008.5.1.4.1.1."  # all of them begin so

CT_IMAGE, ENHANCED_CT, CONVERTED_CT = STORAGE + "2", STORAGE + "2.1", STORAGE + "2.2"
ULTRASOUND_FILM, OLD_ULTRASOUND_FILM, ULTRASOUND_VOLUME = STORAGE + "3.1", STORAGE + "3", STORAGE + "6.2"
NUCLEAR_MEDICINE, OLD_NUCLEAR_MEDICINE = STORAGE + "20", STORAGE + "5"
SECONDARY_CAPTURE = STORAGE + "7"
SECONDARY_CAPTURE_FILMS = tuple(
    f"{SECONDARY_CAPTURE}.{number}" for number in (1, 2, 3, 4)
)  # bits, grey, more grey, colour
XRAY_ANGIOGRAPHY, XRAY_FLUOROSCOPY = STORAGE + "12.1", STORAGE + "12.2"
XRAY_3D_ANGIOGRAPHY, XRAY_3D_CRANIOFACIAL, BREAST_TOMOSYNTHESIS = (STORAGE + f"13.1.{number}" for number in (1, 2, 3))
# X-rays, mammograms, teeth and views of a breast before the machine made them ready to be looked at
FOR_PROCESSING = frozenset(STORAGE + below for below in ("1.1.1", "1.2.1", "1.3.1", "13.1.5"))
PARAMETRIC_MAP = STORAGE + "30"
SEGMENTATION, LABEL_MAP = STORAGE + "66.4", STORAGE + "66.7"
KEY_OBJECTS = STORAGE + "88.59"
STRUCTURE_SET = STORAGE + "481.3"
