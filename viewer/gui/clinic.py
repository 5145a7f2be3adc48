"""Deeds for what the clinic added: its stars and its saved views."""

from __future__ import annotations

from collections.abc import Callable

from viewer.document.belongings import KeyPicture, SavedView
from viewer.geometry.plane import Plane
from viewer.gui.shell import Shell
from viewer.text.translate import tr
from viewer.usecases.what_belongs import next_key, view_place, views_of


class ClinicDeeds:
    """Works on the store; what is read first is shown when it is there."""

    def __init__(self, window: Shell) -> None:
        self._window = window

    def handlers(self) -> dict[str, Callable[[], None]]:
        """The rows of the table of actions that are done here."""
        return {
            "next_key": lambda: self.step_key(1),
            "previous_key": lambda: self.step_key(-1),
            "as_left": self.toggle_view,
        }

    def step_key(self, by: int) -> None:
        """Show the next marked picture, and say what its star means."""
        key = next_key(self._window.session.store.state, by)
        if key is not None:
            series_id, group, index = key.place
            self._window.go_to(series_id, group, Plane.NATIVE, index)
            self._window.say(tr("Marked by the clinic: {title}", title=star_words(key)))

    def toggle_view(self) -> None:
        """The newest saved view of the active series, or back to how the person has it."""
        state = self._window.session.store.state
        pane = state.view.pane
        if state.view.applied is not None:
            self._window.session.objects.take_view_off()
        elif pane is not None and (views := views_of(state.belongings, pane.series_id)):
            put_on(self._window, views[0])


def put_on(window: Shell, view: SavedView) -> None:
    """Apply a saved view; the picture on screen stays where the view names it, else its first picture is shown."""
    session = window.session
    pane = session.store.state.view.pane

    def done(job: object) -> None:
        if session.store.state.view.applied is None or session.store.state.view.applied.id != view.id:
            return
        place = view_place(view, pane)
        series_id, group, index = place
        window.go_to(series_id, group, Plane.NATIVE, index)
        area = session.objects.area_of(view, place)
        if area is not None:
            window.show_area(area.first, area.last)
        words = session.objects.view_words()
        window.say(" ".join(part for part in (tr("Shown as saved: {name}.", name=view.name), words) if part))

    window.bridge.follow(session.objects.apply_view(view), done)


def star_line(key: KeyPicture) -> str:
    """ "★ Marked by the clinic: Of Interest": on the picture, where nothing else says whose word it is."""
    return tr(
        "✕ set aside by the clinic: {title}" if key.rejected else "★ Marked by the clinic: {title}", title=key.title
    )


def star_words(key: KeyPicture) -> str:
    """ "★ Of Interest"; a picture that was set aside is marked too, not hidden (R-O4)."""
    return tr("✕ set aside: {title}", title=key.title) if key.rejected else f"★ {key.title}"
