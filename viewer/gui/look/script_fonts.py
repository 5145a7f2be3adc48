"""Letters for scripts that this computer has no font for: the fonts the PDF is set in are lent to the window, too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QFontDatabase

from viewer.text.resources import resource

_SCRIPTS = (
    (QFontDatabase.WritingSystem.Japanese, "NotoSansJP-Regular.otf"),
    (QFontDatabase.WritingSystem.Korean, "NotoSansKR-Regular.otf"),
    (QFontDatabase.WritingSystem.SimplifiedChinese, "NotoSansSC-Regular.otf"),
    (QFontDatabase.WritingSystem.Arabic, "NotoNaskhArabic-Regular.ttf"),
)


def lending_steps() -> tuple[Callable[[], object], ...]:
    """One step for each script, 20 to 40 ms where its font is missing: names and answers may come in any of them."""
    return tuple(partial(_lend, script, name) for script, name in _SCRIPTS)


def _lend(script: QFontDatabase.WritingSystem, name: str) -> None:
    if not QFontDatabase.families(script):
        QFontDatabase.addApplicationFont(str(resource("fonts") / name))
