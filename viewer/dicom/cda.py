"""Encapsulated clinical documents (PS3.3 A.45.2, HL7 CDA): the readable part of an XML text, as lines.

No XML parser is let near it: tags are only told apart from text, entities other than the five of XML itself and plain
numbers stay as they are, nothing is expanded and nothing is fetched.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from viewer.text.plain import one_line

MOST_BYTES = 4 * 2**20
MOST_LINES = 5_000
LONGEST_LINE = 2_000
_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[(?P<raw>.*?)\]\]>|<[^<>]{0,4096}>|(?P<text>[^<]+)|<", re.S)
_NAME = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_PLAIN = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BREAKS = frozenset({"paragraph", "br", "item", "tr", "table", "list", "caption", "title", "text", "section", "thead"})
_CELLS = frozenset({"td", "th"})


class CdaLine(NamedTuple):
    """A line of text; `level` counts sections around it, `is_title` marks their headings."""

    level: int
    words: str
    is_title: bool = False


def cda_lines(document: bytes) -> tuple[CdaLine, ...]:
    """The title and the narrative text of every section, in order; () where there is none."""
    text = _decoded(document[:MOST_BYTES])
    made: list[CdaLine] = []
    words: list[str] = []
    inside: list[str] = []  # of title, text and section, the open ones

    def end_line() -> None:
        line = one_line("".join(words), LONGEST_LINE).strip(" |")
        words.clear()
        if line and len(made) < MOST_LINES:
            made.append(CdaLine(min(inside.count("section"), 8), line, inside[-1:] == ["title"]))

    for token in _TOKEN.finditer(text):
        said = token["raw"] if token["raw"] is not None else token["text"]
        if said is not None:
            if inside and inside[-1] != "section":
                words.append(_unescaped(said) if token["raw"] is None else said)
            continue
        tag = _NAME.match(token[0])
        if tag is None:
            continue
        closing, name = tag[1] == "/", tag[2].casefold()
        if name in _CELLS and not closing:
            words.append(" | ")
        if name in _BREAKS:
            end_line()
        if name in ("section", "title", "text") and not token[0].endswith("/>"):
            _step(inside, name, closing)
    end_line()
    return tuple(made)


def _step(inside: list[str], name: str, closing: bool) -> None:
    if not closing:
        if len(inside) < 1_000:
            inside.append(name)
    elif name in inside:
        while inside.pop() != name:
            pass


def _decoded(document: bytes) -> str:
    if document[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return document.decode("utf-16", "replace")
    named = re.match(rb"\s*<\?xml[^>]{0,200}encoding=[\"']([\w-]{1,40})", document)
    if named and named[1].lower() in (b"iso-8859-1", b"latin1", b"windows-1252"):
        return document.decode("cp1252", "replace")
    return document.decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        if found[3]:
            return _PLAIN[found[3]]
        number = int(found[1]) if found[1] else int(found[2], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"

    return _ENTITY.sub(letter, text)
