"""Ways to damage a file. Each is a row: a name, what is damaged, and a function of a seeded chance and a good file.

PIXELS: only the stored picture is touched and the file holds together around it. WHOLE: any byte of the file.
MEDIUM: more than bytes: pipes, links, sparse files, archives, lists that climb out; these fill a folder.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random

from tests.damage.originals import DEFLATED, EXPLICIT, NAMES, Original, copied, original, phantom, written


class Part(StrEnum):
    PIXELS = "pixels"
    WHOLE = "whole"
    MEDIUM = "medium"


@dataclass(frozen=True)
class Kind:
    """`weight`: how often it is drawn."""

    name: str
    part: Part
    weight: int
    damage: Callable[[Random, Original], bytes] | None = None
    fill: Callable[[Random, Path], None] | None = None


# --- the picture alone


def stream_of(file: Original, chance: Random) -> tuple[int, int]:
    """(offset, length) of a fragment, or of the native value."""
    return chance.choice(file.parts)


def flip_pixels(chance: Random, file: Original) -> bytes:
    data, (start, length) = bytearray(file.data), stream_of(file, chance)
    for _ in range(chance.randint(1, 6)):
        data[start + chance.randrange(length)] ^= 1 << chance.randrange(8)
    return bytes(data)


def noise_in_pixels(chance: Random, file: Original) -> bytes:
    data, (start, length) = bytearray(file.data), stream_of(file, chance)
    size = min(chance.randint(8, 64), length)
    at = start + chance.randrange(length - size + 1)
    data[at : at + size] = chance.randbytes(size)
    return bytes(data)


def inverted_block(chance: Random, file: Original) -> bytes:
    data, (start, length) = bytearray(file.data), stream_of(file, chance)
    at = start + chance.randrange(max(1, length - 40))
    end = min(at + 40, start + length)
    data[at:end] = bytes(byte ^ 255 for byte in data[at:end])
    return bytes(data)


def lost_sector(chance: Random, file: Original) -> bytes:
    """Sectors of zeros, as after a read error that a copying program passed over: on multiples of 2048 of the file."""
    data, (start, length) = bytearray(file.data), stream_of(file, chance)
    sector = (start + chance.randrange(length)) // 2048 * 2048
    first, end = max(sector, start), min(sector + 2048 * chance.choice([1, 1, 2]), start + length)
    data[first:end] = bytes(end - first)
    return bytes(data)


def cut_in_pixels(chance: Random, file: Original) -> bytes:
    start, length = stream_of(file, chance)
    return file.data[: start + chance.randrange(length)]


def shorter_stream(chance: Random, file: Original) -> bytes:
    """Bytes taken out of the picture, all lengths around it made to fit."""
    start, length = stream_of(file, chance)
    size = min(2 * chance.randint(1, max(1, length // 4)), length - 2)
    at = start + chance.randrange(length - size)
    data = bytearray(file.data[:at] + file.data[at + size :])
    data[start - 4 : start] = struct.pack("<I", length - size)
    return bytes(data)


def longer_stream(chance: Random, file: Original) -> bytes:
    """Bytes put into the picture, all lengths around it made to fit."""
    start, length = stream_of(file, chance)
    more = chance.randbytes(2 * chance.randint(1, 32))
    at = start + chance.randrange(length)
    data = bytearray(file.data[:at] + more + file.data[at:])
    data[start - 4 : start] = struct.pack("<I", length + len(more))
    return bytes(data)


def spliced(chance: Random, file: Original) -> bytes:
    """The first half of one picture, the second half of another."""
    start, length = stream_of(file, chance)
    other = original(chance.choice([name for name in NAMES if original(name).parts]))
    from_, there = stream_of(other, chance)
    at = chance.randrange(1, length)
    tail = other.data[from_ : from_ + there][at : at + length - at]
    data = bytearray(file.data)
    data[start + at : start + at + len(tail)] = tail
    return bytes(data)


def codec_header(chance: Random, file: Original) -> bytes:
    """Bytes at the start of the stream: sizes, depths, tables, segment offsets."""
    data, (start, length) = bytearray(file.data), stream_of(file, chance)
    for _ in range(chance.randint(1, 3)):
        data[start + chance.randrange(min(length, 120))] = chance.choice([0, 1, 255, 128, chance.randrange(256)])
    return bytes(data)


# --- any byte


def flip_anywhere(chance: Random, file: Original) -> bytes:
    data = bytearray(file.data)
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def flip_in_header(chance: Random, file: Original) -> bytes:
    data = bytearray(file.data)
    for _ in range(chance.randint(1, 8)):
        data[128 + chance.randrange(min(len(data), 2000) - 128)] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut_anywhere(chance: Random, file: Original) -> bytes:
    return file.data[: chance.randrange(len(file.data))]


def extreme_word(chance: Random, file: Original) -> bytes:
    data = bytearray(file.data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(132, min(len(data), 2500))
        word = chance.choice(
            [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xfe\xff\xff\xff", b"\0\0\0\x80"]
        )
        data[at : at + len(word)] = word
    return bytes(data)


def moved_bytes(chance: Random, file: Original) -> bytes:
    data = bytearray(file.data)
    at, size = chance.randrange(128, len(data)), chance.randint(1, 200)
    if chance.random() < 0.5:
        del data[at : at + size]
    else:
        data[at:at] = data[at : at + size]
    return bytes(data)


def lengths(chance: Random, file: Original) -> bytes:
    """The length of one of the short elements of the header."""
    data = bytearray(file.data)
    places = [
        at for at in range(132, min(len(data) - 8, 2000)) if data[at + 4 : at + 6].isalpha() and data[at + 1] == 0
    ]
    at = chance.choice(places or [140])
    data[at + 6 : at + 8] = struct.pack("<H", chance.choice([0, 1, 3, 0xFFFF, 0xFFFE, chance.randrange(65536)]))
    return bytes(data)


def absurd_sizes(chance: Random, file: Original) -> bytes:
    """Rows, columns, samples, bits, planes: the group of the picture."""
    data = bytearray(file.data)
    for number in chance.sample([0x02, 0x06, 0x10, 0x11, 0x100, 0x101, 0x102, 0x103], chance.randint(1, 3)):
        at = data.find(struct.pack("<HH", 0x28, number) + b"US")
        if at > 0:
            value = chance.choice([0, 1, 2, 3, 7, 17, 64, 65535, 32768, 12345, chance.randrange(65536)])
            data[at + 8 : at + 10] = struct.pack("<H", value)
    return bytes(data)


def absurd_frames(chance: Random, file: Original) -> bytes:
    return with_element(file, 0x0028, 0x0008, b"IS", chance.choice([b"1000000 ", b"-1", b"99999999999 ", b"0 ", b"2 "]))


def with_element(file: Original, group: int, number: int, vr: bytes, value: bytes) -> bytes:
    """The file with an element put in (or once more) where it belongs by order."""
    at = file.data.find(struct.pack("<HH", 0x28, 0x10) + b"US", 132)
    if at < 0:
        return file.data
    made = struct.pack("<HH", group, number) + vr + struct.pack("<H", len(value)) + value
    return file.data[:at] + made + file.data[at:]


def deep_sequence(chance: Random, file: Original) -> bytes:
    """Sequences within sequences, to 5,000 deep, with and without lengths."""
    depth = chance.choice([40, 300, 1500, 5000])
    inner = b""
    if chance.random() < 0.5:
        for _ in range(depth):
            item = struct.pack("<HHI", 0xFFFE, 0xE000, len(inner)) + inner
            inner = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, len(item)) + item
            if len(inner) > 2**20:
                break
    else:
        head = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
            "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
        )
        inner = head * depth
        if chance.random() < 0.5:
            inner += (struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)) * depth
    at = file.data.find(struct.pack("<HH", 0x28, 0x02))
    at = at if at > 0 else 400
    return file.data[:at] + inner + file.data[at:]


def program_in_front(chance: Random, file: Original) -> bytes:
    starts = (
        b"MZ\x90\0",
        b"\x7fELF\2\1\1",
        b"<html><script>",
        b"#!/bin/sh\nrm ",
        b"PK\3\4",
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
    )
    start = chance.choice(starts)
    return (start + chance.randbytes(128 - len(start)))[:128] + file.data[128:]


def wrong_syntax(chance: Random, file: Original) -> bytes:
    """Another transfer syntax in the label."""
    at = file.data.find(b"1.2.840.10008.1.2", 140, 400)
    length = struct.unpack_from("<H", file.data, at - 2)[0]
    other = chance.choice([EXPLICIT, DEFLATED, "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.2",
                           "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.80", "1.2.3.4.5", "1.2.840.10008.1.2.4.102",
                           "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"])  # fmt: skip
    word = other.encode()
    word += b"\0" * (len(word) % 2)
    data = file.data[: at - 2] + struct.pack("<H", len(word)) + word + file.data[at + length :]
    group = struct.unpack_from("<I", data, 140)[0]
    return data[:140] + struct.pack("<I", group + len(word) - length) + data[144:]


def noise_behind_label(chance: Random, file: Original) -> bytes:
    return file.data[: chance.choice([132, 200, 400, 900])] + chance.randbytes(chance.randint(1, 4000))


def fragments_wrong(chance: Random, file: Original) -> bytes:
    """Item heads of the stored picture: tags, lengths, the offset table."""
    data = bytearray(file.data)
    start, _ = stream_of(file, chance)
    at = start - chance.choice([4, 8, 12, 16, 20])
    data[at : at + 4] = struct.pack(
        "<I", chance.choice([0, 1, 0xFFFFFFFF, 0xFFFFFFFE, len(data), chance.randrange(2**32)])
    )
    return bytes(data)


@cache
def _packed_megabyte() -> bytes:
    """A megabyte of zeros, deflated, that can be put behind itself."""
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)


@cache
def bomb(megabytes: int) -> bytes:
    """A deflated data set that claims to be a picture and grows a thousandfold."""
    plain = written(copied(phantom()[1]), EXPLICIT)
    meta = 132 + 12 + struct.unpack_from("<I", plain, 140)[0]
    body = plain[meta:]
    at = body.find(struct.pack("<HH", 0x7FE0, 0x10))
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(body[:at])
    packed += (
        packer.compress(struct.pack("<HH2sHI", 0x0009, 0x1001, b"UN", 0, megabytes << 20)) if megabytes % 2 else b""
    )
    packed += packer.compress(struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, megabytes << 20))
    packed += packer.flush(zlib.Z_FULL_FLUSH)
    packed += _packed_megabyte() * megabytes  # each stands alone, so it is packed only once
    label = written(copied(phantom()[1]), DEFLATED)
    end = 132 + 12 + struct.unpack_from("<I", label, 140)[0]
    return label[:end] + packed + zlib.compressobj(9, wbits=-15).flush()


def deflate_bomb(chance: Random, file: Original) -> bytes:
    return bomb(chance.choice([64, 255, 512]))


# --- more than bytes


def pipe(chance: Random, folder: Path) -> None:
    os.mkfifo(folder / "IM0001")


def sparse(chance: Random, folder: Path) -> None:
    """A file of 50 GB that takes no room: with a good start, or of nothing but zeros."""
    path = folder / "IM0001"
    path.write_bytes(original(chance.choice(NAMES)).data if chance.random() < 0.7 else b"")
    os.truncate(path, 50 * 10**9)


def links(chance: Random, folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to("self")
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("../..")


def list_climbs_out(chance: Random, folder: Path) -> None:
    """A DICOMDIR whose records name files outside the folder, itself, and nothing."""
    names = [["..", "..", "etc", "passwd"], ["/etc/passwd"], ["C:", "X"], ["DICOMDIR"], ["A" * 60] * 8, ["\0"], [""]]
    offset = chance.choice([0, 1, 300, 0xFFFFFFFF])
    records = b""
    for parts in chance.sample(names, 4):
        value = "\\".join(parts).encode()
        value += b" " * (len(value) % 2)
        inner = struct.pack("<HH2sH", 0x0004, 0x1400, b"UL", 4) + struct.pack("<I", offset)
        inner += struct.pack("<HH2sH", 0x0004, 0x1430, b"CS", 6) + b"IMAGE "
        inner += struct.pack("<HH2sH", 0x0004, 0x1500, b"CS", len(value)) + value
        records += struct.pack("<HHI", 0xFFFE, 0xE000, len(inner)) + inner
    body = struct.pack("<HH2sHI", 0x0004, 0x1220, b"SQ", 0, len(records)) + records
    uid = b"1.2.840.10008.1.3.10"
    meta = struct.pack("<HH2sH", 2, 2, b"UI", len(uid)) + uid
    syntax = EXPLICIT.encode() + b"\0"
    meta += struct.pack("<HH2sH", 2, 0x10, b"UI", len(syntax)) + syntax
    (folder / "DICOMDIR").write_bytes(bytes(128) + b"DICM" + meta + body)


@cache
def packed_zeros(kind: str) -> bytes:
    """ZIP files that grow: one huge member, many members, a ZIP in a ZIP in a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "huge":
            with archive.open("IM1", "w", force_zip64=True) as member:
                for _ in range(400):
                    member.write(bytes(1 << 20))
        elif kind == "many":
            for number in range(3000):
                archive.writestr(f"{number}/IM{number}", bytes(2000))
        elif kind == "nested":
            archive.writestr("a.zip", packed_zeros("huge"))
            archive.writestr("b.zip", packed_zeros("many"))
        else:
            archive.writestr("../../../tmp/evil", original("explicit").data)
            archive.writestr("/abs", original("jpeg").data)
            archive.writestr("C:\\win\\x", original("rle").data)
    return out.getvalue()


