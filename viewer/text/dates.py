"""Dates of the standard (YYYYMMDD) as people read them."""

from __future__ import annotations

import datetime
from functools import lru_cache

from viewer.text.translate import tr

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date_words(date: str) -> str:
    """ "12 March 2024" from "20240312"; "" when it is no date."""
    if not date[:8].isdecimal():
        return ""
    try:
        day = datetime.date(int(date[:4]), int(date[4:6]), int(date[6:8]))  # `strptime` takes 17 ms when first called
    except ValueError:
        return ""
    return tr("{day} {month} {year}", day=day.day, month=tr(MONTHS[day.month - 1]), year=day.year)


def month_words(month: str) -> str:
    """ "November 2026" from "2026-11"."""
    year, number = month.split("-")
    return tr("{month} {year}", month=tr(MONTHS[int(number) - 1]), year=int(year))


@lru_cache(maxsize=256)  # asked for every file of a disc, which mostly share theirs
def stored_date(text: str) -> str:
    """ "20240312" from what files write for it: "2024.03.12" of the standard before DICOM, "2024-03-12", a date with its
    time; "" for what is no day."""
    digits = "".join(letter for letter in text[:10] if letter not in ".-/ ")[:8]
    return digits if len(digits) == 8 and digits.isascii() and date_words(digits) else ""


def iso_words(moment: str) -> str:
    """ "21 November 2026 at 14:32" from ISO 8601; "" when it is none."""
    try:
        return moment_words(datetime.datetime.fromisoformat(moment))
    except ValueError:
        return ""


def moment_words(moment: datetime.datetime) -> str:
    """ "21 November 2026 at 14:32"."""
    return tr("{date} at {time}", date=date_words(f"{moment:%Y%m%d}"), time=f"{moment:%H:%M}")
