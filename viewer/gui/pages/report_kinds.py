"""How each kind of file that is not shown stands in the import report: icon, colour, title and what it means."""

from __future__ import annotations

from dataclasses import dataclass

UNREADABLE, LOCKED = "unreadable", "locked"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of skipped file is shown."""

    icon: str
    token: str
    title: str
    words: str


KINDS: dict[str, Kind] = {
    "damaged": Kind("triangle-alert", "bad", "Damaged", "They could not be read as pictures. Everything else is here."),
    "packed_otherwise": Kind("file-archive", "bad", "Packed in a way that Sidelight cannot undo",
                             "Ask the clinic for these pictures without compression. Everything else is here."),
    UNREADABLE: Kind("triangle-alert", "bad", "Could not be read from the disc",
                       "Wipe the disc with a soft cloth and read them again, or ask the clinic for a new copy."),
    "too_large": Kind("file-archive", "warn", "Packed files that would grow far beyond their size",
                      "Unpack them yourself if you trust where they came from, then open the folder."),
    LOCKED: Kind("lock", "warn", "Locked with a password", "What is inside can be shown once the password is entered."),
    "link": Kind("arrow-up-right", "text2", "Links to other places",
                 "They were not followed. Open the place they lead to, if you trust it."),
    "duplicate": Kind("images", "text2", "The same picture again", "Each picture is shown once."),
    "not_a_picture": Kind("file-text", "text2", "Not pictures", "Reports, settings and other things stored with the pictures."),
    "dicomdir": Kind("list", "text2", "The disc's own list", "It was used as a list to check against."),
    "viewer": Kind("file-text", "text2", "The disc's own viewer program", "It was not started."),
    "packed": Kind("file-archive", "text2", "Packed files that were opened", "What is inside is counted and listed by itself."),
    "unopened": Kind("file-archive", "text2", "Packed files that were not opened",
                     "What is in them is not shown. Unpack them and open that folder."),
    "system": Kind("file-text", "text2", "Left by a computer", "Hidden files of macOS or Windows; they hold no scan."),
    "not_dicom": Kind("file-text", "text2", "Other files", "They hold no scan."),
    "empty": Kind("file-text", "text2", "Empty files", "There is nothing in them."),
}  # fmt: skip
OTHER = Kind("file-text", "text2", "Other files", "")
