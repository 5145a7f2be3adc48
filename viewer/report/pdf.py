"""Write the PDF: fixed template, our fonts, all text as data, pictures lossless, marks as vectors; no file but the target.

typst releases the GIL while it works, so call this from a worker thread and the window stays smooth.
"""

from __future__ import annotations

import base64
import errno
import json
from pathlib import Path
from typing import Literal

from viewer.jobs.whole_file import write_whole
from viewer.problem import ProblemError, problem
from viewer.report.compose import compose, png_size
from viewer.report.content import ReportContent, ReportPicture
from viewer.report.glyphs import font_folder
from viewer.text.resources import resource

_WRITE_PROBLEMS = {
    errno.ENOSPC: "pdf_disk_full",
    errno.EDQUOT: "pdf_disk_full",
    errno.EFBIG: "pdf_disk_full",
    errno.EACCES: "pdf_not_allowed",
    errno.EPERM: "pdf_not_allowed",
    errno.EROFS: "pdf_not_allowed",
    errno.ENOENT: "pdf_place_missing",
    errno.ENOTDIR: "pdf_place_missing",
}


def write_pdf(content: ReportContent, path: Path) -> None:
    """Write the report to `path`, whole or not at all; an older file there stays until the new one is complete.

    Raises ProblemError: pdf_too_large, pdf_not_composed, pdf_disk_full, pdf_not_allowed, pdf_place_missing,
    pdf_not_written.
    """
    _keep(pdf_bytes(content), path)


def pdf_bytes(content: ReportContent) -> bytes:
    """The PDF itself; equal content gives equal bytes. Raises ProblemError: pdf_too_large, pdf_not_composed."""
    inputs = {"data": json.dumps(compose(content), allow_nan=False)}
    inputs |= {f"picture{number}": _wrapped(picture) for number, picture in enumerate(content.pictures)}
    return _compiled(inputs)


def _compiled(inputs: dict[str, str]) -> bytes:
    """As the standard for reading aloud wants it, else without that promise: a report must not be lost over it."""
    import typst

    try:
        try:
            return _typeset(inputs, "ua-1")
        except typst.TypstError:
            return _typeset(inputs, None)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:  # a panic in Rust arrives as one
        raise ProblemError(problem("pdf_not_composed")) from failure


def _typeset(inputs: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    import typst

    template = resource("report", "report.typ")
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standard,
    )


def _wrapped(picture: ReportPicture) -> str:
    """A PNG as text: an SVG that holds it whole. Data can only be text, and so no picture lies in a file meanwhile."""
    width, height = png_size(picture.png)
    data = base64.b64encode(picture.png).decode("ascii")
    size = f'width="{width}" height="{height}"'
    image = f'<image {size} xlink:href="data:image/png;base64,{data}"/>'
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} {size} viewBox="0 0 {width} {height}">{image}</svg>'


def _keep(pdf: bytes, path: Path) -> None:
    try:
        write_whole(path, (pdf,))
    except OSError as failure:
        code = _WRITE_PROBLEMS.get(failure.errno or 0, "pdf_not_written")
        raise ProblemError(problem(code, where=str(path))) from failure
    except ValueError as failure:  # a name that no file can have
        raise ProblemError(problem("pdf_not_written", where=str(path))) from failure
