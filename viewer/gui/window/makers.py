"""Makers of panels and pages that are built when first needed, so that none of them is imported before the first paint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.disclosure.frame import Disclosure
from viewer.gui.look.icons import read_shapes
from viewer.gui.shell import Rooms, Shell
from viewer.index.model import DiscIndex
from viewer.problem import Problem
from viewer.text.translate import tr
from viewer.usecases.rows import RecentDisc

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea
    from viewer.usecases.session import Session


def ask_panel(shell: Shell) -> QWidget:
    """The panel for asking."""
    from viewer.gui.panels.ask import AskPanel

    return AskPanel(shell)


def make_more_of_ask(panel: QWidget | None) -> None:
    """One part more of the panel for asking, before anybody needs it."""
    from viewer.gui.panels.ask import AskPanel

    if isinstance(panel, AskPanel):
        panel.make_more()


def preview_page(shell: Shell, disclosure: Disclosure, conversation_id: str) -> QWidget:
    """What will leave."""
    from viewer.gui.panels.preview import PreviewPage

    return PreviewPage(shell, disclosure, conversation_id)


def settings_page(shell: Shell) -> QWidget:
    """Who answers, and how it looks."""
    from viewer.gui.panels.settings import SettingsPage

    return SettingsPage(shell)


def marks_panel(shell: Shell, set_title: Callable[[str], None], save_table: Callable[[], None]) -> QWidget:
    """The list of marks; its title counts them."""
    from viewer.gui.panels.marks import MarksPanel

    return MarksPanel(shell, set_title, save_table)


def facts_panel(shell: Shell) -> QWidget:
    """Facts about the picture on screen."""
    from viewer.gui.panels.facts import FactsView

    return FactsView(shell, in_dock=True)


def objects_panel(shell: Shell) -> QWidget:
    """What the clinic added to the pictures."""
    from viewer.gui.panels.objects import ObjectsPanel

    return ObjectsPanel(shell)


def report_page(
    shell: Shell, disc: DiscIndex, explain: str, read_again: Callable[[], None], unlock: Callable[[str], None]
) -> QWidget:
    """What was found on the disc, at the row of a series when given."""
    from viewer.gui.pages.report_page import ReportPage

    return ReportPage(shell, disc, explain, read_again, unlock)


def document_page(shell: Shell, series_id: str) -> QWidget:
    """A report or PDF of the disc."""
    from viewer.gui.pages.document_page import DocumentPage

    return DocumentPage(shell, series_id)


def forget_page(shell: Shell, rows: tuple[RecentDisc, ...] | None, done: Callable[[Problem], None]) -> QWidget:
    """What goes and what stays, before a disc (None: all) is forgotten."""
    from viewer.gui.pages.forget_page import ForgetPage

    return ForgetPage(shell, rows, done)


def help_page(shell: Shell, *, about: bool) -> QWidget:
    """Keys and mouse, or what Sidelight is."""
    from viewer.gui.pages.help_page import HelpPage

    return HelpPage(shell, about=about)


def pane_area(session: Session, parent: QWidget) -> PaneArea:
    """The panes, and pyqtgraph with them."""
    from viewer.gui.panes.area import PaneArea

    return PaneArea(session, parent)


def make_ready() -> None:
    """The slow part of `pane_area` and `ask_panel`, for a worker: their modules and the files they look into."""
    import viewer.gui.panels.ask
    import viewer.gui.panes.area  # noqa: F401
    from viewer.answer.models import model_table

    read_shapes()
    model_table()


def draw_words_ahead(ratio: float) -> None:
    """The letters and words that stand on nearly every picture: drawn with the first one, they are a third of it."""
    from viewer.geometry.plane import Plane
    from viewer.gui.panes.outlined import draw_ahead
    from viewer.index.names import seen_from

    for letter in "LRAPHF":
        draw_ahead(letter, ratio, bold=True)
    window = tr("Contrast {width} · Brightness {centre}", width="", centre="")
    for words in (*(seen_from(plane, other_side=False) for plane in Plane if plane is not Plane.NATIVE), window, "mm"):
        draw_ahead(words, ratio)


def forget_drawn_words() -> None:
    """After a change of the text size."""
    from viewer.gui.panes.outlined import forget_texts

    forget_texts()


ROOMS = Rooms(ask_panel, preview_page, settings_page)
