"""Documents on a disc: written reports as a readable tree with links to pictures; PDFs, films and models to save.

What they say was written by others: text is made plain, nothing in it is opened or followed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from viewer.dicom.cda import cda_lines
from viewer.dicom.details import SrRow, encapsulated, read_encapsulated_pdf, read_sr
from viewer.dicom.encoding import syntax
from viewer.dicom.header import Header
from viewer.dicom.sop_class import STORAGE
from viewer.disc.medium import Medium
from viewer.document.belongings import Place
from viewer.index.model import DiscIndex, Series, SeriesKind
from viewer.problem import Problem, ProblemError, problem
from viewer.text.dates import date_words
from viewer.text.plain import one_line, plain
from viewer.text.translate import count_of, tr
from viewer.usecases.belongings import Pictures

PDF_CLASS, CDA_CLASS = STORAGE + "104.1", STORAGE + "104.2"
MODEL_CLASSES = {STORAGE + "104.3": "stl", STORAGE + "104.4": "obj", STORAGE + "104.5": "mtl"}  # for 3D printing
TREE_CLASSES = (STORAGE + "88.", STORAGE + "78.6", STORAGE + "79.")  # 78.6, 79.: of the eyes
DOSE_CLASSES = frozenset({STORAGE + "88.67", STORAGE + "88.68", STORAGE + "88.73", STORAGE + "88.76"})
MOST = 200  # documents of one set that are read
MOST_LINKS = 20  # of one line
LONGEST_TITLE = 80
_WORDS = re.compile(r"[^\W_]+")
_LONG_NUMBER = re.compile(r"\d[\d.\-/ ]{4,}\d")  # a birth date, a number of a patient
PIECE = 4 * 2**20
# How the stream of a film begins: the name it is saved under is ours, its ending tells players what it is.
_STREAMS = (
    (b"\x00\x00\x01\xba", "mpg"), (b"\x00\x00\x01\xb3", "m2v"), (b"\x1a\x45\xdf\xa3", "mkv"), (b"RIFF", "avi"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a report: its depth (0 = title), what it is about, what it says, the pictures it points at."""

    level: int
    name: str
    words: str
    links: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscDocument:
    """One document: lines to read, or a file to save (`ending` "pdf", "mp4" …), or the reason why neither."""

    path: str  # on the medium
    title: str
    facts: tuple[tuple[str, str, bool], ...]  # label, words, whether these are the disc's own
    lines: tuple[DocumentLine, ...] = ()
    ending: str = ""
    problem: Problem | None = None

    @property
    def is_film(self) -> bool:
        """Whether what can be saved is a film."""
        return self.ending not in ("", "pdf") and not self.is_model

    @property
    def is_model(self) -> bool:
        """Whether what can be saved is a model for 3D printing."""
        return self.ending in MODEL_CLASSES.values()


def documents_of(medium: Medium, series: Series, disc: DiscIndex) -> tuple[DiscDocument, ...]:
    """All documents of a series. Blocks (reads the files)."""
    pictures = Pictures.of(disc)
    return tuple(_document(medium, header, series, pictures) for header in series.documents[:MOST])


def title_of(series: Series) -> str:
    """The title of a document, where it has one that can stand in a list: of one document, and without a word of the
    person's name or a long number, which are hidden until they are asked for."""
    titles = {one_line(header.document_title, LONGEST_TITLE) for header in series.documents}
    if series.kind is not SeriesKind.DOCUMENT or len(titles) != 1:
        return ""
    (title,) = titles
    names = {word.casefold() for header in series.documents for word in _WORDS.findall(header.person.name)}
    told = {word.casefold() for word in _WORDS.findall(title)}
    return "" if _LONG_NUMBER.search(title) or any(len(word) > 1 for word in names & told) else title


def can_be_read(series: Series) -> bool:
    """Whether a set without pictures opens as a page: a report to read, a PDF, a film or a model to save."""
    return any(
        header.sop_class in (PDF_CLASS, CDA_CLASS, *MODEL_CLASSES)
        or header.sop_class.startswith(TREE_CLASSES)
        or is_film(header)
        for header in series.documents
    )


def is_film(header: Header) -> bool:
    """Whether the pictures of a file are one video stream (PS3.5 8.2.5 to 8.2.8)."""
    return syntax(header.transfer_syntax).video and header.place is not None and bool(header.place.fragments)


def pieces_of(medium: Medium, header: Header) -> Iterator[bytes]:
    """What is inside a document, as it is, piece by piece. Blocks. Raises ProblemError where there is nothing."""
    if header.sop_class == PDF_CLASS:
        yield read_encapsulated_pdf(medium, header.path)
        return
    if header.sop_class in MODEL_CLASSES:
        yield _model(medium, header)
        return
    if header.place is None or not is_film(header):
        raise ProblemError(problem("document_missing", header.path))
    for offset, length in header.place.fragments[0]:
        for at in range(offset, offset + length, PIECE):
            yield medium.read(header.path, at, min(PIECE, offset + length - at))


