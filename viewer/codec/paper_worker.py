"""The process that draws one page of a PDF: reads the PDF from standard input, answers, ends. Started by `paper`.

It imports nothing of the program and is the only place that names pypdfium2. A PDF from a disc is hostile: limits of
the system come before the first byte; scripts, forms and links are never set up (PDFium without V8, no form
environment); a page's size is settled before memory is taken for it. What cannot be answered (a crash, a limit of the
system) ends the process, and `paper` says so.
"""

from __future__ import annotations

import contextlib
import math
import os
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

OPENED = struct.Struct("<4sI")  # magic, pages of the document: told first, so that a page that fails leaves the others
ANSWER = struct.Struct("<4sBII")  # magic, code, columns, rows; then columns × rows × 3 bytes RGB
MAGIC = b"SLPD"
CODES = ("", "paper_damaged", "paper_locked", "paper_page_damaged", "paper_page_too_large")
LARGEST_DOCUMENT = 256 * 2**20  # bytes; a report with pictures has 20 MiB
CPU_SECONDS = 10
WIDEST, HIGHEST, MOST_DOTS = 2400, 9600, 12_000_000  # of a drawn page
_LONGEST_SIDE = 14_400.0  # in 1/72 inch: the most ISO 32000-1 Annex C allows
_MEMORY_LIMIT = 1400 * 2**20  # address space of the process
_PASSWORD = 4  # FPDF_ERR_PASSWORD

Drawn = tuple[int, int, bytes]  # columns, rows, RGB


class _Refused(Exception):
    """The page is not drawn; `code` is one of `CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def scale_of(width: float, height: float, columns: int) -> float:
    """Dots for each 1/72 inch, so that a page is `columns` wide or as wide as the limits allow; raises _Refused."""
    sides = (width, height)
    if not all(math.isfinite(side) and 0 < side <= _LONGEST_SIDE for side in sides):
        raise _Refused("paper_page_too_large")
    wanted = min(columns, WIDEST) / width
    return min(wanted, HIGHEST / height, math.sqrt(MOST_DOTS / (width * height)))


def draw(stream: bytes, number: int, columns: int, tell: Callable[[int], None]) -> Drawn:
    """Page `number` (from 0) on white, about `columns` wide; `tell` hears how many pages there are. Raises _Refused or
    whatever PDFium raises."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as failure:
        locked = getattr(failure, "err_code", None) == _PASSWORD
        raise _Refused("paper_locked" if locked else "paper_damaged") from failure
    pages = len(document)
    tell(pages)
    if not 0 <= number < pages:
        raise _Refused("paper_damaged")
    try:
        page = document[number]
    except pypdfium2.PdfiumError as failure:
        raise _Refused("paper_page_damaged") from failure
    width, height = page.get_size()
    bitmap = page.render(scale=scale_of(width, height, columns), may_draw_forms=False, rev_byteorder=True)
    return bitmap.width, bitmap.height, _rgb(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride)


def _rgb(buffer: object, columns: int, rows: int, stride: int) -> bytes:
    """Rows without the gap at their end. PDFium draws on white in three bytes a dot where no alpha is asked for."""
    lines = memoryview(buffer).cast("B")  # type: ignore[arg-type]
    return b"".join(bytes(lines[at : at + columns * 3]) for at in range(0, rows * stride, stride))


def _limit() -> None:
    """Time, memory, files and core dumps, where the system has such limits; nothing may be written to a disk."""
    with contextlib.suppress(ImportError):
        import resource

        limits = (
            (resource.RLIMIT_AS, _MEMORY_LIMIT, _MEMORY_LIMIT),
            (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),
            (resource.RLIMIT_FSIZE, 0, 0),
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_NOFILE, 64, 64),
        )
        for which, soft, hard in limits:
            with contextlib.suppress(ValueError, OSError):  # a system without this one still has the others
                resource.setrlimit(which, (soft, hard))


def _attempt(stream: bytes, number: int, columns: int, tell: Callable[[int], None]) -> Drawn | str:
    try:
        if len(stream) > LARGEST_DOCUMENT:
            return "paper_page_too_large"
        return draw(stream, number, columns, tell)
    except _Refused as refusal:
        return refusal.code
    except MemoryError:
        return "paper_page_too_large"
    except BaseException:  # noqa: BLE001  a library may raise anything; this process is the place where it ends
        return "paper_page_damaged"


def _answer(out: BinaryIO, stream: bytes, number: int, columns: int) -> None:
    told: list[int] = []

    def tell(pages: int) -> None:
        out.write(OPENED.pack(MAGIC, pages))
        out.flush()
        told.append(pages)

    result = _attempt(stream, number, columns, tell)
    if not told:
        tell(0)
    if isinstance(result, str):
        out.write(ANSWER.pack(MAGIC, CODES.index(result), 0, 0))
    else:
        out.write(ANSWER.pack(MAGIC, 0, *result[:2]) + result[2])
    out.flush()


def main() -> None:
    """Entry of the process; the last two arguments are the page, from 0, and the columns."""
    number, columns = int(sys.argv[-2]), int(sys.argv[-1])
    private = os.dup(1)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)  # a library that prints must not garble the answer
    os.dup2(silent, 2)
    _limit()
    with os.fdopen(0, "rb", closefd=False) as stream, os.fdopen(private, "wb") as out:
        _answer(out, stream.read(LARGEST_DOCUMENT + 1), number, columns)
        os._exit(0)  # what a hostile document left in the library is not taken down step by step
