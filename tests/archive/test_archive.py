"""The archive through its public face, on real files: what is kept comes back, and what cannot be kept is said."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.document.samples import complete, mark, panes, turn
from viewer.answer.answer import Answer, AnswerState
from viewer.archive import database, lock
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger, LedgerEntry
from viewer.archive.place import data_folder
from viewer.document import changes as c
from viewer.document.model import State
from viewer.document.store import Store
from viewer.picture.look import Look, Window
from viewer.problem import ProblemError

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
SHA = hashlib.sha256(PNG).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive(tmp_path / "data")
    yield opened
    opened.close()


def journalled(archive: Archive, key: str = "k1") -> Store:
    """A store whose changes the archive keeps."""
    store = Store()
    store.listen(lambda before, after, change: archive.journal(key, change, after.view))
    return store


def work(store: Store) -> None:
    """A bit of everything, with undo."""
    for name in ("m1", "m2", "m3"):
        store.dispatch(c.MarkAdded(mark(name, text="größer 図")))
    with store.gesture("Move length"):
        for x in range(9):
            store.dispatch(c.MarkChanged(mark("m1", x=float(x) + 0.1)))
    store.dispatch(c.MarkRemoved("m2"))
    store.undo()
    store.dispatch(c.MarkRemoved("m3"))
    store.dispatch(c.MarkAdded(mark("m3", hidden=True)))
    store.dispatch(c.PanesArranged(panes(), 2))
    store.dispatch(c.LookChanged("s1", Look(Window(40.0, 400.5), inverted=True, turned=3)))
    store.dispatch(c.CrosshairMoved((1.5, -2.5, 1e-3)))
    store.dispatch(c.QuestionAsked("t1", turn("q1")))
    for count in range(30):
        store.dispatch(c.AnswerReceived("t1", "q1", Answer(AnswerState.ANSWERING, text="word " * count)))
    store.dispatch(c.AnswerReceived("t1", "q1", complete()))
    store.dispatch(c.QuestionAsked("t2", turn("q2")))
    store.dispatch(c.AnswerReceived("t2", "q2", Answer(AnswerState.STOPPED, text="half")))
    store.dispatch(c.QuestionAsked("t1", turn("q3", complete("again"))))


def assert_same(archive: Archive, state: State, key: str = "k1") -> None:
    place = archive.load(key)
    assert place is not None
    assert (place.document, place.view, place.lost) == (state.document, state.view, 0)
    assert place.conversations == state.conversations


def test_everything_comes_back_after_closing_and_opening(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store = journalled(archive)
    work(store)
    archive.close()
    again = Archive(tmp_path)
    assert_same(again, store.state)
    assert again.load("another disc") is None
    assert again.problems == ()
    again.close()


def test_blocks_of_an_answer_come_back_byte_for_byte(archive: Archive) -> None:
    store = journalled(archive)
    work(store)
    place = archive.load("k1")
    assert place is not None
    assert place.conversations.items[0].turns[0].answer.blocks.encode() == complete().blocks.encode()


def test_a_snapshot_keeps_the_whole_state(archive: Archive) -> None:
    store = Store()
    work(store)
    archive.snapshot("k1", store.state)
    archive.snapshot("k1", store.state)
    assert_same(archive, store.state)


@pytest.mark.parametrize("last", ["the first window", "the second window"])
def test_two_windows_on_one_disc_keep_one_another_s_marks(tmp_path: Path, last: str) -> None:
    first, second = Archive(tmp_path), Archive(tmp_path)
    drawn = {}
    for name, archive in (("m1", first), ("m2", second)):
        archive.load("k1")
        store = journalled(archive)
        store.dispatch(c.MarkAdded(mark(name)))
        store.dispatch(c.MarkAdded(mark(f"{name} too many")))
        store.undo()
        drawn[archive] = store.state
    for archive in (second, first) if last == "the first window" else (first, second):
        archive.snapshot("k1", drawn[archive])
        archive.close()
    again = Archive(tmp_path)
    place = again.load("k1")
    again.close()
    assert place is not None
    assert {one.id for one in place.document.marks} == {"m1", "m2"}


def test_names_are_hidden_again_when_a_place_comes_back(archive: Archive) -> None:
    store = journalled(archive)
    store.dispatch(c.NamesShown(True))
    place = archive.load("k1")
    assert place is not None
    assert place.view.names_shown is False


def test_an_answer_on_its_way_when_the_program_died_says_so(archive: Archive) -> None:
    store = journalled(archive)
    store.dispatch(c.QuestionAsked("t1", turn("q1")))
    store.dispatch(c.AnswerReceived("t1", "q1", Answer(AnswerState.ANSWERING, text="half an ans")))
    place = archive.load("k1")
    assert place is not None
    answer = place.conversations.items[0].turns[0].answer
    assert (answer.state, answer.text) == (AnswerState.BROKEN, "half an ans")
    assert answer.problem is not None
    assert answer.problem.code == "answer_interrupted"


def test_pictures_come_back_with_their_hash_checked(archive: Archive, tmp_path: Path) -> None:
    archive.keep_picture(SHA, PNG)
    assert archive.picture(SHA) == PNG
    with pytest.raises(ValueError, match="hash"):
        archive.keep_picture(SHA, PNG + b"x")
    with sqlite3.connect(tmp_path / "data" / "archive.sqlite") as other:
        other.execute("UPDATE picture SET png = ?", (PNG[:-1] + b"\x00",))
    other.close()
    for name in (SHA, "0" * 64):
        with pytest.raises(ProblemError) as failure:
            archive.picture(name)
        assert failure.value.problem.code == "picture_lost"


def test_recent_discs_newest_first_and_one_row_for_a_place(archive: Archive) -> None:
    odd = "/media/cd/\udce4ltere Bilder"  # a name that is not UTF-8
    archive.remember_disc("k1", "/media/cd1", "Head, MRI", "131 pictures", "2026-11-20T10:00:00+01:00")
    archive.remember_disc("k2", odd, "Lower back, MRI", "22 pictures", "2026-11-21T10:00:00+01:00")
    archive.remember_disc("k3", "/media/cd1", "Head, MRI", "140 pictures", "2026-11-22T10:00:00+01:00")
    assert [(disc.key, disc.path) for disc in archive.recent()] == [("k3", "/media/cd1"), ("k2", odd)]
    assert [disc.key for disc in archive.recent(1)] == ["k3"]
    assert [disc.key for disc in archive.recent(-1)] == ["k3", "k2"]


def test_settings_keep_json_values(archive: Archive) -> None:
    archive.settings_set("ask", {"provider": "anthropic", "models": ["ä", 1, 2.5, None, True]})
    assert archive.settings_get("ask") == {"provider": "anthropic", "models": ["ä", 1, 2.5, None, True]}
    archive.settings_set("ask", None)
    assert archive.settings_get("ask", "nothing") == "nothing"


def test_forgetting_a_disc_leaves_no_word_of_it_in_any_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    secret = "Zweiundvierzig-Marker"
    archive.journal("k1", c.MarkAdded(mark("m1", text=secret)))
    archive.journal("k1", c.QuestionAsked("t1", replace(turn("q1", sha256=SHA), question=secret)))
    archive.journal("k2", c.QuestionAsked("t1", turn("q1", sha256="f" * 64)))
    archive.keep_picture(SHA, PNG)
    archive.remember_disc("k1", "/" + secret, secret, "", "2026")
    archive.flush()
    assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    archive.forget("k1")
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert not any(PNG[8:200] in path.read_bytes() for path in tmp_path.iterdir())
    assert archive.load("k1") is None
    assert archive.load("k2") is not None
    archive.close()


def test_a_picture_that_another_disc_needs_is_not_forgotten(archive: Archive) -> None:
    for key in ("k1", "k2"):
        archive.journal(key, c.QuestionAsked("t1", turn("q1", sha256=SHA)))
    archive.keep_picture(SHA, PNG)
    archive.forget("k1")
    assert archive.picture(SHA) == PNG


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    old = os.umask(0o000)
    try:
        archive = Archive(tmp_path / "data")
        archive.settings_set("a", 1)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
        archive.close()
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {"archive.sqlite", "archive.sqlite-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_settings_of_the_database_are_those_we_rely_on(archive: Archive) -> None:
    wanted = {"journal_mode": "wal", "secure_delete": 1, "trusted_schema": 0, "synchronous": 2, "temp_store": 2}
    assert {name: archive._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted


def test_several_threads_may_use_one_archive(archive: Archive) -> None:
    failures: list[BaseException] = []

    def use(number: int) -> None:
        try:
            for count in range(20):
                archive.journal(f"k{number}", c.MarkAdded(mark(f"m{count}")))
                archive.settings_set(f"s{number}", count)
                archive.load(f"k{number}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for number in range(4):
        place = archive.load(f"k{number}")
        assert place is not None
        assert [each.id for each in place.document.marks] == [f"m{count}" for count in range(20)]
        assert archive.settings_get(f"s{number}") == 19


# --- trouble


@pytest.mark.parametrize(
    "damage", ["text", "cut", "middle", "other program", "nobody's", "table gone", "view", "column"]
)
def test_a_damaged_file_is_put_aside_and_said(tmp_path: Path, damage: str) -> None:
    archive = Archive(tmp_path)
    work(journalled(archive))
    archive.close()
    path = tmp_path / "archive.sqlite"
    data = path.read_bytes()
    scripts = {
        "other program": "PRAGMA user_version = 1; CREATE TABLE mark (x);",
        "nobody's": "CREATE TABLE mark (x);",
        "table gone": "DROP TABLE view;",
        "view": "DROP TABLE disc; CREATE VIEW disc AS WITH RECURSIVE n(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM n) "
        "SELECT key, key AS path, key AS name, key AS words, key AS opened_at FROM n;",
        "column": "ALTER TABLE mark RENAME COLUMN shape TO form;",
    }
    if damage in scripts:
        if damage in ("other program", "nobody's"):
            path.unlink()
        with sqlite3.connect(path) as other:
            other.executescript(scripts[damage])
        other.close()
    else:
        half = len(data) // 2
        made = {
            "text": b"not a database at all " * 99,
            "cut": data[:half],
            "middle": data[:4096] + b"\xff" * 8192 + data[12288:],
        }
        path.write_bytes(made[damage])
    spoilt = path.read_bytes()
    again = Archive(tmp_path)
    assert [each.code for each in again.problems] == ["archive_was_damaged"]
    assert (tmp_path / "damaged-1-archive.sqlite").read_bytes() == spoilt
    assert again.load("k1") is None
    store = journalled(again)
    work(store)
    assert_same(again, store.state)
    again.close()


def test_what_another_program_measured_in_the_archive_is_no_damage(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store = journalled(archive)
    work(store)
    archive.close()
    with sqlite3.connect(tmp_path / "archive.sqlite") as other:
        other.execute("ANALYZE")
    other.close()
    again = Archive(tmp_path)
    assert again.problems == ()
    assert_same(again, store.state)
    again.close()


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    Archive(tmp_path).close()
    with sqlite3.connect(tmp_path / "archive.sqlite") as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    before = (tmp_path / "archive.sqlite").read_bytes()
    archive = Archive.open(tmp_path)
    assert [each.code for each in archive.problems] == ["archive_newer", "archive_in_memory"]
    archive.settings_set("works", True)
    archive.close()
    assert (tmp_path / "archive.sqlite").read_bytes() == before


def test_a_folder_that_cannot_be_means_memory_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(ProblemError):
        Archive(tmp_path / "file" / "data")
    archive = Archive.open(tmp_path / "file" / "data")
    assert archive.problems[-1].code == "archive_in_memory"
    store = journalled(archive)
    work(store)
    assert_same(archive, store.state)
    archive.close()


def test_a_row_that_cannot_be_read_is_counted_and_the_rest_comes_back(archive: Archive, tmp_path: Path) -> None:
    store = journalled(archive)
    work(store)
    archive.flush()
    with sqlite3.connect(tmp_path / "data" / "archive.sqlite") as other:
        other.execute("UPDATE mark SET shape = '{\"v\":1,\"is\":{}}' WHERE id = 'm1'")
        other.execute("UPDATE turn SET shape = 'nonsense' WHERE id = 'q2'")
    other.close()
    place = archive.load("k1")
    assert place is not None
    assert place.lost == 2
    assert [each.id for each in place.document.marks] == ["m2", "m3"]
    assert [talk.id for talk in place.conversations.items] == ["t1"]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = tmp_path / "tiny"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine does not allow mounting a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("is_left", [False, True])
def test_a_full_disk_is_said_and_nothing_is_lost(tiny_disk: Path, is_left: bool) -> None:
    archive = Archive(tiny_disk / "data")
    store = journalled(archive)
    store.dispatch(c.MarkAdded(mark("m1")))
    assert archive.flush()
    filler = tiny_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    for number in range(40):
        store.dispatch(c.MarkAdded(mark(f"n{number}", text="x" * 4000)))
    assert not archive.flush()
    assert archive.trouble is not None
    assert archive.trouble.code == "archive_full"
    with pytest.raises(ProblemError) as failure:
        archive.keep_picture(SHA, PNG)
    assert failure.value.problem.code == "archive_full"
    if is_left:  # what could not be written counts as never written
        archive.snapshot("k1", store.state)
    filler.unlink()
    assert archive.flush()
    assert archive.trouble is None
    assert_same(archive, store.state)
    archive.close()


def test_a_folder_that_may_not_be_written_means_memory_and_a_sentence(tiny_disk: Path) -> None:
    Archive(tiny_disk / "data").close()
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    archive = Archive.open(tiny_disk / "data")
    assert [each.code for each in archive.problems] == ["archive_not_writable", "archive_in_memory"]
    archive.close()
    with pytest.raises(ProblemError) as failure:
        Ledger(tiny_disk / "data").append(LedgerEntry("sending", "q1", "2026-11-21T10:00:00+01:00"))
    assert failure.value.problem.code == "ledger_not_written"
    assert "does not allow the program to write" in failure.value.problem.text


KILLED = """
import sys
from pathlib import Path
from tests.document.samples import mark
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger, LedgerEntry
from viewer.document import changes as c
folder, start = Path(sys.argv[1]), int(sys.argv[2])
archive, ledger = Archive(folder), Ledger(folder)
for number in range(start, start + 100000):
    archive.journal("k1", c.MarkAdded(mark(f"m{number}")))
    archive.flush()
    row = ledger.append(LedgerEntry("sending", f"q{number}", "2026-11-21T10:00:00+01:00"))
    print(number, row, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 of POSIX systems")
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    start = 0
    for round_ in range(6):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(start)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(3 + 4 * round_)]
            child.send_signal(signal.SIGKILL)
            lines += child.stdout.read().splitlines(keepends=True)
        number, rows = map(int, [line for line in lines if line.endswith("\n")][-1].split())
        start = number + 10
        archive = Archive(tmp_path)
        place = archive.load("k1")
        assert place is not None
        assert f"m{number}" in {each.id for each in place.document.marks}
        assert archive._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert archive.problems == ()
        archive.close()
        check_ledger(tmp_path, rows)


