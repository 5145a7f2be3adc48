"""Asking as seen from outside the program: who connects where, what is written where, and where the key and names are."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.messages_rules import Rules
from tests.fakes.messages_server import MessagesServer
from viewer.phantom.disc import DiscKind, write_disc

KEY = "sk-made-up-and-watched"
NAME = b"Muster"  # of the made person, whose disc it is
_CALLS = "trace=execve,connect,bind,sendmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,symlink"
_LINE = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
_PLACE = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Call:
    """One system call: the number of the process, its name, the rest of the line."""

    process: int
    name: str
    rest: str

    @property
    def writes(self) -> bool:
        """Whether it makes or changes a file."""
        opens = self.name in ("open", "openat", "creat")
        return bool(re.search(r"O_(WRONLY|RDWR|CREAT)", self.rest)) if opens else self.name not in QUIET

    @property
    def places(self) -> list[str]:
        """The paths it names."""
        return _PLACE.findall(self.rest)


QUIET = {"execve", "connect", "bind", "sendmsg"}


@dataclass(frozen=True)
class Watched:
    """What was seen of one `sidelight ask`."""

    calls: list[Call]
    said: subprocess.CompletedProcess[str]
    port: int
    folder: Path  # of the test: disc, home, out
    before: dict[Path, str]

    def to_networks(self) -> list[Call]:
        return [call for call in self.calls if call.name in QUIET - {"execve"} and "AF_INET" in call.rest]


def contents(folder: Path) -> dict[Path, str]:
    return {one: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.rglob("*") if one.is_file()}


def watching() -> list[str]:
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("needs strace, and the right to use it")
    return [strace, "-f", "-qq", "-s", "300", "-e", _CALLS]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    start, folder = watching(), tmp_path_factory.mktemp("watched")
    home, out = folder / "home", folder / "out"
    for one in (home, out, home / "tmp"):
        one.mkdir()
    write_disc(folder / "cd", DiscKind.CT, slices=3, size=32)
    before = contents(folder / "cd")
    homes = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "SIDELIGHT_DATA": str(home / "data")}
    homes |= {f"XDG_{kind}_HOME": str(home / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    with MessagesServer("normal", rules=Rules(key=KEY)) as server:
        asking = ["ask", str(folder / "cd"), "--series", "s1", "--index", "1", "--question", "What is this?", "--yes"]
        asking += ["--base-url", server.base_url, "--pdf", str(out / "a.pdf"), "--json", str(out / "a.json")]
        said = subprocess.run(
            [*start, "-o", str(folder / "seen"), sys.executable, "-m", "viewer", *asking],
            env={**os.environ, **homes, "SIDELIGHT_API_KEY": KEY}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = (folder / "seen").read_text(errors="replace").splitlines()
        calls = [Call(int(m[1]), m[2], m[3]) for m in map(_LINE.match, lines) if m]
        yield Watched(calls, said, server.port, folder, before)


def test_only_the_asking_child_connects_and_only_to_the_address_named(watched: Watched) -> None:
    assert watched.said.returncode == 0, watched.said.stderr
    asking = {call.process for call in watched.calls if call.name == "execve" and "viewer.consult.child" in call.rest}
    others = {call.process for call in watched.calls if call.name == "execve"} - asking
    seen = watched.to_networks()
    assert seen
    assert not {call.process for call in seen} & others
    assert {call.process for call in seen} <= asking
    assert {call.name for call in seen} == {"connect"}
    assert all(f"htons({watched.port})" in call.rest and '"127.0.0.1"' in call.rest for call in seen)


def test_what_is_written_lies_in_the_data_folder_or_where_the_person_said(watched: Watched) -> None:
    home, out = str(watched.folder / "home" / "data"), str(watched.folder / "out")
    own = re.compile(rf"^({re.escape(home)}(/|$)|{re.escape(out)}/|/dev/null$|.*\.pyc(\.\d+)?$|.*/__pycache__$)")
    written = {place for call in watched.calls if call.writes for place in call.places}
    assert {place for place in written if not own.match(place)} == set()
    assert contents(watched.folder / "cd") == watched.before


def test_key_and_name_are_in_no_file_no_argument_and_no_output(watched: Watched) -> None:
    kept = [one for part in ("home", "out") for one in (watched.folder / part).rglob("*") if one.is_file()]
    assert len(kept) >= 4
    for one in kept:
        data = one.read_bytes()
        assert KEY.encode() not in data, one
        assert NAME not in data, one
    told = watched.said.stdout + watched.said.stderr
    started = "".join(call.rest for call in watched.calls if call.name == "execve")
    for secret in (KEY, NAME.decode()):
        assert secret not in told + started


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX here")
def test_nobody_else_on_this_computer_may_look_into_the_data_folder(watched: Watched) -> None:
    data = watched.folder / "home" / "data"
    made = [data, *data.rglob("*")]
    assert {one.stat().st_mode & 0o777 for one in made if one.is_dir()} == {0o700}
    assert {one.stat().st_mode & 0o777 for one in made if one.is_file()} == {0o600}
