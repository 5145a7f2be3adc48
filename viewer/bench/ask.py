"""From "Send" to the whole request at the other end, the client library warm: ledger, picture kept, child, wire."""

from __future__ import annotations

import time

from viewer.bench.measure import Figure, figure
from viewer.bench.place import MakeSession, screenless
from viewer.bench.sink import Sink, listening
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.loop import Loop
from viewer.usecases.session import Session

EDGE = 1024  # grain compresses badly: the request is as heavy as a real one gets


def measure_ask(make_session: MakeSession, count: int = 5) -> list[Figure]:
    """Milliseconds from the person's yes to the last byte at the other end; the first question warms up."""
    with listening() as sink, screenless(make_session) as (session, loop, folder):
        write_disc(folder / "disc", DiscKind.CT, 3, EDGE)
        loop.result(session.open_path(str(folder / "disc")))
        session.setup.choose("address", sink.base_url, "bench")
        loop.result(session.setup.warm_up())
        asked = [ask_once(session, loop, sink) for _ in range(count + 1)]
    size = round(asked[-1][1] / 1e6, 1)
    return [figure(f"send to wire, {size} MB, client warm", [spent for spent, _ in asked[1:]], limit=150)]


def ask_once(session: Session, loop: Loop, sink: Sink) -> tuple[float, int]:
    """(milliseconds, bytes) of one question, waited for."""
    disclosure = loop.result(session.prepare("What is shown here?"))
    consent = session.consent(disclosure)
    before = len(sink.arrived)
    began = time.perf_counter()
    session.send(disclosure, consent)
    loop.run_until(lambda: not session.asking)
    if len(sink.arrived) == before:
        raise RuntimeError("the question never arrived")
    return (sink.arrived[-1] - began) * 1000, len(disclosure.body)
