"""Text of all DICOM character sets (PS3.5 6.1, PS3.3 C.12.1.1.2), and honest guesses where the label is wrong."""

from __future__ import annotations

import re
from functools import lru_cache

from viewer.dicom.guessed import guess, is_ordinary, looks_foreign
from viewer.text.plain import one_line, plain

_SINGLE = {
    "": "ascii", "ISO_IR 6": "ascii", "ISO_IR 100": "latin_1", "ISO_IR 101": "iso8859_2", "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4", "ISO_IR 144": "iso8859_5", "ISO_IR 127": "iso8859_6", "ISO_IR 126": "iso8859_7",
    "ISO_IR 138": "iso8859_8", "ISO_IR 148": "iso8859_9", "ISO_IR 203": "iso8859_15", "ISO_IR 13": "shift_jis",
    "ISO_IR 166": "tis_620", "ISO_IR 192": "utf_8", "GB18030": "gb18030", "GBK": "gbk",
    "ISO 2022 IR 6": "ascii", "ISO 2022 IR 100": "latin_1", "ISO 2022 IR 101": "iso8859_2",
    "ISO 2022 IR 109": "iso8859_3", "ISO 2022 IR 110": "iso8859_4", "ISO 2022 IR 144": "iso8859_5",
    "ISO 2022 IR 127": "iso8859_6", "ISO 2022 IR 126": "iso8859_7", "ISO 2022 IR 138": "iso8859_8",
    "ISO 2022 IR 148": "iso8859_9", "ISO 2022 IR 203": "iso8859_15", "ISO 2022 IR 13": "shift_jis",
    "ISO 2022 IR 166": "tis_620", "ISO 2022 IR 87": "ascii", "ISO 2022 IR 159": "ascii", "ISO 2022 IR 149": "euc_kr",
    "ISO 2022 IR 58": "gb2312",
}  # fmt: skip

# escape sequence → (codec, prefix the codec needs itself); G1 sets keep ASCII in the lower half, as the codecs do
_ESCAPES: dict[bytes, tuple[str, bytes]] = {
    b"\x1b(B": ("", b""), b"\x1b(J": ("shift_jis", b""), b"\x1b)I": ("shift_jis", b""),
    b"\x1b-A": ("latin_1", b""), b"\x1b-B": ("iso8859_2", b""), b"\x1b-C": ("iso8859_3", b""),
    b"\x1b-D": ("iso8859_4", b""), b"\x1b-F": ("iso8859_7", b""), b"\x1b-G": ("iso8859_6", b""),
    b"\x1b-H": ("iso8859_8", b""), b"\x1b-L": ("iso8859_5", b""), b"\x1b-M": ("iso8859_9", b""),
    b"\x1b-b": ("iso8859_15", b""), b"\x1b-T": ("tis_620", b""),
    b"\x1b$B": ("iso2022_jp", b"\x1b$B"), b"\x1b$@": ("iso2022_jp", b"\x1b$@"),
    b"\x1b$(D": ("iso2022_jp_2", b"\x1b$(D"), b"\x1b$)C": ("euc_kr", b""), b"\x1b$)A": ("gb2312", b""),
}  # fmt: skip
_ESCAPE = re.compile(rb"(\x1b(?:\$[()]?|[()\-.])[@-~])")
_RESETS = {True: re.compile(rb"([\^=\r\n\t\f])"), False: re.compile(rb"([\r\n\t\f])")}
_CUT = frozenset({"unexpected end of data", "incomplete multibyte sequence"})


def codecs_of(declared: str) -> tuple[str, ...]:
    """Python codecs for the values of (0008,0005); names off by spaces, case or "-" are understood."""
    names = [re.sub(r"[\s_-]+", " ", part.strip().upper()) for part in declared.split("\\")]
    known = {re.sub(r"[\s_-]+", " ", key): codec for key, codec in _SINGLE.items()}
    aliases = {"UTF 8": "utf_8", "UTF8": "utf_8", "ISO 8859 1": "latin_1", "LATIN1": "latin_1"}
    return tuple(known.get(n) or aliases.get(n) or "?" for n in names[:8]) or ("ascii",)


