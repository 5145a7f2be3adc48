"""Who can be asked: one row per provider, and the check of an address a person typed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from viewer.answer.models import DEFAULT_MODEL, image_tier, model_facts
from viewer.disclosure.frame import KeyStyle, Recipient
from viewer.problem import ProblemError, problem


@dataclass(frozen=True, slots=True)
class Provider:
    """A row. `base_url` "" means that the person enters one; `words` explains it in the settings."""

    id: str
    name: str
    base_url: str
    key_needed: bool
    default_model: str
    strict_fields: bool
    words: str


PROVIDERS = (
    Provider(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com",
        key_needed=True,
        default_model=DEFAULT_MODEL,
        strict_fields=True,
        words="The Claude models, on the internet. Needs a key of your own; each question costs a little.",
    ),
    Provider(
        "address",
        "Another address",
        "",
        key_needed=False,
        default_model="",
        strict_fields=False,
        words="Any address that speaks the Messages API, for example Ollama, llama.cpp, LM Studio or vLLM on this laptop.",
    ),
)


def provider(provider_id: str) -> Provider:
    """The row of `provider_id`; KeyError for an unknown one (a bug: the settings offer only rows)."""
    return {row.id: row for row in PROVIDERS}[provider_id]


def recipient(
    provider_id: str, model: str = "", base_url: str = "", key_style: KeyStyle = KeyStyle.BEARER
) -> Recipient:
    """Who gets a question, checked; raises ProblemError for an address that cannot be asked or is not encrypted."""
    row = provider(provider_id)
    address = clean_address(row.base_url or base_url)
    model = model.strip() or row.default_model
    facts = model_facts(model)
    return Recipient(
        provider=row.id,
        name=row.name if row.base_url else _host(address),
        base_url=address,
        model=model,
        model_name=facts.name if facts else model,
        key_style=key_style,
        is_local=is_local(_host(address)),
        image_tier=image_tier(model),
        strict_fields=row.strict_fields,
    )


def clean_address(typed: str) -> str:
    """`typed` without /v1, trailing slashes and blanks; raises ProblemError where no safe address is left."""
    text = typed.strip().rstrip("/")
    for tail in ("/messages", "/v1"):
        text = text.removesuffix(tail).rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ProblemError(problem("ask_address_wrong")) from error
    host = parts.hostname or ""
    printable = text.isascii() and text.isprintable() and not set(text) & set(' \\"<>')
    if parts.scheme not in ("http", "https") or not host or not printable or port == 0:
        raise ProblemError(problem("ask_address_wrong"))
    if parts.username is not None or parts.query or parts.fragment:
        raise ProblemError(problem("ask_address_wrong"))
    if parts.scheme == "http" and not _is_near(host):
        raise ProblemError(problem("ask_address_open"))
    return text


def is_local(host: str) -> bool:
    """Whether `host` (no port) means this laptop by its name; what a program there forwards is another matter."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """This laptop or the person's own network: the only places where an open connection is accepted."""
    if is_local(host) or host.endswith((".local", ".lan", ".home.arpa")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return address.is_private and not address.is_unspecified


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
