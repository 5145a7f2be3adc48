"""Take along: compose the report out of the store; every picture is drawn anew by the one picture function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from viewer.answer.picture_size import TIERS, send_size
from viewer.disclosure.warnings import writing_is_likely
from viewer.document.model import Conversation, PaneView, SentPicture, State
from viewer.geometry.plane import Letters, Plane
from viewer.index.model import DiscIndex, Series, Study
from viewer.index.names import direction_without_sides, with_direction
from viewer.index.people import groups_of_people, shown_name
from viewer.index.spot import OnSlice, Spot, spot_of
from viewer.marks.mark import Mark
from viewer.picture.facts import picture_facts, position_words
from viewer.picture.look import Look, Window
from viewer.picture.png import encode_png
from viewer.picture.render import natural_size, render, scale_bar
from viewer.picture.scan import is_from_other_side, is_projection
from viewer.picture.values import figure_words
from viewer.problem import ProblemError, problem
from viewer.report.compose import MAX_PICTURES, MAX_PNG
from viewer.report.content import ReportContent, ReportPicture
from viewer.report.pdf import write_pdf
from viewer.text.dates import date_words, moment_words
from viewer.text.translate import tr
from viewer.usecases.looked_at import not_looked_at, was_looked_at
from viewer.usecases.looking import own_plane
from viewer.usecases.marking import marks_on
from viewer.usecases.preparing import chosen_region
from viewer.usecases.printed_marks import report_mark, seen_frame
from viewer.usecases.printed_turns import report_turn
from viewer.usecases.windows import Windows
from viewer.volume.slice import Slice, Source

PRINT_SIZE = (1400, 1400)  # a little over 300 dots per inch on 115 mm
PLANE_WORDS = {
    Plane.AXIAL: "from below (axial)",
    Plane.CORONAL: "from the front (coronal)",
    Plane.SAGITTAL: "from the side (sagittal)",
    Plane.NATIVE: "as the scanner made it",
}
OTHER_SIDE_WORDS = {Plane.AXIAL: "from above (axial)", Plane.CORONAL: "from behind (coronal)"}
LETTER_WORDS = {
    "L": "L the patient's left", "R": "R the patient's right", "A": "A front", "P": "P back", "H": "H head", "F": "F feet",
    "LE": "LE the animal's left", "RT": "RT the animal's right", "V": "V belly", "D": "D back", "CR": "CR head", "CD": "CD tail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A slice that goes on paper: one a question was about, one with marks, or the one on screen."""

    pane: PaneView
    sent: SentPicture | None = None
    is_seen: bool = True  # by the AI, where it was sent
    is_for_marks: bool = False  # and for nothing else


@dataclass(frozen=True, slots=True)
class Drawing:
    """What composing needs, as it was when the person asked for it: another disc may be open by the time it is drawn."""

    state: State
    disc: DiscIndex
    source_of: Callable[[Series, int], Source]
    windows: Windows
    sent_png: Callable[[str], bytes]

    def series(self, pane: PaneView) -> Series:
        """The series of a page; `shown_slices` keeps only pages that have one. Raises ProblemError."""
        series = self.disc.series(pane.series_id)
        if series is None:
            raise ProblemError(problem("picture_cannot_be_shown"))
        return series

    def slice(self, pane: PaneView) -> tuple[Slice, Window | None]:
        """The slice of a page and the window it is shown with. Blocks. Raises ProblemError."""
        source = self.source_of(self.series(pane), pane.group)
        if pane.plane not in source.planes or not 0 <= pane.index < source.count(pane.plane):
            raise ProblemError(problem("picture_cannot_be_shown"))
        slice_ = source.slice(pane.plane, pane.index)
        self.windows.settle(source, slice_)
        return slice_, self.windows.of(self.state.view.look_on(slice_), source, slice_)

    def marks(self, pane: PaneView) -> tuple[Mark, ...]:
        """What lies on the slice of a page, as it lies there and as the window shows it. Blocks. Raises ProblemError."""
        return tuple(mark for mark in marks_on(self.state.document, self.slice(pane)[0]) if not mark.hidden)


def compose_report(drawing: Drawing, conversation: Conversation | None, *, with_name: bool) -> ReportContent:
    """The report of a talk, or of the active picture. Blocks (draws pictures). Raises ProblemError where the picture
    it is about cannot be drawn."""
    pages = shown_slices(drawing.state, conversation)
    study = drawing.disc.study_of(pages[0].pane.series_id) if pages else None
    pictures, left_out = drawn(drawing, pages, study, needed=conversation is None)
    return ReportContent(
        study_name=study.name if study else "",
        scan_date=date_words(study.date) if study else "",
        made_at=moment_words(datetime.now().astimezone()),
        pictures=pictures,
        pictures_left_out=left_out,
        turns=tuple(report_turn(turn) for turn in conversation.turns) if conversation else (),
        not_looked_at=not_looked_at(drawing.disc, conversation) if conversation else "",
        facts=page_facts(drawing, pages[0]) if pages else (),
        with_name=shown_name(study.person) if with_name and study else "",
        has_writing=any(has_writing(drawing, page) for page in pages),
    )


