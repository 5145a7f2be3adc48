"""Packed files that are no scan: documents, programs and add-ons are ZIPs too (".docx", ".odt", ".jar", ".apk", ".xpi").

A look at the table of contents decides, and where that speaks for a package, at the first bytes of a few members.
"""

from __future__ import annotations

import zipfile

from viewer.disc.medium import FileKind
from viewer.disc.members import is_folder, unpacked
from viewer.disc.sniff import is_of_viewer, sniff

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_MARKS = frozenset({
    "[content_types].xml",  # office documents, XPS, NuGet (ECMA-376 part 2)
    "mimetype",  # OpenDocument, EPUB
    "meta-inf/manifest.mf",  # Java
    "meta-inf/container.xml",
    "androidmanifest.xml",
    "appmanifest.xaml",
    "install.rdf",
    "chrome.manifest",
    "manifest.json",  # add-ons of browsers
    "doc.kml",
    "pkg-info",
})  # fmt: skip
_PICTURE_ENDINGS = (".dcm", ".dicom", ".ima", ".dc3")
_LOOKED_AT = 8
_HEAD = 160
_LOCKED_FLAG = 0x1


def is_packed(head: bytes) -> bool:
    """Whether a file begins like a ZIP (or is an empty one)."""
    return head[:4] in MAGIC


def is_worth_opening(archive: zipfile.ZipFile, path: str) -> bool:
    """Whether a ZIP that is not named as one is opened like a folder: unless it is a document, a program or lies among
    those of the disc's own viewer, and holds no scan all the same."""
    members = [info for info in archive.infolist() if not is_folder(info)]
    names = [info.filename.lower() for info in members]
    if not (is_of_viewer(path) or not _MARKS.isdisjoint(names)):
        return bool(members)
    if any(name.endswith(_PICTURE_ENDINGS) or name.rpartition("/")[2] == "dicomdir" for name in names):
        return True
    return any(_is_scan(archive, info) for info in members[:: max(1, len(members) // _LOOKED_AT)][:_LOOKED_AT])


def _is_scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    if info.flag_bits & _LOCKED_FLAG:
        return False
    head = unpacked(archive, info, 0, _HEAD)
    return sniff("file", info.file_size, head) in (FileKind.DICOM, FileKind.DICOMDIR)
