"""The main window: menu, tool bar, *Your scan* at the left, pictures or a page in the middle, one dock at the right.

What actions do stands in `deeds`, opening and saving in `files`, what stands in the middle in `centre` and `pages`, which
parts show and how wide in `fitting` and `docks`, in which order they are made in `coming_up`; everything else lives in the
parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.disclosure.frame import Disclosure
from viewer.document.changes import Change, DiscOpened
from viewer.document.model import State
from viewer.geometry.plane import Plane
from viewer.gui.bind_actions import BoundActions, fill_menus
from viewer.gui.bridge import Bridge
from viewer.gui.look.icons import icon
from viewer.gui.look.theme import Appearance
from viewer.gui.pace import AtWork, StillMoments, YoungOnes
from viewer.gui.pages.start_page import StartPage
from viewer.gui.panes.cine import Cine
from viewer.gui.panes.picture_menu import PresetsMenu, show_picture_menu
from viewer.gui.saves import Saves
from viewer.gui.sets.browser import Browser
from viewer.gui.shell import Rooms
from viewer.gui.widgets.drops import Drops
from viewer.gui.widgets.failure_note import FailureNote
from viewer.gui.widgets.reason_note import ReasonNote, off_words
from viewer.gui.window import makers
from viewer.gui.window.bare_window import BareWindow
from viewer.gui.window.centre import Centre
from viewer.gui.window.coming_up import ComingUp
from viewer.gui.window.deeds import TICKS, Deeds
from viewer.gui.window.docks import Docks
from viewer.gui.window.drive_watch import DriveWatch
from viewer.gui.window.files import Files, Telling
from viewer.gui.window.fitting import Fitting, Parts
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.pages import Pages
from viewer.gui.window.right_dock import RightDock
from viewer.gui.window.set_deeds import MENU as SET_MENU
from viewer.gui.window.situation import situation_of
from viewer.gui.window.status_line import StatusLine
from viewer.gui.window.title import title_words
from viewer.gui.window.toolbar import ToolBar
from viewer.gui.window.unsaved_watch import UnsavedWatch
from viewer.gui.window.walk import Stop, step_focus
from viewer.gui.window.warming import icons_of
from viewer.gui.window.widths import Widths
from viewer.gui.window.window_place import folded_before, keep_docks, keep_place
from viewer.index.model import DiscIndex
from viewer.jobs.turns import WINDOW_FIRST
from viewer.text.translate import tr
from viewer.usecases.actions import is_on_pictures
from viewer.usecases.reasons import Situation

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea
    from viewer.gui.panes.pane import Pane
    from viewer.usecases.session import Session


class MainWindow(BareWindow):
    """One open program on screen. Is the `Shell` of its panels."""

    def __init__(
        self, session: Session, bridge: Bridge, appearance: Appearance | None = None, rooms: Rooms | None = None
    ) -> None:
        super().__init__()
        self.session, self.bridge = session, bridge
        self.appearance = appearance or Appearance.now()
        self._rooms = rooms or ROOMS
        self.drives: DriveWatch | None = None
        self._still, self._young, self._at_work = StillMoments(session, self), YoungOnes(session, self), AtWork(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(20)
        self._soon.timeout.connect(self._show_state)
        self._build()
        self._film = Cine(session, self.say, self._show_state)
        self._connect()
        self._watch()
        self._show_state()
        self._unsaved = UnsavedWatch(session, self.status)
        if (anew := self.session.begun_anew) is not None:
            self.say(anew.words)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.escape)

    # --- building
    def _build(self) -> None:
        self._middle = QWidget(self)
        self._pictures = QStackedWidget(self._middle)
        self._make_centre()
        self._make_bars()
        self._make_docks()
        self._lay_out()
        self.take_drops(Drops(self.start_page.drop.show_over, self.files.open_dropped))
        self.reason = ReasonNote(self)

    def _make_centre(self) -> None:
        """What stands in the middle, and what is opened into it and saved from it."""
        self.browser = Browser(self.session, self.bridge)
        start = self.start_page = StartPage(self.session)
        self.centre = Centre(start, self._pictures, self._centre_changed)
        self.pages = Pages(
            self, self._rooms, self.centre, start, self.browser, lambda password: self.files.open_again(password)
        )
        self.failure = FailureNote()
        self.saves: Saves = Saves(self.session, self.bridge, self.say, self.failure)
        telling = Telling(self.say, self.report)
        self.files: Files = Files(self.session, self.bridge, self, start, self.browser, telling, self.saves, self.pages)

    def _make_bars(self) -> None:
        """Menu and tool bar, out of the table of actions; the status line."""
        self._deeds = Deeds(self)
        self.actions_bound = BoundActions(self, self._pictures, self._deeds.handlers(), TICKS, self.situation)
        presets = PresetsMenu(self.session, lambda: self.active_pane, self)
        fill_menus(self.menuBar(), self.actions_bound, {"window_auto": presets})
        self.tools = ToolBar(self.actions_bound)
        self.status: StatusLine = StatusLine()
        self.status.copying.stop = self.session.stop_copying
        self.session.when_copying(lambda job: self.bridge.follow(job, self.status.copying.show_job))

    def _make_docks(self) -> None:
        """List, centre and right dock side by side; who of all parts shows, and in which order they come up."""
        self.right = RightDock(
            {
                "ask": lambda: self._rooms.ask_panel(self),
                "marks": lambda: makers.marks_panel(self, self._count_marks, self.files.choose_table),
                "facts": lambda: makers.facts_panel(self),
                "objects": lambda: makers.objects_panel(self),
            }
        )
        self.docks = Docks(self.browser, self.centre, self.right, Widths(self.session))
        parts = Parts(self.tools, self.docks, self.centre, self.status)
        self._fitting = Fitting(self, self.appearance, parts, folded_before(self.session))
        self._coming = ComingUp(self.session, self.bridge, self._pictures, self.right, self._fitting)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.failure)
        column.addWidget(self.docks.splitter, 1)
        column.addWidget(self.status)
        self.setCentralWidget(self._middle)

    def _connect(self) -> None:
        self.actions_bound.refused.connect(self._refuse)
        self.actions_bound.done.connect(self._done)
        self.start_page.back_wanted.connect(self.leave_page)
        self.start_page.folder_wanted.connect(lambda: self.act("open"))
        self.start_page.file_wanted.connect(lambda: self.act("open_file"))
        self.start_page.sample_wanted.connect(lambda: self.act("sample"))
        self.start_page.disc_wanted.connect(self.open_path)
        self.start_page.forget_wanted.connect(self.pages.show_forget)
        self.browser.report_wanted.connect(self.pages.show_report)
        self.browser.rest_wanted.connect(lambda: self.files.open_again(tells=False))
        self.browser.document_wanted.connect(self.pages.show_document)
        self.browser.shown.connect(self.centre.leave_page)
        self.browser.folded.connect(self._fitting.fold_left)
        self.browser.sets.more = tuple(self.actions_bound[name] for name in SET_MENU)
        self.browser.sets.choice_changed.connect(self._soon.start)
        self.right.closed.connect(lambda: self._fitting.show_right(False))
        self.appearance.changed.connect(self._dressed)
        self._coming.made.connect(self._connect_panes)

    def _watch(self) -> None:
        store = self.session.store
        store.listen(lambda before, after, change: self._leave_told(before, change))
        store.watch(lambda state: state, lambda _: self._changed())
        store.watch(lambda state: state.disc, lambda disc: self._show_disc(disc))
        store.watch(lambda state: state.view.names_shown, lambda _: self._show_title())
        store.watch(_first_series, lambda _: self._show_title())
        self.session.objects.found = self.report
        self.start_page.show_recent()

    def _changed(self) -> None:
        self._at_work.begin()
        self._soon.start()

    # --- what the store says
    def _show_state(self) -> None:
        """Once for many changes: a drag brings hundreds a second, and only the panes must keep up with each."""
        with WINDOW_FIRST:
            self.actions_bound.refresh()
            self.reason.check(self.actions_bound.reason)
            self.status.show_state(self.session.store.state, has_pictures=self.centre.shows_pictures)

    def situation(self) -> Situation:
        """What the table of actions may look at."""
        return situation_of(
            self.session,
            self.active_pane,
            playing=self._film.is_playing,
            chosen=self.chosen_sets,
            full_screen=self.isFullScreen(),
            deciding=self.centre.is_alone,
        )

    @property
    def chosen_sets(self) -> tuple[str, ...]:
        """The sets chosen in the list."""
        return self.browser.sets.chosen()

    def _show_disc(self, disc: DiscIndex | None) -> None:
        is_open = disc is not None
        if is_open != self._fitting.is_open:
            self._coming.show_open(is_open)
            if not is_open:
                self.start_page.show_recent()
                self.failure.hide()
            self.centre.show_open(is_open)
            if is_open:
                self.browser.sets.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.start_page.focus_here()
        self._show_title()

    def _leave_told(self, before: State, change: Change) -> None:
        """A page told of the disc before, also where the next one lies in the same drive; and why something was off."""
        if isinstance(change, DiscOpened):
            self.reason.hide()
            self.failure.hide()
        if isinstance(change, DiscOpened) and before.disc is not None and self.centre.page is not None:
            self.centre.leave_page()

    def _show_title(self) -> None:
        self.setWindowTitle(title_words(self.session.store.state))

    @property
    def area(self) -> PaneArea | None:
        """The panes, once there are any."""
        return self._coming.area

    def _connect_panes(self, area: PaneArea) -> None:
        area.come_after(self.browser.last_stop)
        area.pointed.connect(self.status.show_value)
        area.told.connect(self.say)
        area.arrived.connect(self._soon.start)  # whether it has a scale is known now
        area.menu_wanted.connect(self._show_picture_menu)

    def _dressed(self) -> None:
        if self.area is not None:
            makers.forget_drawn_words()
            self.area.redraw()
        self._fitting.fit()
        self.actions_bound.refresh()

    @property
    def is_warm(self) -> bool:
        """Whether what a first scan needs is made."""
        return self._coming.is_warm

    @property
    def is_whole(self) -> bool:
        """Whether every part around the panes of an open scan has come up."""
        return self._fitting.is_whole

    # --- opening
    def open_path(self, path: str) -> None:
        """Read a folder, file or ZIP."""
        self.files.open_path(path)

    def open_sample(self) -> None:
        """Open the bundled sample."""
        self.files.open_sample()

    # --- looking
    @property
    def active_pane(self) -> Pane | None:
        """The active pane, once there is one."""
        return self.area.active if self.area else None

    def _show_picture_menu(self, pane: Pane, at: QPoint) -> None:
        show_picture_menu(self, self.session, self.actions_bound, pane, at)

    def go_to(self, series_id: str, group: int, plane: Plane, index: int) -> None:
        """Show this picture of the disc, in the panes' place."""
        disc = self.session.store.state.disc
        if disc is None or disc.series(series_id) is None:  # a mark or a talk that was kept, of a set that is not there
            self.say(tr("Its pictures are not on this disc"))
            return
        self.session.show_picture(series_id, group, plane, index)
        self.leave_page()

    def show_area(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Fit this part of the picture into the active pane."""
        pane = self.active_pane
        if pane is not None:
            pane.show_area(first, last)

    # --- pages and panels
    def act(self, action_id: str) -> None:
        """Do what a row of the table of actions does, or say why it is off."""
        self.actions_bound.run(action_id)

    def say(self, sentence: str) -> None:
        """Answer in the status line what the person did."""
        self.status.say(sentence)

    def report(self, sentence: str) -> None:
        """Tell in the status line how far something is that goes on by itself."""
        self.status.report(sentence)

    def _refuse(self, action_id: str, reason: str) -> None:
        name = self.actions_bound[action_id].iconText()
        under = self.tools.buttons.get("layout" if action_id == "layout_three" else action_id)
        self.reason.show_under(under, action_id, name, tr(reason))
        self.status.say(off_words(name, tr(reason)))

    def _done(self, action_id: str) -> None:
        self.reason.hide()
        if self.centre.page is not None and not self.centre.is_alone and is_on_pictures(action_id):
            self.leave_page()  # what was done would not be seen

    def leave_page(self) -> None:
        """Back to the panes, or to the start page when nothing is open or there is nothing to show."""
        disc = self.session.store.state.disc
        if self.centre.page is not None and disc is not None and disc.complete and not disc.studies:
            self.session.close_disc()
        self.centre.leave_page()
        pane = self.active_pane
        if self._fitting.is_open and pane is not None:
            pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_preview(self, disclosure: Disclosure, conversation_id: str) -> None:
        """What will leave, in place of the panes, docks hidden."""
        self.hold_still()  # also one that was begun while this was made ready
        self.status.hush()
        self.pages.show_preview(disclosure, conversation_id)

    def show_panel(self, name: str) -> None:
        """ "ask", "marks" or "facts" comes up in the right dock."""
        if self.centre.page is not None and self.session.store.state.disc is not None:
            self.leave_page()
        self.right.show_tab(name)
        self._fitting.show_right(True)
        panel = self.right.panel(name)
        if panel is not None:
            panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count_marks(self, words: str) -> None:
        self.right.set_title("marks", words)

    def play(self) -> None:
        """Play the active pane's pictures, or pause."""
        self._film.toggle()

    def hold_still(self) -> None:
        """A film that plays stays at the picture on screen."""
        self._film.stop()

    # --- what Esc does
    def escape(self) -> None:
        """Cancel what is going on; close what is open; stop the answer; then put the picture back."""
        pane = self.active_pane
        if self.reason.isVisible():
            self.reason.hide()
        elif self.failure.isVisible():
            self.failure.hide()
        elif self.centre.page is not None or self.centre.asks_to_open:
            self.leave_page()
        elif pane is not None and pane.cancel():
            return
        elif self._film.is_playing:
            self._film.stop()
        elif self.session.asking:
            self.session.stop()
        else:
            self._deeds.escape_here()

    def _centre_changed(self) -> None:
        self.browser.mark_shown()
        self.reason.hide()  # the next thing was done
        self._soon.start()
        self._fitting.fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fitting.fit()

    # --- the rest
    def next_part(self, by: int) -> None:
        """F6: tool bar, list, panes, right dock."""
        stops: list[Stop] = [
            (self.tools, self.tools.focus_here),
            (self.browser, lambda: self.browser.sets.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            (self.centre, self._focus_centre),
            (self.right, self.right.focus_here),
        ]
        step_focus(stops, by)

    def _focus_centre(self) -> None:
        pane = self.active_pane
        if self.centre.shows_pictures and pane is not None:
            pane.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.focusNextPrevChild(True)

    def toggle_full_screen(self) -> None:
        """Full screen, and back."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def quit(self) -> None:
        """Close the window; everything is saved by itself."""
        self.close()

    @override
    def first_painted(self) -> None:
        super().first_painted()
        hidden = (self._pictures, self.browser, self.tools, self.right, self.status)
        self._coming.warm_up((*self.tools.icons_ahead(), *icons_of(self.right)), hidden)
        self.setWindowIcon(icon("contrast", "accent"))
        self.drives = DriveWatch(self.session, self.bridge, self.start_page)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_bound.refresh()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.drives is not None:
            self.drives.stop()
        self._coming.stop()
        self.docks.keep()
        keep_docks(self.session, self.right.tab, self._fitting.left_folded)
        keep_place(self, self.session)
        self.session.close()
        self.bridge.stop()
        self._at_work.end()
        event.accept()


def _first_series(state: State) -> str:
    return state.view.panes[0].series_id if state.view.panes else ""
