"""Where from and where to: the system's file dialogs. Where the system has none Qt shows its own, which would read the
beginning of each file on the window's thread to draw what it is: on a disc in a drive, seconds for a folder of pictures."""

from __future__ import annotations

import os
from functools import cache

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QWidget
from typing_extensions import override

from viewer.text.translate import tr

_Kind = QAbstractFileIconProvider.IconType


class PlainIcons(QFileIconProvider):
    """A folder or a file, told without opening it."""

    @override
    def icon(self, what: _Kind | QFileInfo, /) -> QIcon:
        if isinstance(what, QFileInfo):
            return super().icon(_Kind.Folder if what.isDir() else _Kind.File)
        return super().icon(what)

    @override
    def type(self, info: QFileInfo, /) -> str:
        return tr("Folder") if info.isDir() else tr("File")


def choose_folder(window: QWidget, title: str, begin: str) -> str:
    """A folder; "" where the person chose none."""
    dialog = QFileDialog(window, title, begin)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _chosen(dialog)


def choose_file(window: QWidget, title: str, begin: str) -> str:
    """A file that is there; "" where the person chose none."""
    dialog = QFileDialog(window, title, begin)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _chosen(dialog)


def choose_place(window: QWidget, title: str, path: str, kinds: str) -> str:
    """Where a file is to be written, `path` unless the person says otherwise; "" where the person chose none. A name typed
    without an ending gets that of `path`."""
    dialog = QFileDialog(window, title, os.path.dirname(path), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(os.path.splitext(path)[1])
    dialog.selectFile(os.path.basename(path))
    return _chosen(dialog)


@cache
def _plain_icons() -> PlainIcons:
    """One for good: a dialog that goes only later does not keep its own."""
    return PlainIcons()


def _chosen(dialog: QFileDialog) -> str:
    dialog.setIconProvider(_plain_icons())  # without effect on a dialog of the system
    try:
        return dialog.selectedFiles()[0] if dialog.exec() and dialog.selectedFiles() else ""
    finally:
        dialog.deleteLater()
