"""The ledger under attack: what was written is found as it was written, or the change is found."""

from __future__ import annotations

import errno
import json
import os
import random
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from viewer.archive import ledger as module
from viewer.archive import lock
from viewer.archive.ledger import Ledger, LedgerEntry, LedgerVerdict, Receipt
from viewer.problem import ProblemError

KEY = bytes(range(32))


def entry(number: int, kind: str = "sending") -> LedgerEntry:
    return LedgerEntry(
        kind, f"q{number}", "2026-11-21T10:00:00+01:00", "anthropic", "api.anthropic.com", "model-1", f"{number:064x}",
        ("a" * 64, "b" * 64), 123_456 + number, "sending" if kind == "sending" else "complete", "",
    )  # fmt: skip


def filled(folder: Path, count: int = 12, key: bytes | None = None) -> Ledger:
    ledger = Ledger(folder, key)
    for number in range(count):
        assert ledger.append(entry(number, "sending" if number % 2 == 0 else "ended")) == number + 1
    return ledger


def changed(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Rewrite the records (header apart)."""
    path = folder / "ledger"
    header, *lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, *change(lines)]))


def finding(verdict: LedgerVerdict) -> tuple[bool, str, int]:
    return verdict.ok, verdict.finding, verdict.first_bad


@pytest.mark.parametrize("key", [None, KEY])
def test_records_come_back_and_the_list_is_whole(tmp_path: Path, key: bytes | None) -> None:
    ledger = filled(tmp_path, key=key)
    assert ledger.entries() == tuple(entry(n, "sending" if n % 2 == 0 else "ended") for n in range(12))
    verdict = Ledger(tmp_path, key).verify(ledger.receipt())
    assert finding(verdict) == (True, "whole", 0)
    assert (verdict.count, verdict.sealed) == (12, key is not None)
    assert ("It is sealed with a key" in verdict.words) == (key is not None)


def test_an_empty_list_is_fine(tmp_path: Path) -> None:
    assert finding(Ledger(tmp_path).verify()) == (True, "empty", 0)
    assert Ledger(tmp_path).entries() == ()


@pytest.mark.parametrize("key", [None, KEY])
def test_every_flipped_bit_is_found(tmp_path: Path, key: bytes | None) -> None:
    ledger = filled(tmp_path, 3, key)
    path = tmp_path / "ledger"
    data = path.read_bytes()
    dice = random.Random(7)
    places = [(dice.randrange(len(data)), dice.randrange(8)) for _ in range(300)]
    for offset, bit in [*places, (len(data) - 1, 0), (0, 0), (data.index(b"\n"), 3)]:
        path.write_bytes(data[:offset] + bytes([data[offset] ^ 1 << bit]) + data[offset + 1 :])
        assert not ledger.verify().ok, (offset, bit)
    path.write_bytes(data)
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("attack", "first_bad"),
    [
        (lambda lines: lines[:4] + lines[5:], 5),
        (lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], 5),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], 6),
        (lambda lines: lines[3:], 1),
        (lambda lines: [*lines[:2], b"\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], lines[2].replace(b"api.anthropic.com", b"elsewhere.example"), *lines[3:]], 3),
    ],
    ids=["delete", "swap", "duplicate", "cut head", "empty line", "edit"],
)
@pytest.mark.parametrize("key", [None, KEY])
def test_an_attack_is_found_at_its_record(
    tmp_path: Path, attack: Callable[[list[bytes]], list[bytes]], first_bad: int, key: bytes | None
) -> None:
    ledger = filled(tmp_path, key=key)
    changed(tmp_path, attack)
    assert finding(ledger.verify()) == (False, "changed", first_bad)


@pytest.mark.parametrize("cut", [1, 2, 11, 12])
def test_a_cut_tail_is_found_by_the_anchor(tmp_path: Path, cut: int) -> None:
    ledger = filled(tmp_path)
    changed(tmp_path, lambda lines: lines[:-cut])
    assert finding(ledger.verify()) == (False, "cut", 13 - cut)


def test_a_list_that_was_deleted_is_found(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    (tmp_path / "ledger").unlink()
    assert finding(ledger.verify()) == (False, "cut", 1)


def test_an_older_copy_of_both_files_is_found_only_by_a_receipt(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 5)
    old = {name: (tmp_path / name).read_bytes() for name in ("ledger", "ledger.anchor")}
    ledger.append(entry(9))
    receipt = ledger.receipt()
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    assert ledger.verify().ok
    assert finding(ledger.verify(receipt)) == (False, "behind", 6)
    assert not ledger.verify(Receipt(5, "f" * 64)).ok


def test_a_list_worked_out_anew_is_found_with_a_key_and_not_without(tmp_path: Path) -> None:
    for name, key, is_found in (("plain", None, False), ("sealed", KEY, True)):
        folder, forged = tmp_path / name, tmp_path / f"{name}-forged"
        ledger = filled(folder, 4, key)
        filled(forged, 3, key and bytes(32))
        for file in ("ledger", "ledger.anchor"):
            (folder / file).write_bytes((forged / file).read_bytes())
        assert ledger.verify().ok is not is_found


def test_edits_of_the_anchor_alone_are_found(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    anchor = tmp_path / "ledger.anchor"
    kept = json.loads(anchor.read_text("ascii"))
    for count in (0, 5, 10, 13):
        anchor.write_text(json.dumps({"v": 1, "is": {"count": count, "head": kept["is"]["head"]}}), "ascii")
        assert not ledger.verify().ok, count
    anchor.unlink()
    assert finding(ledger.verify()) == (False, "unanchored", 0)


def test_a_crash_between_record_and_anchor_is_no_forgery(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 5)
    anchor = (tmp_path / "ledger.anchor").read_bytes()
    ledger.append(entry(5))
    (tmp_path / "ledger.anchor").write_bytes(anchor)
    assert finding(ledger.verify()) == (True, "whole", 0)
    assert ledger.append(entry(6)) == 7
    assert finding(ledger.verify()) == (True, "whole", 0)


def test_a_torn_last_record_is_said_and_the_next_one_follows_the_whole_ones(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 5)
    whole = (tmp_path / "ledger").read_bytes()
    other = Ledger(tmp_path / "other")
    for number in range(6):
        other.append(entry(number, "sending" if number % 2 == 0 else "ended"))
    longer = (tmp_path / "other" / "ledger").read_bytes()
    assert longer.startswith(whole)
    for length in (1, 64, 65, len(longer) - len(whole) - 1):
        (tmp_path / "ledger").write_bytes(longer[: len(whole) + length])
        assert finding(ledger.verify()) == (True, "torn", 0)
        assert len(ledger.entries()) == 5
    assert ledger.append(entry(5, "ended")) == 6
    assert (tmp_path / "ledger").read_bytes() == longer
    assert finding(ledger.verify()) == (True, "whole", 0)


def test_a_torn_acknowledged_record_is_a_cut(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 5)
    data = (tmp_path / "ledger").read_bytes()
    (tmp_path / "ledger").write_bytes(data[:-20])
    assert finding(ledger.verify()) == (False, "cut", 5)


def test_without_its_key_a_sealed_list_is_neither_trusted_nor_continued(tmp_path: Path) -> None:
    filled(tmp_path, 2, KEY)
    ledger = Ledger(tmp_path)
    assert finding(ledger.verify()) == (False, "unsealed", 0)
    assert len(ledger.entries()) == 2
    with pytest.raises(ProblemError) as failure:
        ledger.append(entry(3))
    assert failure.value.problem.code == "ledger_key_missing"


def test_two_writers_make_one_chain(tmp_path: Path) -> None:
    def write(number: int) -> None:
        ledger = Ledger(tmp_path)
        for count in range(10):
            ledger.append(entry(number * 100 + count))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert finding(Ledger(tmp_path).verify()) == (True, "whole", 0)
    assert len(Ledger(tmp_path).entries()) == 40


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_only_the_owner_can_read_the_list(tmp_path: Path) -> None:
    filled(tmp_path / "data", 2)
    for path in (tmp_path / "data").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_record_that_cannot_be_written_stops_the_sending(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way", "utf-8")
    with pytest.raises(ProblemError) as failure:
        Ledger(tmp_path / "data").append(entry(0))
    assert failure.value.problem.code == "ledger_not_written"
    assert failure.value.problem.text.startswith("Nothing was sent")


@pytest.mark.parametrize("key", [None, KEY])
def test_a_cut_is_still_known_after_the_list_was_continued(tmp_path: Path, key: bytes | None) -> None:
    ledger = filled(tmp_path, key=key)
    changed(tmp_path, lambda lines: lines[:-3])
    assert ledger.append(entry(20)) == 11
    assert ledger.append(entry(21)) == 12
    verdict = ledger.verify()
    assert finding(verdict) == (False, "gap", 10)
    assert [each.kind for each in ledger.entries()][8:] == ["sending", "gap", "sending", "sending"]
    assert ledger.entries()[9].state.startswith("12 ")


def test_a_deleted_list_is_still_known_after_it_was_begun_anew(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    (tmp_path / "ledger").unlink()
    ledger.append(entry(20))
    assert finding(ledger.verify()) == (False, "gap", 1)


def test_a_record_whose_anchor_finds_no_room_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = filled(tmp_path, 2)
    put = module._put

    def full(path: Path, offset: int, data: bytes) -> None:
        if path.name.startswith(module.ANCHOR):
            raise OSError(errno.ENOSPC, "no space")
        put(path, offset, data)

    monkeypatch.setattr(module, "_put", full)
    for number in (2, 3, 4):
        with pytest.raises(ProblemError, match="ledger_not_written"):
            ledger.append(entry(number))
    assert (finding(ledger.verify()), ledger.verify().count) == ((True, "whole", 0), 2)
    monkeypatch.setattr(module, "_put", put)
    assert ledger.append(entry(5)) == 3
    assert finding(ledger.verify()) == (True, "whole", 0)


def test_a_program_that_holds_on_to_the_list_does_not_keep_a_question_waiting_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.0)
    ledger = filled(tmp_path, 1)
    with lock.exclusive(tmp_path / module.LOCK), pytest.raises(ProblemError) as refused:
        ledger.append(entry(1))
    assert refused.value.problem.code == "ledger_not_written"
    assert "another program is writing it" in refused.value.problem.text
    assert ledger.append(entry(2)) == 2


def test_a_disk_that_knows_no_locks_and_syncs_no_folders_holds_a_whole_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def refuses(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    def files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr("fcntl.flock", refuses)
    monkeypatch.setattr("os.fsync", files_only)
    assert finding(filled(tmp_path).verify()) == (True, "whole", 0)