def _model(medium: Medium, header: Header) -> bytes:
    found = encapsulated(medium, header.path)
    if not found:
        raise ProblemError(problem("document_missing", header.path))
    return found


def film_ending(start: bytes) -> str:
    """The file ending of a video stream by its first bytes: 12 are enough."""
    if start[4:8] == b"ftyp":
        return "mp4"
    if start[:1] == b"\x47":
        return "ts"
    known = next((ending for begins, ending in _STREAMS if start.startswith(begins)), "")
    if known or not start.lstrip(b"\x00").startswith(b"\x01"):
        return known or "mpg"
    unit = start.lstrip(b"\x00")[1:2]  # an elementary stream: the first unit's type tells H.264 and HEVC apart
    return "h265" if unit and unit[0] >> 1 & 0x3F in (32, 33, 34, 35) and unit[0] & 0x81 == 0 else "h264"


def _document(medium: Medium, header: Header, series: Series, pictures: Pictures) -> DiscDocument:
    lines: tuple[DocumentLine, ...] = ()
    trouble: Problem | None = None
    ending = ""
    try:
        lines, ending = _content(medium, header, pictures)
    except ProblemError as failure:
        trouble = failure.problem
    title = plain(header.document_title) or plain(header.series_description) or series.name
    return DiscDocument(header.path, title, _facts(header), lines, ending, trouble)


def _content(medium: Medium, header: Header, pictures: Pictures) -> tuple[tuple[DocumentLine, ...], str]:
    if header.sop_class == PDF_CLASS:
        read_encapsulated_pdf(medium, header.path)
        return (), "pdf"
    if header.sop_class in MODEL_CLASSES:
        _model(medium, header)
        return (), MODEL_CLASSES[header.sop_class]
    if is_film(header) and header.place is not None:
        return (), film_ending(medium.read(header.path, header.place.fragments[0][0][0], 16))
    if header.sop_class == CDA_CLASS:
        found = cda_lines(encapsulated(medium, header.path))
        if not found:
            raise ProblemError(problem("report_empty", header.path))
        return tuple(
            DocumentLine(one.level, one.words if one.is_title else "", "" if one.is_title else one.words)
            for one in found
        ), ""
    if header.sop_class.startswith(TREE_CLASSES):
        return tuple(_line(row, pictures) for row in read_sr(medium, header.path)), ""
    return (), ""


def _line(row: SrRow, pictures: Pictures) -> DocumentLine:
    links = tuple(place for reference in row.references for _, place in pictures.meant(reference))
    words = plain(row.value)
    if row.references and not links:
        words = words or count_of(
            len(row.references), "points at {n} object that is not shown here", "points at {n} objects that are not shown here"
        )  # fmt: skip
    return DocumentLine(row.level, plain(row.name), words, links[:MOST_LINKS])


def _facts(header: Header) -> tuple[tuple[str, str, bool], ...]:
    rows = (
        (tr("Kind"), _kind_words(header), False),
        (tr("Examination"), plain(header.study_description), True),
        (tr("Date"), date_words(header.study_date), False),
        (tr("Made by"), plain(header.manufacturer), True),
        (tr("Picture"), _picture_words(header), False),
        (tr("Size"), _size_words(header.size), False),
    )
    return tuple(row for row in rows if row[1])


def _kind_words(header: Header) -> str:
    if header.sop_class == PDF_CLASS:
        return tr("PDF document")
    if header.sop_class in MODEL_CLASSES:
        return tr("Model for 3D printing")
    if header.sop_class in DOSE_CLASSES:
        return tr("Report about the radiation dose")
    return tr("Film") if is_film(header) else tr("Report stored with the pictures")


def _picture_words(header: Header) -> str:
    if not is_film(header) or header.pixels is None:
        return ""
    return tr("{columns} × {rows} dots", columns=header.pixels.columns, rows=header.pixels.rows)


def _size_words(size: int) -> str:
    if size < 1_000_000:
        return tr("{n} KB", n=max(1, round(size / 1000)))
    return tr("{n} MB", n=f"{size / 1_000_000:.1f}")


def safe_name(series: Series, ending: str) -> str:
    """A file name of letters, digits and spaces only, whatever the disc says: "Report 2.pdf"."""
    name = "".join(c if c.isalnum() or c in " -" else " " for c in one_line(series.name, 60))
    return f"{' '.join(name.split()).strip('-. ') or tr('Document')}.{ending}"
