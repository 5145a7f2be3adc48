"""Key object selections: pictures somebody put a star on, with what the star means (PS3.3 A.35.4, C.17.6, CID 7010)."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.references import SOP, Reference, references
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.problem import ProblemError, problem

MOST_ITEMS = 20_000
_CONCEPT, _CONTENT, _KIND, _WORDS = 0x0040A043, 0x0040A730, 0x0040A040, 0x0040A160
_MEANING, _CODE = 0x00080104, 0x00080100
_REJECTED = frozenset({"113001", "113037", "113038", "113039"})  # for quality, safety, wrong worklist entry, expired


@dataclass(frozen=True, slots=True)
class KeyObjects:
    """One selection: its title ("Of Interest"), a note, its pictures. `rejected`: set aside, not pointed out."""

    title: str
    note: str
    pictures: tuple[Reference, ...]
    rejected: bool = False


def read_key_objects(medium: FileReader, found: FileFacts | str) -> KeyObjects:
    """The selection in a file. Raises ProblemError."""
    try:
        return _key_objects(data_set(medium, found, {_CONCEPT, _CONTENT, 0x00080005}).fields)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", found if isinstance(found, str) else found.path)) from error


def _key_objects(fields: Fields) -> KeyObjects:
    concept = fields.item(_CONCEPT)
    title, code = (concept.text(_MEANING), concept.text(_CODE)) if concept is not None else ("", "")
    notes: list[str] = []
    pictures: list[Reference] = []
    waiting, count = [fields], 0
    while waiting and count < MOST_ITEMS:
        item = waiting.pop()
        for child in item.items(_CONTENT, MOST_ITEMS):
            count += 1
            kind = child.word(_KIND)
            if kind == "TEXT":
                notes.append(child.text(_WORDS))
            elif kind == "IMAGE":
                pictures += references(child, SOP)
            elif kind == "CONTAINER":
                waiting.append(child)
    return KeyObjects(title, " ".join(notes)[:1_024], tuple(dict.fromkeys(pictures)), code in _REJECTED)
