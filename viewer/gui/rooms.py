"""Makers of the panels that are built when first needed, so that none of them is imported before the first paint."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.disclosure.frame import Disclosure
from viewer.gui.shell import Rooms, Shell


def ask_panel(shell: Shell) -> QWidget:
    """The panel for asking."""
    from viewer.gui.panels.ask import AskPanel

    return AskPanel(shell)


def preview_page(shell: Shell, disclosure: Disclosure, conversation_id: str) -> QWidget:
    """What will leave."""
    from viewer.gui.panels.preview import PreviewPage

    return PreviewPage(shell, disclosure, conversation_id)


def settings_page(shell: Shell) -> QWidget:
    """Who answers, and how it looks."""
    from viewer.gui.panels.settings import SettingsPage

    return SettingsPage(shell)


ROOMS = Rooms(ask_panel, preview_page, settings_page)
