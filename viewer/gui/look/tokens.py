"""The colour tokens: three themes with one set of names, and the panes, which look the same in every theme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme as "#RRGGBB". `line` is decoration only; `control` is for borders one must see."""

    name: str
    window: str
    surface: str
    raised: str
    line: str
    control: str
    text: str
    text2: str
    muted: str
    accent: str
    focus: str
    on_accent: str
    accent_bg: str
    warn: str
    warn_bg: str
    bad: str
    bad_bg: str
    off: str  # icons of controls that are off

    @property
    def is_contrast(self) -> bool:
        """High contrast: lines of 2 px, frames instead of tints."""
        return self.name == "contrast"


LIGHT = Tokens(
    "light", "#F3F5F7", "#FFFFFF", "#E9EDF1", "#D3D9E0", "#75808E", "#18212B", "#4B5764", "#5F6B79",
    "#0B7285", "#0B7285", "#FFFFFF", "#E0F1F4", "#8A5300", "#FFF3DC", "#B3261E", "#FDEAE8", "#75808E",
)  # fmt: skip
DARK = Tokens(
    "dark", "#14171C", "#1B1F26", "#272D36", "#343B46", "#7A8594", "#E9EDF2", "#B3BCC8", "#929DAB",
    "#5CC8DB", "#5CC8DB", "#05222A", "#12333B", "#F2B84B", "#33280F", "#FF8A80", "#3A1B1A", "#7A8594",
)  # fmt: skip
CONTRAST = Tokens(
    "contrast", "#000000", "#000000", "#1A1A1A", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#D0D0D0",
    "#6FF0FF", "#FFE45C", "#000000", "#00343A", "#FFD84D", "#000000", "#FF9C94", "#000000", "#8C8C8C",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


@dataclass(frozen=True, slots=True)
class PaneTokens:
    """Colours on pictures. Marks, pointer and other differ by dash and end shape as well."""

    ground: str = "#060708"
    bar: str = "#0E1013"
    groove: str = "#3A424D"
    accent: str = "#5CC8DB"
    text: str = "#E9EDF2"
    text2: str = "#B3BCC8"
    mark: str = "#FFD166"
    pointer: str = "#6FE0F0"
    other: str = "#C9B0FF"


PANE = PaneTokens()
