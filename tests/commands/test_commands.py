"""The screenless commands as a stranger types them: words, files and exit codes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data import shared_data
from tests.fakes.messages_server import MessagesServer
from tests.picture.png import read_png
from viewer.answer.answer import Answer
from viewer.answer.ending import NO_RECORD, NOBODY_THERE
from viewer.app import run
from viewer.archive.ledger import Ledger, LedgerEntry
from viewer.commands.ask import TELLS_THAT_NOTHING_LEFT, Printer
from viewer.commands.doctor import qt_finding
from viewer.phantom.disc import DiscKind, write_disc
from viewer.phantom.truth import PhantomTruth
from viewer.problem import PROBLEMS, ProblemError, problem


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-made-up")


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as made:
        yield made


@pytest.fixture
def cd(tmp_path: Path) -> tuple[Path, PhantomTruth]:
    folder = tmp_path / "disc"
    return folder, write_disc(folder, DiscKind.CD)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def largest(index: Any) -> Any:
    return max((s for study in index["studies"] for s in study["series"]), key=lambda s: s["frames"])


def array(path: Path) -> Any:
    """A float32 .npy read by hand: header, then values."""
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10 : 10 + length].decode("latin-1")
    assert "'descr': '<f4'" in header
    assert "'fortran_order': False" in header
    shape = header.split("'shape': (")[1].split(")")[0]
    return np.frombuffer(data[10 + length :], "<f4").reshape([int(n) for n in shape.split(",") if n.strip()])


def test_index_accounts_for_every_file(cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]) -> None:
    folder, truth = cd
    index = printed(capsys, "index", str(folder), "--json")
    files = index["files"]
    on_disc = sum(1 for path in folder.rglob("*") if path.is_file())
    assert files["found"] == on_disc
    assert files["dicom"] + len(files["skipped"]) == on_disc
    assert files["shown"] + len(files["not_pictures"]) == files["dicom"]
    assert sum(s["frames"] for study in index["studies"] for s in study["series"]) == truth.frames
    assert all(row["reason"] for row in (*files["skipped"], *files["not_pictures"]))


def test_each_file_is_either_dicom_or_skipped_never_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "disc"
    write_disc(folder, DiscKind.CD)
    pictures = sorted(path for path in folder.rglob("*") if path.is_file() and path.read_bytes()[128:132] == b"DICM")
    whole = len(pictures)
    (folder / "again").write_bytes(pictures[-1].read_bytes())
    (folder / "cut").write_bytes(pictures[-1].read_bytes()[:300])
    files = printed(capsys, "index", str(folder), "--json")["files"]
    assert files["found"] == files["dicom"] + len(files["skipped"]) == sum(1 for p in folder.rglob("*") if p.is_file())
    assert files["dicom"] == whole
    assert {row["path"]: row["kind"] for row in files["skipped"]}.items() >= {"cut": "damaged"}.items()


@pytest.mark.parametrize("kind", list(DiscKind))
def test_every_made_disc_is_read_whole(tmp_path: Path, kind: DiscKind, capsys: pytest.CaptureFixture[str]) -> None:
    truth = write_disc(tmp_path / "disc", kind)
    index = printed(capsys, "index", str(tmp_path / "disc"), "--json")
    assert index["files"]["dicom"] + len(index["files"]["skipped"]) == index["files"]["found"]
    frames = sum(s["frames"] for study in index["studies"] for s in study["series"])
    assert truth.frames <= frames <= truth.frames + len(truth.damaged)  # a cut picture may be shown, with its mark


def test_a_folder_without_dicom_is_read_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("hello", "utf-8")
    index = printed(capsys, "index", str(tmp_path), "--json")
    assert index["studies"] == []
    assert index["problems"]
    assert index["files"]["found"] == 1 or (tmp_path / "data").exists()


def test_a_missing_path_ends_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", str(tmp_path / "nothing")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_render_writes_picture_values_and_place(
    cd: tuple[Path, PhantomTruth], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd
    series = largest(printed(capsys, "index", str(folder), "--json"))
    png, npy = tmp_path / "o.png", tmp_path / "o.npy"
    for plane in (*series["planes"], "native"):
        options = ["--series", series["id"], "--plane", plane, "-o", str(png), "--values", str(npy), "--json"]
        row = printed(capsys, "render", str(folder), *options)
        values = array(npy)
        assert values.shape == (row["rows"], row["columns"])
        affine = np.array(row["affine"])
        assert affine.shape == (4, 4)
        assert np.allclose(np.linalg.norm(affine[:3, 0]), row["spacing_mm"][1])
        pixels = read_png(png.read_bytes())
        height, width = row["rows"] * row["spacing_mm"][0], row["columns"] * row["spacing_mm"][1]
        assert pixels.shape[0] / pixels.shape[1] == pytest.approx(height / width, rel=0.05)


@pytest.mark.parametrize("box", [(300, 300), (777, 200), (31, 500), (17, 13)])
def test_a_picture_fills_the_size_asked_for_in_true_proportions(
    cd: tuple[Path, PhantomTruth], tmp_path: Path, box: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, target = cd[0], tmp_path / "sized.png"
    series = largest(printed(capsys, "index", str(folder), "--json"))["id"]
    wanted = ("--size", str(box[0]), str(box[1]), "-o", str(target), "--json")
    for plane in ("native", "coronal"):
        row = printed(capsys, "render", str(folder), "--series", series, "--plane", plane, *wanted)
        height, width = read_png(target.read_bytes()).shape[:2]
        assert (width, height) == (min(width, box[0]), min(height, box[1]))
        assert width == box[0] or height == box[1]
        body = row["columns"] * row["spacing_mm"][1] / (row["rows"] * row["spacing_mm"][0])
        assert abs(width - height * body) <= 1 + body


def test_axial_planes_have_the_right_of_the_patient_on_the_left(
    cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd
    series = largest(printed(capsys, "index", str(folder), "--json"))
    expected = {"axial": ((0, 1), (1, 1)), "coronal": ((0, 1), (2, -1)), "sagittal": ((1, 1), (2, -1))}
    for plane, ((across, right), (along, down)) in expected.items():
        row = printed(capsys, "render", str(folder), "--series", series["id"], "--plane", plane, "--json")
        affine = np.array(row["affine"])
        assert affine[across, 0] * right > 0, plane
        assert affine[along, 1] * down > 0, plane


@pytest.mark.parametrize(
    "choice",
    [("--window", "nan", "5"), ("--window", "5", "inf"), ("--window", "1e400", "5"), ("--mm", "nan"), ("--mm", "-inf"),
     ("--size", "0", "10"), ("--size", "10", "-3"), ("--index", "x"), ("--plane", "oblique")],
)  # fmt: skip
def test_numbers_that_are_none_end_in_a_sentence(
    cd: tuple[Path, PhantomTruth], choice: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["render", str(cd[0]), "--series", "s1", "--json", *choice])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_wrong_choices_end_in_a_sentence(cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(cd[0])
    series = largest(printed(capsys, "index", folder, "--json"))["id"]
    for options in (
        ["--series", "s99", "--json"],
        ["--series", series, "--index", "9999", "--json"],
        ["--series", series, "--window", "40", "0", "--json"],
        ["--series", series, "--preset", "no such thing", "--json"],
        ["--series", series],
    ):
        assert run(["render", folder, *options]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.strip()
        assert "Traceback" not in err


def ask(folder: Path, server: MessagesServer, series: str, *more: str) -> int:
    os.environ["SIDELIGHT_API_KEY"] = "sk-made-up"  # taken out of the environment by each run that reads it
    where = ["--series", series, "--base-url", server.base_url, "--model", "m", "--question", "What is shown?"]
    return run(["ask", str(folder), *where, *more])


def test_the_bytes_of_a_dry_run_are_the_bytes_that_leave(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd
    series = largest(printed(capsys, "index", str(folder), "--json"))["id"]
    dry = tmp_path / "dry"
    region = ("--region", "4", "5", "40", "45")
    assert ask(folder, server, series, "--dry-run", str(dry), *region) == 0
    assert not server.requests
    assert ask(folder, server, series, "--yes", "--json", str(tmp_path / "a.json"), *region) == 0
    assert [request.body for request in server.asked] == [(dry / "request.json").read_bytes()]
    assert not server.complaints
    row = json.loads((tmp_path / "a.json").read_text("utf-8"))
    sha = hashlib.sha256((dry / "picture-1.png").read_bytes()).hexdigest()
    assert row["state"] == "complete"
    assert [frame["sha256"] for frame in row["frames"]] == [sha]
    assert row["frames"][0]["region"] == [4, 5, 40, 45]
    assert row["reasoning"]
    assert row["answer"]


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("max_tokens", "cut_off"), ("refusal_before", "refused"), ("refusal_after", "refused"),
        ("cut_before_end", "broken"), ("html", "broken"), ("error_event", "broken"), ("401", "failed"),
        ("redirect", "failed"),
    ],
)  # fmt: skip
def test_every_ending_has_its_state_and_files(
    script: str, state: str, cd: tuple[Path, PhantomTruth], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd
    series = largest(printed(capsys, "index", str(folder), "--json"))["id"]
    answer, pdf = tmp_path / "a.json", tmp_path / "a.pdf"
    with MessagesServer(script) as server:
        assert ask(folder, server, series, "--yes", "--json", str(answer), "--pdf", str(pdf)) == 3
    row = json.loads(answer.read_text("utf-8"))
    assert row["state"] == state
    assert row["problem"]
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "Traceback" not in capsys.readouterr().err


def test_what_the_service_said_about_its_refusal_is_told(
    cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]
) -> None:
    with MessagesServer("429", "400") as server:
        assert ask(cd[0], server, "s1", "--yes") == 3
    told = capsys.readouterr().err
    assert "messages.0: something is wrong" in told
    assert "in 1 second." in told or "in 2 seconds." in told


def test_an_answer_that_is_too_long_to_show_says_so(
    cd: tuple[Path, PhantomTruth], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with MessagesServer("two_megabytes") as server:
        assert ask(cd[0], server, "s1", "--yes", "--json", str(tmp_path / "a.json")) == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["shortened"] is True
    assert "More came than is shown" in capsys.readouterr().err


def test_without_a_yes_nothing_is_sent(cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path) -> None:
    folder, _ = cd
    where = ["--series", "s1", "--base-url", server.base_url, "--model", "m", "--question", "What?"]
    code = "import sys; from viewer.app import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", str(folder), *where],
        input="no\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert not server.requests
    assert "What?" in done.stdout
    assert "127.0.0.1" in done.stdout


@pytest.mark.parametrize("option", ["--json", "--pdf"])
def test_a_folder_that_is_not_there_is_told_before_anything_leaves(
    cd: tuple[Path, PhantomTruth],
    server: MessagesServer,
    option: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask(cd[0], server, "s1", "--yes", option, str(tmp_path / "missing" / "a")) == 2
    assert "the folder does not exist" in capsys.readouterr().err
    assert not server.requests


def test_what_would_leave_does_not_mix_with_the_json(
    cd: tuple[Path, PhantomTruth],
    server: MessagesServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert ask(cd[0], server, "s1", "--json", "-") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["state"] == "complete"
    assert "Type yes to send" in err


def test_a_changed_ledger_is_noticed(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd
    series = largest(printed(capsys, "index", str(folder), "--json"))["id"]
    assert ask(folder, server, series, "--yes") == 0
    capsys.readouterr()
    assert run(["ledger", "--verify"]) == 0
    path = tmp_path / "data" / "ledger"
    path.write_bytes(path.read_bytes().replace(b"complete", b"stopped!"))
    assert run(["ledger", "--verify"]) == 2


def test_nothing_is_ever_written_on_the_disc(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = cd

    def state() -> dict[str, tuple[int, int]]:
        return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*")}

    before = state()
    series = largest(printed(capsys, "index", str(folder), "--json"))["id"]
    assert run(["render", str(folder), "--series", series, "-o", str(tmp_path / "x.png")]) == 0
    assert ask(folder, server, series, "--yes", "--pdf", str(tmp_path / "x.pdf")) == 0
    assert state() == before


# --- exit codes and sentences


def test_without_a_key_nothing_is_sent_or_recorded(
    cd: tuple[Path, PhantomTruth], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIDELIGHT_API_KEY")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    where = ["--series", "s1", "--provider", "anthropic", "--question", "What?", "--yes"]
    assert run(["ask", str(cd[0]), *where]) == 2
    out, err = capsys.readouterr()
    assert "There is no key for this service yet. Put it into the variable SIDELIGHT_API_KEY" in err
    assert err.count("\n") == 1
    assert out == ""
    assert printed(capsys, "ledger", "--json") == []


def test_a_dry_run_needs_no_key(cd: tuple[Path, PhantomTruth], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SIDELIGHT_API_KEY")
    assert run(["ask", str(cd[0]), "--series", "s1", "--question", "What?", "--dry-run", str(tmp_path / "dry")]) == 0
    assert {path.name for path in (tmp_path / "dry").iterdir()} == {"request.json", "picture-1.png"}


def test_a_locked_zip_needs_its_password(capsys: pytest.CaptureFixture[str]) -> None:
    locked = str(shared_data("discs", "10-zip", "lws-password.zip"))
    assert run(["index", locked]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "locked" in err
    assert run(["index", locked, "--password", "wrong"]) == 2
    assert "does not open" in capsys.readouterr().err
    index = printed(capsys, "index", locked, "--password", "sidelight", "--json")
    assert index["files"]["shown"] > 0
    series = largest(index)["id"]
    assert printed(capsys, "render", locked, "--password", "sidelight", "--series", series, "--json")["rows"]


@pytest.mark.parametrize(
    ("typed", "centre", "width"),
    [
        ("Lung", -600, 1500), ("BONE", 400, 2000), ("soft", 40, 400), ("soft-tissue", 40, 400), ("Soft_Tissue", 40, 400),
        ("mediastinum", 50, 400), ("stroke", 35, 40), ("as stored", 40, 400),
    ],
)  # fmt: skip
def test_presets_are_found_by_either_name(
    typed: str, centre: float, width: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_disc(tmp_path / "ct", DiscKind.CT, slices=2, size=16)
    row = printed(capsys, "render", str(tmp_path / "ct"), "--series", "s1", "--preset", typed, "--json")
    assert (row["window"]["centre"], row["window"]["width"]) == (centre, width)


def test_a_place_in_millimetres_finds_its_slice(
    cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(cd[0])
    series = largest(printed(capsys, "index", folder, "--json"))
    for plane, axis in (("axial", 2), ("coronal", 1), ("sagittal", 0), ("native", 2)):
        where = ["render", folder, "--series", series["id"], "--plane", plane, "--json"]
        wanted = printed(capsys, *where, "--index", "2")
        affine = np.array(wanted["affine"])
        middle = (affine @ [(wanted["columns"] - 1) / 2, (wanted["rows"] - 1) / 2, 0, 1])[axis]
        assert printed(capsys, *where, "--mm", f"{middle:.3f}")["index"] == 2
        assert run([*where, "--mm", "9999"]) == 2
        assert "between" in capsys.readouterr().err


def test_the_default_window_of_a_volume_is_that_of_its_middle(
    cd: tuple[Path, PhantomTruth], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(cd[0])
    series = largest(printed(capsys, "index", folder, "--json"))["id"]
    windows = [
        printed(capsys, "render", folder, "--series", series, "--index", str(index), "--json")["window"]
        for index in (0, 5, 11)
    ]
    assert windows[0] == windows[1] == windows[2]


def test_an_answer_whose_files_cannot_be_written_is_still_printed(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "a.json"
    taken.mkdir()
    pdf = tmp_path / "a.pdf"
    assert ask(cd[0], server, "s1", "--yes", "--json", str(taken), "--pdf", str(pdf)) == 3
    out, err = capsys.readouterr()
    assert "This picture shows" in out
    assert "cannot be written" in err
    assert pdf.exists()


def test_an_answer_that_is_not_kept_for_the_next_time_says_so(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    (folder / "archive.sqlite").mkdir(parents=True)  # stands where the archive would
    series = largest(printed(capsys, "index", str(cd[0]), "--json"))
    capsys.readouterr()
    assert ask(cd[0], server, series["id"], "--yes") == 0
    told = capsys.readouterr()
    assert told.err.count("cannot be saved") == 1
    assert "Answer:" in told.out


def test_a_question_that_cannot_be_recorded_is_not_sent(
    cd: tuple[Path, PhantomTruth], server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger").mkdir()
    assert ask(cd[0], server, "s1", "--yes", "--json", str(tmp_path / "a.json")) == 2
    assert not server.requests
    assert capsys.readouterr().err.count("Nothing was sent") == 1


@pytest.mark.parametrize("code", sorted(NOBODY_THERE | NO_RECORD))
def test_a_problem_with_which_nothing_left_says_so_itself_or_is_known_not_to(code: str) -> None:
    assert ("nothing was sent" in PROBLEMS[code].text.lower()) == (code in TELLS_THAT_NOTHING_LEFT)


def test_what_left_is_not_said_to_have_stayed_where_the_list_of_sendings_cannot_be_read(
    cd: tuple[Path, PhantomTruth],
    server: MessagesServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def unreadable(ledger: Ledger) -> tuple[LedgerEntry, ...]:
        raise ProblemError(problem("ledger_not_readable"))

    monkeypatch.setattr(Ledger, "entries", unreadable)
    assert ask(cd[0], server, "s1", "--yes") == 0
    err = capsys.readouterr().err
    assert "The list of sendings cannot be read" in err
    assert "Nothing was sent" not in err


@pytest.mark.parametrize("command", ["index", "render", "ask", "doctor", "ledger"])
def test_every_help_page_explains_each_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run([command, "--help"])
    assert end.value.code == 0
    lines = capsys.readouterr().out.split("options:")[1].splitlines()
    for line, after in zip(lines, [*lines[1:], ""]):
        explained = "  " in line.strip() or (after.startswith("     ") and bool(after.strip()))
        assert not line.startswith("  -") or explained, line


@pytest.mark.parametrize(
    "arguments", [["index"], ["render", "x"], ["ask", "x", "--series", "s1"], ["index", "x", "--no"]]
)
def test_a_wrong_line_ends_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(arguments)
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "--help" in err


def test_doctor_starts_no_program_of_the_folder_it_is_asked_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PySide6.py").write_text("print('from the disc')")
    monkeypatch.chdir(tmp_path)
    found = qt_finding()
    assert found.ok, found.words
    assert "disc" not in found.words


def test_doctor_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "doctor", "--json", "--offline")
    assert {"Python", "Window", "Decoders", "PDF", "Memory", "Disk", "Keys"} <= {row["part"] for row in rows}
    assert all(row["info"] for row in rows)


@pytest.mark.parametrize(
    ("script", "words"),
    [("stall_before_headers", "before there was any answer"), ("stall_mid_stream", "so it is incomplete")],
)
def test_ctrl_c_says_whether_there_was_an_answer(
    cd: tuple[Path, PhantomTruth],
    server: MessagesServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    words: str,
) -> None:
    show = Printer.show

    def interrupted(self: Printer, answer: Answer) -> bool:
        """Ctrl-C once the question is out, or in the middle of the answer."""
        ended = show(self, answer)
        if server.asked if script == "stall_before_headers" else answer.text:
            monkeypatch.setattr(Printer, "show", show)
            raise KeyboardInterrupt
        return ended

    server.play(script)
    monkeypatch.setattr(Printer, "show", interrupted)
    assert (
        run(["ask", str(cd[0]), "--series", "s1", "--question", "What?", "--base-url", server.base_url, "--yes"]) == 3
    )
    said = capsys.readouterr().err
    assert said.startswith("Stopped. You stopped")
    assert words in said


def test_two_things_into_one_file_are_refused_before_anything_is_done(
    tmp_path: Path, server: MessagesServer, capsys: pytest.CaptureFixture[str]
) -> None:
    same, other = str(tmp_path / "same"), str(tmp_path / "." / "same")
    nowhere = str(tmp_path / "no disc")
    asked = ["ask", nowhere, "--series", "s1", "--question", "What is this?", "--base-url", server.base_url, "--yes"]
    for arguments in (
        ["render", nowhere, "--series", "s1", "-o", same, "--values", other],
        [*asked, "--json", same, "--pdf", same],
    ):
        assert run(arguments) == 2
        assert "same file" in capsys.readouterr().err
    assert run(["render", nowhere, "--series", "s1", "-o", os.devnull, "--values", os.devnull]) == 2
    assert "same file" not in capsys.readouterr().err
