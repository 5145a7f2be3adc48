"""Word tables: what the free text of a scanner (in any of a dozen languages) is called in plain words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from viewer.text.resources import resource

_WORDS = re.compile(r"[^\W_]+")
_SHORT = 4  # words up to this length must stand alone; "hip" is not in "ship"


@dataclass(frozen=True, slots=True)
class Word:
    """A row of a word table: what to say, and the keywords (several languages) that call for it."""

    say: str
    keywords: tuple[str, ...]


@cache
def words(table: str) -> tuple[Word, ...]:
    """The rows of `resources/words/TABLE.json`: [["say", "keyword", …], …]; earlier rows win."""
    rows = json.loads(resource("words", f"{table}.json").read_text("utf-8"))
    return tuple(Word(row[0], tuple(folded(keyword) for keyword in row[1:])) for row in rows)


def folded(text: str) -> str:
    """Lower case without accents, words separated by single spaces, digits kept with their letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("*", "star"))
    return " ".join(_WORDS.findall("".join(c for c in plain if not unicodedata.combining(c))))


def find_word(table: str, texts: Iterable[str]) -> str:
    """What the table says to the first of `texts` in which it finds a keyword; "" for none."""
    return next((said for text in texts if (said := _said(table, text))), "")


@lru_cache(maxsize=8192)  # sets are named again as more of a disc is read, and share most of their texts
def _said(table: str, text: str) -> str:
    plain = folded(text)
    padded = f" {plain} "
    rows = words(table) if plain else ()
    return next((row.say for row in rows if any(_fits(key, plain, padded) for key in row.keywords)), "")


def _fits(keyword: str, plain: str, padded: str) -> bool:
    return f" {keyword} " in padded or ((len(keyword) > _SHORT or not keyword.isascii()) and keyword in plain)
