"""Addresses that a person types or is talked into: brought into one form that all readers agree on, or refused."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from viewer.consult.address import clean_address, host_of, is_local
from viewer.problem import ProblemError


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" https://gate.example/anthropic/v1/ ", "https://gate.example/anthropic"),
        ("http://localhost:11434/v1/messages", "http://localhost:11434"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://192.168.1.7:1234", "http://192.168.1.7:1234"),
        ("http://[::1]:1234", "http://[::1]:1234"),
        ("http://[0:0:0:0:0:0:0:1]:1234", "http://[::1]:1234"),
        ("HTTPS://Gate.Example:443", "https://gate.example"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("https://gate.example:", "https://gate.example"),
        ("https://xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com"),
        ("http://nas:8080", "http://nas:8080"),
    ],
)
def test_an_address_is_brought_into_form(typed: str, clean: str) -> None:
    assert clean_address(typed) == clean


WRONG = [
    "", "localhost:11434", "//x.example", "ftp://x.example", "file:///etc/passwd", "javascript:alert(1)", "https://",
    "https:///x", "https://..", "https://-", "https://x..example", "https://" + "x" * 64 + ".example",
    "https://user:secret@x.example", "https://api.anthropic.com@evil.example", "https://@x.example",
    "https://api.anthropic.com:443@evil.example", "https://evil.example\\@api.anthropic.com",
    "https://x.example/?a=b", "https://x.example/v1?", "https://x.example/#f", "https://x.example/a/../b",
    "https://x.example/%2e%2e", "https://x.example//evil.example", "https://x.example;y", "https://x.example/|",
    "https://x.example:99999", "https://x.example:0", "https://x.example:-1", "https://аpple.example",
    "https://x.example/a\nb", "https://x\t.example", "https://exam\u200bple.org", "https://x\u202e.example",
    # numbers that some read as an address and others as a name
    "http://2130706433", "http://134744072", "http://0x7f000001", "http://0x08080808", "http://127.1", "http://010.8.8.8",
    "http://[::ffff:8.8.8.8]", "http://[::ffff:127.0.0.1]", "http://[fe80::1%25eth0]", "https://[v1.x]", "http://localhost.",
]  # fmt: skip


@pytest.mark.parametrize("typed", WRONG)
def test_an_address_that_could_be_read_in_two_ways_is_no_address(typed: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        clean_address(typed)
    assert refusal.value.problem.code == "ask_address_wrong"


@pytest.mark.parametrize(
    "host",
    ["x.example", "0.0.0.0", "[::]", "8.8.8.8", "192.0.2.1", "198.18.0.1", "100.64.0.1", "240.0.0.1", "[2001:db8::1]", "[2002:808:808::]",
     "[64:ff9b::808:808]", "localhost.evil.example", "x.local.example"],
)  # fmt: skip
def test_only_this_computer_and_the_own_network_are_asked_without_encryption(host: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        clean_address(f"http://{host}:80")
    assert refusal.value.problem.code == "ask_address_open"
    assert clean_address(f"https://{host}") == f"https://{host}"


PIECES = st.sampled_from([
    "http://", "https://", "HTTP://", "localhost", "127.0.0.1", "x.example", "[::1]", "[", "]", "::", "@", ":", ":80", ":443", ":8080", "/",
    "//", "/v1", "/a", "..", ".", "%2e", "%40", "\\", "?", "#", ";", "0x7f", "1", "8.8", "\t", "\u3002", "ß", "xn--", "-", "_", "~",
])  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join))
@example("http://localhost:80")
@example("http://xn--xn--http://")
@example("https://x.example:443/a/v1/messages/")
def test_what_passes_means_the_same_to_the_client_library(typed: str) -> None:
    try:
        clean = clean_address(typed)
    except ProblemError:
        return
    assert clean_address(clean) == clean
    url = httpx2.URL(clean + "/v1/messages")
    assert str(url) == clean + "/v1/messages"
    assert url.raw_host.decode() == host_of(clean) == urlsplit(clean).hostname
    assert url.userinfo == b""
    assert url.scheme == "https" or is_local(host_of(clean)) or "." not in host_of(clean)
