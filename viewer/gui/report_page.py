"""What was found on this disc: every file, shown or explained, in plain words; the numbers come from the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from viewer.gui.controls import Button, Card, Glyph, Words, column_of, row_of
from viewer.gui.plain_text import show_text
from viewer.gui.problem_note import ProblemNote
from viewer.gui.shell import Shell
from viewer.index.model import DiscIndex, Series, Skipped
from viewer.problem import Problem, Severity
from viewer.text.translate import count_of, tr

LISTED = 500
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of skipped file is shown."""

    icon: str
    token: str
    title: str
    words: str


KINDS: dict[str, Kind] = {
    "damaged": Kind("triangle-alert", "bad", "Damaged", "They could not be read as pictures. Everything else is here."),
    UNREADABLE: Kind("triangle-alert", "bad", "Could not be read from the disc",
                       "Wipe the disc with a soft cloth and open it again, or ask the clinic for a new copy."),
    "duplicate": Kind("images", "text2", "The same picture again", "Each picture is shown once."),
    "not_a_picture": Kind("file-text", "text2", "Not pictures", "Reports, settings and other things stored with the pictures."),
    "dicomdir": Kind("list", "text2", "Table of contents", "It was used as a list to check against."),
    "viewer": Kind("file-text", "text2", "The disc's own viewer program", "It was not started."),
    "not_dicom": Kind("file-text", "text2", "Other files", "They hold no scan."),
    "empty": Kind("file-text", "text2", "Empty files", "There is nothing in them."),
}  # fmt: skip


class ReportPage(QScrollArea):
    """A page in the panes' place; Esc closes it."""

    def __init__(self, shell: Shell, disc: DiscIndex, explain: str, read_again: Callable[[], None]) -> None:
        super().__init__()
        self._shell, self._read_again = shell, read_again
        self.setWidgetResizable(True)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(32, 24, 32, 24)
        self._column.setSpacing(16)
        self._head(disc)
        for problem in disc.problems:
            self._column.addWidget(self._note(problem))
        self._table(disc, explain)
        self._column.addStretch(1)
        self.setWidget(page)

    def _head(self, disc: DiscIndex) -> None:
        words = column_of(
            Words(tr("What was found on this disc"), "title"), Words(sum_words(disc), "second"), spacing=4
        )
        head = QHBoxLayout()
        head.addLayout(words, 1)
        close = Button(tr("Close the report"), icon_name="x", do=self._shell.leave_page)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)

    def _note(self, problem: Problem) -> ProblemNote:
        note = ProblemNote(problem)
        words = asked_words(problem)
        if words:
            note.add_button(Button(tr("Copy this request"), "link", do=lambda: self._copy(words)))
        return note

    def _table(self, disc: DiscIndex, explain: str) -> None:
        card = Card(margins=1)
        card.column.setSpacing(0)
        heading = row_of(Words(tr("What"), "group"), Words(tr("Files"), "group", wraps=False))
        heading.setStretch(0, 1)
        heading.setContentsMargins(38, 6, 152, 6)
        card.column.addLayout(heading)
        account = disc.account
        card.column.addWidget(ReportRow("image", "text2", tr("Shown as pictures"), sets_words(disc), account.shown))
        for series in _series_to_explain(disc):
            card.column.addWidget(self._series_row(series, strong=series.id == explain))
        counts = Counter(skipped.kind for skipped in account.skipped)
        for name in [*KINDS, *sorted(set(counts) - set(KINDS))]:
            if counts[name]:
                card.column.addWidget(self._kind_row(name, [s for s in account.skipped if s.kind == name]))
        if account.missing:
            words = tr(
                "The disc's table of contents names them, but they are not there. Ask the clinic for a complete copy."
            )
            missing = [Skipped(path, "missing", "") for path in account.missing]
            row = ReportRow("triangle-alert", "warn", tr("Listed, but missing"), words, len(missing))
            row.add_list(missing)
            card.column.addWidget(row)
        self._column.addWidget(card)

    def _series_row(self, series: Series, *, strong: bool) -> ReportRow:
        texts = [" ".join((problem.text, problem.remedy)).strip() for problem in series.problems]
        loss = any(problem.severity is Severity.LOSS for problem in series.problems)
        files = len({frame.header.path for frame in series.frames} | {header.path for header in series.documents})
        row = ReportRow(
            "triangle-alert", "bad" if loss else "warn", series.name, "\n".join(dict.fromkeys(texts)), files
        )
        row.setProperty("chosen", strong)
        if any(problem.remedy for problem in series.problems):
            row.add_button(tr("Copy this request"), lambda: self._copy(request_words(series)))
        return row

    def _kind_row(self, name: str, skipped: list[Skipped]) -> ReportRow:
        kind = KINDS.get(name, Kind("file-text", "text2", "Other files", ""))
        row = ReportRow(kind.icon, kind.token, tr(kind.title), tr(kind.words), len(skipped))
        row.add_list(skipped)
        if name == UNREADABLE:
            row.add_button(tr("Read these again"), self._read_again)
        return row

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self._shell.say(tr("Copied. You can paste it into a letter or an e-mail."))


