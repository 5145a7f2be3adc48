"""What else a disc holds for its pictures, listed without reading the drawings themselves. Everything here was written
by others: texts are made plain, counts are limited, and a file that cannot be read becomes a note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from viewer.dicom.header import Header
from viewer.dicom.key_objects import read_key_objects
from viewer.dicom.presentation import list_presentation
from viewer.dicom.references import Reference
from viewer.dicom.segmentation import list_segmentation
from viewer.dicom.sop_class import KEY_OBJECTS, LABEL_MAP, SEGMENTATION, STORAGE, STRUCTURE_SET
from viewer.dicom.structure_set import list_structures
from viewer.disc.medium import Medium
from viewer.document.belongings import Belongings, KeyPicture, Outline, OutlineSet, Place, SavedView
from viewer.index.model import DiscIndex, FrameRef
from viewer.problem import Problem, ProblemError
from viewer.text.dates import date_words
from viewer.text.plain import one_line
from viewer.text.translate import count_of, tr

# grey, colour, grey in colours, X-rays of vessels; those for fusion or volumes differ
SAVED_VIEWS = frozenset(STORAGE + number for number in ("11.1", "11.2", "11.3", "11.5"))
SEGMENTATIONS = frozenset({SEGMENTATION, LABEL_MAP})
MOST_FILES = 500
MOST_KEYS = 5_000
LONGEST_NAME = 60
Check = Callable[[], None]


def outline_id(path: str, number: int) -> str:
    """The id of one outlined part of a file."""
    return f"{path}#{number}"


@dataclass(slots=True)
class Pictures:
    """The pictures of a disc by number, with their places."""

    frames: dict[str, list[tuple[FrameRef, Place]]] = field(default_factory=dict)

    @classmethod
    def of(cls, disc: DiscIndex) -> Pictures:
        """All pictures of an index."""
        made = cls()
        for study in disc.studies:
            for series in study.series:
                for group, held in enumerate(series.groups):
                    for index, frame in enumerate(held.frames):
                        place = (series.id, group, index)
                        made.frames.setdefault(frame.ref.sop_uid, []).append((frame.ref, place))
        return made

    def meant(self, reference: Reference) -> list[tuple[FrameRef, Place]]:
        """The frames a reference means, as far as they are on the disc."""
        return [one for one in self.frames.get(reference.uid, ()) if reference.holds(reference.uid, one[0].number)]


def find_belongings(medium: Medium, disc: DiscIndex, check: Check = lambda: None) -> Belongings:
    """Everything that belongs to the pictures of a disc. Blocks: reads the start of these files."""
    pictures = Pictures.of(disc)
    found = _Found()
    for number, header in enumerate(_candidates(disc)):
        if number >= MOST_FILES:
            break
        check()
        try:
            found.take(medium, header, pictures)
        except ProblemError as failure:
            found.problems.append(failure.problem)
    views = sorted(found.views, key=lambda row: row[0], reverse=True)
    return Belongings(
        tuple(found.keys[:MOST_KEYS]), tuple(v for _, v in views), tuple(found.sets), tuple(found.problems)
    )


def _candidates(disc: DiscIndex) -> Iterator[Header]:
    known = {KEY_OBJECTS, *SAVED_VIEWS, *SEGMENTATIONS, STRUCTURE_SET}
    for study in disc.studies:
        for series in study.series:
            yield from (header for header in series.documents if header.sop_class in known)


@dataclass(slots=True)
class _Found:
    keys: list[KeyPicture] = field(default_factory=list)
    views: list[tuple[str, SavedView]] = field(default_factory=list)  # with the day, to sort by
    sets: list[OutlineSet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, medium: Medium, header: Header, pictures: Pictures) -> None:
        """Read one file; raises ProblemError."""
        if header.sop_class == KEY_OBJECTS:
            self._keys(medium, header, pictures)
        elif header.sop_class in SAVED_VIEWS:
            self._view(medium, header, pictures)
        elif header.sop_class in SEGMENTATIONS:
            self._segments(medium, header)
        else:
            self._structures(medium, header)

    def _keys(self, medium: Medium, header: Header, pictures: Pictures) -> None:
        read = read_key_objects(medium, header.path)
        title = one_line(read.title, LONGEST_NAME) or tr("Marked by the clinic")
        for reference in read.pictures:
            self.keys += [
                KeyPicture(ref, place, title, one_line(read.note), read.rejected)
                for ref, place in pictures.meant(reference)
            ]

    def _view(self, medium: Medium, header: Header, pictures: Pictures) -> None:
        read = list_presentation(medium, header.path)
        meant = [one for reference in read.pictures for one in pictures.meant(reference)]
        name = one_line(read.description or header.series_description or read.label, LONGEST_NAME)
        if meant:
            frames, places = zip(*meant, strict=True)
            view = SavedView(header.path, name or tr("Saved view"), date_words(read.day), frames, places)
            self.views.append((read.day, view))

    def _segments(self, medium: Medium, header: Header) -> None:
        read = list_segmentation(medium, header.path)
        segments = [one for one in read.segments if one.number > 0]  # 0 is the background of a label map
        known = {facts.segment for facts in (header.shared, *header.per_frame)} - {0}
        there = [one for one in segments if not known or one.number in known]
        outlines = tuple(Outline(outline_id(header.path, one.number), _named(one.label), one.colour) for one in there)
        empty = len(segments) - len(there)
        notes = (
            tr("Drawn where a pixel belongs by half or more.") if read.is_fractional else "",
            count_of(empty, "{n} part is empty and not listed.", "{n} parts are empty and not listed.")
            if empty
            else "",
        )
        self._set(header, header.frame_of_reference, read.series, outlines, " ".join(filter(None, notes)))

    def _structures(self, medium: Medium, header: Header) -> None:
        read = list_structures(medium, header.path)
        by_system: dict[str, list[Outline]] = {}
        for one in (one for one in read.structures if one.is_drawn):
            outline = Outline(outline_id(header.path, one.number), _named(one.name), one.colour)
            by_system.setdefault(one.frame_of_reference, []).append(outline)
        for system, outlines in by_system.items():
            self._set(header, system, read.series, tuple(outlines), "")

    def _set(
        self, header: Header, system: str, series: tuple[str, ...], outlines: tuple[Outline, ...], note: str
    ) -> None:
        if outlines or note:
            name = one_line(header.series_description, LONGEST_NAME) or tr("Outlines")
            self.sets.append(OutlineSet(header.path, name, system, series, outlines, note))


def _named(label: str) -> str:
    return one_line(label, LONGEST_NAME) or tr("Without a name")