def drawn(
    drawing: Drawing, pages: tuple[Shown, ...], study: Study | None, *, needed: bool
) -> tuple[tuple[ReportPicture, ...], int]:
    """The pages that can be drawn, as far as one report has room, and for how many others it has none; of a disc that is
    gone, what was sent as it was sent. A page that came for its marks is left out where they all lie on one before it: a
    picture as it was made and the same in the set's own direction. With `needed` a report without any picture is refused:
    there is nothing else in it. `study`: the one the title names."""
    pictures: list[ReportPicture] = []
    failures: list[ProblemError] = []
    room = MAX_PNG
    missing = {mark.id: spot_of(mark.anchor) for mark in drawing.state.document.marks if not mark.hidden}
    for number, page in enumerate(pages):
        if page.is_for_marks and spot_of(page.pane) not in missing.values():
            continue
        try:
            lying = drawing.marks(page.pane)
            more = [report_picture(drawing, page, study)]
            if page.sent is not None and page.is_seen and not is_as_sent(drawing, page.pane, page.sent):
                more += as_sent(drawing, page)
        except ProblemError as failure:
            failures.append(failure)
            lying, more = (), [*as_sent(drawing, page)]
        room -= sum(len(picture.png) for picture in more)
        if pictures and (room < 0 or len(pictures) + len(more) > MAX_PICTURES):
            left = [one for one in pages[number:] if not one.is_for_marks or spot_of(one.pane) in missing.values()]
            return tuple(pictures), len(left)
        pictures += more
        for mark in lying:
            missing.pop(mark.id, None)
    if failures and needed and not pictures:
        raise failures[0]
    return tuple(pictures), 0


def as_sent(drawing: Drawing, page: Shown) -> tuple[ReportPicture, ...]:
    """The very picture that left, from the archive."""
    sent = page.sent
    png = drawing.sent_png(sent.sha256) if sent is not None else b""
    if sent is None or not png:
        return ()
    words = f"{tr('What the AI saw, just as it was sent.')} {sent.words}" if page.is_seen else sent.words
    return (ReportPicture(png, words, words),)


def is_as_sent(drawing: Drawing, pane: PaneView, sent: SentPicture) -> bool:
    """Whether what was sent would come out the same now. Its brightness, or how it lies, may have been changed since, and
    what the AI saw is not what is on screen then. Raises ProblemError."""
    slice_, window = drawing.slice(pane)
    look = drawing.state.view.look_on(slice_)
    sizes = {send_size(*natural_size(slice_, look, sent.region), tier) for tier in TIERS}
    drawn_now = (render(slice_, look, window, size, sent.region).pixels for size in sizes)
    return any(hashlib.sha256(encode_png(pixels)).hexdigest() == sent.sha256 for pixels in drawn_now)


def has_writing(drawing: Drawing, page: Shown) -> bool:
    """Whether pictures such as this one often have writing drawn into them, which nobody takes out."""
    series = drawing.disc.series(page.pane.series_id)
    frames = series.groups[page.pane.group].frames if series and page.pane.group < len(series.groups) else ()
    return any(writing_is_likely(header) for header in {id(frame.header): frame.header for frame in frames}.values())


def page_facts(drawing: Drawing, page: Shown) -> tuple[tuple[str, str], ...]:
    """(label, words) about the first picture; none where it cannot be read any more."""
    region = page.sent.region if page.sent else chosen_region(drawing.state, page.pane)
    try:
        slice_, _ = drawing.slice(page.pane)
        series = drawing.series(page.pane)
        look = drawing.state.view.look_on(slice_)
        facts = picture_facts(series, drawing.disc.study_of(series.id), slice_, region, look)
    except ProblemError:
        return ()
    return tuple((fact.label, fact.words) for fact in facts)


def write_report(content: ReportContent, path: Path) -> None:
    """Write the PDF; raises ProblemError."""
    write_pdf(content, path)


def shown_slices(state: State, conversation: Conversation | None) -> tuple[Shown, ...]:
    """What was asked about first, else what is on screen; then every other slice of the same person that carries a
    visible mark: what is taken along of one goes to their doctor, and a disc may hold others."""
    pages: list[Shown] = []
    turns = sorted(conversation.turns if conversation else (), key=was_looked_at, reverse=True)
    for turn in turns:
        seen_by_ai = was_looked_at(turn)
        pages += [Shown(PaneView(s.series_id, s.group, s.plane, s.index), s, seen_by_ai) for s in turn.sent]
    if not pages and state.view.pane is not None:
        pages.append(Shown(state.view.pane))
    may_come = _of_the_same_person(state, pages[0].pane) if pages else lambda thing: True
    for mark in state.document.marks:
        anchor = mark.anchor
        if not mark.hidden and may_come(anchor):
            pages.append(Shown(PaneView(anchor.series_id, anchor.group, anchor.plane, anchor.index), is_for_marks=True))
    seen: dict[Spot, Shown] = {}
    for page in pages:
        seen.setdefault(spot_of(page.pane), page)
    known = state.disc.series if state.disc else lambda series_id: None
    return tuple(page for page in seen.values() if page.sent is not None or known(page.pane.series_id) is not None)


