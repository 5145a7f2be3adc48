"""Chosen pictures from files whose every text is a marker, and the forms in which a marker could leave."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from tests.picture.slices import make_series, slice_of
from viewer.dicom.header import FileWindow, FrameFacts, Header, Person
from viewer.disclosure.frame import DisclosedFrame, Disclosure, PastTurn, Recipient
from viewer.disclosure.prepare import ChosenPicture, prepare
from viewer.index.model import Series
from viewer.picture.describe import closed_description
from viewer.picture.look import Look, Region, Window
from viewer.picture.png import png_chunks
from viewer.picture.render import render

ANTHROPIC = Recipient("anthropic", "Anthropic", "https://api.anthropic.com", "claude-opus-5-5", "Claude Opus 5.5")
LAPTOP = Recipient(
    "address", "Another address", "http://localhost:11434", "seeing-model", is_local=True, strict_fields=False
)
QUESTION = "What are the light bands between the bones?"
NAMES = ("Zebedee^Quuxová", "Ζαχαρίας^Κουξ", "山田^太郎", "김^영희", "Müßig-Straße^Jürgen")


def pixels(rows: int = 40, columns: int = 40, seed: int = 3) -> NDArray[np.int16]:
    """Stored values that use the whole window."""
    return np.random.default_rng(seed).integers(0, 1000, (rows, columns), dtype=np.int16)


def series_of(header: Header | None = None, **changes: Any) -> Series:
    """A sagittal MRI of 38 pictures."""
    return make_series("MR", 38, 4.0, header=header, **changes)


def choose(
    series: Series | None = None, number: int = 18, region: Region | None = None, times: int = 2, seed: int = 3
) -> ChosenPicture:
    """One picture of a series, drawn at `times` its size."""
    series = series or series_of()
    slice_ = slice_of(series, number, pixels(seed=seed))
    side = 40 * times
    picture = render(slice_, Look(), Window(500, 1000), (side, side), region)
    return ChosenPicture(
        picture, closed_description(series, slice_, picture), series.id, slice_.plane, number, 0, region, slice_.frame
    )


def prepared(*chosen: ChosenPicture, question: str = QUESTION, to: Recipient = ANTHROPIC, **more: Any) -> Disclosure:
    """What would leave."""
    return prepare(chosen or (choose(),), question, to, **({"pictures_on_disc": 72} | more))


def past_of(disclosure: Disclosure, blocks: list[Any], **changes: Any) -> PastTurn:
    """The turn that `disclosure` became, answered with `blocks`."""
    frames = tuple(replace(frame, frame=None) for frame in disclosure.frames)  # as they come back from the archive
    return PastTurn(disclosure.question, frames, json.dumps(blocks), **changes)


def marked_header() -> tuple[Header, tuple[str, ...]]:
    """A header in which every text is a different marker, and the markers."""
    said: list[str] = []

    def marker(length: int = 1) -> Any:
        words = [f"{NAMES[(len(said) + n) % len(NAMES)]} kq{len(said) + n:03d}zx" for n in range(length)]
        said.extend(words)
        return words[0] if length == 1 else tuple(words)

    def texts(kind: type) -> dict[str, Any]:
        found = {row.name: str(row.type) for row in fields(kind)}
        single = {name: marker() for name, type_ in found.items() if type_ == "str"}
        return single | {name: marker(3) for name, type_ in found.items() if type_ == "tuple[str, ...]"}

    windows = (FileWindow(500, 1000, name=marker()),)
    facts = FrameFacts(**(texts(FrameFacts) | {"windows": windows}))
    header = Header(**(texts(Header) | {"size": 1, "person": Person(**texts(Person)), "shared": facts}))
    dated = replace(
        header, study_date="20240312", study_time="143259", person=replace(header.person, birth_date="19571103")
    )
    return dated, (*said, "20240312", "143259", "19571103")


def forms_of(marker: str) -> Iterator[bytes]:
    """A marker and what it could be turned into on its way out."""
    parts = {marker, *marker.replace("^", " ").split()} - {""}
    for part in {form for p in parts for form in (p, p.casefold(), p.upper(), p[::-1])}:
        for spelled in {part, unicodedata.normalize("NFD", part), unicodedata.normalize("NFKC", part)}:
            raw = spelled.encode("utf-8")
            if len(raw) >= 5:
                yield from (raw, quote(spelled).encode(), raw.hex().encode(), spelled.encode("utf-16-le"))
                yield from (base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3) if len(raw) > 9)
                yield json.dumps(spelled)[1:-1].encode()
    for way in ("md5", "sha1", "sha256"):
        digest = hashlib.new(way, marker.encode()).digest()
        yield from (digest, digest.hex().encode(), base64.b64encode(digest))


def dates_of(date: str) -> Iterator[bytes]:
    """Other ways to write YYYYMMDD."""
    year, month, day = date[:4], date[4:6], date[6:8]
    for mark in "-./ ":
        yield from (mark.join((year, month, day)).encode(), mark.join((day, month, year)).encode())
        yield mark.join((month, day, year)).encode()


def everything_in(disclosure: Disclosure) -> bytes:
    """The body, its pictures and what is packed in them."""
    packed = [data for frame in disclosure.frames for kind, data in png_chunks(frame.png) if kind == b"IDAT"]
    return b"\n".join(
        [disclosure.body, *(frame.png for frame in disclosure.frames), *(zlib.decompress(data) for data in packed)]
    )


def frame_like(frame: DisclosedFrame) -> tuple[str, str]:
    """What a frame is known by."""
    return frame.sha256, frame.words