def archive(chance: Random, folder: Path) -> None:
    data = bytearray(packed_zeros(chance.choice(["huge", "many", "nested", "climbing", "climbing", "climbing"])))
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (folder / "x.zip").write_bytes(data)


def odd_names(chance: Random, folder: Path) -> None:
    data = original(chance.choice(NAMES)).data
    for name in (b"\xff\xfe\x80", b"a\nb", b"-rf", b"<b>x<br>", "\u202egnp.exe".encode(), b" " * 40, b"%s%n{0}"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(data)


def deep_folders(chance: Random, folder: Path) -> None:
    deep = folder
    for _ in range(chance.choice([30, 150])):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "IM1").write_bytes(original("explicit").data)


def forbidden(chance: Random, folder: Path) -> None:
    """Sizes nobody expects: nothing at all, one byte, a folder with the name of a picture."""
    (folder / "EMPTY").write_bytes(b"")
    (folder / "ONE").write_bytes(b"D")
    (folder / "IM1.dcm").mkdir()
    (folder / "DICOMDIR").mkdir()


KINDS = (
    Kind("bits flipped in the picture", Part.PIXELS, 10, flip_pixels),
    Kind("noise in the picture", Part.PIXELS, 8, noise_in_pixels),
    Kind("inverted block in the picture", Part.PIXELS, 5, inverted_block),
    Kind("lost sector in the picture", Part.PIXELS, 8, lost_sector),
    Kind("cut within the picture", Part.PIXELS, 8, cut_in_pixels),
    Kind("bytes missing in the picture", Part.PIXELS, 8, shorter_stream),
    Kind("bytes too many in the picture", Part.PIXELS, 5, longer_stream),
    Kind("two pictures spliced", Part.PIXELS, 8, spliced),
    Kind("edited codec header", Part.PIXELS, 12, codec_header),
    Kind("bits flipped anywhere", Part.WHOLE, 10, flip_anywhere),
    Kind("bits flipped in the header", Part.WHOLE, 14, flip_in_header),
    Kind("cut anywhere", Part.WHOLE, 8, cut_anywhere),
    Kind("extreme words", Part.WHOLE, 10, extreme_word),
    Kind("bytes moved", Part.WHOLE, 8, moved_bytes),
    Kind("lengths", Part.WHOLE, 10, lengths),
    Kind("absurd sizes", Part.WHOLE, 14, absurd_sizes),
    Kind("absurd number of frames", Part.WHOLE, 4, absurd_frames),
    Kind("deep sequences", Part.WHOLE, 4, deep_sequence),
    Kind("program in front", Part.WHOLE, 5, program_in_front),
    Kind("wrong transfer syntax", Part.WHOLE, 8, wrong_syntax),
    Kind("noise behind the label", Part.WHOLE, 4, noise_behind_label),
    Kind("item heads", Part.WHOLE, 6, fragments_wrong),
    Kind("deflate bomb", Part.WHOLE, 1, deflate_bomb),
    Kind("pipe", Part.MEDIUM, 1, fill=pipe),
    Kind("sparse 50 GB", Part.MEDIUM, 2, fill=sparse),
    Kind("links", Part.MEDIUM, 1, fill=links),
    Kind("list that climbs out", Part.MEDIUM, 3, fill=list_climbs_out),
    Kind("archive", Part.MEDIUM, 2, fill=archive),
    Kind("odd names", Part.MEDIUM, 1, fill=odd_names),
    Kind("deep folders", Part.MEDIUM, 1, fill=deep_folders),
    Kind("odd sizes", Part.MEDIUM, 1, fill=forbidden),
)
_DRAWN = tuple(kind for kind in KINDS for _ in range(kind.weight))


@dataclass(frozen=True)
class Case:
    """One damaged disc: number, kind, encoding ("" for MEDIUM), and the damaged file (b"" for MEDIUM)."""

    number: int
    kind: Kind
    encoding: str
    data: bytes


def kind_of(chance: Random) -> Kind:
    """The kind of a case: the first thing that is drawn."""
    return chance.choice(_DRAWN)


def case(seed: int, number: int) -> Case:
    """Always the same for the same seed and number."""
    chance = Random(f"{seed}/{number}")
    kind = kind_of(chance)
    if kind.damage is None:
        return Case(number, kind, "", b"")
    names = [
        name
        for name in NAMES
        if original(name).parts or (kind.part is Part.WHOLE and kind.damage is not fragments_wrong)
    ]
    name = chance.choice(names)
    return Case(number, kind, name, kind.damage(chance, original(name)))


def lay_out(seed: int, one: Case, folder: Path) -> None:
    """Put the case into an empty folder."""
    if one.kind.fill is not None:
        one.kind.fill(Random(f"{seed}/{one.number}/medium"), folder)
    else:
        (folder / "DAMAGED").write_bytes(one.data)
