"""Documents on a disc: written reports as a readable tree, PDFs to save. What they say was written by others."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.dicom.details import read_encapsulated_pdf, read_sr
from viewer.dicom.header import Header
from viewer.disc.medium import Medium
from viewer.index.model import Series
from viewer.problem import Problem, ProblemError
from viewer.text.dates import date_words
from viewer.text.plain import plain
from viewer.text.translate import count_of, tr

PDF_CLASS = "1.2.840.10008.5.1.4.1.1.104.1"
TREE_CLASSES = ("1.2.840.10008.5.1.4.1.1.88.",)
MOST = 200  # documents of one set that are read


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a report: its depth (0 = title), what it is about, what it says."""

    level: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DiscDocument:
    """One document: lines to read, or a PDF to save, or the reason why neither."""

    path: str  # on the medium
    title: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[DocumentLine, ...] = ()
    is_pdf: bool = False
    problem: Problem | None = None


def documents_of(medium: Medium, series: Series) -> tuple[DiscDocument, ...]:
    """All documents of a series. Blocks (reads the files)."""
    return tuple(_document(medium, header, series) for header in series.documents[:MOST])


def pdf_bytes(medium: Medium, path: str) -> bytes:
    """The PDF inside a document, as it is. Blocks. Raises ProblemError where there is none."""
    return read_encapsulated_pdf(medium, path)


def _document(medium: Medium, header: Header, series: Series) -> DiscDocument:
    is_pdf = header.sop_class == PDF_CLASS
    lines: tuple[DocumentLine, ...] = ()
    trouble: Problem | None = None
    try:
        if is_pdf:
            read_encapsulated_pdf(medium, header.path)
        elif header.sop_class.startswith(TREE_CLASSES):
            lines = tuple(_line(row.level, row.name, row.value, row.references) for row in read_sr(medium, header.path))
    except ProblemError as failure:
        trouble = failure.problem
    title = plain(header.series_description) or series.name
    return DiscDocument(header.path, title, _facts(header, is_pdf), lines, is_pdf and trouble is None, trouble)


def _line(level: int, name: str, value: str, references: tuple[str, ...]) -> DocumentLine:
    words = plain(value) or (
        count_of(len(references), "points at {n} picture", "points at {n} pictures") if references else ""
    )
    return DocumentLine(level, plain(name), words)


def _facts(header: Header, is_pdf: bool) -> tuple[tuple[str, str], ...]:
    kind = tr("PDF document") if is_pdf else tr("Report stored with the pictures")
    rows = (
        (tr("Kind"), kind),
        (tr("Examination"), plain(header.study_description)),
        (tr("Date"), date_words(header.study_date)),
        (tr("Made by"), plain(header.manufacturer)),
        (tr("Size"), _size_words(header.size)),
    )
    return tuple((label, words) for label, words in rows if words)


def _size_words(size: int) -> str:
    if size < 1_000_000:
        return tr("{n} kB", n=max(1, round(size / 1000)))
    return tr("{n} MB", n=f"{size / 1_000_000:.1f}")


def can_be_read(series: Series) -> bool:
    """Whether a set without pictures opens as a page: a report to read, a PDF to save."""
    return any(
        header.sop_class == PDF_CLASS or header.sop_class.startswith(TREE_CLASSES) for header in series.documents
    )
