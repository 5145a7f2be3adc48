"""Take along: compose the report out of the store; every picture is drawn anew by the one picture function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from viewer.document.model import Conversation, PaneView, SentPicture, State, Turn
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Series
from viewer.marks.labels import row_lines, title_words
from viewer.marks.mark import Mark, MarkKind, Measurement, RegionStatistics
from viewer.marks.measure import measure_length
from viewer.marks.statistics import region_statistics
from viewer.picture.facts import position_words
from viewer.picture.look import Look, Picture, Window
from viewer.picture.png import encode_png
from viewer.picture.render import render, scale_bar
from viewer.problem import ProblemError
from viewer.report.content import ReportContent, ReportMark, ReportPicture, ReportTurn
from viewer.report.pdf import write_pdf
from viewer.text.dates import date_words
from viewer.text.translate import count_of, tr
from viewer.usecases.facts import facts_of
from viewer.usecases.preparing import chosen_region
from viewer.volume.slice import Slice, Source

PRINT_SIZE = (1400, 1400)  # a little over 300 dots per inch on 115 mm
PLANE_WORDS = {
    Plane.AXIAL: "from below (axial)",
    Plane.CORONAL: "from the front (coronal)",
    Plane.SAGITTAL: "from the side (sagittal)",
    Plane.NATIVE: "as the scanner made it",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A slice that goes on paper: one a question was about, one with marks, or the one on screen."""

    pane: PaneView
    sent: SentPicture | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What composing needs of the session: sources, and the window a slice is shown with."""

    source: Callable[[str, int], Source]
    window_for: Callable[[Slice], Window | None]


def compose_report(
    drawing: Drawing, state: State, conversation: Conversation | None, *, with_name: bool
) -> ReportContent:
    """The report of a talk, or of the active picture. Blocks (draws pictures). Raises ProblemError."""
    disc = state.disc
    assert disc is not None
    pages = shown_slices(state, conversation)
    study = disc.study_of(pages[0].pane.series_id)
    first = first_slice(drawing, pages[0])
    series = disc.series(pages[0].pane.series_id)
    region = pages[0].sent.region if pages[0].sent else chosen_region(state, pages[0].pane)
    facts = facts_of(disc, series, first, region) if series is not None else ()
    return ReportContent(
        study_name=study.name if study else "",
        scan_date=date_words(study.date) if study else "",
        made_at=moment_words(datetime.now().astimezone()),
        pictures=tuple(report_picture(drawing, disc, state, page) for page in pages),
        turns=tuple(report_turn(turn) for turn in conversation.turns) if conversation else (),
        not_looked_at=not_looked_at(disc, conversation) if conversation else "",
        facts=tuple((fact.label, fact.words) for fact in facts),
        with_name=study.person.name if with_name and study else "",
    )


def write_report(content: ReportContent, path: Path) -> None:
    """Write the PDF; raises ProblemError."""
    write_pdf(content, path)


def shown_slices(state: State, conversation: Conversation | None) -> tuple[Shown, ...]:
    """What was asked about first, else what is on screen; then every other slice that carries a visible mark."""
    pages: list[Shown] = []
    for turn in conversation.turns if conversation else ():
        pages += [Shown(PaneView(s.series_id, s.group, s.plane, s.index), s) for s in turn.sent]
    if not pages and state.view.pane is not None:
        pages.append(Shown(state.view.pane))
    for mark in state.document.marks:
        anchor = mark.anchor
        if not mark.hidden:
            pages.append(Shown(PaneView(anchor.series_id, anchor.group, anchor.plane, anchor.index)))
    seen: dict[tuple[object, ...], Shown] = {}
    for page in pages:
        seen.setdefault((page.pane.series_id, page.pane.group, page.pane.plane, page.pane.index), page)
    known = state.disc.series if state.disc else lambda series_id: None
    return tuple(page for page in seen.values() if known(page.pane.series_id) is not None)


def first_slice(drawing: Drawing, page: Shown) -> Slice:
    """The slice of a page."""
    return drawing.source(page.pane.series_id, page.pane.group).slice(page.pane.plane, page.pane.index)


def report_picture(drawing: Drawing, disc: DiscIndex, state: State, page: Shown) -> ReportPicture:
    """The whole slice as it is shown, with its marks and the frame of what was sent."""
    slice_ = first_slice(drawing, page)
    look = state.view.look(slice_.series_id)
    window = drawing.window_for(slice_)
    picture = render(slice_, look, window, PRINT_SIZE)
    series = disc.series(slice_.series_id)
    marks = [mark for mark in state.document.marks if not mark.hidden and lies_on(mark, page.pane)]
    caption = caption_words(slice_, series, window, look)
    return ReportPicture(
        png=encode_png(picture.pixels),
        caption=caption,
        alt=caption,
        letters=picture.letters,
        scale=scale_bar(picture.mm_per_pixel, picture.pixels.shape[1] * 0.3),
        marks=tuple(report_mark(mark, slice_, picture) for mark in marks),
        seen=seen_frame(page.sent, slice_, picture) if page.sent else None,
    )


def lies_on(mark: Mark, pane: PaneView) -> bool:
    """Whether a mark was drawn on this slice."""
    anchor = mark.anchor
    return (anchor.series_id, anchor.group, anchor.plane, anchor.index) == (
        pane.series_id, pane.group, pane.plane, pane.index,
    )  # fmt: skip


def to_picture(picture: Picture, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Slice pixels (column, row) → pixels of the picture."""
    inverse = np.linalg.inv(picture.to_slice)
    moved = [inverse @ np.array([column, row, 1.0]) for column, row in points]
    return tuple((float(x), float(y)) for x, y, _ in moved)


