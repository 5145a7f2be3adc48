"""Whatever can go wrong on the way, told as an ending: one place, mapped by what was seen on the wire.

Runs in the child. No exception's own text gets out; a service's own sentence travels as foreign text for the details.
"""

from __future__ import annotations

import email.utils
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from viewer.answer.answer import AnswerState
from viewer.answer.ending import NOBODY_THERE, tells_no_room
from viewer.consult.sse import NotTheStream
from viewer.text.plain import one_line

_FAILED, _BROKEN, _TIMED_OUT = AnswerState.FAILED, AnswerState.BROKEN, AnswerState.TIMED_OUT

_STATUS = {
    400: "ask_not_accepted",
    401: "ask_key_refused",
    402: "ask_no_credit",
    403: "ask_not_allowed",
    404: "ask_not_found",
    413: "ask_too_large",
    422: "ask_not_accepted",
    429: "ask_busy",
    503: "ask_busy",
    529: "ask_busy",
}
_OF_THE_HISTORY = (("cannot be modified",), ("signature", "thinking"))
_NO_PICTURES = (  # what llama.cpp (as a fault of its own), LM Studio, vLLM and Ollama say of a model without eyes
    "image input is not supported",
    "not support image",
    "not a multimodal model",
    "required for image input",
)
# what Anthropic and gateways say with 400
_NO_CREDIT = ("credit balance", "usage limit", "budget has been exceeded", "current quota")
_TOO_MUCH = ("too long", "too large", "exceed")  # what services say of too large a picture
_MAY_SAY_SO = frozenset({400, 404, 422, 500, 501})  # not of a key, of too large a picture or of too many questions
_OF_ENCRYPTION = {  # what OpenSSL says of a handshake that says nothing about who is there: no TLS at all, or hung up
    "WRONG_VERSION_NUMBER": "ask_not_encrypted",
    "RECORD_LAYER_FAILURE": "ask_not_encrypted",
    "UNEXPECTED_EOF_WHILE_READING": "ask_no_connection",
}
_TRY_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504, 529})


@dataclass(slots=True, eq=False)
class Ended(Exception):
    """An ending: state, code of the problem and the values of its sentence; `wait` seconds if another try may help."""

    state: AnswerState
    code: str
    values: dict[str, object] = field(default_factory=dict)
    where: str = ""
    wait: float | None = None
    request_id: str = ""


def of_status(status: int, headers: Mapping[str, str], body: bytes, backoff: float) -> Ended:
    """The ending for an HTTP status other than 200."""
    said = words_of_error(body)
    if status in _MAY_SAY_SO and (code := _of_the_model(said)):
        return Ended(_FAILED, code, where=said)
    code = _code(status, said, is_page=body.lstrip()[:1] == b"<")
    if status not in _TRY_AGAIN or headers.get("x-should-retry") == "false":
        return Ended(_FAILED, code, where=said)
    wait = retry_after(headers)
    return Ended(_FAILED, code, where=said, wait=backoff if wait is None else wait)


def _of_the_model(said: str) -> str:
    """The code where a service says that its model cannot do this at all; else ""."""
    if any(words in said.lower() for words in _NO_PICTURES):
        return "ask_no_pictures"
    return "ask_no_room" if tells_no_room(said) else ""


def _code(status: int, said: str, *, is_page: bool) -> str:
    """The code of a status, closer where the service's words tell more; no service of this language answers with a page."""
    if 300 <= status < 400:
        return "ask_redirected"
    code = _STATUS.get(status, "ask_service_down" if status >= 500 else "ask_unexpected_status")
    if code != "ask_not_accepted":
        return code
    if status == 400 and any(all(word in said for word in words) for words in _OF_THE_HISTORY):
        return "ask_history_refused"  # every later turn of this conversation would end the same way
    if any(words in said.lower() for words in _NO_CREDIT):
        return "ask_no_credit"
    if any(words in said.lower() for words in _TOO_MUCH):
        return "ask_too_large"  # the same once more, asked more simply, would not be smaller
    return "ask_unexpected_status" if is_page else code


def of_exception(error: BaseException, connect_limit: float) -> Ended:
    """The ending for anything raised; searched along its causes, since the client wraps only some of them."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, Ended):
            return link
    for kinds, end in _rows(connect_limit):
        if all(any(isinstance(link, kind) for link in chain) for kind in kinds):
            return _of_encryption(end, chain) if end.code == "ask_not_trusted" else end
    return Ended(_BROKEN, "ask_helper_died", where=type(chain[-1]).__name__)


def _of_encryption(end: Ended, chain: list[BaseException]) -> Ended:
    reasons = (getattr(link, "reason", "") for link in chain)
    return replace(end, code=next((_OF_ENCRYPTION[one] for one in reasons if one in _OF_ENCRYPTION), end.code))


def _rows(connect_limit: float) -> tuple[tuple[tuple[type[BaseException], ...], Ended], ...]:
    """What was raised → ending; the first row counts of which all stand in the chain of causes. Encryption that fails
    once the connection is there says nothing about who is at the other end, and something has left by then."""
    import httpx2

    seconds: dict[str, object] = {"seconds": round(connect_limit, 1 if connect_limit < 1 else None)}
    wrong, broken = Ended(_FAILED, "ask_address_wrong"), Ended(_BROKEN, "answer_broken")
    return (
        ((httpx2.ConnectError, ssl.SSLError), Ended(_FAILED, "ask_not_trusted")),
        ((httpx2.ConnectTimeout,), Ended(_TIMED_OUT, "ask_not_picked_up", seconds)),
        ((httpx2.TimeoutException,), Ended(_TIMED_OUT, "answer_silent", seconds)),
        ((httpx2.ConnectError,), Ended(_FAILED, "ask_no_connection")),
        ((NotTheStream,), Ended(_BROKEN, "answer_not_understood")),
        ((httpx2.InvalidURL,), wrong),
        ((httpx2.UnsupportedProtocol,), wrong),
        ((httpx2.TransportError,), broken),
        ((httpx2.StreamError,), broken),
        ((OSError,), broken),
    )


def of_another_try(end: Ended) -> Ended:
    """How a question ends that had left before: what says that nothing was sent would not be true of it any more."""
    return replace(end, code="ask_gone_meanwhile") if end.code in NOBODY_THERE else replace(end)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the service asks: `retry-after-ms`, `retry-after` in seconds or as a date; None if not said."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * scale)
        except ValueError:
            continue
    try:
        date = email.utils.parsedate_tz(headers.get("retry-after", ""))
        return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None
    except (ValueError, OverflowError):  # a year that no calendar has
        return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def words_of_error(body: bytes) -> str:
    """What the service says about its refusal: the error's message in any of the usual shapes, else nothing."""
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(parsed, dict):
        return ""
    error = parsed.get("error")
    said = error.get("message") if isinstance(error, dict) else error or parsed.get("detail") or parsed.get("message")
    return one_line(said, 300) if isinstance(said, str) else ""
