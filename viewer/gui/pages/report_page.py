"""What was found on this disc: every file, shown or explained, in plain words; the numbers come from the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.gui.pages.report_kinds import KINDS, OTHER, UNREADABLE
from viewer.gui.pages.report_row import COUNT_WIDTH, SIDE_WIDTH, ReportRow
from viewer.gui.shell import Shell
from viewer.gui.steps import Bits
from viewer.gui.widgets.boxes import Card, column_of, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.file_list import Line
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.password_form import WRONG, PasswordForm
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.index.account import report_sentences
from viewer.index.model import DiscIndex, Series, Skipped
from viewer.problem import CAN_BE_UNLOCKED, Problem, Severity
from viewer.problem import problem as make_problem
from viewer.text.translate import count_of, tr
from viewer.usecases.request import clinic_request, request_about

ASKED_AGAIN = frozenset({"disc_taken_out", "disc_unreadable"})
MOST_ROWS = 40  # of sets, and of what is to say of the disc
MakeRow = Callable[[], ReportRow]
SETTLED_MS = 400  # while reading goes on, figures change many times a second


class ReportPage(QScrollArea):
    """A page in the panes' place; Esc closes it. Follows the disc while it is being read."""

    def __init__(
        self, shell: Shell, disc: DiscIndex, explain: str, read_again: Callable[[], None], unlock: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._shell, self._explain, self._read_again, self._unlock = shell, explain, read_again, unlock
        self._disc = disc
        self.setAccessibleName(tr("What was found on this disc"))
        self.setWidgetResizable(True)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._show)
        self._bits = Bits(self)
        self._coming: QWidget | None = None  # filled, and not on screen yet
        self._show()
        self._stop = shell.session.store.watch(lambda state: state.disc, self._follow)
        self.destroyed.connect(self._stop)

    def _follow(self, disc: DiscIndex | None) -> None:
        if disc is not None and disc is not self._disc:
            self._disc = disc
            self._settled.start()

    @property
    def is_filled(self) -> bool:
        """Whether all that is known of the disc stands here: it comes row by row."""
        return self._bits.is_done

    def _show(self) -> None:
        """The first page grows on screen; a newer one takes its place once it is filled."""
        if self._coming is not None:
            self._coming.deleteLater()
        page = self._coming = QWidget(self.viewport())
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        column.addStretch(1)
        if self.widget() is None:
            self._coming = None
            self.setWidget(page)
        self._bits.make(self._parts(column, self._disc), lambda: self._bring_up(page))

    def _bring_up(self, page: QWidget) -> None:
        self._coming = None
        if self.widget() is not page:
            at = self.verticalScrollBar().value()
            self.setWidget(page)
            self.verticalScrollBar().setValue(at)

    def _parts(self, column: QVBoxLayout, disc: DiscIndex) -> Iterator[None]:
        """One after the other, each above the stretch at the end."""
        column.insertLayout(0, self._head(disc))
        yield
        parts: list[Callable[[], QWidget]] = [partial(self._note, disc, one) for one in disc.problems[:MOST_ROWS]]
        if locked := [one for one in disc.account.skipped if one.code in CAN_BE_UNLOCKED]:
            parts.append(partial(self._password, locked))
        for make in parts:
            column.insertWidget(column.count() - 1, make())
            yield
        if disc.account.found:
            yield from _filled(column, _card(tr("What"), tr("Files")), self._table(disc))
        if noted := _series_to_explain(disc):
            yield from _filled(column, _card(tr("About single sets"), tr("Pictures")), self._sets(noted))
        if words := clinic_request(disc):
            column.insertWidget(column.count() - 1, self._request(words))
            yield

    def _head(self, disc: DiscIndex) -> QHBoxLayout:
        words = column_of(Words(tr("What was found on this disc"), "title"), spacing=4)
        if disc.account.found:
            words.addWidget(Words(" ".join(report_sentences(disc)), "lead"))
            words.addWidget(Words(sum_words(disc), "second"))
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self._way_out(disc), 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _way_out(self, disc: DiscIndex) -> Button:
        """To the pictures; where the disc has nothing to show, to the start page, not to empty panes."""
        if disc.complete and not disc.studies:
            return Button(tr("Back to the start page"), icon_name="x", do=lambda: self._shell.act("close_disc"))
        return Button(tr("Close the report"), icon_name="x", do=self._shell.leave_page)

    def _note(self, disc: DiscIndex, problem: Problem) -> ProblemNote:
        note = ProblemNote(problem)
        unread = sum(skipped.kind == UNREADABLE for skipped in disc.account.skipped)
        if problem.code in ASKED_AGAIN and unread:
            note.add_button(Button(again_words(unread), icon_name="rotate-ccw", do=self._read_again))
        elif not disc.picture_count:
            note.add_button(Button(tr("Choose another folder…"), "primary", "folder-open", do=self._open))
        return note

    def _password(self, locked: list[Skipped]) -> PasswordForm:
        """Asked for here, where it is missing; the disc is read again with it and the report says how it went."""
        form = PasswordForm()
        opened = [one.path for one in self._disc.account.skipped if one.kind == "packed"]
        names = list(dict.fromkeys(_packed(one.path, opened) for one in locked))
        wrong = next((one.code for one in locked if one.code == WRONG), locked[0].code)
        form.ask(names[0], make_problem(wrong), self._unlock, more=len(names) - 1, takes_focus=False)
        return form

    def _open(self) -> None:
        self._shell.act("open")

    def _table(self, disc: DiscIndex) -> list[MakeRow]:
        """Rows whose numbers add up to the files found; what is missing stands below, it was not found."""
        kinds: defaultdict[str, list[Skipped]] = defaultdict(list)
        for skipped in disc.account.skipped:
            kinds[skipped.kind].append(skipped)
        rows: list[MakeRow] = [partial(_shown_row, disc)]
        for name in [*KINDS, *sorted(set(kinds) - set(KINDS))]:
            if name in kinds:
                rows.append(partial(self._kind_row, name, kinds[name]))
        return [*rows, partial(_missing_row, disc.account.missing)] if disc.account.missing else rows

    def _kind_row(self, name: str, skipped: list[Skipped]) -> ReportRow:
        kind = KINDS.get(name, OTHER)
        row = ReportRow(kind.icon, kind.token, tr(kind.title), tr(kind.words), f"{len(skipped)}")
        row.add_list(lambda: [(one.path, one.reason) for one in skipped])
        if name == UNREADABLE:
            row.add_button(again_words(len(skipped)), self._read_again)
        return row

    def _sets(self, noted: list[Series]) -> list[MakeRow]:
        """What there is to say about single sets; these are shown all the same where they can be. Of very many the worst, and
        the one that is asked for, have rows; the others are a list."""
        shown = [one for at, one in enumerate(noted) if at < MOST_ROWS or one.id == self._explain]
        rest = [one for one in noted[MOST_ROWS:] if one.id != self._explain]
        rows: list[MakeRow] = [partial(self._series_row, series) for series in shown]
        return [*rows, partial(_rest_row, rest)] if rest else rows

    def _series_row(self, series: Series) -> ReportRow:
        texts = [problem.words for problem in series.problems]
        row = ReportRow(
            "triangle-alert" if _is_bad(series) else "info", "bad" if _is_lost(series) else "warn" if _is_bad(series) else "text2",
            series.name, "\n".join(dict.fromkeys(texts)), f"{len(series.frames)}",
        )  # fmt: skip
        row.setProperty("chosen", series.id == self._explain)
        row.add_list(lambda: series_lines(series))
        if _is_bad(series) and any(problem.remedy for problem in series.problems):
            row.add_button(tr("Copy this request"), partial(self._copy, request_about(series)))
        return row

    def _request(self, words: str) -> Card:
        card = Card()
        card.column.addWidget(Words(tr("What you can write to the clinic"), "strong"))
        text = Words(words)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        text.setAccessibleName(words)
        card.column.addWidget(text)
        card.column.addLayout(row_of(Button(tr("Copy these words"), do=partial(self._copy, words)), 1))
        return card

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self._shell.say(tr("Copied. You can paste it into a letter or an e-mail."))


