"""Opening: ids and numbers move while a disc is read; the picture on screen, marks and talks stay with their pictures."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import generate_uid

from tests.clinic import pictures
from tests.patience import PATIENCE
from tests.usecases.sitting import Scripted, Sitting, frame_of, script_media, sitting, snapshot_of
from viewer.dicom.header import Header
from viewer.dicom.read import read_anew
from viewer.disc.medium import FoundFile, Medium
from viewer.document.changes import LookChanged, MarkSelected
from viewer.document.model import PaneView, State
from viewer.geometry.plane import Plane
from viewer.marks.mark import MarkKind
from viewer.picture.look import Look, Window
from viewer.usecases import open_disc
from viewer.usecases.session import Session


def last_first(found: list[FoundFile]) -> list[FoundFile]:
    """The sets that stand last come in first, so that every id moves."""
    return sorted(found, key=lambda file: file.path, reverse=True)


def mixed_up(found: list[FoundFile]) -> list[FoundFile]:
    """Every other file first: a series grows in its middle."""
    ordered = sorted(found, key=lambda file: file.path)
    return [*ordered[1::2], *ordered[::2]]


def uid_on_screen(state: State) -> str:
    pane, disc = state.view.pane, state.disc
    series = disc.series(pane.series_id) if disc and pane else None
    return series.uid if series else ""


@pytest.mark.parametrize("order", [last_first, mixed_up])
def test_the_picture_on_screen_never_jumps_to_another_series_while_reading(
    cd: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting, order: Callable[[list[FoundFile]], list[FoundFile]]
) -> None:
    script_media(monkeypatch, order=order)
    seen: list[tuple[str, str]] = []
    seat.session.store.listen(
        lambda before, after, change: (
            seen.append((uid_on_screen(after), after.view.pane.series_id)) if after.view.pane else None
        )
    )
    seat.open(cd)
    uids = {uid for uid, _ in seen}
    assert len(uids) == 1, "another series came on screen"
    assert "" not in uids
    if order is last_first:
        assert len({series_id for _, series_id in seen}) > 1, "no id moved: the test tests nothing"
    series = seat.session.series(seat.pane.series_id)
    assert not series.helper, "an overview came on screen only because it was read first"
    assert len(seat.view.panes) == (3 if Plane.AXIAL in series.planes else 1)


@pytest.mark.parametrize("scout_last", [False, True])
def test_an_overview_is_not_the_first_picture_where_there_is_anything_else(
    ct: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting, scout_last: bool
) -> None:
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    for number in range(3):
        scout = pydicom.dcmread(sorted(path for path in ct.rglob("*") if path.is_file())[number])
        scout.SeriesInstanceUID, scout.SOPInstanceUID = f"1.2.3.{scout_last:d}", f"1.2.3.4.{number + 1}"
        scout.file_meta.MediaStorageSOPInstanceUID = scout.SOPInstanceUID
        scout.ImageType, scout.SeriesDescription = ["ORIGINAL", "PRIMARY", "LOCALIZER"], "Scout"
        scout.save_as(disc / f"0 scout {number}")
    script_media(monkeypatch, order=lambda found: sorted(found, key=lambda one: one.path, reverse=scout_last))
    seen: set[str] = set()
    seat.session.store.listen(lambda before, after, change: seen.add(uid_on_screen(after)))
    seat.open(disc)
    assert seen - {""} == {seat.volume.uid}
    seat.open(ct)  # from one disc to another nothing of the first is seen under the name of the second
    assert uid_on_screen(seat.state) == seat.volume.uid


def test_where_there_are_only_overviews_they_are_shown(
    ct: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    for number, path in enumerate(sorted(path for path in ct.rglob("*") if path.is_file())):
        scout = pydicom.dcmread(path)
        scout.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
        scout.save_as(tmp_path / f"scout {number}")
    script_media(monkeypatch)
    seat.open(tmp_path)
    assert uid_on_screen(seat.state) == seat.volume.uid


def read_half(seat: Sitting, folder: Path, monkeypatch: pytest.MonkeyPatch, half: int) -> threading.Event:
    """Open, and wait until the files before the gate have been read."""
    gate = threading.Event()
    files = mixed_up([FoundFile(str(p.relative_to(folder)), 1) for p in folder.rglob("*") if p.is_file()])

    def prepare(medium: Scripted) -> None:
        medium.gates[files[half].path] = gate

    script_media(monkeypatch, prepare, mixed_up)
    seat.session.open_path(str(folder))
    seat.until(lambda: seat.state.disc is not None and seat.disc.picture_count == half)
    return gate


def test_the_shown_picture_stays_when_its_series_grows(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = read_half(seat, ct, monkeypatch, 4)
    shown = seat.show_native(seat.volume, 1)
    frame, index = frame_of(seat), seat.pane.index
    gate.set()
    seat.until(lambda: seat.disc.complete)
    assert frame_of(seat) == frame == shown.frame
    assert seat.pane.index != index, "the number did not move: the test tests nothing"
    assert seat.slice().frame == shown.frame


def test_marks_looks_and_talks_made_while_reading_stay_and_are_kept(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sitting() as seat:
        gate = read_half(seat, ct, monkeypatch, 4)
        slice_ = seat.show_native(seat.volume, 1)
        mark = seat.session.add_mark(MarkKind.LENGTH, slice_, ((2, 2), (9, 9)))
        window = Window(100, 500, origin="person")
        seat.session.store.dispatch(LookChanged(seat.pane.series_id, Look(window)))
        gate.set()
        seat.until(lambda: seat.disc.complete)
        (kept,) = seat.state.document.marks
        assert (kept.id, kept.anchor.frame, kept.points) == (mark.id, slice_.frame, mark.points)
        assert seat.session.marks_on(seat.slice()) == (kept,)
        assert seat.view.look(seat.pane.series_id).window == window
    with sitting() as again:
        again.open(ct)
        assert [one.anchor.frame for one in again.state.document.marks] == [slice_.frame]
        assert frame_of(again) == slice_.frame


def test_a_mark_on_another_direction_follows_its_place_in_the_body(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = read_half(seat, ct, monkeypatch, 7)
    seat.session.show(seat.volume.id)
    axial = next(pane for pane in seat.view.panes if pane.plane is Plane.AXIAL)
    slice_ = seat.slice(axial)
    mark = seat.session.add_mark(MarkKind.ARROW, slice_, ((3, 3), (8, 8)))
    gate.set()
    seat.until(lambda: seat.disc.complete)
    (kept,) = seat.state.document.marks
    now = seat.slice(PaneView(kept.anchor.series_id, 0, Plane.AXIAL, kept.anchor.index))
    assert now.affine is not None
    assert slice_.affine is not None
    assert now.affine[2, 3] == pytest.approx(slice_.affine[2, 3])
    assert kept.points_lps == mark.points_lps


def renamed_copy(source: Path, target: Path) -> Path:
    """The same files under other names in other folders, as after copying by hand."""
    for number, path in enumerate(sorted((p for p in source.rglob("*") if p.is_file()), reverse=True)):
        place = target / f"part{number % 3}" / f"f{number:03d}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    return target


def work_on(seat: Sitting, server_url: str) -> tuple[object, str]:
    seat.session.setup.choose_once(None, server_url, "m", "bearer")
    slice_ = seat.show_native(seat.volume, 2)
    seat.session.add_mark(MarkKind.RECTANGLE, slice_, ((2, 2), (9, 9)), "here")
    turn = seat.ask()
    return slice_.frame, turn.id


def test_marks_and_talks_find_their_pictures_on_a_copied_disc(ct: Path, tmp_path: Path, server: object) -> None:
    with sitting() as seat:
        seat.open(ct)
        frame, turn_id = work_on(seat, server.base_url)  # type: ignore[attr-defined]
    copy = renamed_copy(ct, tmp_path / "copy")
    with sitting() as seat:
        seat.open(copy)
        (mark,) = seat.state.document.marks
        (sent,) = seat.turn(turn_id).sent
        for series_id, index in ((mark.anchor.series_id, mark.anchor.index), (sent.series_id, sent.index)):
            assert frame_of(seat, PaneView(series_id, 0, Plane.NATIVE, index)) == frame
        assert frame_of(seat) == frame
        assert seat.session.sent_png(sent.sha256)


def test_kept_ids_that_mean_another_series_now_never_attach_to_it(
    cd: Path, seat: Sitting, server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update of the program that numbers series in another way."""
    from viewer.index import exams

    with sitting() as first:
        first.open(cd)
        frame, turn_id = work_on(first, server.base_url)  # type: ignore[attr-defined]
        uid = uid_on_screen(first.state)
    order = exams.raw_order
    monkeypatch.setattr("viewer.index.build.raw_order", lambda raw: tuple(-ord(c) for c in str(order(raw)[-1])))
    seat.open(cd)
    (mark,), (sent,) = seat.state.document.marks, seat.turn(turn_id).sent
    assert uid_on_screen(seat.state) == uid
    assert frame_of(seat) == frame
    for series_id, index in ((mark.anchor.series_id, mark.anchor.index), (sent.series_id, sent.index)):
        assert frame_of(seat, PaneView(series_id, 0, Plane.NATIVE, index)) == frame