def _people(state: State) -> dict[str, int]:
    """Which person a study is of, by its UID: the same number for all records of one."""
    studies = state.disc.studies if state.disc else ()
    groups = groups_of_people(study.person for study in studies)
    return {study.uid: next(n for n, group in enumerate(groups) if study.person in group) for study in studies}


def _of_the_same_person(state: State, first: PaneView) -> Callable[[OnSlice], bool]:
    """Whether a slice is of the person that `first` is of."""
    people = _people(state)

    def person(thing: OnSlice) -> int | None:
        study = state.disc.study_of(thing.series_id) if state.disc else None
        return people[study.uid] if study else None

    its = person(first)
    return lambda thing: its is None or person(thing) == its


def report_picture(drawing: Drawing, page: Shown, study: Study | None = None) -> ReportPicture:
    """The whole slice as it is shown, with its marks and the frame of what was sent; of another study than `study` its
    caption says which."""
    slice_, window = drawing.slice(page.pane)
    look = drawing.state.view.look_on(slice_)
    picture = render(slice_, look, window, PRINT_SIZE)
    caption = caption_words(slice_, drawing.series(page.pane), window, look)
    own = drawing.disc.study_of(page.pane.series_id)
    which = ", ".join(words for words in (own.name, date_words(own.date)) if words) if own and own != study else ""
    caption = " ".join(words for words in (which and f"{which}.", caption, letter_words(picture.letters)) if words)
    return ReportPicture(
        png=encode_png(picture.pixels),
        caption=caption,
        alt=caption,
        letters=picture.letters,
        scale=scale_bar(picture.mm_per_pixel, picture.pixels.shape[1] * 0.3),
        marks=tuple(report_mark(mark, slice_, picture) for mark in drawing.marks(page.pane)),
        seen=seen_frame(page.sent, slice_, picture) if page.sent and page.is_seen else None,
    )


def caption_words(slice_: Slice, series: Series, window: Window | None, look: Look) -> str:
    """ "Picture 19 of 38, from the side (sagittal), T2, 7 mm right of the middle, 1 mm thick, contrast 190, …"."""
    where = position_words(slice_, series)
    has_thickness = slice_.thickness_mm and not is_projection(series)
    thick = tr("{mm} mm thick", mm=figure_words(slice_.thickness_mm or 0.0)) if has_thickness else ""
    width, centre = (figure_words(window.width), figure_words(window.centre)) if window else ("", "")
    values = tr("contrast {w}, brightness {c}", w=width, c=centre) if window else ""
    turned = tr("turned or mirrored by the reader") if look.flipped or look.turned % 4 else ""
    negative = tr("light and dark exchanged by the reader") if look.inverted and not slice_.is_colour else ""
    painted = tr("grey painted in the colours of a saved view") if look.paint and not slice_.is_colour else ""
    head = tr("Picture {n} of {all}", n=slice_.index + 1, all=slice_.count)
    parts = (head, *what_words(slice_, series, look), where, thick, values, painted, negative, turned)
    return ", ".join(part for part in parts if part) + "."


def letter_words(letters: Letters | None) -> str:
    """What the letters at the edges stand for: "L the patient's left, R the patient's right, A front, P back." """
    edges = (letters.left, letters.right, letters.top, letters.bottom) if letters else ()
    single = [letter for edge in edges for letter in (edge.split("-") if "-" in edge or edge in LETTER_WORDS else edge)]
    words = [tr(LETTER_WORDS[letter]) for letter in dict.fromkeys(single) if letter in LETTER_WORDS]
    return f"{', '.join(words)}." if words else ""


def what_words(slice_: Slice, series: Series, look: Look) -> tuple[str, ...]:
    """Direction and kind of scan, each once: a set's name tells the direction it was taken in, if it has one."""
    kind = with_direction(series.name, "")
    shown = own_plane(series) if slice_.plane is Plane.NATIVE else slice_.plane
    if not slice_.in_patient:
        return (direction_without_sides(slice_.plane).lower(), kind)
    other = is_from_other_side(slice_.affine, shown) != look.flipped
    words = OTHER_SIDE_WORDS.get(shown) if other else None
    direction = "" if shown is Plane.NATIVE and kind else tr(words or PLANE_WORDS[shown])
    return (direction, kind)
