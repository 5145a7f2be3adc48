"""From "Send" to the whole request on the wire, the client library warm; against a socket on this machine."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from typing import Any

import numpy as np
from typing_extensions import override

from viewer.answer.body import body_bytes
from viewer.bench.measure import Figure, figure
from viewer.consult.consultation import Consultation
from viewer.disclosure.frame import Consent, CostEstimate, Disclosure, Recipient
from viewer.picture.png import encode_png

EVENTS = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",'
    b'"model":"bench","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n'
    b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Notes when the whole body was here."""

    arrived: list[float]

    def do_POST(self) -> None:  # noqa: N802  the library's name
        """Read the body, answer at once."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.arrived.append(time.perf_counter())
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(EVENTS)))
        self.end_headers()
        self.wfile.write(EVENTS)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def disclosure_to(base_url: str) -> Disclosure:
    """A picture of 1024 × 1024 of noise, as heavy as a real one gets."""
    pixels = np.random.default_rng(7).integers(0, 255, (1024, 1024), np.uint8)
    import base64

    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(encode_png(pixels)).decode("ascii")}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "bench"}]
    fields: dict[str, object] = {
        "max_tokens": 16, "messages": [{"role": "user", "content": content}], "model": "bench", "stream": True,
    }  # fmt: skip
    body = body_bytes(fields)
    to = Recipient("address", "bench", base_url, "bench", is_local=True, strict_fields=False)
    estimate = CostEstimate("", None, None, 0, "")
    return Disclosure(to, (), "bench", "", ("bench",), body, hashlib.sha256(body).hexdigest(), estimate, "")


def measure_ask(count: int = 5) -> list[Figure]:
    """Milliseconds from `ask` to the last byte at the other end."""
    Receiver.arrived = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    disclosure = disclosure_to(f"http://127.0.0.1:{server.server_address[1]}")
    consent = Consent(disclosure.sha256, disclosure.recipient.base_url, "")
    consultation = Consultation()
    spent = []
    try:
        consultation.warm()
        consultation.wait_ready(60)
        for _ in range(count + 1):
            began = time.perf_counter()
            consultation.ask(disclosure, consent, None, lambda answer: None).wait(30)
            spent.append((Receiver.arrived[-1] - began) * 1000)
    finally:
        consultation.close()
        server.shutdown()
    size = round(len(disclosure.body) / 1e6, 1)
    return [figure(f"send to wire, {size} MB, client warm", spent[1:], limit=150)]
