"""One consult child for the whole room's tests, warmed once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.disclosures import recipient
from tests.fakes.messages_server import MessagesServer
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key
from viewer.consult.limits import Limits

QUICK = Limits(connect=5.0, silence_remote=20.0, overall_remote=40.0, backoff=0.05, longest_wait=5.0)


@pytest.fixture(scope="session")
def consultation() -> Iterator[Consultation]:
    made = Consultation(QUICK)
    with MessagesServer() as warming:  # an answer of any kind: the child has loaded its client library
        assert made.test(recipient(warming.base_url), Key("sk-made-up")).ok
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as made:
        yield made
