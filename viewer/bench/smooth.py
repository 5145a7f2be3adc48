"""Whether the window stays responsive: how late a clock in it strikes while a disc loads and while an answer streams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from viewer.bench.clock import Clock
from viewer.bench.measure import Figure, figure, milliseconds, percentile
from viewer.bench.place import MakeSession
from viewer.bench.sink import listening
from viewer.bench.window import Sitting, sitting
from viewer.phantom.disc import DiscKind, write_disc
from viewer.phantom.packed import write_packed

ANSWER = 2_000_000  # characters
MOST_NOTCHES = 200
FRAME = 0.016  # seconds
SLICES, SIZE = 150, 512  # of what is unpacked


def measure_smooth(path: str, make_session: MakeSession, slices: int = SLICES) -> list[Figure]:
    """While PATH is read, indexed, shown and loaded: by a person who looked for the folder for some seconds, and at once
    with the program, which is still making its parts; while two megabytes of answer come in; while a packed set of so many slices is unpacked."""
    figures = []
    for words, is_at_once in (("", False), (", at once with the program", True)):
        with sitting(make_session) as seat:
            if not is_at_once:
                seat.until(lambda: seat.window.is_warm)
            clock = Clock()
            clock.start()
            seat.window.open_path(path)
            seat.until(seat.is_read)
            seat.until(seat.is_loaded)
            seat.calm()
            clock.stop()
            figures += clock.figures(f"while the disc is read and loaded{words}")
            if not is_at_once and seat.session.store.state.view.pane is not None:
                figures += measure_streaming(seat, clock)
    return [*figures, *measure_scrolling(path, make_session), *measure_decoding(make_session, slices)]


def measure_decoding(make_session: MakeSession, slices: int) -> list[Figure]:
    """While a made CT in JPEG 2000, which takes seconds to unpack, is read and loaded and a hand scrolls through it."""
    with TemporaryDirectory(prefix="sidelight-bench-") as place:
        plain, packed = Path(place) / "plain", Path(place) / "packed"
        write_disc(plain, DiscKind.CT, slices, SIZE)
        write_packed(sorted(path for path in plain.rglob("*") if path.is_file()), packed, "JPEG 2000")
        with sitting(make_session) as seat:
            seat.until(lambda: seat.window.is_warm)
            clock = Clock()
            clock.start()
            seat.window.open_path(str(packed))
            seat.until(lambda: seat.is_shown() or seat.is_read())
            while not (seat.is_read() and seat.is_loaded()):
                seat.wheel(1)
                seat.rest(FRAME)
            seat.calm()
            clock.stop()
    return clock.figures("while packed pictures are unpacked and scrolled")


def measure_scrolling(path: str, make_session: MakeSession) -> list[Figure]:
    """A hand that scrolls from the first picture on, while the rest of its set is still being loaded: from a notch until
    the picture it asks for is in its pane."""
    with sitting(make_session) as seat:
        seat.until(lambda: seat.window.is_warm)
        seat.window.open_path(path)
        seat.until(lambda: seat.is_shown() or seat.is_read())
        if seat.session.store.state.view.pane is None:
            return []
        waits = [milliseconds(lambda: seat.until(seat.is_shown)) for _ in notches(seat)]
    words = "while its set is loaded: from a notch to the picture"
    return [figure(words, waits), figure(f"{words}, 99 of 100", [percentile(waits, 99)], note=f"{len(waits)} notches")]


def notches(seat: Sitting) -> Iterator[None]:
    """One notch after the other until the set is loaded, one at least."""
    for number in range(MOST_NOTCHES):
        if number and seat.is_read() and seat.is_loaded():
            return
        seat.wheel(1)
        yield


def measure_streaming(seat: Sitting, clock: Clock) -> list[Figure]:
    """A question through the real child to a sink on this machine, the answer shown in the panel."""
    session = seat.session
    with listening(ANSWER) as sink:
        session.setup.choose("address", sink.base_url, "bench")
        seat.window.act("ask")
        warming = session.setup.warm_up()
        seat.until(lambda: warming.finished)
        for _ in range(2):  # the first loads the client library and is not what is measured
            preparing = session.prepare("What is shown here?")
            seat.until(lambda: preparing.finished)  # noqa: B023  waited for here
            disclosure = preparing.wait(0)
            clock.start()
            session.send(disclosure, session.consent(disclosure))
            seat.until(lambda: not session.asking)
            seat.calm()
            clock.stop()
    return clock.figures("while 2 MB of answer come in")
