"""What a file is, told by its first bytes. A name only tells what belongs to the disc's own viewer."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import numpy as np

from viewer.disc.medium import FileKind

HEAD = 16 * 1024  # bytes of a file that the index reads at once: header and picture group of nearly every file
_DIRECTORY_CLASS = b"1.2.840.10008.1.3.10"
_LARGE_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SMALL_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())  # PS3.5 6.2


@dataclass(frozen=True, slots=True)
class Signature:
    """Bytes at a place that tell a kind."""

    at: int
    start: bytes
    kind: FileKind


_SIGNATURES = (
    Signature(0, b"\xff\xd8\xff", FileKind.PICTURE),
    Signature(0, b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    Signature(0, b"GIF8", FileKind.PICTURE),
    Signature(0, b"BM", FileKind.PICTURE),
    Signature(0, b"II*\0", FileKind.PICTURE),
    Signature(0, b"MM\0*", FileKind.PICTURE),
    Signature(0, b"\xff\x4f\xff\x51", FileKind.PICTURE),  # JPEG 2000
    Signature(4, b"jP  \r\n\x87\n", FileKind.PICTURE),
    Signature(8, b"WEBP", FileKind.PICTURE),
    *(Signature(4, b"ftyp" + brand, FileKind.PICTURE) for brand in (b"heic", b"heix", b"mif1", b"avif")),
    Signature(8, b"AVI LIST", FileKind.FILM),
    Signature(4, b"ftyp", FileKind.FILM),
    Signature(0, b"\0\0\x01\xba", FileKind.FILM),  # MPEG
    Signature(0, b"\0\0\x01\xb3", FileKind.FILM),
    Signature(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind.FILM),  # Windows Media
    Signature(0, b"\x1a\x45\xdf\xa3", FileKind.FILM),  # Matroska, WebM
    Signature(0, b"IMGF", FileKind.FOREIGN),  # General Electric
    Signature(344, b"n+1\0", FileKind.FOREIGN),  # NIfTI and the formats of laboratories
    Signature(344, b"ni1\0", FileKind.FOREIGN),
    Signature(0, b"NRRD000", FileKind.FOREIGN),
    Signature(0, b"!INTERFILE", FileKind.FOREIGN),
    Signature(0, b"\x89HDF\r\n\x1a\n", FileKind.FOREIGN),
    Signature(0, b"# === DATA DESCRIPTION FILE", FileKind.FOREIGN),  # Philips PAR/REC
    *(Signature(0, start, FileKind.OTHER) for start in (b"ID3", b"OggS", b"fLaC")),  # sound is packed too, not locked
    *(Signature(0, bytes((255, second)), FileKind.OTHER) for second in (0xFB, 0xFA, 0xF3, 0xF2)),  # MPEG layer 3
    Signature(0, b"%PDF-", FileKind.DOCUMENT),
    Signature(0, b"{\\rtf", FileKind.DOCUMENT),
    Signature(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.DOCUMENT),  # old office files, Thumbs.db
    Signature(0, b"PK\x03\x04", FileKind.ARCHIVE),
    Signature(0, b"PK\x05\x06", FileKind.ARCHIVE),
    Signature(0, b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    Signature(0, b"Rar!\x1a\x07", FileKind.ARCHIVE),
    Signature(0, b"\x1f\x8b", FileKind.ARCHIVE),
    Signature(4, b"1AY&SY", FileKind.ARCHIVE),  # bzip2
    Signature(0, b"\xfd7zXZ\x00", FileKind.ARCHIVE),
    Signature(0, b"\x28\xb5\x2f\xfd", FileKind.ARCHIVE),  # Zstandard
    Signature(257, b"ustar", FileKind.ARCHIVE),
    Signature(0, b"MZ", FileKind.VIEWER),
    Signature(0, b"\x7fELF", FileKind.VIEWER),
    Signature(0, b"\xfe\xed\xfa", FileKind.VIEWER),
    Signature(0, b"\xcf\xfa\xed\xfe", FileKind.VIEWER),
    Signature(0, b"\xca\xfe\xba\xbe", FileKind.VIEWER),
    Signature(0, b"ITSF", FileKind.VIEWER),  # compiled HTML help
    Signature(0, b"MSCF", FileKind.VIEWER),  # cabinet
    Signature(0, b"-FVE-FS-", FileKind.ENCRYPTED),
    Signature(3, b"-FVE-FS-", FileKind.ENCRYPTED),  # BitLocker
    Signature(0, b"-----BEGIN PGP MESSAGE", FileKind.ENCRYPTED),
    Signature(0, b"-----BEGIN PKCS7", FileKind.ENCRYPTED),
)
_ELSEWHERE = tuple(row for row in _SIGNATURES if row.at)
_BY_FIRST_BYTE = {
    first: tuple(row for row in _SIGNATURES if row.at == 0 and row.start[0] == first)
    for first in {row.start[0] for row in _SIGNATURES if row.at == 0}
}
_VERSION = re.compile(r"\.?;\d+\Z")
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")  # OID 1.2.840.113549.1.7.3, secure media of PS3.15
_VIEWER_NAMES = frozenset({"autorun.inf", "autorun", "version.txt"})
_SYSTEM_NAMES = frozenset({
    "thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".apdisk", ".volumeicon.icns", ".localized", ".directory",
    ".trashes", ".metadata_never_index", "icon\r",
})  # fmt: skip
_SYSTEM_FOLDERS = frozenset({
    "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".documentrevisions-v100",
    "$recycle.bin", "recycler", "system volume information", "lost+found",
})  # fmt: skip
_DISC_IMAGES = (".iso", ".nrg", ".mdf", ".toast", ".dmg", ".udf", ".vhd", ".vhdx")
_VIEWER_ENDINGS = (
    ".exe", ".dll", ".ocx", ".sys", ".com", ".bat", ".cmd", ".msi", ".cab", ".inf", ".ini", ".cfg", ".ico", ".cur",
    ".icns", ".chm", ".hlp", ".jar", ".class", ".so", ".dylib", ".lnk", ".manifest", ".config", ".xsl", ".xslt",
    ".css", ".js", ".vbs", ".reg", ".ttf", ".otf", ".woff", ".woff2", ".pak", ".lng", ".swf", ".cnt",
)  # fmt: skip
_PACKED = re.compile(r"(\.pack)?\.(xz|gz)\Z")  # "viewer.jar.xz": parts of Java viewers are packed once more
_TEXT_ENDINGS = (".htm", ".html", ".xhtml", ".txt", ".xml", ".rtf", ".md", ".log", ".json", ".csv", ".url")
_OFFICE_ENDINGS = (  # letters and tables that are ZIPs
    ".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".pptx", ".ppsx", ".odt", ".ods", ".odp", ".odg", ".epub",
)  # fmt: skip
_VIEWER_FOLDERS = frozenset({"viewer", "help", "jre", "java", "runtime", "bin", "plugins"})
_PRINTED = bytes((*range(9, 14), *range(32, 256)))
_STREAMS = ((0, 188), (4, 192))  # where packets of an MPEG transport stream begin, and their length
_SAMPLE, _NOISE = 2048, 7.7  # bytes looked at, and bits per byte above which they are packed or locked
_LOCKED_ENDINGS = (".enc", ".p7m", ".p7", ".pgp", ".gpg", ".aes", ".axx")
_OWN_FORMAT_ENDINGS = (
    ".dat", ".bin", ".mrv", ".vff", ".img", ".hdr", ".raw", ".rda", ".par", ".rec", ".fdf", ".isyntax", ".mdb", ".db",
    ".mht",
)  # fmt: skip


def sniff(path: str, size: int, head: bytes) -> FileKind:
    """The kind of a file of `size` bytes that begins with `head` (its first `HEAD` bytes)."""
    if size == 0:
        return FileKind.EMPTY
    if head[128:132] == b"DICM":
        unlabelled = head[132:134] != b"\x02\0" and path.rpartition("/")[2].upper() == "DICOMDIR"
        return FileKind.DICOMDIR if unlabelled or _is_directory(head) else FileKind.DICOM
    if _is_headerless(head, size):
        return FileKind.DICOMDIR if head[:2] == b"\x04\0" or _is_directory(head) else FileKind.DICOM
    likely = (*_BY_FIRST_BYTE.get(head[0], ()), *_ELSEWHERE) if head else ()
    kind = next((row.kind for row in likely if head.startswith(row.start, row.at)), None)
    return _named(path, kind or _unsigned(size, head))


def begins_scan(size: int, head: bytes) -> bool:
    """Whether a file of `size` bytes that begins with `head` goes on like DICOM also behind its mark."""
    return head[128:134] == b"DICM\x02\0" or _is_headerless(head, size)


def is_of_viewer(path: str) -> bool:
    """Whether a name alone tells that a file belongs to the disc's own viewer."""
    return _named(path, FileKind.OTHER) is FileKind.VIEWER


