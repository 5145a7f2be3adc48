"""Appearance: Fusion, one palette and one sheet made from the tokens, and the text size.

Follows the system's colours until the person chooses. A change sets the palette first, then the sheet once more:
a sheet keeps the old palette's colours otherwise.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from viewer.gui.look.tokens import DARK, LIGHT, PANE, THEMES, Tokens

BASE_PIXELS = 13
SYSTEM = "system"
DOT = 14  # pixels of a button of which one is chosen

SHEET = """
* {{ font-size: {base}px }}
QToolTip {{ border: 0; padding: 2px 4px; background: {text}; color: {window}; font-size: {small}px }}
QPushButton {{ min-height: 18px; padding: 6px 14px; border: {px}px solid {control}; border-radius: 6px;
  background: {surface}; color: {text}; font-weight: 500; outline: 0 }}
QPushButton:hover {{ background: {raised} }}
QPushButton:pressed {{ background: {accent_bg} }}
QPushButton[role="primary"] {{ background: {accent}; border-color: {accent}; color: {on_accent}; font-weight: 600 }}
QPushButton[big="true"] {{ min-height: 26px; padding: 6px 20px; font-size: {answer}px }}
QPushButton[blocked="true"] {{ border-color: {line}; border-style: {off_style}; color: {muted}; background: transparent; font-weight: 500 }}
QPushButton[keyfocus="true"] {{ border: 2px solid {focus}; padding: 5px 13px }}
QPushButton[big="true"][keyfocus="true"] {{ padding: 5px 19px }}
QPushButton[role="link"] {{ border: 0; border-radius: 4px; padding: 1px 2px; min-height: 16px; background: transparent;
  color: {accent}; text-decoration: underline; font-weight: 400; font-size: {small}px; text-align: left }}
QPushButton[role="link"][keyfocus="true"] {{ border: 2px solid {focus}; padding: 0 }}
QPushButton[role="chip"] {{ border: 1px solid {line}; padding: 2px 8px; background: {raised}; color: {text2};
  font-size: {small}px; font-weight: 400; min-height: 18px }}
QPushButton[role="chip"][keyfocus="true"] {{ border: 2px solid {focus}; padding: 1px 7px }}
QToolButton {{ border: 0; border-radius: 6px; padding: 6px; color: {text2}; background: transparent; outline: 0 }}
QToolButton:hover {{ background: {raised} }}
QToolButton:checked {{ background: {pressed}; border: {px}px solid {accent}; padding: {pressed_pad}px; color: {accent} }}
QToolButton[blocked="true"] {{ color: {muted} }}
QToolButton[keyfocus="true"] {{ border: 2px solid {focus}; padding: 4px }}
QToolButton::menu-indicator {{ image: none }}
QLineEdit, QPlainTextEdit {{ border: {px}px solid {control}; border-radius: 6px; padding: 6px 10px;
  background: {surface}; color: {text}; selection-background-color: {accent}; selection-color: {on_accent} }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {focus}; padding: 5px 9px }}
Choice {{ combobox-popup: 0; min-height: 18px; border: {px}px solid {control}; border-radius: 6px; padding: 6px 10px;
  background: {surface}; color: {text}; selection-background-color: {accent}; selection-color: {on_accent} }}
Choice:focus {{ border: 2px solid {focus}; padding: 5px 9px }}
Choice::drop-down {{ border: 0; width: {arrow}px }}
Choice QAbstractItemView {{ border: 1px solid {control}; background: {surface}; color: {text};
  selection-background-color: {accent_bg}; selection-color: {text}; outline: 0; padding: 4px }}