def check_ledger(folder: Path, rows: int) -> None:
    verdict = Ledger(folder).verify()
    assert verdict.ok, verdict
    assert verdict.count in (rows, rows + 1)


# --- place


def test_the_data_folder_follows_each_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/erika"))
    assert data_folder({"SIDELIGHT_DATA": "/x/y"}, "win32") == Path("/x/y").absolute()
    assert data_folder({"XDG_DATA_HOME": "/x"}, "linux") == Path("/x/sidelight")
    assert data_folder({"XDG_DATA_HOME": "relative"}, "linux") == Path("/home/erika/.local/share/sidelight")
    assert data_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/Sidelight")
    assert data_folder({}, "darwin") == Path("/home/erika/Library/Application Support/Sidelight")


def test_an_account_without_a_home_works_in_memory_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    for system in ("linux", "darwin", "win32"):
        archive = Archive.open(data_folder({}, system))
        assert [each.code for each in archive.problems] == ["archive_failed", "archive_in_memory"]
        archive.close()
    assert data_folder({"SIDELIGHT_DATA": "~nobody-of-that-name/x"}, "linux").is_absolute()


def test_an_older_file_is_brought_up_to_date_after_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    store = journalled(archive)
    work(store)
    archive.close()
    old = shutil.copy(tmp_path / "archive.sqlite", tmp_path / "old")
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, "ALTER TABLE disc ADD COLUMN stars INTEGER"))
    again = Archive(tmp_path)
    assert_same(again, store.state)
    version = len(database.MIGRATIONS)
    assert again._connection.execute("PRAGMA user_version").fetchone() == (version,)
    with sqlite3.connect(tmp_path / f"archive.{version - 1}.bak") as copy, sqlite3.connect(old) as before:
        assert list(copy.iterdump()) == list(before.iterdump())
    copy.close()
    before.close()
    again.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    store = journalled(archive)
    work(store)
    archive.close()
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, "CREATE TABLE a (x); CREATE TABLE mark (x)"))
        with pytest.raises(ProblemError):
            Archive(tmp_path)
    again = Archive(tmp_path)
    assert_same(again, store.state)
    again.close()


