"""Rows of the table of actions become QActions: keys, menus, ticks, and the reason where one is off.

A blocked action stays enabled, so that it keeps focus and key and can say why: it looks muted, its tooltip is the
reason, and triggering it emits `refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QBrush,
    QColor,
    QIcon,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QMenu, QMenuBar, QStyle, QStyleOptionMenuItem, QWidget
from typing_extensions import override

from viewer.gui.look.icons import icon
from viewer.gui.look.theme import tokens
from viewer.gui.steps import Steps
from viewer.gui.widgets.plain_text import show_text, show_tip
from viewer.text.translate import tr
from viewer.usecases.actions import ACTIONS, Action, action, why_off
from viewer.usecases.reasons import Situation

MENU_ROLES = {"about": QAction.MenuRole.AboutRole, "settings": QAction.MenuRole.PreferencesRole,
              "quit": QAction.MenuRole.QuitRole}  # fmt: skip
ON_ICONS = {"names": "eye", "maximise": "minimize-2"}
# Keys that belong to the picture while the focus is on it, and to lists and text elsewhere.
PANE_ONLY = frozenset(
    {"next_slice", "previous_slice", "forward_ten", "back_ten", "first_slice", "last_slice", "delete_mark"}
)
AT_ONCE = 8  # actions dressed in one event
EXCLUSIVE = ("theme_",)  # of these one is always on: a dot, not a tick
SEPARATED = frozenset({"report", "save_pdf", "settings", "quit", "crosshair_shown", "names", "theme_system", "next_group", "window_auto", "closer",
                       "tool_window", "facts", "apart_before", "sets_back", "undo", "rename_mark", "marks_list", "about"})  # fmt: skip


class BoundActions(QObject):
    """All QActions by id. `refresh()` brings ticks and reasons up to date."""

    refused = Signal(str, str)  # action id, reason
    done = Signal(str)

    def __init__(
        self,
        window: QWidget,
        pictures: QWidget,
        handlers: Mapping[str, Callable[[], None]],
        ticks: Mapping[str, Callable[[Situation], bool]],
        situation: Callable[[], Situation],
    ) -> None:
        super().__init__(window)
        self._window, self._ticks = window, ticks
        self._reasons: dict[str, str] = {}
        self._changed: dict[str, Action] = {}  # whose looks are still to follow
        self._actions: dict[str, QAction] = {}
        self._situation = situation
        self._handlers = handlers
        groups = {start: QActionGroup(self) for start in EXCLUSIVE}
        for row in ACTIONS:
            self._actions[row.id] = self._made(row)
            for start, group in groups.items():
                if row.id.startswith(start):
                    group.addAction(self._actions[row.id])
                    self._actions[row.id].setProperty("one_of_many", True)
            (pictures if row.id in PANE_ONLY else window).addAction(self._actions[row.id])

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def icons(self, action_id: str) -> tuple[QIcon, ...]:
        """The icon of an action as it looks while that can be done, and while it is off."""
        row = action(action_id)
        return tuple(icon(row.icon, tint, ON_ICONS.get(row.id, "")) for tint in ("text2", "off")) if row.icon else ()

    def reason(self, action_id: str) -> str:
        """Why an action is off, "" when it is on."""
        return self._reasons.get(action_id, "")

    def handler(self, action_id: str) -> Callable[[], None]:
        """What an action does; raises KeyError when nothing is bound to it."""
        return self._handlers[action_id]

    def run(self, action_id: str) -> None:
        """Do it, or say why not."""
        if reason := why_off(action(action_id), self._situation()):
            self.refused.emit(action_id, reason)
        else:
            self.handler(action_id)()
            self.done.emit(action_id)
        self.refresh()

    def refresh(self) -> None:
        """Bring ticks and reasons up to date. Where most of them change, as when a scan is opened, the looks of some
        follow a moment later: all at once would hold up the window."""
        situation = self._situation()
        for row in ACTIONS:
            reason = why_off(row, situation)
            if self._reasons.get(row.id) != reason:
                self._reasons[row.id] = reason
                self._changed[row.id] = row
        self._show_changed()
        self._show_ticks(situation)
        for name, words in (("undo", situation.undo_words), ("redo", situation.redo_words)):
            title = tr("Undo") if name == "undo" else tr("Redo")
            show_text(self._actions[name], f"{title}: {words}" if words else title)

    def _made(self, row: Action) -> QAction:
        made = QAction(self)
        show_text(made, tr(row.title))
        made.setIconText(tr(row.title).rstrip("…"))
        if row.icon:
            made.setIcon(icon(row.icon, name_on=ON_ICONS.get(row.id, "")))
        made.setCheckable(row.checkable)
        made.setShortcuts([QKeySequence(keys, QKeySequence.SequenceFormat.PortableText) for keys in row.keys])
        scoped = Qt.ShortcutContext.WidgetWithChildrenShortcut
        made.setShortcutContext(scoped if row.id in PANE_ONLY else Qt.ShortcutContext.WindowShortcut)
        made.setMenuRole(MENU_ROLES.get(row.id, QAction.MenuRole.NoRole))
        made.triggered.connect(lambda _=False, name=row.id: self.run(name))
        show_tip(made, tip_of(row))
        return made

    def _show_changed(self) -> None:
        for name in tuple(self._changed)[: AT_ONCE if self._window.isVisible() else None]:
            self._show_reason(self._changed.pop(name), self._reasons[name])
        if self._changed:
            Steps.now().add(self, self._show_changed)

    def _show_reason(self, row: Action, reason: str) -> None:
        shown = self._actions[row.id]
        shown.setProperty("blocked", bool(reason))
        if row.icon:
            shown.setIcon(icon(row.icon, "off" if reason else "text2", ON_ICONS.get(row.id, "")))
        show_tip(shown, tip_of(row) + (f"\n{tr('Off')}: {tr(reason)}" if reason else ""))
        shown.setStatusTip(tr(reason) if reason else "")

    def _show_ticks(self, situation: Situation) -> None:
        for name, is_on in self._ticks.items():
            self._actions[name].setChecked(is_on(situation))


def tip_of(row: Action) -> str:
    """Name, key and one clause of use."""
    keys = QKeySequence(row.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if row.keys else ""
    head = f"{tr(row.title).rstrip('…')} ({keys})" if keys else tr(row.title).rstrip("…")
    return f"{head}: {tr(row.words)}" if row.words else head


TICK = QRectF(2, 0, 20, 20)  # where the style puts an icon or a box: at the left of the row, in its middle


class ActionMenu(QMenu):
    """A menu that draws blocked rows muted without disabling them, and says by shape, not by colour, what is on."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry in self.actions():
            if entry.property("blocked"):
                self._paint_muted(painter, entry)
            if entry.isCheckable():
                self._paint_tick(painter, entry)

    def _ground(self, entry: QAction) -> QBrush:
        return self.palette().highlight() if entry is self.activeAction() else self.palette().window()

    def _paint_muted(self, painter: QPainter, entry: QAction) -> None:
        option = QStyleOptionMenuItem()
        self.initStyleOption(option, entry)
        option.rect = self.actionGeometry(entry)
        option.palette.setCurrentColorGroup(QPalette.ColorGroup.Disabled)
        option.state &= ~QStyle.StateFlag.State_Enabled
        painter.fillRect(option.rect, self._ground(entry))
        self.style().drawControl(QStyle.ControlElement.CE_MenuItem, option, painter, self)

    def _paint_tick(self, painter: QPainter, entry: QAction) -> None:
        """A frame around the icon, or a tick where there is none; nothing while it is off."""
        row = self.actionGeometry(entry)
        box = TICK.translated(row.left(), row.center().y() - TICK.height() / 2)
        painter.setPen(QPen(QColor(tokens().accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not entry.icon().isNull():
            if entry.isChecked():
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        elif not entry.property("one_of_many"):
            painter.fillRect(box, self._ground(entry))
            if entry.isChecked():
                x, y = box.center().x(), box.center().y()
                painter.drawPolyline([QPointF(x - 5, y), QPointF(x - 1.5, y + 3.5), QPointF(x + 5, y - 4)])


def fill_menus(bar: QMenuBar, actions: BoundActions, more: Mapping[str, QMenu]) -> None:
    """Menus in the order in which the table names them; `more`: a menu that follows the action of that id."""
    menus: dict[str, ActionMenu] = {}
    for row in ACTIONS:
        if not row.menu:
            continue
        if row.menu not in menus:
            menu = ActionMenu(bar)
            menu.setTitle(f"&{tr(row.menu)}")  # Alt and its first letter open it
            menu.setToolTipsVisible(True)
            bar.addMenu(menu)
            menus[row.menu] = menu
        elif row.id in SEPARATED:
            menus[row.menu].addSeparator()
        menus[row.menu].addAction(actions[row.id])
        if row.id in more:
            menus[row.menu].addMenu(more[row.id])