def _packed(path: str, opened: list[str]) -> str:
    """The ZIP a locked file is, or lies in."""
    return max((one for one in opened if path.startswith(one + "/")), key=len, default=path)


def _card(what: str, count: str) -> Card:
    card = Card(margins=1)
    card.column.setSpacing(0)
    number = Words(count, "group", wraps=False)
    number.setMinimumWidth(COUNT_WIDTH)
    number.setAlignment(Qt.AlignmentFlag.AlignRight)
    heading = row_of(Words(what, "group"), number, spacing=12)
    heading.setStretch(0, 1)
    heading.setContentsMargins(38, 6, 10 + 12 + SIDE_WIDTH, 6)
    card.column.addLayout(heading)
    return card


def _filled(column: QVBoxLayout, card: Card, rows: Sequence[MakeRow]) -> Iterator[None]:
    """The card with a row after the other; the last needs no line, the card has its edge there."""
    column.insertWidget(column.count() - 1, card)
    for number, make in enumerate(rows, 1):
        row = make()
        row.setProperty("last", number == len(rows))
        card.column.addWidget(row)
        yield


def _shown_row(disc: DiscIndex) -> ReportRow:
    row = ReportRow("image", "text2", tr("Shown as pictures"), sets_words(disc), f"{disc.account.shown}")
    if disc.account.shown:
        row.add_list(lambda: shown_lines(disc))
    return row


