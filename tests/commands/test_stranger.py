"""A stranger at the terminal: wrong words, closed ends, full disks, devices for files. One sentence, 0, 2 or 3, no trace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.fakes.messages_server import MessagesServer
from viewer.app import COMMANDS, run
from viewer.commands.ending import in_one_sentence
from viewer.phantom.disc import DiscKind, write_disc

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "viewer"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the ends of a terminal are those of Linux")


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("stranger")
    write_disc(folder, DiscKind.CT, slices=3, size=32)
    return str(folder)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence of a command that does nothing."""
    code: object
    try:
        code = run(list(arguments))
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, ""), (code, out, err)
    assert err.count("\n") == 1, err
    return err


def shell(line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`sidelight LINE` as a shell does it."""
    words = " ".join(f"'{word}'" for word in PROGRAM)
    return subprocess.run(
        ["bash", "-c", line.replace("sidelight", words, 1)],
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT), **more},
    )  # fmt: skip


def test_help_names_each_command_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in (*COMMANDS, "bench"):
        (line,) = [line for line in lines if line.strip().startswith(name + " ")]
        assert len(line.split()) > 4
        assert line.endswith((".", "?"))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.split()[0] == "Sidelight"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--window", "nan", "100"], ["--window", "40", "inf"], ["--window", "40", "-1"], ["--size", "0", "5"],
        ["--size", "-5", "5"], ["--size", "99999999", "5"], ["--mm", "nan"], ["--mm", "-1e300"], ["--index", "-1"],
        ["--index", "1.5"], ["--group", "-1"], ["--plane", "oblique"], ["--preset", "none of these"], ["--zoom", "2"],
        ["--window", "40", "80", "--preset", "automatic"], ["--preset", ""], ["--values", ""], ["--json", "-o", ""],
        ["--values", "-", "--json"], ["-o", "-", "--json"],
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_ends_in_one_sentence(
    disc: str, wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "render", disc, "--series", "s1", "-o", str(tmp_path / "x.png"), *wrong)
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(["--size", "0", "5"], "too small"), (["--mm", "inf"], "not a number"), (["--index", "x"], "not a whole")],
)
def test_a_wrong_number_is_told_without_words_of_programmers(
    disc: str, wrong: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = said(capsys, "render", disc, "--series", "s1", "--json", *wrong)
    assert words in sentence
    assert "invalid" not in sentence


def test_the_disc_s_own_list_stands_for_the_folder_it_lies_in(
    disc: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "cd"
    shutil.copytree(disc, folder)
    shutil.copy(str(get_testdata_file("DICOMDIR")), folder / "DICOMDIR")
    told = []
    for path in (folder, folder / "DICOMDIR"):
        assert run(["index", str(path), "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[1] == told[0]
    assert told[0]["files"]["found"] > 1


@pytest.mark.parametrize("place", ["IM0001", "sub/../IM0001", "IM0002.PNG", "READ.ME"])
@pytest.mark.parametrize("line", [("render", "-o"), ("render", "--values"), ("ask", "--json"), ("ask", "--pdf")])
def test_nothing_on_the_disc_is_replaced_even_when_asked_to(
    disc: str, line: tuple[str, str], place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "cd"
    shutil.copytree(disc, folder)
    (folder / "sub").mkdir()
    (folder / "READ.ME").write_text("how to look at the disc")
    for name, original in zip(
        ("IM0001", "IM0002.PNG"), sorted(p for p in folder.rglob("*") if p.is_file()), strict=False
    ):
        original.rename(folder / name)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    command, option = line
    more = ["--question", "What is this?", "--base-url", "http://127.0.0.1:9"] if command == "ask" else []
    sentence = said(capsys, command, str(folder), "--series", "s1", option, f"{folder}/{place}", *more)
    assert "take the place of a file of the disc" in sentence
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_new_file_in_the_open_folder_is_written_where_a_person_names_it_and_again(disc: str, tmp_path: Path) -> None:
    folder = tmp_path / "cd"
    shutil.copytree(disc, folder)
    for _ in range(2):
        assert run(["render", str(folder), "--series", "s1", "-o", str(folder / "x.png")]) == 0
    assert (folder / "x.png").is_file()


@pytest.mark.parametrize("option", ["--dry-run", "--json", "--pdf"])
def test_a_forgotten_name_does_not_turn_a_trial_into_a_sending(
    disc: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["ask", disc, "--series", "s1", "--question", "What is this?", "--base-url", "http://127.0.0.1:9"]
    assert "no name" in said(capsys, *line, "--model", "m", "--yes", option, "")


def test_where_nobody_picks_up_nothing_was_sent_and_the_files_say_so(
    disc: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["ask", disc, "--series", "s1", "--question", "What is this?", "--base-url", "http://127.0.0.1:9"]
    files = ["--json", str(tmp_path / "a.json"), "--pdf", str(tmp_path / "a.pdf")]
    assert said(capsys, *line, "--model", "m", "--yes", *files).count("Nothing was sent") == 1
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["state"] == "failed"
    assert (tmp_path / "a.pdf").stat().st_size > 1000


def test_bench_looks_at_its_path_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing at this place" in said(capsys, "bench", "/nonexistent")


def test_bench_wants_at_least_one_round(disc: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "too small" in said(capsys, "bench", disc, "--rounds", "0")


@pytest.mark.parametrize("way", ["a file", "a packed disc"])
def test_bench_measures_whatever_opens(way: str, disc: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = next(path for path in Path(disc).rglob("*") if path.is_file())
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", disc)
    path = {"a file": str(one), "a packed disc": packed}[way]
    assert run(["bench", path, "--json", "--only", "disc", "--rounds", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]


@LINUX
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("sidelight index '{disc}' --json | head -c 5; exit ${{PIPESTATUS[0]}}", 0),
        ("sidelight --help | true; exit ${{PIPESTATUS[0]}}", 0),
        ("sidelight index '{disc}' >&-", 0),
        ("sidelight index /nonexistent 2>&-", 2),
        ("sidelight index '{disc}' >/dev/full", 2),
        ("sidelight ask '{disc}' --series s1 --question x --base-url http://127.0.0.1:9 --model m <&-", 2),
        (f"sidelight render '{{disc}}' --series s1 -o '{'n' * 300}'", 2),
        ("env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM sidelight", 2),
    ],
)
def test_closed_ends_full_disks_and_no_screen_leave_no_trace(disc: str, line: str, code: int) -> None:
    done = shell(line.format(disc=disc))
    assert done.returncode == code, done
    assert done.stderr.count("\n") <= 1
    assert "Traceback" not in done.stderr + done.stdout


@LINUX
@pytest.mark.parametrize(("end", "code"), [(">&-", 0), (">/dev/full", 3), ("| true", 0)])
def test_an_output_nobody_takes_ends_the_printing_and_not_the_answer(
    disc: str, end: str, code: int, tmp_path: Path
) -> None:
    with MessagesServer("normal", strict=False) as server:
        who = f"--series s1 --question x --base-url {server.base_url} --model m --yes"
        files = f"--json '{tmp_path}/a.json' --pdf '{tmp_path}/a.pdf'"
        done = shell(f"sidelight ask '{disc}' {who} {files} {end}; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == code, done
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["state"] == "complete"
    assert (tmp_path / "a.pdf").stat().st_size > 1000


@LINUX
def test_a_dash_is_the_standard_output(disc: str, tmp_path: Path) -> None:
    done = shell(f"cd '{tmp_path}'; sidelight render '{disc}' --series s1 -o - | head -c 4 | od -An -tx1")
    assert done.stdout.split() == ["89", "50", "4e", "47"], done
    with MessagesServer("normal", strict=False) as server:
        who = f"--series s1 --question x --base-url {server.base_url} --model m --yes"
        done = shell(f"cd '{tmp_path}'; sidelight ask '{disc}' {who} --json -")
    assert json.loads(done.stdout)["state"] == "complete"
    assert list(tmp_path.glob("-")) == []


@LINUX
def test_a_device_stays_a_device(disc: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = shell(f"sidelight render '{disc}' --series s1 -o '{pipe}' & head -c 8 '{pipe}' >'{tmp_path}/got'; wait $!")
    assert done.returncode == 0, done
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert (tmp_path / "got").read_bytes() == b"\x89PNG\r\n\x1a\n"


@LINUX
def test_a_link_stays_a_link(disc: str, tmp_path: Path) -> None:
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "real.png")
    assert run(["render", disc, "--series", "s1", "-o", str(link)]) == 0
    assert link.is_symlink()
    assert (tmp_path / "real.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_command_that_is_told_to_end_ends_in_one_word(capsys: pytest.CaptureFixture[str], name: str) -> None:
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip(f"this system has no {name}")

    def interrupted() -> int:
        signal.raise_signal(number)
        return 0

    usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    before = signal.signal(number, usual)  # whoever runs the tests behind them may ignore it
    try:
        assert in_one_sentence(interrupted) == 2
    finally:
        signal.signal(number, before)
    assert capsys.readouterr().err == "Stopped.\n"


@LINUX
def test_who_is_told_not_to_hear_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> int:
        signal.raise_signal(signal.SIGHUP)
        return 0

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert in_one_sentence(told) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert capsys.readouterr().err == ""


def test_the_code_of_a_command_told_to_end_is_2_wherever_that_meets_it(tmp_path: Path) -> None:
    """Python notes where it met code made from text, as each dataclass is, and had ended `-m` by the signal itself."""
    (tmp_path / "told.py").write_text(
        "import viewer.app, viewer.__main__ as main\nfrom viewer.commands.ending import in_one_sentence\n"
        "viewer.app.run = lambda _: in_one_sentence(lambda: exec('raise KeyboardInterrupt') or 0)\n"
        "raise SystemExit(main.main())\n"
    )
    places = {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    done = subprocess.run(
        [sys.executable, "-m", "told"], env={**os.environ, **places}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "Stopped.\n")