@lru_cache(maxsize=4096)
def decode(raw: bytes, declared: str, is_name: bool = False) -> tuple[str, bool]:
    """(text, guessed): `raw` decoded by the declared sets. Guessed is True where these do not fit the bytes."""
    raw = raw.rstrip(b" \0")
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii"), False
    codecs = codecs_of(declared)
    if b"\x1b" in raw:
        return _escaped(raw, codecs, is_name)
    first = codecs[0]
    if first not in ("?", "ascii") and not (first == "latin_1" and _is_utf8(raw)):
        text = _read(raw, first)
        if text is not None and first == "utf_8":
            return _written_once(text)
        if text is not None:
            return _western(raw, text, is_name) if first == "latin_1" else (text, False)
    if first == "ascii" and len(codecs) > 1 and codecs[1] in ("euc_kr", "gb2312", "tis_620"):  # escape left out
        text = _read(raw, codecs[1])
        if text is not None:
            return text, False
    told = _read(raw, "utf_8")
    if told is not None:
        text, twice = _written_once(told)
        if twice or is_ordinary(told):
            return text, True
    return guess(raw, is_name), True


def _written_once(text: str) -> tuple[str, bool]:
    """(text, guessed): what an archive took for Western text and wrote in UTF-8 a second time ("MÃ¼ller") is undone."""
    for codec in ("latin_1", "cp1252"):
        try:
            told = text.encode(codec).decode("utf_8")
        except UnicodeError:
            continue
        if len(told) < len(text) and is_ordinary(told):
            return told, True
    return text, False


def _western(raw: bytes, text: str, is_name: bool) -> tuple[str, bool]:
    """`text` as it is labelled; but the label of Western text, which many programs put on all, on what is hardly that."""
    if not looks_foreign(raw):
        return text, False
    likely = guess(raw, is_name)
    return likely, likely != text


def _read(raw: bytes, codec: str) -> str | None:
    """The text, without its last character where a writer that counts bytes cut it in two; None where it does not fit."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as failure:
        if failure.reason not in _CUT:
            return None
        text = raw[: failure.start].decode(codec)
        return None if text.isascii() else text


def _is_utf8(raw: bytes) -> bool:
    text = _read(raw, "utf_8")
    return text is not None and len(text) < len(raw)


def _escaped(raw: bytes, codecs: tuple[str, ...], is_name: bool) -> tuple[str, bool]:
    """Code extensions (PS3.5 6.1.2.5): each delimiter brings back the first set. Within a set of two bytes a character
    "^" or "=" is half of another one, so only controls count as delimiters there. Some writers name their set once and
    not anew behind each delimiter: what the first set cannot read is read by the last one named, and is a guess."""
    first = codecs[0] if codecs[0] != "?" else "latin_1"
    out, codec, prefix, named, guessed = [], first, b"", "", False
    for piece in _ESCAPE.split(raw):
        if piece[:1] == b"\x1b":
            codec, prefix = _ESCAPES.get(piece, ("", b""))
            named = named if prefix else codec or named
            codec = codec or (first if first != "shift_jis" else "ascii")
            continue
        for number, part in enumerate(_RESETS[is_name and not prefix].split(piece)):
            if number % 2:
                codec, prefix = first, b""
            text = _read(prefix + part, codec)
            if text is None and named not in ("", codec):
                text, guessed = _read(part, named), True
            out.append((prefix + part).decode(codec, "replace") if text is None else text)
    return "".join(out), guessed


def person_name(raw: bytes, declared: str) -> tuple[str, bool]:
    """(name to show, guessed): "Family, Given" and, in brackets, the ideographic and phonetic groups (PS3.5 6.2.1)."""
    text, guessed = decode(raw, declared, True)
    groups = list(dict.fromkeys(group for group in map(_spoken, text.split("=")[:3]) if group))
    shown = groups[0] if groups else ""
    if len(groups) > 1:
        shown = f"{shown} ({' · '.join(groups[1:])})"
    return one_line(shown), guessed


def _spoken(group: str) -> str:
    """ "Family^Given^Middle^Prefix^Suffix" as words; ideographic and Hangul names have no comma."""
    family, *rest = [part.strip() for part in group.split("^")[:5]] or [""]
    given = " ".join(part for part in rest if part)
    if not family or not given:
        return plain(family or given)
    return plain(f"{family} {given}" if ord(family[0]) > 0x2E80 else f"{family}, {given}")
