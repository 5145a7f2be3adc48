"""The main window: menu, tool bar, *Your scan* at the left, pictures or a page in the middle, one dock at the right.

It ties actions to what they do and decides what folds; everything else lives in the parts. pyqtgraph and the panes are
imported after the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.disclosure.frame import Disclosure
from viewer.document.changes import (
    CrosshairToggled,
    LayoutChosen,
    MarkSelected,
    NamesShown,
    PaneMaximised,
    RegionChosen,
    ToolChosen,
)
from viewer.document.model import Layout, PaneView, Tool, View
from viewer.geometry.plane import Plane
from viewer.gui.bind_actions import BoundActions, fill_menus
from viewer.gui.bridge import Bridge
from viewer.gui.browser import STRIP, Browser
from viewer.gui.reason_note import ReasonNote
from viewer.gui.right_dock import RightDock
from viewer.gui.shell import Rooms
from viewer.gui.start_page import StartPage
from viewer.gui.status_line import StatusLine
from viewer.gui.theme import Appearance
from viewer.gui.tokens import THEMES
from viewer.gui.toolbar import ToolBar
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.picture.look import Look
from viewer.text.translate import tr
from viewer.usecases.actions import Situation
from viewer.usecases.looking import why_not_three

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea
    from viewer.gui.panes.pane import Pane
    from viewer.usecases.session import Session

WIDE, NARROW, NARROWEST = 1600, 1280, 1024
SMALLEST = (960, 600)


class MainWindow(QMainWindow):
    """One open program on screen. Is the `Shell` of its panels."""

    def __init__(
        self, session: Session, bridge: Bridge, appearance: Appearance | None = None, rooms: Rooms | None = None
    ) -> None:
        super().__init__()
        self.session, self.bridge = session, bridge
        self.appearance = appearance or Appearance.now()
        self._rooms = rooms
        self.area: PaneArea | None = None
        self._page: QWidget | None = None
        self._left_folded: bool | None = None  # None: as the width says
        self._right_open = True
        self._painted = False
        self.setMinimumSize(*SMALLEST)
        self.resize(1366, 768)
        self.setAcceptDrops(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(20)
        self._soon.timeout.connect(self._show_state)
        self._build()
        self._watch()
        self._show_state()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.escape)

    # --- building
    def _build(self) -> None:
        self._middle = QWidget(self)
        self._pictures = QStackedWidget(self._middle)
        self.actions_bound = BoundActions(self, self._pictures, self._handlers(), TICKS, self.situation)
        fill_menus(self.menuBar(), self.actions_bound)
        self.tools = ToolBar(self.actions_bound)
        self.browser = Browser(self.session, self.bridge)
        self.start_page = StartPage(self.session)
        self._centre = QStackedWidget()
        self._centre.addWidget(self.start_page)
        self._centre.addWidget(self._pictures)
        self.right = RightDock({"ask": self._ask_panel, "marks": self._marks_panel, "facts": self._facts_panel})
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for part in (self.browser, self._centre, self.right):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self.status = StatusLine()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self._splitter, 1)
        column.addWidget(self.status)
        self.setCentralWidget(self._middle)
        self.reason = ReasonNote(self)
        self.actions_bound.refused.connect(self._refuse)
        self.actions_bound.done.connect(lambda _: self.reason.hide())
        self.start_page.folder_wanted.connect(lambda: self.act("open"))
        self.start_page.file_wanted.connect(lambda: self.act("open_file"))
        self.start_page.sample_wanted.connect(lambda: self.act("sample"))
        self.start_page.disc_wanted.connect(self.open_path)
        self.browser.report_wanted.connect(self.show_report)
        self.browser.folded.connect(self._fold_left)
        self.right.closed.connect(self._close_right)
        self.appearance.changed.connect(self._dressed)

    def _watch(self) -> None:
        store = self.session.store
        self._was_open = False
        store.watch(lambda state: state, lambda _: self._soon.start())
        store.watch(lambda state: state.disc, lambda disc: self._show_disc(disc))
        store.watch(lambda state: state.view.names_shown, lambda _: self._show_title())
        self.start_page.show_recent()

    def _handlers(self) -> dict[str, Callable[[], None]]:
        """What each row of the table of actions does here."""
        dispatch = self.session.store.dispatch
        view = self._view
        tools: dict[str, Callable[[], None]] = {f"tool_{tool.value}": partial(self._choose_tool, tool) for tool in Tool}
        themes: dict[str, Callable[[], None]] = {f"theme_{name}": partial(self._choose_theme, name) for name in THEMES}
        return {
            **tools,
            **themes,
            "open": self._choose_folder,
            "open_file": self._choose_file,
            "sample": self.open_sample,
            "report": lambda: self.show_report(""),
            "save_pdf": self._choose_pdf,
            "close_disc": self.session.close_disc,
            "settings": self._show_settings,
            "quit": self._quit,
            "layout_one": lambda: dispatch(LayoutChosen(Layout.ONE)),
            "layout_three": lambda: dispatch(
                LayoutChosen(Layout.ONE if view().layout is Layout.THREE else Layout.THREE)
            ),
            "maximise": lambda: dispatch(PaneMaximised(not view().maximised)),
            "next_pane": lambda: self._next_part(1),
            "previous_pane": lambda: self._next_part(-1),
            "crosshair_shown": lambda: dispatch(CrosshairToggled(not view().crosshair_shown)),
            "names": lambda: dispatch(NamesShown(not view().names_shown)),
            "full_screen": self._toggle_full_screen,
            "next_slice": lambda: self._step(1),
            "previous_slice": lambda: self._step(-1),
            "forward_ten": lambda: self._step(10),
            "back_ten": lambda: self._step(-10),
            "first_slice": lambda: self._step(-1_000_000),
            "last_slice": lambda: self._step(1_000_000),
            "window_auto": self._automatic,
            "invert": lambda: self._change_look(lambda look: replace(look, inverted=not look.inverted)),
            "flip": lambda: self._change_look(_flipped),
            "turn": lambda: self._change_look(lambda look: replace(look, turned=(look.turned + 1) % 4)),
            "put_back": self._put_back,
            "facts": lambda: self.show_panel("facts"),
            "undo": lambda: self._say_step(self.session.store.undo()),
            "redo": lambda: self._say_step(self.session.store.redo()),
            "rename_mark": self._rename,
            "delete_mark": lambda: self._pane_does(lambda pane: pane.delete_selected()),
            "marks_list": lambda: self.show_panel("marks"),
            "ask": lambda: self.show_panel("ask"),
            "stop": self.session.stop,
            "keys": lambda: self._show_help(about=False),
            "about": lambda: self._show_help(about=True),
        }

    def _view(self) -> View:
        return self.session.store.state.view

    # --- what the store says
    def _show_state(self) -> None:
        """Once for many changes: a drag brings hundreds a second, and only the panes must keep up with each."""
        self.actions_bound.refresh()
        self.status.show_state(self.session.store.state)

    def situation(self) -> Situation:
        """What the table of actions may look at."""
        store = self.session.store
        pane = self.area.active if self.area else None
        slice_ = pane.slice if pane else None
        no_scale = tr("This picture has no scale.") if slice_ is not None and slice_.pixel_mm is None else ""
        return Situation(
            store.state, store.undo_words, store.redo_words, self.session.asking, why_not_three(store.state), no_scale
        )

    def _show_disc(self, disc: DiscIndex | None) -> None:
        is_open = disc is not None
        if is_open != self._was_open:
            self._was_open = is_open
            self._leave_any_page()
            if is_open:
                self._need_panes()
            else:
                self.start_page.show_recent()
            self._centre.setCurrentWidget(self._pictures if is_open else self.start_page)
            self._fold()
            if is_open:
                self.browser.sets.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.start_page.focus_here()
        self._show_title()

    def _show_title(self) -> None:
        state = self.session.store.state
        study = state.disc.studies[0] if state.disc and state.disc.studies else None
        if study is None:
            self.setWindowTitle("Sidelight")
            return
        person = study.person.name if state.view.names_shown else ""
        words = ", ".join(part for part in (study.name, person) if part)
        self.setWindowTitle(f"{words} — Sidelight")

    def _need_panes(self) -> PaneArea:
        """The panes and pyqtgraph come here, after the first paint, not with the window."""
        if self.area is None:
            area_class = importlib.import_module("viewer.gui.panes.area").PaneArea
            area: PaneArea = area_class(self.session, self._pictures)
            area.pointed.connect(self.status.show_value)
            area.menu_wanted.connect(self._show_picture_menu)
            self._pictures.addWidget(area)
            self._pictures.setCurrentWidget(area)
            self.area = area
            self.right.show_tab(self.right.tab or "ask")
            self._fold()
        return self.area

    def _dressed(self) -> None:
        if self.area is not None:
            outlined = importlib.import_module("viewer.gui.panes.outlined")
            outlined.forget_texts()
            self.area.redraw()
        self._fold()
        self.actions_bound.refresh()

    # --- opening
    def open_path(self, path: str) -> None:
        """Read a folder, file or ZIP."""
        self._opening(self.session.open_path(path))

    def open_sample(self) -> None:
        """Open the bundled sample."""
        self._opening(self.session.open_sample())

    def _opening(self, job: Job[DiscIndex]) -> None:
        self.start_page.show_problem(None)
        self.browser.follow(job)
        self.bridge.follow(job, self._opened)

    def _opened(self, job: Job[DiscIndex]) -> None:
        if not job.finished:
            self.status.say(job.progress.words or tr("Looking for files"))
            return
        if job.problem is not None:
            if self.session.store.state.disc is None:
                self.start_page.show_problem(job.problem)
            self.status.say(" ".join(part for part in (job.problem.text, job.problem.remedy) if part))
            return
        disc = job.result
        if disc is not None:
            words = tr("Everything was read. Nothing on the disc was changed.")
            self.status.say(words if disc.complete else tr("Reading was stopped. What was read so far can be used."))
            if not disc.picture_count:
                self.show_report("")

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Choose the folder of the disc"))
        if path:
            self.open_path(path)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a ZIP file or one picture"))
        if path:
            self.open_path(path)

    def _choose_pdf(self) -> None:
        suggested = str(Path.home() / self.session.suggested_pdf_name())
        path, _ = QFileDialog.getSaveFileName(self, tr("Save as PDF"), suggested, "PDF (*.pdf)")
        if path:
            self.save_pdf(Path(path))

    def save_pdf(self, path: Path) -> None:
        """Write the report there."""
        talk = self.session.store.state.view.conversation
        job = self.session.export_pdf(path, talk)

        def done(job: Job[Path]) -> None:
            if job.finished:
                problem = job.problem
                words = tr("Saved: {name}", name=path.name)
                self.status.say(" ".join((problem.text, problem.remedy)).strip() if problem else words)

        self.bridge.follow(job, done)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.start_page.drop.show_over(True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.start_page.drop.show_over(False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.start_page.drop.show_over(False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            # Several things dropped at once lie in one folder: that folder is what was meant.
            self.open_path(paths[0] if len(paths) == 1 else str(Path(paths[0]).parent))

    # --- looking
    def _pane_does(self, work: Callable[[Pane], None]) -> None:
        if self.area is not None and self.area.active is not None:
            work(self.area.active)

    def _step(self, by: int) -> None:
        self._pane_does(lambda pane: pane.step(by))

    def _active(self) -> PaneView | None:
        return self.session.store.state.view.pane

    def _change_look(self, change: Callable[[Look], Look]) -> None:
        pane = self._active()
        if pane is not None:
            self.session.set_look(pane.series_id, change(self._view().look(pane.series_id)))

    def _automatic(self) -> None:
        pane = self._active()
        if pane is not None:
            window = self.session.automatic_window(pane.series_id, pane.group)
            self._change_look(lambda look: replace(look, window=window))

    def _put_back(self) -> None:
        self._change_look(lambda _: Look())
        self._pane_does(lambda pane: pane.put_back())

    def _choose_tool(self, tool: Tool) -> None:
        current = self._view().tool
        self.session.store.dispatch(ToolChosen(Tool.WINDOW if tool is current else tool))

    def _say_step(self, words: str) -> None:
        if words:
            self.status.say(tr("Done: {words}", words=words))

    def _rename(self) -> None:
        self._pane_does(lambda pane: pane.rename_selected())

    def _show_picture_menu(self, pane: Pane, at: QPoint) -> None:
        menu = QMenu(self)
        series = pane.pane.series_id if pane.pane else ""
        for number, window in enumerate(self.session.presets(series)[:9] if series else ()):
            row = menu.addAction(f"{number + 1}   {window.name}".replace("&", "&&"))
            row.triggered.connect(lambda _=False, number=number: pane.choose_preset(number))
        menu.addSeparator()
        for name in ("window_auto", "invert", "flip", "turn", "put_back", "tool_region", "ask", "facts"):
            menu.addAction(self.actions_bound[name])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def go_to(self, series_id: str, group: int, plane: Plane, index: int) -> None:
        """Show this picture in the large pane."""
        view = self._view()
        numbers = [
            n
            for n, pane in enumerate(view.panes)
            if (pane.series_id, pane.group, pane.plane) == (series_id, group, plane)
        ]
        if not numbers:
            self.session.show(series_id)
            panes = self._view().panes
            shown = next((n for n, pane in enumerate(panes) if pane.plane is plane), 0)
            panes = tuple(replace(p, group=group, plane=plane if n == shown else p.plane) for n, p in enumerate(panes))
            self.session.arrange(panes, shown)
            numbers = [shown]
        self.leave_page()
        self.session.go_to(numbers[0], index)

    # --- pages and panels
    def act(self, action_id: str) -> None:
        """Do what a row of the table of actions does, or say why it is off."""
        self.actions_bound.run(action_id)

    def say(self, sentence: str) -> None:
        """One sentence in the status line."""
        self.status.say(sentence)

    def _refuse(self, action_id: str, reason: str) -> None:
        name = self.actions_bound[action_id].iconText()
        under = self.tools.buttons.get("layout" if action_id == "layout_three" else action_id)
        self.reason.show_under(under, name, tr(reason))
        self.status.say(tr("{name} is off: {reason}", name=name, reason=tr(reason)))

    def show_page(self, page: QWidget, *, alone: bool = False) -> None:
        """A page in the panes' place; `alone` hides the docks."""
        self._leave_any_page()
        self._page = page
        self._centre.addWidget(page)
        self._centre.setCurrentWidget(page)
        page.setProperty("alone", alone)
        self._fold()

    def leave_page(self) -> None:
        """Back to the panes, or to the start page when nothing is open."""
        self._leave_any_page()
        is_open = self.session.store.state.disc is not None
        self._centre.setCurrentWidget(self._pictures if is_open else self.start_page)
        self._fold()
        pane = self.area.active if self.area else None
        if is_open and pane is not None:
            pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_any_page(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            self._centre.removeWidget(page)
            page.deleteLater()

    def show_report(self, explain: str) -> None:
        """The import report, at the row of a series when given."""
        disc = self.session.store.state.disc
        if disc is not None:
            page_class = importlib.import_module("viewer.gui.report_page").ReportPage
            self.show_page(page_class(self, disc, explain))

    def show_preview(self, disclosure: Disclosure, conversation_id: str) -> None:
        """What will leave, in place of the panes, docks hidden."""
        self.show_page(self._made_rooms().preview_page(self, disclosure, conversation_id), alone=True)

    def _show_settings(self) -> None:
        self.show_page(self._made_rooms().settings_page(self))

    def _show_help(self, *, about: bool) -> None:
        page_class = importlib.import_module("viewer.gui.help_page").HelpPage
        self.show_page(page_class(self, about=about))

    def show_panel(self, name: str) -> None:
        """ "ask", "marks" or "facts" comes up in the right dock."""
        self._right_open = True
        self.right.show_tab(name)
        self._fold()
        panel = self.right.panel(name)
        if panel is not None:
            panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_right(self) -> None:
        self._right_open = False
        self._fold()

    def _made_rooms(self) -> Rooms:
        if self._rooms is None:
            panels = {
                name: importlib.import_module(f"viewer.gui.panels.{name}") for name in ("ask", "preview", "settings")
            }
            self._rooms = Rooms(panels["ask"].AskPanel, panels["preview"].PreviewPage, panels["settings"].SettingsPage)
        return self._rooms

    def _ask_panel(self) -> QWidget:
        return self._made_rooms().ask_panel(self)

    def _marks_panel(self) -> QWidget:
        panel_class = importlib.import_module("viewer.gui.marks_panel").MarksPanel
        panel: QWidget = panel_class(self, lambda words: self.right.set_title("marks", words))
        return panel

    def _facts_panel(self) -> QWidget:
        panel: QWidget = importlib.import_module("viewer.gui.facts_panel").FactsPanel(self)
        return panel

    # --- what Esc does
    def escape(self) -> None:
        """Cancel what is going on; close what is open; stop the answer; then put the picture back."""
        view = self._view()
        pane = self.area.active if self.area else None
        if self.reason.isVisible():
            self.reason.hide()
        elif self._page is not None:
            self.leave_page()
        elif pane is not None and pane.cancel():
            return
        elif self.session.asking:
            self.session.stop()
        elif view.region is not None and view.tool is Tool.REGION:
            self.session.store.dispatch(RegionChosen(None))
        elif view.selected_mark:
            self.session.store.dispatch(MarkSelected(""))
        elif view.tool is not Tool.WINDOW:
            self.session.store.dispatch(ToolChosen(Tool.WINDOW))
        elif pane is not None:
            self._put_back()

    # --- sizes
    def _fold(self) -> None:
        """What is shown and how wide, by the window's width and the size of the text."""
        is_open = self.session.store.state.disc is not None
        alone = self._page is not None and bool(self._page.property("alone"))
        width = self.width()
        tight = width < NARROW or self.appearance.percent >= 150
        tightest = width < NARROWEST
        strip = (tight if self._left_folded is None else self._left_folded) or tightest
        docks = is_open and not alone
        self.tools.setVisible(docks)
        self.tools.fold_words(tight)
        self.status.setVisible(is_open or self._page is not None)
        self.browser.setVisible(docks)
        right = docks and self._right_open and bool(self.right.tab) and not self._covers()
        self.right.setVisible(right)
        self._size_docks(width, strip)
        if self.area is not None:
            self.area.show_small(0 if tightest and right else 1 if tight else 2)

    def _covers(self) -> bool:
        """A report, settings or help page needs the room of the right dock."""
        return self._page is not None

    def _size_docks(self, width: int, strip: bool) -> None:
        left = STRIP if strip else self.appearance.pixels(272 if width >= WIDE else 240)
        right = min(480 if width >= WIDE else self.appearance.pixels(320), int(width * 0.4))
        self.browser.setMinimumWidth(STRIP if strip else 200)
        self.browser.setMaximumWidth(STRIP if strip else int(width * 0.4))
        self.right.setMaximumWidth(int(width * 0.4))
        sizes = [left, max(200, width - left - right - 2), right]
        self._splitter.setSizes(sizes)

    def _fold_left(self, folded: bool) -> None:
        self._left_folded = folded
        self._fold()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    # --- the rest
    def _next_part(self, by: int) -> None:
        """F6: tool bar, list, panes, right dock."""
        parts: list[tuple[QWidget, Callable[[], None]]] = [
            (self.tools, self.tools.focus_here),
            (self.browser, lambda: self.browser.sets.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            (self._centre, self._focus_centre),
            (self.right, self.right.focus_here),
        ]
        shown = [(part, focus) for part, focus in parts if part.isVisible()]
        focused = QApplication.focusWidget()
        here = next((n for n, (part, _) in enumerate(shown) if focused and part.isAncestorOf(focused)), -1)
        shown[(here + by) % len(shown)][1]()

    def _focus_centre(self) -> None:
        pane = self.area.active if self.area else None
        if self._centre.currentWidget() is self._pictures and pane is not None:
            pane.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.focusNextPrevChild(True)

    def _choose_theme(self, name: str) -> None:
        self.appearance.choose("system" if self.appearance.choice == name else name)

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _quit(self) -> None:
        self.close()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)

    def _after_first_paint(self) -> None:
        """The heavy imports, on a worker: the window stays responsive meanwhile."""
        self.session.jobs.start("warm up", lambda job: importlib.import_module("pyqtgraph"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_bound.refresh()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.session.close()
        self.bridge.stop()
        event.accept()


def _flipped(look: Look) -> Look:
    # Mirrored as seen: under a quarter turn the picture's own left and right stand upright on the screen.
    return replace(look, flipped=not look.flipped, turned=(-look.turned) % 4)


def _tool_is(tool: Tool) -> Callable[[Situation], bool]:
    return lambda situation: situation.state.view.tool is tool


def _look_of(situation: Situation) -> Look:
    pane = situation.state.view.pane
    return situation.state.view.look(pane.series_id) if pane else Look()


TICKS: dict[str, Callable[[Situation], bool]] = {
    **{f"tool_{tool.value}": _tool_is(tool) for tool in Tool},
    "layout_one": lambda s: s.state.view.layout is Layout.ONE,
    "layout_three": lambda s: s.state.view.layout is Layout.THREE and len(s.state.view.panes) > 1,
    "maximise": lambda s: s.state.view.maximised,
    "crosshair_shown": lambda s: s.state.view.crosshair_shown,
    "names": lambda s: s.state.view.names_shown,
    "full_screen": lambda s: any(window.isFullScreen() for window in QApplication.topLevelWidgets()),
    "theme_light": lambda s: Appearance.now().choice == "light",
    "theme_dark": lambda s: Appearance.now().choice == "dark",
    "theme_contrast": lambda s: Appearance.now().choice == "contrast",
    "invert": lambda s: _look_of(s).inverted,
    "flip": lambda s: _look_of(s).flipped,
}
