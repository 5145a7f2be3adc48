"""The only code that opens a connection. Runs in the consult child; follows the client recipe measured for this package.

Our own HTTP client over our own transport: no proxies or certificates from the environment, no redirects. The request
hook keeps an allow-list of headers, puts in our own credential, and sends nothing whose bytes differ from those agreed
to.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from viewer.answer.answer import AnswerState
from viewer.consult.address import is_local
from viewer.consult.failures import Ended, of_exception, of_status, words_of_error
from viewer.consult.models import MAX_MODELS, ModelRow, listed
from viewer.consult.sse import Events
from viewer.consult.transport import beginning, bounded_transport, trust
from viewer.text.plain import one_line

if TYPE_CHECKING:
    import anthropic
    import httpx2

USER_AGENT = "sidelight"
MAX_PAGES, MAX_CURSOR = 20, 200  # of a list of models: pages, letters of the place where the next one begins
SHORTEST_SECRET = 12  # characters
_NO_TRACES: Final[anthropic.OpenTelemetryOptions] = {"propagation": False, "traces": False}
_KEPT_HEADERS = frozenset(
    ["host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"]
    + ["authorization", "x-api-key", "anthropic-version"]
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, with what credential, and how patiently (seconds). `sha256` "" only for requests without a body.

    Plain values only, so that this process loads no numpy for the sake of a recipient's neighbours.
    """

    base_url: str
    key: str
    key_header: str  # "Authorization" (as Bearer) or "x-api-key"
    api_version: str
    sha256: str = ""
    connect: float = 10.0
    silence: float = 90.0
    silence_speaking: float = 90.0  # once words have come
    this_computer: bool = (
        False  # agreed to as an address of this computer: nothing is sent where it turns out not to be
    )


def without_key(said: bytes, key: str) -> bytes:
    """What a server said, its repetition of the key left out: the key must not get into the archive, a PDF or a terminal.

    A key shorter than that is an ordinary word that a server on this computer does not look at.
    """
    return said.replace(key.encode("utf-8"), b"[key]") if len(key) >= SHORTEST_SECRET else said


def quieten() -> None:
    """No library may write a request or an answer into a log."""
    for name in ("anthropic", "httpx2", "httpcore2", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)


def load_library() -> None:
    """The slow part, for a thread."""
    import anthropic
    import httpx2  # noqa: F401

    _ = anthropic.AsyncAnthropic  # its types come when they are first named


async def rehearse() -> None:
    """Load the library and send one question to nowhere, so that the first real one does not pay for it."""
    import anthropic
    import httpx2

    trust()
    nowhere = httpx2.MockTransport(lambda _: httpx2.Response(200, headers={"content-type": "text/event-stream"}))
    async with httpx2.AsyncClient(transport=nowhere, trust_env=False) as http:
        client = anthropic.AsyncAnthropic(
            api_key="none",
            base_url="http://nowhere.invalid",
            max_retries=0,
            http_client=http,
            open_telemetry=_NO_TRACES,
        )
        stream = await client.messages.create(
            max_tokens=1, messages=[{"role": "user", "content": "-"}], model="-", stream=True
        )
        await stream.response.aclose()


@asynccontextmanager
async def connected(target: Target) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """A client for exactly one request to `target`."""
    import anthropic
    import httpx2

    async def prepare(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _KEPT_HEADERS]:
            del request.headers[name]
        _put_credential(request, target)
        request.headers["User-Agent"] = USER_AGENT
        request.headers["Accept-Encoding"] = "identity"
        request.headers["anthropic-version"] = target.api_version
        if target.this_computer:
            request.extensions["trace"] = _stay_here
        _check(request, target)

    http = httpx2.AsyncClient(
        transport=bounded_transport(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=target.connect),
        event_hooks={"request": [prepare]},
    )
    async with http:
        yield anthropic.AsyncAnthropic(
            api_key=target.key or "none",  # taken away again by the hook where there is none
            base_url=target.base_url,
            max_retries=0,
            http_client=http,
            open_telemetry=_NO_TRACES,
        )


def _put_credential(request: httpx2.Request, target: Target) -> None:
    for name in ("authorization", "x-api-key"):
        if name in request.headers:
            del request.headers[name]
    if not target.key:
        return
    bearer = target.key_header == "Authorization"
    request.headers[target.key_header] = f"Bearer {target.key}" if bearer else target.key


def _check(request: httpx2.Request, target: Target) -> None:
    body = request.content
    agreed = hashlib.sha256(body).hexdigest() == target.sha256 if target.sha256 else not body
    if not agreed or not str(request.url).startswith(target.base_url + "/v1/"):
        raise Ended(AnswerState.FAILED, "ask_not_as_agreed")


async def _stay_here(step: str, facts: dict[str, Any]) -> None:
    """Called for each step of a connection, before the next one: a name such as localhost may lead elsewhere."""
    if step != "connection.connect_tcp.complete":
        return
    stream = facts["return_value"]
    if not is_local(str(stream.get_extra_info("server_addr")[0])):
        await stream.aclose()
        raise Ended(AnswerState.FAILED, "ask_not_this_computer")


