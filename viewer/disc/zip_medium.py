"""ZipMedium: the members of a ZIP, read in place. Nothing is unpacked to disk, no name becomes a path.

Limits: number of members, inflated size, ratio; one ZIP inside another is opened, a third one is only listed.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.disc.folder import FolderMedium, fingerprint_of
from viewer.disc.inflated import LargeMembers
from viewer.disc.medium import FileKind, FoundFile
from viewer.disc.members import PLAIN, is_folder, unpacked
from viewer.disc.packages import is_packed, is_worth_opening
from viewer.disc.sniff import HEAD, begins_scan, is_of_viewer
from viewer.disc.winzip import lock_of, unlocked
from viewer.problem import Problem, ProblemError, problem

MAX_MEMBERS = 200_000
MAX_TOTAL = 64 * 1024**3
MAX_MEMBER = 4 * 1024**3
MAX_RATIO = 200  # beyond it, a member of more than `FREE_SIZE` is a bomb, unless it begins like a scan …
MOST_RATIO = 1040  # … which may be mostly air; deflate packs no better than 1032 to 1
FREE_SIZE = 50 * 1024**2
MAX_INNER = 512 * 1024**2  # a ZIP inside the ZIP is held in memory …
MAX_HELD = 1024**3  # … all of them together no more than this: the others are listed, to be unpacked first
CACHE = 192 * 1024**2
MAX_TRIED = 64 * 1024**2  # where even the smallest member is larger, only one password is tried
_HEAD = 64 * 1024
_ROW = b"PK\1\2"  # how each row of the table at the end begins
_AES, _LOCKED_FLAG, _STRONG_FLAG = 99, 0x1, 0x40
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    MemoryError,
    OverflowError,
)


def is_zip(path: Path) -> bool:
    """Whether a file begins like a ZIP (or is an empty one)."""
    return is_packed(FolderMedium(path).read(path.resolve().name, 0, 4))


def is_hidden_zip(path: Path, shown: str) -> bool:
    """Whether a file that is not named as a ZIP is one to be opened like a folder. shown: its path on the medium."""
    try:
        if not is_zip(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return is_worth_opening(archive, shown)
    except zipfile.BadZipFile:
        return not is_of_viewer(shown)  # opening says that it was cut off
    except (*_ERRORS, RuntimeError, ProblemError):
        return False


@dataclass(frozen=True, slots=True)
class _Member:
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    odd_name: Problem | None = None


class ZipMedium:
    """The files in a ZIP (protocol `Medium`). Safe to read from several threads."""

    def __init__(self, path: Path, passwords: Sequence[str] = ()) -> None:
        self._path = path
        self._passwords = tuple(dict.fromkeys(passwords))
        self._secrets: dict[zipfile.ZipFile, bytes] = {}
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._archives: list[zipfile.ZipFile] = []
        self._members: dict[str, _Member] = {}
        self._copies: dict[str, int] = {}  # of members of one name, how many there are
        self._left_out: list[FoundFile] = []
        self._total = 0
        self._held = 0  # bytes of the ZIPs inside
        self._large = LargeMembers()
        self._packed: set[str] = set()  # members that begin like a ZIP, as far as they were read
        self._opened: set[str] = set()  # members that were opened as one
        try:
            outer = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise ProblemError(problem(_why_bad(path), str(path))) from error
        except _ERRORS as error:
            raise ProblemError(problem("not_a_zip", str(path))) from error
        self._add(outer, "", True)
        self._check_password()

    @property
    def name(self) -> str:
        return str(self._path)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(str(self._path.resolve()))

    def walk(self) -> Iterator[FoundFile]:
        yield from map(_found, tuple(self._members), tuple(self._members.values()))
        yield from self._left_out

    def inside(self, found: FoundFile) -> Iterator[FoundFile]:
        """A ZIP in this ZIP that is not named as one."""
        member = self._members.get(found.path)
        looks_packed = found.path in self._packed or found.kind is FileKind.ARCHIVE
        if member is None or not looks_packed or found.path in self._opened or member.archive is not self._archives[0]:
            return
        with self._lock:
            inner = self._inner(member.archive, member.info)
            if inner is None or not _is_worth_opening(inner, found.path):
                return
            self._opened.add(found.path)
            self._held += member.info.file_size
            known, left = len(self._members), len(self._left_out)
            self._add(inner, found.path + "/", False)
        names = tuple(self._members)[known:]
        yield from map(_found, names, map(self._members.__getitem__, names))
        yield from self._left_out[left:]

    def read(self, path: str, offset: int, size: int) -> bytes:
        member = self._members.get(path)
        if member is None:
            raise ProblemError(problem("file_gone", path))
        try:
            with self._lock:
                data = self._read(path, member, offset, size)
        except NotImplementedError as error:
            raise ProblemError(problem("zip_packed_otherwise", path)) from error
        except RuntimeError as error:
            raise ProblemError(self._locked(member.info, path)) from error
        except _ERRORS as error:
            raise ProblemError(problem("zip_member_damaged", path)) from error
        if offset == 0 and is_packed(data):
            self._packed.add(path)
        return data

    def size(self, path: str) -> int:
        """Bytes of a member, 0 where there is none."""
        member = self._members.get(path)
        return member.info.file_size if member is not None else 0

    def local(self, path: str) -> Path | None:
        return None

    def close(self) -> None:
        with self._lock:
            self._cache.clear()
            self._large.clear()
            for archive in reversed(self._archives):
                archive.close()

    def _read(self, path: str, member: _Member, offset: int, size: int) -> bytes:
        whole = self._cache.get(path)
        if whole is not None:
            self._cache.move_to_end(path)
            return whole[offset : offset + size]
        if offset + size <= _HEAD:
            return self._streamed(member, offset, size)
        if member.info.file_size > CACHE // 2:
            found = (
                None if _is_locked(member.info) else self._large.read(path, member.archive, member.info, offset, size)
            )
            return self._streamed(member, offset, size) if found is None else found
        whole = self._streamed(member, 0, member.info.file_size)
        self._cache[path] = whole
        while sum(map(len, self._cache.values())) > CACHE:
            self._cache.popitem(last=False)
        return whole[offset : offset + size]

    def _streamed(self, member: _Member, offset: int, size: int) -> bytes:
        archive, info = member.archive, member.info
        lock, secret = lock_of(info), self._secrets.get(archive)
        if lock is not None:
            end = offset + size
            return unlocked(archive, info, lock, secret, end if end < info.file_size else info.file_size + 1)[
                offset:end
            ]
        return unpacked(archive, info, offset, size, secret)

    def _choose(self, archive: zipfile.ZipFile) -> None:
        """The password that opens an archive, else the first: reading says that it is wrong."""
        locked = [info for info in archive.infolist() if _is_locked(info) and not _is_strong(info)]
        if not locked or not self._passwords:
            return
        smallest = min(locked, key=lambda info: info.file_size)
        secrets = [password.encode("utf-8") for password in self._passwords]
        if smallest.file_size > MAX_TRIED:
            secrets = secrets[:1]
        self._secrets[archive] = next((one for one in secrets if _opens(archive, smallest, one)), secrets[0])

    def _add(self, archive: zipfile.ZipFile, lead: str, may_nest: bool) -> None:
        """Take the members of one archive into the table, within the limits."""
        self._archives.append(archive)
        self._choose(archive)
        for info in archive.infolist():
            if is_folder(info):
                continue
            name, odd = _shown_name(info.filename)
            name = self._unique(lead + name)
            word = self._limits(archive, info, name)
            if word is not None:
                self._left_out.append(FoundFile(name, info.file_size, FileKind.UNREADABLE, word))
                if len(self._left_out) > MAX_MEMBERS:
                    return
                continue
            self._total += info.file_size
            inner = self._inner(archive, info) if may_nest and name.lower().endswith(".zip") else None
            self._members[name] = _Member(archive, info, problem("zip_odd_name", name) if odd else None)
            if inner is not None:
                self._opened.add(name)
                self._held += info.file_size
                self._add(inner, name + "/", False)

    def _limits(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Problem | None:
        ratio = info.file_size / max(info.compress_size, 1)
        if len(self._members) >= MAX_MEMBERS or self._total + info.file_size > MAX_TOTAL:
            return problem("zip_too_large", name)
        tight = ratio > MAX_RATIO and info.file_size > FREE_SIZE
        if info.file_size > MAX_MEMBER or (tight and not self._is_airy_scan(archive, info, ratio)):
            return problem("zip_too_large", name)
        return None

    def _is_airy_scan(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, ratio: float) -> bool:
        """Whether a member that packs so well begins like a scan: then no more of it is unpacked than is looked at."""
        if info.compress_type != zipfile.ZIP_DEFLATED or ratio > MOST_RATIO:
            return False
        try:
            return begins_scan(info.file_size, self._streamed(_Member(archive, info), 0, HEAD))
        except (*_ERRORS, RuntimeError, ProblemError):
            return False

    def _unique(self, name: str) -> str:
        count, unique = self._copies.get(name, 1), name
        while unique in self._members:
            count += 1
            unique = f"{name} ({count})"
        self._copies[name] = count  # counting from the start for each of many would never end
        return unique

    def _inner(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipFile | None:
        """The archive inside a member, or None."""
        if info.file_size > min(MAX_INNER, MAX_HELD - self._held):
            return None
        try:
            whole = self._streamed(_Member(archive, info), 0, info.file_size)
            if whole.count(_ROW) > MAX_MEMBERS:  # zipfile makes a table of all before it can be asked how many
                return None
            return zipfile.ZipFile(io.BytesIO(whole))
        except (*_ERRORS, RuntimeError):
            return None

    def _check_password(self) -> None:
        """Raise at once where the members are locked: asking comes before indexing."""
        locked = [member for member in self._members.values() if _is_locked(member.info)]
        if not locked or len(locked) < len(self._members):
            return
        smallest = min(locked, key=lambda member: member.info.file_size)
        if _is_strong(smallest.info) or not self._passwords:
            raise ProblemError(self._locked(smallest.info, str(self._path)))
        if not _opens(smallest.archive, smallest.info, self._secrets.get(smallest.archive)):
            raise ProblemError(problem("zip_wrong_password", str(self._path)))

    def _locked(self, info: zipfile.ZipInfo, path: str) -> Problem:
        if _is_strong(info):
            return problem("zip_locked_otherwise", path)
        return problem("zip_wrong_password" if self._passwords else "zip_needs_password", path)


def _found(name: str, member: _Member) -> FoundFile:
    return FoundFile(name, member.info.file_size, FileKind.OTHER, member.odd_name, member.info.CRC)


def _is_worth_opening(archive: zipfile.ZipFile, path: str) -> bool:
    try:
        return is_worth_opening(archive, path)
    except (*_ERRORS, RuntimeError):
        return False


def _is_locked(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _LOCKED_FLAG)


def _is_strong(info: zipfile.ZipInfo) -> bool:
    """Locked in a way that cannot be opened here."""
    known = lock_of(info) is not None if info.compress_type == _AES else info.compress_type in PLAIN
    return bool(info.flag_bits & _STRONG_FLAG) or not known


def _opens(archive: zipfile.ZipFile, info: zipfile.ZipInfo, secret: bytes | None) -> bool:
    """Whether a password opens a member. With the old encryption its checksum is asked too: one wrong password in 256
    passes the first test; with AES one in 65,536."""
    lock = lock_of(info)
    try:
        if lock is not None:
            unlocked(archive, info, lock, secret, 1)
            return True
        with archive.open(info, pwd=secret) as stream:
            while stream.read(_HEAD):
                pass
    except RuntimeError:
        return False
    except _ERRORS:
        return lock is not None  # its password is known to be right before anything is unlocked
    return True


def _why_bad(path: Path) -> str:
    """A ZIP that starts well but has no table at its end is cut off."""
    try:
        return "zip_cut" if is_zip(path) else "not_a_zip"
    except ProblemError:
        return "not_a_zip"


def _shown_name(name: str) -> tuple[str, bool]:
    """(name to show, odd): without climbing parts, drives and leading slashes; it is never used as a path."""
    parts = [part for part in re.split(r"[\\/]+", name.split("\0")[0]) if part not in ("", ".", "..")]
    if parts and re.fullmatch(r"[A-Za-z]:", parts[0]):
        parts = parts[1:]
    shown = "/".join(parts) or "file"
    return shown, shown != name