Choice QAbstractItemView::item {{ min-height: 28px; padding: 0 6px }}
Choice QLineEdit, Choice QLineEdit:focus {{ border: 0; padding: 0; background: transparent }}
QRadioButton::indicator {{ width: {dot}px; height: {dot}px; border: {px}px solid {control}; border-radius: {dot_round}px; background: {surface} }}
QRadioButton::indicator:checked {{ width: {dot_inside}px; height: {dot_inside}px; border: {dot_ring}px solid {accent} }}
QMenuBar {{ background: {window}; color: {text}; padding: 0 4px }}
QMenu {{ border: 1px solid {control} }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px }}
QMenuBar::item {{ padding: 4px 8px; margin: 1px 0; border-radius: 6px; background: transparent }}
QMenuBar::item:selected {{ background: {raised} }}
QMainWindow::separator {{ width: 1px; background: {line} }}
QFrame[part="toolbar"] {{ background: {window}; border: 0; border-bottom: 1px solid {line} }}
QFrame[part="statusline"] {{ background: {window}; border: 0; border-top: 1px solid {line} }}
QFrame[part="dock"], QWidget[part="dock"] {{ background: {surface} }}
QFrame[part="docktitle"] {{ background: {surface}; border: 0; border-bottom: 1px solid {line} }}
QFrame[part="dockfoot"] {{ background: {surface}; border: 0; border-top: 1px solid {line} }}
QFrame[part="page"], QWidget[part="page"] {{ background: {window} }}
QFrame[part="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: 8px }}
QFrame[part="row"] {{ background: {surface}; border: 0; border-bottom: 1px solid {line} }}
QFrame[part="row"][last="true"] {{ border-bottom: 0 }}
QFrame[part="row"][chosen="true"] {{ background: {accent_bg}; border-left: 3px solid {accent} }}
QFrame[part="separator"] {{ background: {line}; border: 0 }}
QFrame[part="note"] {{ border: {note_px}px solid {control}; border-radius: 6px; background: {raised} }}
QFrame[part="note"][kind="warn"] {{ background: {warn_bg} }}
QFrame[part="note"][kind="bad"] {{ background: {bad_bg} }}
QFrame[part="note"][kind="accent"] {{ background: {accent_bg} }}
QFrame[part="floating"] {{ border: 1px solid {control}; border-radius: 6px; background: {surface} }}
QLabel {{ background: transparent; color: {text} }}
QLabel[words="title"] {{ font-size: {title}px; font-weight: 600 }}
QLabel[words="section"] {{ font-size: {section}px; font-weight: 600 }}
QLabel[words="strong"] {{ font-weight: 600 }}
QLabel[words="lead"] {{ font-size: {answer}px; color: {text2} }}
QLabel[words="second"] {{ font-size: {small}px; color: {text2} }}
QLabel[words="caption"] {{ font-size: {small}px; color: {muted} }}
QLabel[words="label"] {{ color: {muted} }}
QLabel[words="group"] {{ font-size: {small}px; color: {muted}; font-weight: 600 }}
QScrollArea, MainWindow QListView, MainWindow QTreeView {{ border: 0; background: transparent }}
QListView[part="files"] {{ border: {px}px solid {line}; border-radius: 6px; padding: 4px; color: {text2}; font-size: {small}px;
  selection-background-color: {accent_bg}; selection-color: {text} }}
QListView[part="files"]:focus {{ border: 2px solid {focus}; padding: 3px }}
QScrollArea > QWidget > QWidget {{ background: transparent }}
QProgressBar {{ border: 0; border-radius: 2px; background: {raised}; max-height: 6px; min-height: 6px }}
QProgressBar::chunk {{ border-radius: 2px; background: {accent} }}
QSplitter::handle {{ background: {line} }}
QScrollBar:vertical {{ border: 0; background: transparent; width: 10px; margin: 0 }}
QScrollBar:horizontal {{ border: 0; background: transparent; height: 10px; margin: 0 }}
QScrollBar::handle {{ background: {control}; border: 0; border-radius: 3px; margin: 2px; min-height: 32px; min-width: 32px }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: 0; background: transparent }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent }}
"""


def palette_of(t: Tokens) -> QPalette:
    """The full palette of a theme."""
    roles = QPalette.ColorRole
    rows: tuple[tuple[Any, str], ...] = (
        (roles.Window, t.window), (roles.WindowText, t.text), (roles.Base, t.surface), (roles.AlternateBase, t.window),
        (roles.Text, t.text), (roles.Button, t.surface), (roles.ButtonText, t.text), (roles.ToolTipBase, t.text),
        (roles.ToolTipText, t.window), (roles.Light, t.raised), (roles.Midlight, t.raised), (roles.Mid, t.line),
        (roles.Dark, t.control), (roles.Shadow, t.control), (roles.Highlight, t.accent),
        (roles.HighlightedText, t.on_accent), (roles.Accent, t.accent), (roles.Link, t.accent),
        (roles.LinkVisited, t.accent), (roles.PlaceholderText, t.muted), (roles.BrightText, t.bad),
    )  # fmt: skip
    palette = QPalette()
    for role, colour in rows:
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.muted))
    return palette


def rows_of_palette(t: Tokens) -> QPalette:
    """As `palette_of`, with a tinted row under the pointer: icons keep their colour on it."""
    palette = palette_of(t)
    palette.setColor(QPalette.ColorRole.Highlight, QColor(t.accent_bg))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(t.text))
    return palette


def _grown(usual: int, percent: int) -> int:
    """What grows with the text, by half at most, so that bars keep their height."""
    return min(round(usual * percent / 100), usual * 3 // 2)


def sheet_of(t: Tokens, percent: int = 100) -> str:
    """The application's sheet for a theme and a text size."""
    scale = percent / 100
    sizes = {"base": BASE_PIXELS, "small": 12, "answer": 14, "section": 16, "title": 24}
    frame = 2 if t.is_contrast else 1
    dot = _grown(DOT, percent)
    ring = round(dot * 2 / 7)
    colours = {name: getattr(t, name) for name in t.__slots__ if name != "name"}
    return SHEET.format(
        **colours, **{name: round(size * scale) for name, size in sizes.items()}, px=frame, pressed_pad=6 - frame,
        pressed="#000000" if t.is_contrast else t.accent_bg, note_px=1 if t.is_contrast else 0,
        off_style="dashed" if t.is_contrast else "solid", arrow=_grown(26, percent),
        dot=dot - 2, dot_round=dot // 2, dot_ring=ring, dot_inside=dot - 2 * ring,
    )  # fmt: skip


