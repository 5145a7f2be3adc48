"""The contrast of each colour on each ground, recomputed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from viewer.gui.look.theme import palette_of, sheet_of
from viewer.gui.look.tokens import PANE, THEMES, Tokens

TEXTS = ("text", "text2", "muted", "accent")


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of "#RRGGBB", 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
def test_every_text_reaches_four_and_a_half_on_every_ground(theme: Tokens, ground: str) -> None:
    for name in TEXTS:
        assert contrast_ratio(getattr(theme, name), getattr(theme, ground)) >= 4.5, (theme.name, name, ground)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_controls_and_focus_reach_three(theme: Tokens) -> None:
    for ground in ("window", "surface", "raised"):
        for name in ("control", "focus", "off"):
            assert contrast_ratio(getattr(theme, name), getattr(theme, ground)) >= 3.0, (theme.name, name, ground)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_on_coloured_grounds_can_be_read(theme: Tokens) -> None:
    pairs = [
        (theme.on_accent, theme.accent),
        (theme.text, theme.accent_bg),
        (theme.accent, theme.accent_bg),
        (theme.muted, theme.accent_bg),  # a row of a menu that is off, under the pointer
        (theme.warn, theme.warn_bg),
        (theme.text, theme.warn_bg),
        (theme.bad, theme.bad_bg),
        (theme.text, theme.bad_bg),
    ]
    assert all(contrast_ratio(one, other) >= 4.5 for one, other in pairs)


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [(PANE.text, 17.1), (PANE.text2, 10.5), (PANE.mark, 14.0), (PANE.pointer, 13.1), (PANE.other, 10.7)],
)
def test_colours_on_pictures_stand_out_as_much_as_they_were_chosen_to(colour: str, ratio: float) -> None:
    assert contrast_ratio(colour, PANE.ground) == pytest.approx(ratio, abs=0.1)


@pytest.mark.parametrize(
    ("theme", "name", "ratios"),
    [("light", "control", (3.7, 4.0, 3.4)), ("light", "muted", (5.0, 5.4, 4.6)), ("dark", "text2", (9.4, 8.6, 7.2)),
     ("dark", "accent", (9.2, 8.5, 7.1)), ("contrast", "accent", (15.6, 15.6, 12.9))],
)  # fmt: skip
def test_no_theme_loses_contrast(theme: str, name: str, ratios: tuple[float, float, float]) -> None:
    tokens = THEMES[theme]
    found = [contrast_ratio(getattr(tokens, name), ground) for ground in (tokens.window, tokens.surface, tokens.raised)]
    assert found == pytest.approx(list(ratios), abs=0.06)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_sheet_has_every_colour_filled_in_and_no_role_of_a_palette(theme: Tokens) -> None:
    sheet = sheet_of(theme, 150)
    assert "palette(" not in sheet
    assert "{text}" not in sheet
    assert f"font-size: {round(13 * 1.5)}px" in sheet
    assert palette_of(theme).window().color().name().upper() == theme.window


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_list_that_is_a_window_of_its_own_has_a_ground(qtbot: QtBot, theme: Tokens) -> None:
    """As the one under the name in a file dialog: without a ground it is black, its words as dark."""
    shown = QListView()
    shown.setStyleSheet(sheet_of(theme))
    qtbot.addWidget(shown)
    shown.resize(80, 60)
    assert shown.grab().toImage().pixelColor(40, 30).alpha() == 255
