"""Compressed pictures are decoded elsewhere; whatever happens there, this process goes on."""

from __future__ import annotations

import os
import random
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.codec.streams import JPEG, JPEG_2000, JPEG_LS, LOSSLESS, RLE, Made, one_of_each
from tests.patience import PATIENCE
from viewer.codec import pool
from viewer.codec.pool import Decoder
from viewer.codec.process import DecoderProcess
from viewer.codec.stored import stored_dtype
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError

NAMES = ["jpeg", "lossless", "jpeg_ls", "jpeg_2000", "htj2k", "rle"]
REFUSALS = {
    "picture_damaged",
    "picture_contradicts",
    "picture_too_large",
    "decoder_died",
    "decoder_too_slow",
    "unknown_encoding",
    "pixels_missing",
}


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=2)
    yield made
    made.close()


def decode(decoder: Decoder, made: Made, stream: bytes | None = None) -> np.ndarray:
    frame = decoder.decode(made.stream if stream is None else stream, made.description, made.syntax)
    assert frame.array.dtype == stored_dtype(made.description)
    return frame.array


def outcome(decoder: Decoder, made: Made, stream: bytes) -> object:
    """The shape of the picture, or the code of the Problem; anything else fails the test."""
    try:
        return decode(decoder, made, stream).shape
    except ProblemError as failure:
        return failure.problem.code


@pytest.mark.parametrize("number", range(6), ids=NAMES)
def test_a_good_stream_gives_its_picture(decoder: Decoder, number: int) -> None:
    made = one_of_each()[number]
    got = decode(decoder, made)
    if made.exact:
        assert np.array_equal(got, made.picture)
    else:
        assert np.abs(got.astype(int) - made.picture).max() < 16


@pytest.mark.parametrize("number", range(6), ids=NAMES)
def test_hostile_streams_end_in_a_picture_of_the_right_shape_or_in_a_plain_word(decoder: Decoder, number: int) -> None:
    made, chance = one_of_each()[number], random.Random(number)
    for _ in range(25):
        found = outcome(decoder, made, _damaged(made.stream, chance))
        assert found in REFUSALS or found == made.picture.shape
    if made.exact:
        assert np.array_equal(decode(decoder, made), made.picture)


def _damaged(stream: bytes, chance: random.Random) -> bytes:
    data, kind = bytearray(stream), chance.randrange(5)
    at = chance.randrange(len(data))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 2:
        data[at : at + 4] = b"\xff\xff\xff\xff"
    elif kind == 3:
        data[chance.randrange(min(60, len(data)))] = chance.randrange(256)
    else:
        del data[at : at + chance.randrange(1, 40)]
    return bytes(data)


