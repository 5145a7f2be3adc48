"""One function for every sentence on screen, so that a language is a file and not a change of code.

`tr("Open {count} pictures", count=3)` looks the English sentence up in the catalogue of the chosen language
(`resources/translations/LANGUAGE.json`: {"English": "translation"}) and fills in the values.
"""

from __future__ import annotations

import json

from viewer.text.resources import resource

_catalogue: dict[str, str] = {}


def choose_language(language: str) -> None:
    """Use `language` ("de", "de_AT", "en" …) from now on; a language without a catalogue means English."""
    _catalogue.clear()
    short = language.replace("-", "_").split("_")[0].lower()
    try:
        path = resource("translations", f"{short}.json")
    except FileNotFoundError:
        return
    _catalogue.update(json.loads(path.read_text("utf-8")))


def tr(sentence: str, **values: object) -> str:
    """The sentence in the person's language, with `{name}` places filled in."""
    translated = _catalogue.get(sentence, sentence)
    return translated.format(**values) if values else translated


def count_of(number: int, one: str, many: str) -> str:
    """`1 picture` or `12 pictures`: `one` and `many` are whole sentences with `{n}`."""
    return tr(one if number == 1 else many, n=number)
