"""Deeds: what each row of the table of actions does in this window, and which rows carry a tick now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from viewer.document.changes import (
    BesideToggled,
    CrosshairToggled,
    LayoutChosen,
    MarkSelected,
    NamesShown,
    PaneMaximised,
    RegionChosen,
    ToolChosen,
)
from viewer.document.model import Layout, Tool, View
from viewer.gui.clinic import ClinicDeeds
from viewer.gui.look.theme import SYSTEM, Appearance
from viewer.gui.look.tokens import THEMES
from viewer.gui.shell import Shell
from viewer.gui.window.set_deeds import SetDeeds
from viewer.picture.look import Look
from viewer.text.translate import tr
from viewer.usecases.reasons import Situation

if TYPE_CHECKING:
    from viewer.gui.panes.pane import Pane
    from viewer.gui.window.files import Files
    from viewer.gui.window.pages import Pages

Deed = Callable[[], None]
FAR = 1_000_000
ZOOM_STEP = 1.25


class DeedsShell(Shell, Protocol):
    """What deeds ask of the window around them, beyond what its panels do."""

    @property
    def active_pane(self) -> Pane | None: ...

    @property
    def files(self) -> Files: ...

    @property
    def pages(self) -> Pages: ...

    @property
    def chosen_sets(self) -> tuple[str, ...]: ...

    def play(self) -> None: ...

    def next_part(self, by: int) -> None: ...

    def toggle_full_screen(self) -> None: ...

    def quit(self) -> None: ...


class Deeds:
    """Everything that works on the store or the active pane; what needs the window's frame is asked of the window."""

    def __init__(self, window: DeedsShell) -> None:
        self._window = window
        self._session = window.session

    def handlers(self) -> dict[str, Deed]:
        """One deed for each row of the table."""
        window = self._window
        return {
            **{f"tool_{tool.value}": partial(self.choose_tool, tool) for tool in Tool},
            **{f"theme_{name}": partial(self.choose_theme, name) for name in (SYSTEM, *THEMES)},
            **self._looking(),
            "open": window.files.choose_folder,
            "open_file": window.files.choose_file,
            "sample": window.files.open_sample,
            "report": window.pages.show_report,
            "save_pdf": window.files.choose_pdf,
            "close_disc": self._session.close_disc,
            "forget": window.pages.forget_open,
            "settings": window.pages.show_settings,
            "quit": window.quit,
            "next_pane": lambda: window.next_part(1),
            "previous_pane": lambda: window.next_part(-1),
            "full_screen": window.toggle_full_screen,
            "facts": lambda: window.show_panel("facts"),
            "marks_list": lambda: window.show_panel("marks"),
            "ask": lambda: window.show_panel("ask"),
            "clinic": lambda: window.show_panel("objects"),
            "play": window.play,
            **ClinicDeeds(window).handlers(),
            **SetDeeds(window).handlers(),
            "undo": lambda: self._tell("Taken back: {words}", self._session.store.undo()),
            "redo": lambda: self._tell("Done again: {words}", self._session.store.redo()),
            "rename_mark": lambda: self.pane_does(lambda pane: pane.selected.rename()),
            "delete_mark": lambda: self.pane_does(lambda pane: pane.selected.remove()),
            "stop": self._session.stop,
            "keys": lambda: window.pages.show_help(about=False),
            "about": lambda: window.pages.show_help(about=True),
        }

    def _looking(self) -> dict[str, Deed]:
        dispatch = self._session.store.dispatch
        return {
            "layout_one": lambda: dispatch(LayoutChosen(Layout.ONE)),
            "layout_three": self.three_directions,
            "maximise": lambda: dispatch(PaneMaximised(not self.view.maximised)),
            "crosshair_shown": lambda: dispatch(CrosshairToggled(not self.view.crosshair_shown)),
            "beside_shown": lambda: dispatch(BesideToggled(not self.view.beside_shown)),
            "names": lambda: dispatch(NamesShown(not self.view.names_shown)),
            "next_slice": lambda: self.step(1),
            "previous_slice": lambda: self.step(-1),
            "forward_ten": lambda: self.step(10),
            "back_ten": lambda: self.step(-10),
            "first_slice": lambda: self.step(-FAR),
            "last_slice": lambda: self.step(FAR),
            "next_group": lambda: self.step_group(1),
            "previous_group": lambda: self.step_group(-1),
            "window_auto": self.automatic,
            "invert": lambda: self.change_look(lambda look: replace(look, inverted=not look.inverted)),
            "flip": lambda: self.change_look(mirrored),
            "turn": lambda: self.change_look(lambda look: replace(look, turned=(look.turned + 1) % 4)),
            "put_back": self.put_back,
            "closer": lambda: self.pane_does(lambda pane: zoom_by(pane, ZOOM_STEP)),
            "further": lambda: self.pane_does(lambda pane: zoom_by(pane, 1 / ZOOM_STEP)),
            "fit": lambda: self.pane_does(lambda pane: pane.put_back()),
            "one_to_one": lambda: self.pane_does(one_to_one),
        }

    @property
    def view(self) -> View:
        """What is on screen."""
        return self._session.store.state.view

    def pane_does(self, work: Callable[[Pane], None]) -> None:
        """Let the active pane do it, where there is one."""
        pane = self._window.active_pane
        if pane is not None:
            work(pane)

    def three_directions(self) -> None:
        """Three panes, or one again; a set that was shown before all of it was read gets its other panes now."""
        view, dispatch = self.view, self._session.store.dispatch
        if view.layout is Layout.THREE and len(view.panes) > 1:
            dispatch(LayoutChosen(Layout.ONE))
            return
        if len(view.panes) == 1:
            self._session.show(view.panes[0].series_id)
        dispatch(LayoutChosen(Layout.THREE))

    def step(self, by: int) -> None:
        """Scroll the active pane."""
        self.pane_does(lambda pane: pane.step(by))

    def step_group(self, by: int) -> None:
        """Another time, echo or value of the active set, as far as there are any."""
        pane = self.view.pane
        if pane is not None:
            last = len(self._session.series(pane.series_id).groups) - 1
            group = min(max(pane.group + by, 0), last)
            if group != pane.group:
                self._session.show_group(group)

    def change_look(self, change: Callable[[Look], Look]) -> None:
        """Change how the active series looks."""
        pane = self.view.pane
        if pane is not None:
            self._session.set_look(pane.series_id, change(self._look_now(pane.series_id)))

    def _look_now(self, series_id: str) -> Look:
        """As the slice on screen looks, which a saved view may have settled."""
        shown = self._window.active_pane
        slice_ = shown.slice if shown is not None else None
        return self.view.look_on(slice_) if slice_ is not None else self.view.look(series_id)

    def automatic(self) -> None:
        """Window from the values."""
        pane = self.view.pane
        if pane is not None:
            window = self._session.automatic_window(pane.series_id, pane.group)
            self.change_look(lambda look: replace(look, window=window))

    def put_back(self) -> None:
        """Window, zoom and turn as at first; marks stay."""
        self.change_look(lambda _: Look())
        self.pane_does(lambda pane: pane.put_back())

    def choose_tool(self, tool: Tool) -> None:
        """Take a tool, or put it down when it is the one in hand."""
        self._session.store.dispatch(ToolChosen(Tool.WINDOW if tool is self.view.tool else tool))

    def choose_theme(self, name: str) -> None:
        """A theme, or the system's; kept for the next start."""
        self._window.appearance.choose(name)
        self._session.set_setting("theme", name)

    def escape_here(self) -> None:
        """Esc in the pictures: drop the part, the mark, the tool; then put the picture back."""
        view, dispatch = self.view, self._session.store.dispatch
        if view.region is not None and view.tool is Tool.REGION:
            dispatch(RegionChosen(None))
        elif view.selected_mark:
            dispatch(MarkSelected(""))
        elif view.tool is not Tool.WINDOW:
            dispatch(ToolChosen(Tool.WINDOW))
        else:
            self.put_back()

    def _tell(self, sentence: str, words: str) -> None:
        if words:
            self._window.say(tr(sentence, words=words))