def _is_directory(head: bytes) -> bool:
    """Whether (0002,0002) or (0008,0016) names the directory class (PS3.3 F); decided before any picture group."""
    at = head.find(_DIRECTORY_CLASS, 0, 1024)
    if at < 0:
        return False
    tags = (head[max(at - 8, 0) : at], head[max(at - 12, 0) : at])
    return any(tag[:4] in (b"\x02\0\x02\0", b"\x08\0\x16\0") for tag in tags) and head[at + 20 : at + 21] in (
        b"\0", b" ", b"\x02", b"",
    )  # fmt: skip


def _is_headerless(head: bytes, size: int) -> bool:
    """DICOM without preamble: several elements in rising order from byte 0 in any of the four encodings."""
    if head[:4] == b"DICM":
        return _elements(head[4:], size - 4, "<", True) >= 2
    if head[1:2] == b"\0" and head[0] in (2, 4, 8):
        return max(_elements(head, size, "<", True), _elements(head, size, "<", False)) >= 3
    if head[:1] == b"\0" and head[1:2] in (b"\x02", b"\x08"):
        return max(_elements(head, size, ">", True), _elements(head, size, ">", False)) >= 3
    return False


def _elements(head: bytes, size: int, order: str, explicit: bool) -> int:
    """How many elements (at most 8) can be walked from the start without contradiction."""
    at = count = last = 0
    while count < 8 and at + 12 <= len(head):
        group, number = struct.unpack_from(order + "HH", head, at)
        tag = group << 16 | number
        told = count if last >> 16 == 2 else 0  # what follows the meta group may be written in another way (PS3.10 7.1)
        if tag <= last:
            return told
        vr, last = head[at + 4 : at + 6], tag
        if not explicit:
            length, start = struct.unpack_from(order + "I", head, at + 4)[0], 8
        elif vr in _SMALL_VRS:
            length, start = struct.unpack_from(order + "H", head, at + 6)[0], 8
        elif vr in _LARGE_VRS:
            length, start = struct.unpack_from(order + "I", head, at + 8)[0], 12
        else:
            return told
        if length == 0xFFFFFFFF:
            return count + 1 if count else 0
        at += start + length
        if at > size:
            return told
        count += 1
    return count