def test_a_place_the_person_went_to_while_reading_is_not_taken_away(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sitting() as seat:
        seat.open(ct)
        seat.show_native(seat.volume, 0)
    with sitting() as seat:
        gate = read_half(seat, ct, monkeypatch, 5)
        shown = seat.show_native(seat.volume, 3)
        gate.set()
        seat.until(lambda: seat.disc.complete)
        assert frame_of(seat) == shown.frame


def test_an_untouched_disc_comes_back_to_its_place(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sitting() as seat:
        seat.open(ct)
        shown = seat.show_native(seat.volume, 1)
    script_media(monkeypatch, order=mixed_up)
    with sitting() as seat:
        seat.open(ct)
        assert len(seat.view.panes) == 1
        assert frame_of(seat) == shown.frame


def test_the_disc_asked_for_last_wins_and_the_other_is_given_back(
    ct: Path, cd: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = threading.Event()

    def prepare(medium: Scripted) -> None:
        if medium.name == str(ct):
            medium.gates.update({found.path: gate for found in list(medium.inner.walk())[3:]})

    media = script_media(monkeypatch, prepare)
    slow = seat.session.open_path(str(ct))
    seat.until(lambda: seat.state.disc is not None)
    quick = seat.session.open_path(str(cd))
    seat.until(lambda: quick.finished)
    gate.set()
    seat.until(lambda: slow.finished)
    seat.loop.run_until(lambda: True)
    assert seat.disc.root == str(cd)
    assert seat.disc.complete
    assert [medium.closed for medium in media] == [True, False]


def test_a_disc_that_cannot_be_opened_leaves_the_open_one_alone(
    ct: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = read_half(seat, ct, monkeypatch, 4)
    failed = seat.session.open_path(str(tmp_path / "nothing"))
    seat.until(lambda: failed.finished)
    assert failed.problem is not None
    assert failed.problem.remedy
    gate.set()
    seat.until(lambda: seat.disc.complete)
    assert seat.disc.picture_count == 9


def test_a_late_picture_of_another_disc_is_dropped(
    ct: Path, cd: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = threading.Event()
    media = script_media(monkeypatch)
    seat.open(ct)
    seat.until(lambda: seat.session.source(seat.volume.id).loaded == (9, 9))
    series = seat.volume
    seat.session.source(series.id).close()  # so that it is read once more
    media[0].gates.update({found.path: gate for found in media[0].inner.walk()})
    came: list[object] = []
    job = seat.session.fetch(series.id, 0, Plane.NATIVE, 0, came.append)
    seat.open(cd)
    gate.set()
    seat.until(lambda: job.finished)
    seat.loop.run_until(lambda: True)
    assert came == []


def test_a_file_the_program_stumbles_over_is_listed_and_the_rest_is_shown(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    told: list[BaseException] = []
    monkeypatch.setattr(open_disc, "tell_of", told.append)
    read = read_anew

    def stumbles(medium: Medium, found: FoundFile, head: bytes) -> Header | None:
        if found.path.endswith("3"):
            raise OverflowError("not foreseen")
        return read(medium, found, head)

    monkeypatch.setattr(open_disc, "read_anew", stumbles)
    monkeypatch.setattr(open_disc, "read_alike", lambda medium, found, head: None)
    whole = sum(path.is_file() for path in ct.rglob("*"))
    disc = seat.open(ct)
    rows = [row for row in disc.account.skipped if row.code == "file_puzzles"]
    assert rows
    assert all(row.path.endswith("3") and row.kind == "damaged" and "mistake" in row.reason for row in rows)
    assert disc.account.found == whole
    assert disc.picture_count == whole - len(rows)
    assert [type(one) for one in told] == [OverflowError] * len(rows)


def test_a_mistake_about_the_first_set_leaves_the_disc_readable(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    def stumbles(series: object, source_of: object) -> int:
        raise ArithmeticError("not foreseen")

    told: list[BaseException] = []
    monkeypatch.setattr("viewer.usecases.incoming.tell_of", told.append)
    with monkeypatch.context() as patched:
        patched.setattr("viewer.usecases.incoming.looking.first_group", stumbles)
        job = seat.session.open_path(str(ct))
        assert job.join(PATIENCE)
    assert [type(one) for one in told] == [ArithmeticError]
    seat.until(lambda: seat.state.disc is not None and bool(seat.view.panes))
    assert seat.disc.complete


def test_a_disc_read_no_further_can_be_looked_at_until_the_next_one_comes_in(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = read_half(seat, ct, monkeypatch, 4)
    first = seat.session._incoming._now
    assert first is not None
    next_one = seat.session.open_path(str(ct / "not there"))
    seat.session._incoming._take_over(next_one)
    gate.set()
    seat.until(lambda: first.finished and next_one.finished)
    seat.loop.run_until(lambda: True)
    assert not seat.disc.complete
    opened = seat.session._now.disc
    assert opened is not None
    assert isinstance(opened.medium, Scripted)
    assert not opened.medium.closed


def test_cancelling_keeps_what_was_read_and_accounts_for_the_rest(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    gate = read_half(seat, ct, monkeypatch, 4)
    job = seat.session._incoming._now
    assert job is not None
    job.cancel()
    gate.set()
    seat.until(lambda: job.finished)
    seat.loop.run_until(lambda: True)
    assert not seat.disc.complete
    assert seat.disc.account.found == 9
    assert seat.slice().values.size


def test_nothing_is_written_on_the_disc(cd: Path, seat: Sitting, tmp_path: Path) -> None:
    before = snapshot_of(cd)
    seat.open(cd)
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    seat.session.store.dispatch(MarkSelected(""))
    seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf"))
    seat.session.close_disc()
    assert snapshot_of(cd) == before


def test_the_sample_opens_and_is_remembered(seat: Sitting) -> None:
    seat.loop.result(seat.session.open_sample())
    assert seat.disc.picture_count
    session: Session = seat.session
    session.close_disc()
    (row,) = session.recent()
    assert row.is_there
    assert "picture" in row.words


def test_a_series_whose_first_time_was_copied_in_part_starts_with_a_whole_one(
    ct: Path, tmp_path: Path, seat: Sitting
) -> None:
    for time, kept in ((1, 1), (2, 9)):
        for number, picture in enumerate(pictures(ct)[:kept]):
            picture.TemporalPositionIdentifier, picture.InstanceNumber = time, 20 * time + number
            picture.SOPInstanceUID = picture.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            picture.save_as(tmp_path / f"{time}{number}")
    seat.open(tmp_path)
    assert [len(group.frames) for group in seat.volume.groups] == [1, 9]
    assert [(pane.plane, pane.group) for pane in seat.view.panes] == [
        (Plane.AXIAL, 1), (Plane.CORONAL, 1), (Plane.SAGITTAL, 1),
    ]  # fmt: skip
    seat.session.show_group(0)
    assert {(pane.plane, pane.group) for pane in seat.view.panes} == {(Plane.NATIVE, 0)}
