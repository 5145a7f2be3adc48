"""What a person should look at before agreeing: sentences, no guesses about what is in the pixels.

No program finds all writing in a picture (PS3.15 E.3.1 leaves the last word to a human), so the question is always asked.
"""

from __future__ import annotations

from viewer.dicom.header import Header
from viewer.dicom.sop_class import SECONDARY_CAPTURE
from viewer.disclosure.frame import Recipient
from viewer.text.translate import tr

_DRAWN_UPON = frozenset({"US", "IVUS", "XA", "RF", "ES", "XC", "OT", "SC", "OP", "GM", "DOC"})

LOOK_YOURSELF = "Please look once yourself: is there any writing in the picture, such as a name?"
WRITING_LIKELY = (
    "This kind of picture often has writing drawn into it, such as a name or a date. What is drawn in leaves with it."
)
FACE = "This picture goes through the head. A face can be recognised from its outline."
NOT_ENCRYPTED = (
    "The way to this address is not encrypted: whoever carries the data can read the picture and your question."
)
GOES_AGAIN = "The earlier questions, answers and pictures of this conversation go along again."


def writing_is_likely(header: Header) -> bool:
    """Whether pictures like this one often hold burned-in text: (0028,0301) YES, secondary capture, ultrasound, …"""
    return (
        header.burned_in.upper() == "YES"
        or f"{header.sop_class}.".startswith(SECONDARY_CAPTURE + ".")  # and its multi-frame kinds below it
        or header.modality.upper() in _DRAWN_UPON
        or "SCREEN SAVE" in header.image_type
    )


def warnings_for(recipient: Recipient, writing_likely: bool, face_likely: bool, again: bool) -> tuple[str, ...]:
    """The sentences for the preview, the always-asked one last."""
    unencrypted = recipient.base_url.lower().startswith("http://") and not recipient.is_local
    said = ((unencrypted, NOT_ENCRYPTED), (writing_likely, WRITING_LIKELY), (face_likely, FACE), (again, GOES_AGAIN))
    return tuple(tr(sentence) for holds, sentence in said if holds) + (tr(LOOK_YOURSELF),)
