"""Letters drawn into pixels: for pictures with a name burned in. Capitals and digits, five columns by seven rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMNS = {
    "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941", "F": "7F09090901",
    "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01", "K": "7F08142241", "L": "7F40404040",
    "M": "7F020C027F", "N": "7F0408107F", "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946",
    "S": "4649494931", "T": "01017F0101", "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463",
    "Y": "0708700807", "Z": "6151494543", "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31",
    "4": "1814127F10", "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936", "9": "064949291E",
    ".": "0060600000", "-": "0808080808", "/": "2010080402", ":": "0036360000", " ": "0000000000",
}  # fmt: skip


def draw(pixels: NDArray[np.uint8], text: str, column: int, row: int, scale: int = 2, value: int = 255) -> None:
    """Draw `text` into (rows, columns[, 3]) pixels with its top left corner at (column, row); cut at the edges."""
    glyphs = [np.array(list(bytes.fromhex(_COLUMNS[letter] + "00")), np.uint8) for letter in text.upper()]
    bits = np.unpackbits(np.concatenate(glyphs)[None, :], axis=0, bitorder="little")[:7].astype(bool)
    ink = bits.repeat(scale, 0).repeat(scale, 1)
    part = pixels[row : row + ink.shape[0], column : column + ink.shape[1]]
    part[ink[: part.shape[0], : part.shape[1]]] = value