def zoom_by(pane: Pane, factor: float) -> None:
    """Closer or further away, around the middle of the pane."""
    pane.zoom(factor, pane.view.room().center())


def one_to_one(pane: Pane) -> None:
    """One point of the picture for one point of the screen, in its own, device pixels."""
    if pane.placement is not None:
        zoom_by(pane, 1 / (pane.placement.scale * pane.devicePixelRatioF()))


def mirrored(look: Look) -> Look:
    """Mirrored as seen: under a quarter turn the picture's own left and right stand upright on the screen."""
    return replace(look, flipped=not look.flipped, turned=(-look.turned) % 4)


def _tool_is(tool: Tool, situation: Situation) -> bool:
    return situation.state.view.tool is tool


def _theme_is(name: str, _: Situation) -> bool:
    return Appearance.now().choice == name


TICKS: dict[str, Callable[[Situation], bool]] = {
    **{f"tool_{tool.value}": partial(_tool_is, tool) for tool in Tool},
    **{f"theme_{name}": partial(_theme_is, name) for name in (SYSTEM, *THEMES)},
    "layout_one": lambda s: s.state.view.layout is Layout.ONE,
    "layout_three": lambda s: s.state.view.layout is Layout.THREE and len(s.state.view.panes) > 1,
    "maximise": lambda s: s.state.view.maximised,
    "crosshair_shown": lambda s: s.state.view.crosshair_shown,
    "names": lambda s: s.state.view.names_shown,
    "beside_shown": lambda s: s.state.view.beside_shown,
    "as_left": lambda s: s.state.view.applied is not None,
    "play": lambda s: s.playing,
    "full_screen": lambda s: s.full_screen,
    "invert": lambda s: s.look.inverted,
    "flip": lambda s: s.look.flipped,
}
