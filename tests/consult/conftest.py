"""One consult child for the whole room's tests, warmed once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.disclosures import consent, disclosure, recipient
from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key
from viewer.consult.limits import Limits

QUICK = Limits(connect=60.0, silence_remote=60.0, overall_remote=PATIENCE, backoff=0.05, longest_wait=5.0)


@pytest.fixture(scope="session")
def consultation() -> Iterator[Consultation]:
    made = Consultation(QUICK)
    with MessagesServer() as warming:  # an answer of any kind: the child has loaded its client library
        question = disclosure(recipient(warming.base_url))
        made.ask(question, consent(question), Key("sk-test-1234"), lambda _: None).wait(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as made:
        yield made
