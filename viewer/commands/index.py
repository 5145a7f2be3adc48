"""`sidelight index PATH [--json]`: every file accounted for, every series named."""

from __future__ import annotations

import argparse

from viewer.commands.say import Sessions, print_json, problem_row
from viewer.disc.open import open_medium
from viewer.index.account import report_sentences
from viewer.index.model import Account, DiscIndex, Series, Study
from viewer.jobs.jobs import Job
from viewer.text.plain import for_terminal
from viewer.text.translate import count_of
from viewer.usecases.open_disc import read_disc

NOT_PICTURES = frozenset({"not_a_picture", "dicomdir"})  # reports, settings, the disc's own list: read, and listed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("path", help="folder, ZIP or file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--password", metavar="WORD", help="of a locked ZIP")


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """Exit 0 whenever the path could be read, even when nothing in it is DICOM."""
    del sessions
    medium = open_medium(options.path, options.password)
    try:
        index = read_disc(medium, Job("index"), lambda index: None)
    finally:
        medium.close()
    if options.json:
        print_json(index_row(index))
    else:
        print_words(index)
    return 0


def index_row(index: DiscIndex) -> dict[str, object]:
    """The whole index as JSON."""
    return {
        "root": index.root,
        "files": files_row(index.account),
        "missing": list(index.account.missing),
        "studies": [study_row(study) for study in index.studies],
        "problems": [problem_row(one) for one in index.problems],
    }


def files_row(account: Account) -> dict[str, object]:
    """Every file once: found = dicom + skipped. `not_pictures` are those of the DICOM files that hold no picture."""
    rows = [{"path": row.path, "kind": row.kind, "reason": row.reason} for row in account.skipped]
    without = [row for row in rows if row["kind"] in NOT_PICTURES]
    skipped = [row for row in rows if row["kind"] not in NOT_PICTURES]
    return {
        "found": account.found,
        "dicom": account.found - len(skipped),
        "shown": account.shown,
        "not_pictures": without,
        "skipped": skipped,
    }


def study_row(study: Study) -> dict[str, object]:
    """One study as JSON; the person's name is not in it."""
    return {
        "uid": study.uid,
        "date": study.date,
        "description": study.description,
        "name": study.name,
        "series": [series_row(series) for series in study.series],
    }


def series_row(series: Series) -> dict[str, object]:
    """One series as JSON."""
    blocked = [{"plane": plane.value, **problem_row(why)} for plane, why in series.blocked]
    return {
        "id": series.id,
        "uid": series.uid,
        "number": series.number,
        "modality": series.modality,
        "description": series.description,
        "name": series.name,
        "kind": series.kind.value,
        "frames": len(series.frames),
        "groups": [{"label": group.label, "frames": len(group.frames)} for group in series.groups],
        "rows": series.rows,
        "columns": series.columns,
        "planes": [plane.value for plane in series.planes],
        "spacing_mm": None if series.spacing_mm is None else [round(step, 6) for step in series.spacing_mm],
        "helper": series.helper,
        "blocked": blocked,
        "problems": [problem_row(one) for one in series.problems],
    }


def print_words(index: DiscIndex) -> None:
    """The same for people."""
    for sentence in report_sentences(index):
        print(for_terminal(sentence))
    for study in index.studies:
        print(for_terminal(f"\n{study.name}  {study.date}"))
        for series in study.series:
            pictures = count_of(len(series.frames), "{n} picture", "{n} pictures")
            print(for_terminal(f"  {series.id:<6} {series.name} · {pictures} · {series.kind.value}"))
            for one in series.problems:
                print(for_terminal(f"         {one.text}"))
    for one in index.problems:
        print(for_terminal(one.words))