def _silent(limit: float) -> Ended:
    return Ended(AnswerState.TIMED_OUT, "answer_silent", {"seconds": round(limit, 1) if limit < 1 else round(limit)})


@asynccontextmanager
async def _sign_of_life(limit: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(limit):
            yield
    except TimeoutError as error:
        raise _silent(limit) from error


@dataclass(slots=True)
class _Patience:
    """How long silence may last now, in seconds."""

    seconds: float


async def _chunks(raw: AsyncIterator[bytes], patience: _Patience) -> AsyncIterator[bytes]:
    while True:
        async with _sign_of_life(patience.seconds):
            try:
                chunk = await anext(raw)
            except StopAsyncIteration:
                return
        yield chunk


async def stream_answer(
    target: Target, body: bytes, on_open: Callable[[str], None], on_event: Callable[[dict[str, Any]], None]
) -> None:
    """Send `body` once and hand over its events; returns at the stream's end, raises `Ended` for anything else.

    `on_open` gets the request's id when the answer begins. The body is given to the client as fields; it serialises
    them to the same bytes (`viewer.answer.body`), which the hook verifies.
    """
    import anthropic

    try:
        async with connected(target) as client, _opened(client, body, target.silence) as response:
            on_open(_request_id(response.headers, target))
            await _check_kind(response, target)
            await _read_events(response, target, on_event)
    except anthropic.APIStatusError as error:
        raise _refused(error, target) from error
    except Ended:
        raise
    except Exception as error:
        raise of_exception(error, target.connect) from error


def _refused(error: anthropic.APIStatusError, target: Target) -> Ended:
    answer = error.response
    end = of_status(error.status_code, answer.headers, without_key(answer.content, target.key), 0.0)
    end.request_id = _request_id(answer.headers, target)
    if end.code == "ask_key_refused" and not target.key:
        end.code = "ask_key_wanted"
    return end


def _request_id(headers: Mapping[str, str], target: Target) -> str:
    told = headers.get("request-id", "").encode("utf-8", "replace")
    return one_line(without_key(told, target.key).decode("utf-8"), 100)


@asynccontextmanager
async def _opened(client: anthropic.AsyncAnthropic, body: bytes, silence: float) -> AsyncIterator[Any]:
    fields = json.loads(body)
    async with _sign_of_life(silence):
        stream = await client.messages.create(**fields)
    try:
        yield stream.response
    finally:
        await stream.response.aclose()


async def _check_kind(response: Any, target: Target) -> None:
    """Raises Ended for anything that is no stream of events; some servers send their errors this way, as a success."""
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        told = without_key(await beginning(response), target.key)
        raise Ended(AnswerState.BROKEN, "answer_not_streamed", where=words_of_error(told))
    if kind != "text/event-stream":
        raise Ended(AnswerState.BROKEN, "answer_not_understood")


async def _read_events(response: Any, target: Target, on_event: Callable[[dict[str, Any]], None]) -> None:
    events, any_event, patience = Events(lambda data: without_key(data, target.key)), False, _Patience(target.silence)
    async for chunk in _chunks(response.aiter_raw(), patience):
        for event in events.feed(chunk):
            any_event = True
            if event.get("type") == "content_block_delta":
                patience.seconds = target.silence_speaking
            on_event(event)
            if event.get("type") in ("message_stop", "error"):
                return
        await asyncio.sleep(0)  # a fast server must not keep Stop waiting
    if events.nameless and not any_event:
        raise Ended(AnswerState.BROKEN, "answer_not_understood")


async def list_models(target: Target) -> tuple[ModelRow, ...]:
    """The models of `GET /v1/models` that can be asked, page after page; raises `Ended`. A place without a list ends as
    `ask_not_found`. Read here, so that a list without measure never reaches the window's process."""
    import anthropic

    try:
        async with connected(target) as client, _sign_of_life(target.silence):
            return await _pages(client)
    except anthropic.APIStatusError as error:
        raise _refused(error, target) from error
    except (ValueError, RecursionError) as error:
        raise Ended(AnswerState.FAILED, "answer_not_understood") from error
    except Ended:
        raise
    except Exception as error:
        raise of_exception(error, target.connect) from error


async def _pages(client: anthropic.AsyncAnthropic) -> tuple[ModelRow, ...]:
    """Most places give all at once; some give a few at a time whatever they are asked for."""
    import httpx2

    rows: dict[str, ModelRow] = {}
    before = after = ""
    for _ in range(MAX_PAGES):
        response = await client.get(f"/v1/models?limit=1000{after}", cast_to=httpx2.Response)
        page = json.loads(response.content)
        data = page.get("data", "") if isinstance(page, dict) else ""
        data = [] if data is None else data  # so Ollama tells that it has no model yet
        if not isinstance(data, list):
            raise Ended(AnswerState.FAILED, "answer_not_understood")
        rows |= {row.id: row for row in listed(data).rows}
        last = page.get("last_id")
        over = page.get("has_more") is not True or not data or len(rows) >= MAX_MODELS
        if over or not isinstance(last, str) or last in ("", before):
            break
        before, after = last, f"&after_id={quote(last[:MAX_CURSOR], safe='')}"
    return tuple(rows.values())