def test_two_programs_started_for_the_first_time_at_once_both_keep_what_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    others: list[Archive] = []
    other = threading.Thread(target=lambda: others.append(Archive.open(tmp_path)))

    def in_between(connection: sqlite3.Connection, name: str) -> int:
        version = int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        if name == "user_version" and threading.current_thread() is threading.main_thread():
            seen.append(version)
            if len(seen) == 2:  # the tables are about to be made: now the other program comes
                other.start()
                other.join(1.0)
        return version

    monkeypatch.setattr(database, "_pragma", in_between)
    first = Archive.open(tmp_path)
    other.join()
    for archive in (first, *others):
        assert archive.problems == ()
        archive.close()
    assert seen == [0, 0]
    assert len(others) == 1


def test_a_program_that_holds_on_to_the_archive_does_not_hold_up_the_next_one_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.0)
    with lock.exclusive(tmp_path / database.LOCK):
        archive = Archive.open(tmp_path)
    assert {"archive_busy", "archive_in_memory"} == {one.code for one in archive.problems}
    archive.close()


def test_where_the_disk_knows_no_locks_everything_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuses)
    archive = Archive.open(tmp_path)
    assert archive.problems == ()
    archive.settings_set("a", "1")
    archive.close()


def test_where_programs_can_share_no_memory_through_the_disk_everything_is_kept_all_the_same(tmp_path: Path) -> None:
    (tmp_path / f"{database.NAME}-shm").symlink_to(
        tmp_path / "nowhere" / "x"
    )  # so that none can be made, as on some network disks
    for value in ("1", "2"):
        archive = Archive.open(tmp_path)
        assert archive.problems == ()
        archive.settings_set("a", value)
        other = Archive.open(tmp_path)  # a second window
        assert other.settings_get("a", "") == value
        archive.settings_set("b", value)
        archive.flush()
        assert other.settings_get("b", "") == value
        other.close()
        archive.close()


def test_a_log_left_behind_is_taken_over_where_no_memory_can_be_shared(tmp_path: Path) -> None:
    there = tmp_path / "there"
    archive = Archive.open(there)
    archive.settings_set("a", "1")
    archive.flush()
    shutil.copytree(there, tmp_path / "copy", ignore=shutil.ignore_patterns("*-shm"))  # as a crash leaves it
    archive.close()
    (tmp_path / "copy" / f"{database.NAME}-shm").symlink_to(tmp_path / "nowhere" / "x")
    moved = Archive.open(tmp_path / "copy")
    assert moved.problems == ()
    assert moved.settings_get("a", "") == "1"
    moved.close()