class Appearance(QObject):
    """Which theme and text size are on; `changed` tells widgets that paint by hand. One per program."""

    changed = Signal()
    _one: ClassVar[Appearance | None] = None

    def __init__(self, choice: str = SYSTEM, percent: int = 100) -> None:
        super().__init__()
        self.choice = choice
        self.percent = percent
        self.tokens = THEMES.get(choice, LIGHT)
        Appearance._one = self

    @classmethod
    def now(cls) -> Appearance:
        """The one in use; made on first need."""
        return cls._one or cls()

    def start(self, application: QApplication) -> None:
        """Dress the application, and follow the system from now on."""
        application.setStyle(QStyleFactory.create("Fusion"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    def choose(self, choice: str) -> None:
        """ "system", "light", "dark" or "contrast"."""
        self.choice = choice
        self._dress()

    def resize_text(self, percent: int) -> None:
        """Text at 100 to 200 percent, on pictures too."""
        self.percent = max(100, min(200, percent))
        self._dress()

    def font(self, pixels: int = BASE_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The system's family at the scaled size, with figures of equal width."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPixelSize(self.pixels(pixels))
        font.setWeight(weight)
        if hasattr(font, "setFeature"):
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def pixels(self, pixels: int) -> int:
        """A size in the person's text size."""
        return round(pixels * self.percent / 100)

    def icon_pixels(self, usual: int) -> int:
        """The edge of an icon that stands alone."""
        return _grown(usual, self.percent)

    @property
    def milliseconds(self) -> int:
        """How long a fold takes: 120, or 0 with reduced motion."""
        hints = QGuiApplication.styleHints()
        told = getattr(hints.accessibility(), "motionPreference", None) if hasattr(hints, "accessibility") else None
        return 0 if told is None or "Reduce" in str(told()) else 120

    def _dress(self) -> None:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.tokens = THEMES.get(self.choice, DARK if dark else LIGHT)
        application.setFont(self.font())
        application.setPalette(palette_of(self.tokens))
        for rows in ("QMenu", "QMenuBar"):
            # The stub asks for bytes, which PySide then refuses.
            application.setPalette(rows_of_palette(self.tokens), rows)  # type: ignore[arg-type]
        application.setStyleSheet(sheet_of(self.tokens, self.percent))
        self.changed.emit()


def tokens() -> Tokens:
    """The tokens in use."""
    return Appearance.now().tokens


__all__ = ["DOT", "PANE", "Appearance", "palette_of", "sheet_of", "tokens"]
