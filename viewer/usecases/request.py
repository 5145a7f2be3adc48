"""What a person can write to the clinic about a disc: one short text, made only where something is really to ask for."""

from __future__ import annotations

from collections import Counter

from viewer.index.model import DiscIndex, Series
from viewer.problem import Problem, Severity
from viewer.text.dates import date_words
from viewer.text.translate import count_of, tr

_FILES = (
    ("unreadable", "{n} file on it cannot be read.", "{n} files on it cannot be read."),
    ("damaged", "{n} file on it is damaged.", "{n} files on it are damaged."),
    (
        "packed_otherwise",
        "{n} file on it is packed in a way that my program cannot undo.",
        "{n} files on it are packed in a way that my program cannot undo.",
    ),
)
_MISSING = (
    "{n} file that its own list names is missing.",
    "{n} files that its own list names are missing.",
)
MOST_SETS = 6


def clinic_request(disc: DiscIndex) -> str:
    """ "The disc of my examination of 12 March 2024 is not complete. 9 files on it cannot be read. Please …", or "".

    Holds no name of a person and no path.
    """
    faults = _faults(disc)
    asked = next((words for words in map(asked_words, disc.problems) if words), "")
    if not faults:
        return asked
    return " ".join((_opening(disc), *faults, asked or _please()))


def _please() -> str:
    return tr("Please give me a complete new copy as DICOM files, without compression and without a password.")


def _opening(disc: DiscIndex) -> str:
    dates = list(dict.fromkeys(date_words(study.date) for study in disc.studies if study.date))
    if len(dates) == 1:
        return tr("The disc of my examination of {date} is not complete.", date=dates[0])
    return tr("The disc with my pictures is not complete.")


def _faults(disc: DiscIndex) -> list[str]:
    kinds = Counter(skipped.kind for skipped in disc.account.skipped)
    faults = [count_of(kinds[kind], one, many) for kind, one, many in _FILES if kinds[kind]]
    other = any(problem.code == "list_of_another_disc" for problem in disc.problems)
    if disc.account.missing and not other:
        faults.append(count_of(len(disc.account.missing), *_MISSING))
    lost = [series for series in disc.every_series if lost_words(series)]
    faults += [tr("“{name}”: {words}", name=series.name, words=lost_words(series)) for series in lost[:MOST_SETS]]
    return faults


def lost_words(series: Series) -> str:
    """Why a set of pictures cannot be shown at all; "" where it can, and for papers."""
    if series.groups or series.documents:
        return ""
    return next((tr(problem.text) for problem in series.problems if problem.severity is Severity.LOSS), "")


def asked_words(problem: Problem) -> str:
    """The sentence to send to the clinic, where the remedy holds one in quotation marks; else ""."""
    _, opened, rest = tr(problem.remedy).partition("“")
    words, closed, _ = rest.rpartition("”")
    return words if opened and closed else ""


def request_about(series: Series) -> str:
    """As `clinic_request`, about one set; no name in it."""
    faults = dict.fromkeys(tr(problem.text) for problem in series.problems if problem.severity is not Severity.NOTE)
    opening = tr("The set “{name}” on my disc cannot be shown completely.", name=series.name)
    return " ".join((opening, *faults, _please()))