class ReportRow(QFrame):
    """Icon, what it is, how many files, and one thing to do."""

    def __init__(self, icon_name: str, token: str, title: str, words: str, files: int) -> None:
        super().__init__()
        self.setProperty("part", "row")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 6, 10, 6)
        text = column_of(Words(title, "strong"), *([Words(words, "second")] if words else []), spacing=1)
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.addWidget(Glyph(icon_name, token), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(text, 1)
        count = Words(f"{files}", "", wraps=False)
        self._row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        self._side = QWidget()
        self._side.setFixedWidth(130)
        self._side_row = QHBoxLayout(self._side)
        self._side_row.setContentsMargins(0, 0, 0, 0)
        self._side_row.addStretch(1)
        self._row.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(self._row)

    def add_button(self, words: str, do: Callable[[], None]) -> None:
        """The link at the right."""
        self._side_row.addWidget(Button(words, "link", do=do))

    def add_list(self, skipped: list[Skipped]) -> None:
        """A list that unfolds: path and reason of each file."""
        listing = QPlainTextEdit()
        listing.setReadOnly(True)
        listing.setAccessibleName(tr("List of files"))
        lines = [f"{s.path}    {tr(s.reason)}" if s.reason else s.path for s in skipped[:LISTED]]
        if len(skipped) > LISTED:
            lines.append(tr("and {n} more", n=len(skipped) - LISTED))
        show_text(listing, "\n".join(lines))
        listing.setFixedHeight(min(240, 28 + 20 * len(lines)))
        listing.hide()
        self._column.addWidget(listing)
        button = Button(tr("Show the list"), "link")
        self._side_row.addWidget(button)

        def toggle() -> None:
            listing.setVisible(listing.isHidden())
            button.set_words(tr("Show the list") if listing.isHidden() else tr("Hide the list"))

        button.chosen.connect(toggle)


def _series_to_explain(disc: DiscIndex) -> list[Series]:
    return [series for study in disc.studies for series in study.series if series.problems]


def sum_words(disc: DiscIndex) -> str:
    """ "97 files. 62 are shown as pictures, 35 are not. 62 + 35 = 97: nothing was left out silently."."""
    found, shown, skipped = disc.account.found, disc.account.shown, len(disc.account.skipped)
    if shown + skipped != found:
        return tr("{found} files found, {shown} of them shown as pictures.", found=found, shown=shown)
    return tr(
        "{found} files. {shown} are shown, {skipped} are not. {shown} + {skipped} = {found}: nothing was left out silently.",
        found=found, shown=shown, skipped=skipped,
    )  # fmt: skip


def sets_words(disc: DiscIndex) -> str:
    """ "4 sets: 38 + 15 + 8 + 1 pictures"."""
    counts = [len(series.frames) for study in disc.studies for series in study.series if series.frames]
    if not counts:
        return tr("No pictures")
    head = count_of(len(counts), "{n} set", "{n} sets")
    listed = " + ".join(str(count) for count in counts[:12]) + (" + …" if len(counts) > 12 else "")
    return tr("{sets}: {counts} pictures", sets=head, counts=listed)


def asked_words(problem: Problem) -> str:
    """The sentence to send to the clinic, where the remedy holds one in quotation marks; else ""."""
    _, opened, rest = tr(problem.remedy).partition("“")
    words, closed, _ = rest.rpartition("”")
    return words if opened and closed else ""


def request_words(series: Series) -> str:
    """A sentence to send to the clinic; no name in it."""
    remedies = " ".join(dict.fromkeys(problem.remedy for problem in series.problems if problem.remedy))
    return tr("The set “{name}” on my disc cannot be shown completely. {remedies}", name=series.name, remedies=remedies)