def _unsigned(size: int, head: bytes) -> FileKind:
    """The kind of a file without a known signature."""
    if head[:1] == b"\x30" and _ENVELOPED in head[:64]:
        return FileKind.ENCRYPTED
    if _is_text(head):
        return FileKind.DOCUMENT
    if any(head[at : at + 3 * packet : packet] == b"GGG" for at, packet in _STREAMS):
        return FileKind.FILM
    if size >= 2048 and _entropy(head[-_SAMPLE:]) > _NOISE:
        return FileKind.ENCRYPTED
    return FileKind.OTHER


def _is_text(head: bytes) -> bool:
    sample = head[:2048]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not sample.translate(None, _PRINTED)


def _entropy(sample: bytes) -> float:
    """Shannon entropy in bits per byte."""
    counts = np.bincount(np.frombuffer(sample, np.uint8))
    shares = counts[counts > 0] / len(sample)
    return float(-(shares @ np.log2(shares)))


def _named(path: str, kind: FileKind) -> FileKind:
    """`kind`, corrected by what names tell about the disc's own viewer and about locked or own formats."""
    *folders, name = path.lower().split("/")
    name = _VERSION.sub("", name)  # "AUTORUN.INF;1", as some readers show the names of a disc
    if name in _SYSTEM_NAMES or name.startswith("._") or not _SYSTEM_FOLDERS.isdisjoint(folders):
        return FileKind.SYSTEM
    if name in _VIEWER_NAMES or _PACKED.sub("", name).endswith(_VIEWER_ENDINGS):
        return FileKind.VIEWER
    if kind is not FileKind.ARCHIVE and not _VIEWER_FOLDERS.isdisjoint(folders):
        return FileKind.VIEWER
    if any(folder.endswith(".app") for folder in folders):  # a program of macOS is a folder
        return FileKind.VIEWER
    if kind is FileKind.OTHER and name.endswith(_DISC_IMAGES):
        return FileKind.ARCHIVE
    if kind is FileKind.ARCHIVE and name.endswith(_OFFICE_ENDINGS):
        return FileKind.DOCUMENT
    if kind not in (FileKind.OTHER, FileKind.DOCUMENT):
        return kind
    if name.endswith(_TEXT_ENDINGS):
        return FileKind.VIEWER if name.startswith(("index.", "readme.", "liesmich.")) else FileKind.DOCUMENT
    if name.endswith(_LOCKED_ENDINGS):
        return FileKind.ENCRYPTED
    return FileKind.FOREIGN if kind is FileKind.OTHER and name.endswith(_OWN_FORMAT_ENDINGS) else kind