def _missing_row(missing: Sequence[str]) -> ReportRow:
    words = tr("The disc's own list names them, but they are not there. Ask the clinic for a complete copy.")
    row = ReportRow("triangle-alert", "warn", tr("Listed, but missing"), words, f"{len(missing)}")
    row.add_list(lambda: [(path, "") for path in missing])
    return row


def _rest_row(rest: Sequence[Series]) -> ReportRow:
    title = count_of(len(rest), "{n} more set", "{n} more sets")
    row = ReportRow("list", "text2", title, "", f"{sum(len(series.frames) for series in rest)}")
    row.add_list(lambda: [(series.name, " ".join(problem.words for problem in series.problems)) for series in rest])
    return row


def _is_lost(series: Series) -> bool:
    return any(problem.severity is Severity.LOSS for problem in series.problems)


def _is_bad(series: Series) -> bool:
    return any(problem.severity is not Severity.NOTE for problem in series.problems)


def _series_to_explain(disc: DiscIndex) -> list[Series]:
    """The worst first."""
    noted = [series for series in disc.every_series if series.problems]
    return sorted(noted, key=lambda series: (not _is_lost(series), not _is_bad(series)))


def shown_lines(disc: DiscIndex) -> list[Line]:
    """Each file that is shown, with the set it is in."""
    return [line for series in disc.every_series if series.frames for line in series_lines(series)]


def series_lines(series: Series) -> list[Line]:
    """Each file of a set, with the set's name."""
    headers = [frame.header for frame in series.frames] or list(series.documents)
    return [(path, series.name) for path in dict.fromkeys(header.path for header in headers)]


def again_words(files: int) -> str:
    """ "Read this one again", "Read these 9 again"."""
    return count_of(files, "Read this one again", "Read these {n} again")


def sum_words(disc: DiscIndex) -> str:
    """ "97 files. 62 are shown as pictures, 35 are not. 62 + 35 = 97: nothing was left out silently."."""
    found, shown, skipped = disc.account.found, disc.account.shown, len(disc.account.skipped)
    files = count_of(found, "{n} file found.", "{n} files found.")
    if shown + skipped != found:
        return files + " " + tr("{shown} of them are shown as pictures so far.", shown=shown)
    sums = tr("{shown} shown + {skipped} not = {found}: nothing was left out silently.", shown=shown, skipped=skipped,
              found=found)  # fmt: skip
    return f"{files} {sums}"


def sets_words(disc: DiscIndex) -> str:
    """ "4 sets: 38 + 15 + 8 + 1 pictures"."""
    counts = [len(series.frames) for series in disc.every_series if series.frames]
    if not counts:
        return tr("No pictures")
    head = count_of(len(counts), "{n} set", "{n} sets")
    listed = " + ".join(str(count) for count in counts[:12]) + (" + …" if len(counts) > 12 else "")
    if len(counts) == 1:
        return tr("{sets}: {pictures}", sets=head, pictures=count_of(counts[0], "{n} picture", "{n} pictures"))
    return tr("{sets}: {counts} pictures", sets=head, counts=listed)