@pytest.mark.parametrize("number", range(6), ids=NAMES)
def test_a_stream_without_its_end_is_refused_or_marked(decoder: Decoder, number: int) -> None:
    made = one_of_each()[number]
    half = made.stream[: len(made.stream) // 2]
    if outcome(decoder, made, half) != "picture_damaged":
        frame = decoder.decode(half, made.description, made.syntax)
        assert {"picture_incomplete", "picture_doubtful", "pixels_cut_off"} & {word.code for word in frame.problems}


def test_a_worker_killed_between_two_pictures_costs_no_picture() -> None:
    made, own = one_of_each()[2], Decoder(workers=1)
    try:
        for _ in range(3):
            decode(own, made)
            own._idle[0].process.kill()  # not waited for: the pool may still think that it lives
            assert np.array_equal(decode(own, made), made.picture)
        own._idle[0].process.stdin.close()  # type: ignore[union-attr]
        assert np.array_equal(decode(own, made), made.picture)
    finally:
        own.close()


def test_workers_all_killed_at_once_cost_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    made, own = one_of_each()[2], Decoder(workers=3)
    taken = [own._take(lambda: None) for _ in range(3)]
    for worker in taken:
        own._give_back(worker)
    try:
        for worker in taken:
            worker.process.kill()
            monkeypatch.setattr(worker.process, "poll", lambda: None)  # the pool has not heard of it yet
        assert np.array_equal(decode(own, made), made.picture)
        assert len(own._idle) <= 3
    finally:
        own.close()


def test_a_picture_that_kills_every_worker_is_given_up_and_the_next_one_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, own = one_of_each()[2], Decoder(workers=1)
    ask = DecoderProcess.ask

    def dies(worker: DecoderProcess, head: dict[str, object], stream: bytes) -> tuple[int, int, int, int]:
        worker.process.kill()
        worker.process.wait()
        return ask(worker, head, stream)

    try:
        with monkeypatch.context() as patched:
            patched.setattr(DecoderProcess, "ask", dies)
            assert outcome(own, made, made.stream) == "decoder_died"
        assert np.array_equal(decode(own, made), made.picture)
    finally:
        own.close()


def test_a_picture_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    import imagecodecs

    noise = np.random.default_rng(0).integers(0, 4096, (1024, 1024)).astype(np.uint16)
    stream = bytes(imagecodecs.jpeg2k_encode(noise, codecformat="j2k", reversible=True, level=0))
    description = PixelDescription(1024, 1024, bits_stored=12, high_bit=11)
    monkeypatch.setattr(pool, "_CPU_SECONDS", 0.02)
    monkeypatch.setattr(pool, "_CPU_PER_MEGAPIXEL", 0.0)
    monkeypatch.setattr(pool, "_WALL", 100.0)
    own = Decoder(workers=1)
    try:
        with pytest.raises(ProblemError) as caught:
            own.decode(stream, description, JPEG_2000)
        assert caught.value.problem.code == "decoder_too_slow"
    finally:
        own.close()


def test_several_threads_share_the_workers(decoder: Decoder) -> None:
    made = one_of_each()[1]
    wrong: list[int] = []

    def work() -> None:
        wrong.extend(1 for _ in range(10) if not np.array_equal(decode(decoder, made), made.picture))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_who_stands_back_before_decoding_keeps_nobody_else_from_it() -> None:
    own, made = Decoder(workers=1), one_of_each()[1]
    waits, go, done = threading.Event(), threading.Event(), threading.Event()

    def stand_back() -> None:
        waits.set()
        assert go.wait(PATIENCE)

    def work() -> None:
        decode(own, made)
        done.set()

    first = threading.Thread(target=lambda: own.decode(made.stream, made.description, made.syntax, stand_back))
    second = threading.Thread(target=work, daemon=True)
    first.start()
    try:
        assert waits.wait(PATIENCE)
        second.start()
        assert done.wait(PATIENCE)
    finally:
        go.set()
        first.join()
        second.join()
        own.close()


@pytest.mark.parametrize("beyond", [0, 5000, 2**31])
def test_an_offset_that_leads_behind_an_rle_stream_is_not_followed(decoder: Decoder, beyond: int) -> None:
    made = one_of_each()[5]
    stream = made.stream[:8] + struct.pack("<I", len(made.stream) + beyond) + made.stream[12:]
    assert refused_as(decoder, stream, made) == "picture_damaged"


def test_a_lossless_jpeg_without_a_table_of_codes_costs_no_process(decoder: Decoder) -> None:
    made = one_of_each()[1]
    at = made.stream.index(b"\xff\xc4")
    after = at + 2 + int.from_bytes(made.stream[at + 2 : at + 4], "big")
    assert refused_as(decoder, made.stream[:at] + made.stream[after:], made) == "picture_damaged"


def refused_as(decoder: Decoder, stream: bytes, made: Made) -> str:
    """The code of the problem that decoding ends with."""
    with pytest.raises(ProblemError) as caught:
        decoder.decode(stream, made.description, made.syntax)
    return caught.value.problem.code


def test_a_wrong_label_is_seen_through_and_said(decoder: Decoder) -> None:
    made = one_of_each()[2]
    frame = decoder.decode(made.stream, made.description, RLE)
    assert np.array_equal(frame.array, made.picture)
    assert [word.code for word in frame.problems] == ["encoding_mislabelled"]


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"])
@pytest.mark.parametrize("number", range(5), ids=NAMES[:5])
def test_a_stream_that_is_said_to_be_plain_or_deflated_is_seen_through(
    decoder: Decoder, number: int, syntax: str
) -> None:
    made = one_of_each()[number]
    frame = decoder.decode(made.stream, made.description, syntax)
    assert [word.code for word in frame.problems] == ["encoding_mislabelled"]
    assert np.abs(frame.array.astype(int) - made.picture).max() < (1 if made.exact else 16)


@pytest.mark.parametrize(
    ("stream", "syntax", "code"),
    [
        (b"\0" * 100, "1.2.840.10008.1.2.4.102", "unknown_encoding"),
        (b"\0" * 100, LOSSLESS, "picture_damaged"),
        (b"", JPEG_LS, "picture_damaged"),
        (b"\xff\xd8", JPEG, "picture_damaged"),
    ],
)
def test_what_cannot_be_decoded_has_a_reason(decoder: Decoder, stream: bytes, syntax: str, code: str) -> None:
    with pytest.raises(ProblemError) as caught:
        decoder.decode(stream, PixelDescription(60, 52), syntax)
    assert caught.value.problem.code == code


def test_a_header_that_lies_about_the_size_is_believed_in_no_decoder(decoder: Decoder) -> None:
    for made in one_of_each()[:5]:
        lie = replace(made.description, rows=made.description.rows + 1)
        with pytest.raises(ProblemError) as caught:
            decoder.decode(made.stream, lie, made.syntax)
        assert caught.value.problem.code == "picture_contradicts"


def test_a_size_beyond_all_pictures_is_refused_without_memory(decoder: Decoder) -> None:
    with pytest.raises(ProblemError) as caught:
        decoder.decode(one_of_each()[2].stream, PixelDescription(65535, 65535), JPEG_LS)
    assert caught.value.problem.code == "picture_too_large"


def test_the_stream_decides_what_its_colours_are(decoder: Decoder) -> None:
    import imagecodecs

    red = np.full((16, 16, 3), (200, 40, 40), np.uint8)
    for sampling in ("444", "422"):
        stream = bytes(
            imagecodecs.jpeg8_encode(red, level=95, colorspace="RGB", outcolorspace="YCBCR", subsampling=sampling)
        )
        for marked in (stream, _without_markers(stream)):
            for label in ("RGB", "YBR_FULL", "YBR_FULL_422"):
                if label == "RGB" and sampling == "444" and marked is not stream:
                    continue  # nothing in the stream speaks, so the header must be believed
                description = PixelDescription(16, 16, 3, 8, 8, 7, photometric=label)
                frame = decoder.decode(marked, description, JPEG)
                assert frame.photometric_now == "RGB"
                assert np.abs(frame.array.astype(int) - (200, 40, 40)).max() <= 3, (sampling, label)
                said = {word.code for word in frame.problems}
                assert said == ({"colour_label_corrected"} if label == "RGB" else set())


def _without_markers(stream: bytes) -> bytes:
    """The same JPEG without its JFIF and Adobe segments."""
    out, at = bytearray(stream[:2]), 2
    while stream[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
        if stream[at + 1] not in (0xE0, 0xEE):
            out += stream[at:end]
        at = end
    return bytes(out) + stream[at:]


def test_a_cancelled_call_takes_no_worker(decoder: Decoder) -> None:
    def stop() -> None:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        decoder.decode(one_of_each()[2].stream, one_of_each()[2].description, JPEG_LS, stop)
    assert not decoder._busy


def test_after_closing_nothing_is_decoded_and_no_process_is_left() -> None:
    own = Decoder(workers=1)
    decode(own, one_of_each()[2])
    process = own._idle[0].process
    own.close()
    assert process.poll() is not None
    with pytest.raises(ProblemError):
        decode(own, one_of_each()[2])


def test_a_worker_that_comes_back_while_all_are_ended_is_ended_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file would be closed twice: by then another file of the program may have the number."""
    decoder, made = Decoder(2), one_of_each()[2]
    asked, go_on = threading.Barrier(3), threading.Event()
    ended: list[object] = []
    ask, end = DecoderProcess.ask, DecoderProcess.end

    def held(worker: DecoderProcess, *rest: object) -> object:
        asked.wait(PATIENCE)
        go_on.wait(PATIENCE)
        return ask(worker, *rest)  # type: ignore[arg-type]

    def noted(worker: DecoderProcess) -> int:
        ended.append(worker)
        return end(worker)

    monkeypatch.setattr(DecoderProcess, "ask", held)
    monkeypatch.setattr(DecoderProcess, "end", noted)
    threads = [threading.Thread(target=outcome, args=(decoder, made, made.stream)) for _ in range(2)]
    for thread in threads:
        thread.start()
    asked.wait(PATIENCE)
    workers = list(decoder._busy)
    for worker in workers:  # as all are told to end, both have come back before the second is told

        def kill(worker: DecoderProcess = worker) -> None:
            go_on.set()
            if threading.current_thread() not in threads:
                for thread in threads:
                    thread.join(PATIENCE)
            type(worker.process).kill(worker.process)

        monkeypatch.setattr(worker.process, "kill", kill)
    decoder.close()
    assert sorted(map(id, ended)) == sorted(map(id, workers))


def test_without_memory_files_the_values_come_through_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    own = Decoder(workers=1)
    try:
        for made in one_of_each()[1:]:
            assert np.array_equal(decode(own, made), made.picture)
    finally:
        own.close()


def test_a_worker_ends_by_itself_when_this_process_lets_go_of_it() -> None:
    own = Decoder(workers=1)
    own.warm()
    worker = own._idle[0]
    assert worker.process.stdin is not None
    worker.process.stdin.close()
    assert worker.process.wait(PATIENCE) == 0
    own.close()


def test_values_can_be_decoded_straight_into_their_place(decoder: Decoder) -> None:
    made, volume = one_of_each()[2], np.zeros((3, *one_of_each()[2].picture.shape), np.uint16)
    frame = decoder.decode(made.stream, made.description, made.syntax, into=volume[1])
    assert frame.array.base is volume
    assert np.array_equal(volume[1], made.picture)
    assert not volume[0].any()
    assert not volume[2].any()


def test_a_stream_that_fills_next_to_nothing_of_the_stated_size_is_refused(decoder: Decoder) -> None:
    made = one_of_each()[5]
    huge = replace(made.description, rows=60_000)
    with pytest.raises(ProblemError) as caught:
        decoder.decode(made.stream, huge, made.syntax)
    assert caught.value.problem.code == "picture_contradicts"
