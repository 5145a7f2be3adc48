"""The address a person typed: brought into one form that every reader of addresses reads alike, or refused."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from viewer.problem import ProblemError, problem

_USUAL_PORT = {"http": 80, "https": 443}
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")  # no step back, nothing that needs decoding
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")  # "127.1" and "2130706433" are addresses to some and names to others
_OWN_NETWORK = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)


def clean_address(typed: str) -> str:
    """`typed` without /v1, trailing slashes and blanks; raises ProblemError where no safe address is left."""
    text = typed.strip()
    if not text.isascii() or not text.isprintable() or set(text) & set(' \\"<>@?#'):
        raise ProblemError(problem("ask_address_wrong"))
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname or "", bracketed="[" in parts.netloc), parts.port
    except ValueError as error:
        raise ProblemError(problem("ask_address_wrong")) from error
    path = parts.path.rstrip("/")
    for tail in ("/messages", "/v1"):
        path = path.removesuffix(tail).rstrip("/")
    if parts.scheme not in _USUAL_PORT or port == 0 or not _PATH.fullmatch(path):
        raise ProblemError(problem("ask_address_wrong"))
    if parts.scheme == "http" and not _is_near(host):
        raise ProblemError(problem("ask_address_open"))
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port in (None, _USUAL_PORT[parts.scheme]) else f':{port}'}{path}"


def host_of(address: str) -> str:
    """The host of a clean address, without port and brackets."""
    return urlsplit(address).hostname or ""


def is_local(host: str) -> bool:
    """Whether `host` (no port) means this computer by its name; what a program there forwards is another matter."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(host: str, *, bracketed: bool) -> str:
    """The host in its usual form; raises ValueError for one that could be read in two ways."""
    if bracketed:
        address = ipaddress.IPv6Address(host)
        if address.ipv4_mapped or address.scope_id:
            raise ValueError(host)
        return address.compressed
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return str(ipaddress.IPv4Address(host))
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(host)
    return host


def _is_near(host: str) -> bool:
    """This computer or the person's own network: the only places where an open connection is accepted."""
    if is_local(host) or host.endswith((".local", ".lan", ".home.arpa")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return any(address in network for network in _OWN_NETWORK)