def seen_frame(sent: SentPicture, slice_: Slice, picture: Picture) -> tuple[float, float, float, float]:
    """The rectangle of what the AI saw, in pixels of the picture."""
    rows, columns = slice_.values.shape[:2]
    region = sent.region
    edges = (region.x0, region.y0, region.x1, region.y1) if region else (0, 0, columns, rows)
    corners = to_picture(picture, ((edges[0] - 0.5, edges[1] - 0.5), (edges[2] - 0.5, edges[3] - 0.5)))
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return (xs[0], ys[0], xs[1], ys[1])


def measured(mark: Mark, slice_: Slice) -> Measurement | RegionStatistics | None:
    """A mark's number, or None where it has none or would be false."""
    try:
        if mark.kind is MarkKind.LENGTH:
            return measure_length(mark, slice_)
        if mark.kind in (MarkKind.ELLIPSE, MarkKind.RECTANGLE):
            return region_statistics(mark, slice_)
    except ProblemError:
        return None
    return None


def report_mark(mark: Mark, slice_: Slice, picture: Picture) -> ReportMark:
    """A mark in pixels of the picture, with its words."""
    found = measured(mark, slice_)
    rows = row_lines(mark, found)
    short = found.words.partition(",")[0] if isinstance(found, Measurement) else mark.text
    return ReportMark(mark.kind, to_picture(picture, mark.points), short, ", ".join((title_words(mark), *rows)))


def caption_words(slice_: Slice, series: Series | None, window: Window | None, look: Look) -> str:
    """ "Picture 19 of 38, from the side (sagittal), 7 mm right of the middle; 1 mm thick; contrast 190, brightness 95." """
    name = series.name if series else ""
    where = position_words(slice_, series) if series else ""
    thick = tr("{mm} mm thick", mm=f"{slice_.thickness_mm:g}") if slice_.thickness_mm else ""
    values = tr("contrast {w}, brightness {c}", w=f"{window.width:g}", c=f"{window.centre:g}") if window else ""
    turned = tr("turned or mirrored by the reader") if look.flipped or look.turned % 4 else ""
    plane = tr(PLANE_WORDS[slice_.plane]) if slice_.plane is not Plane.NATIVE or not name else ""
    head = tr("Picture {n} of {all}", n=slice_.index + 1, all=slice_.count)
    return ", ".join(part for part in (head, name, plane, where, thick, values, turned) if part) + "."


def report_turn(turn: Turn) -> ReportTurn:
    """One question with its answer and what it was about."""
    model = turn.model_name if turn.model_name == turn.model else f"{turn.model_name} ({turn.model})"
    return ReportTurn(
        question=turn.question,
        answer=turn.answer,
        provider=turn.provider_name,
        model=model,
        asked_at=asked_words(turn.asked_at),
        words_sent=turn.words,
        looked_at=looked_at_words(turn),
        looked_at_note=sent_words(turn),
    )


def looked_at_words(turn: Turn) -> str:
    """ "1 of 72 pictures"."""
    return count_of(turn.pictures_on_disc, f"{len(turn.sent)} of {{n}} picture", f"{len(turn.sent)} of {{n}} pictures")


def sent_words(turn: Turn) -> str:
    """What of the picture was sent, and as how many pixels."""
    if not turn.sent:
        return ""
    sent = turn.sent[0]
    size = tr("{w} × {h} pixels", w=sent.width, h=sent.height)
    if sent.region is None:
        return tr("The whole picture was sent: {size}.", size=size)
    return tr("Only the framed part was sent: {size}.", size=size)


def not_looked_at(disc: DiscIndex, conversation: Conversation) -> str:
    """Everything on the disc that no question was about: "37 more from the side, T2; 9 from below, T2." """
    looked: dict[str, set[tuple[object, ...]]] = {}
    for turn in conversation.turns:
        for sent in turn.sent:
            looked.setdefault(sent.series_id, set()).add((sent.group, sent.plane, sent.index))
    parts = []
    for study in disc.studies:
        for series in study.series:
            left = len(series.frames) - min(len(looked.get(series.id, ())), len(series.frames))
            if left:
                more = tr("{n} more: {name}") if series.id in looked else "{n}: {name}"
                parts.append(more.format(n=left, name=series.name))
    return "; ".join(parts) + "." if parts else tr("Every picture of this disc was looked at.")


def asked_words(moment: str) -> str:
    """ "21 November 2026 at 14:32" from ISO 8601."""
    try:
        return moment_words(datetime.fromisoformat(moment))
    except ValueError:
        return ""


def moment_words(moment: datetime) -> str:
    """ "21 November 2026 at 14:32"."""
    return tr("{date} at {time}", date=date_words(f"{moment:%Y%m%d}"), time=f"{moment:%H:%M}")
