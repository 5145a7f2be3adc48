"""The transport below the client library: no connection kept, no packed answers, errors and lists bounded.

What a server does to the body of an error (packs it, breaks it off, lets it drip without end) does not change what its
status says: the start of the body is read for a moment, and the rest is not waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import TYPE_CHECKING

from viewer.answer.answer import AnswerState
from viewer.consult.failures import Ended

if TYPE_CHECKING:
    import httpx2

MAX_ERROR_BODY = 64 * 1024  # bytes
MAX_ERROR_SECONDS = 3.0
MAX_LIST_BODY = 4 * 1024 * 1024  # bytes
_TELLING = ("content-type", "request-id", "retry-after", "retry-after-ms", "x-should-retry")


@cache
def trust() -> ssl.SSLContext:
    """The system's certificates, without what the environment might add; made once, since it takes 25 ms."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def bounded_transport() -> httpx2.AsyncBaseTransport:
    """A transport for one request. The stream of an answer has no bound here: its events are counted where they are read."""
    import httpx2
    from typing_extensions import override

    class Transport(httpx2.AsyncHTTPTransport):
        """Refuses packed answers and shortens errors before anything else sees them."""

        @override
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            response = await super().handle_async_request(request)
            return await _checked(request, response)

    return Transport(verify=trust(), trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))


async def _checked(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
    """An answer as it came, a list with a bound, an error shortened; raises Ended for a packed one."""
    import httpx2

    if response.status_code != 200:
        return await _shortened(response)
    if _is_packed(response):
        await response.aclose()
        raise Ended(AnswerState.BROKEN, "answer_packed")
    if request.method == "GET" and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _bounded(response.stream)
    return response


def _bounded(stream: httpx2.AsyncByteStream) -> httpx2.AsyncByteStream:
    """At most `MAX_LIST_BODY` bytes of a stream."""
    import httpx2
    from typing_extensions import override

    class Bounded(httpx2.AsyncByteStream):
        @override
        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = MAX_LIST_BODY
            async for chunk in stream:
                yield chunk[:left]
                left -= len(chunk)
                if left <= 0:
                    return

        @override
        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


def _is_packed(response: httpx2.Response) -> bool:
    return bool(response.headers.get("content-encoding", "identity").lower() != "identity")


async def _shortened(response: httpx2.Response) -> httpx2.Response:
    """An error with what its body says at first; its connection is closed."""
    import httpx2

    body = b"" if _is_packed(response) else await beginning(response)
    with contextlib.suppress(httpx2.TransportError):
        await response.aclose()
    told = {name: response.headers[name] for name in _TELLING if name in response.headers}
    return httpx2.Response(response.status_code, headers=told, content=body)


async def beginning(response: httpx2.Response) -> bytes:
    """What a body says at first, whatever it does then."""
    import httpx2

    body = b""
    with contextlib.suppress(TimeoutError, httpx2.TransportError, httpx2.StreamError):
        async with asyncio.timeout(MAX_ERROR_SECONDS):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) >= MAX_ERROR_BODY:
                    break
    return body[:MAX_ERROR_BODY]
