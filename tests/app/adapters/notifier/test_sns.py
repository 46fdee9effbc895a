from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters.notifier.sns import SnsNotifier
from app.adapters.technologies.aws import aws_client
from app.domain.notices import Notice
from app.ports.notifier import NotifierError, NotifierUnavailableError
from tests.app.conftest import CREDENTIALS
from tests.fakes.http_server import Answer, Server, serving

NOTICE = Notice("ada", "Your cart is waiting", "You have left something.")
TOPIC = "arn:aws:sns:us-east-1:123456789012:reminders.fifo"


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like SNS."""
    with serving() as server:
        yield server


@pytest.fixture
def troubled(server: Server) -> Iterator[SnsNotifier]:
    """A notifier on that server whose client asks once."""
    client = aws_client("sns", attempts=1, endpoint_url=server.url, **CREDENTIALS)
    yield SnsNotifier(client, TOPIC)
    client.close()


def test_a_missing_topic_is_a_final_error(sns: Any) -> None:
    with pytest.raises(NotifierError, match=f"Cannot use topic {TOPIC}: .*") as refused:
        SnsNotifier(sns, TOPIC).notify(NOTICE, "k")

    assert not isinstance(refused.value, NotifierUnavailableError)


@pytest.mark.parametrize(("status", "code"), [(500, "InternalError"), (400, "Throttled"), (429, "TooMany")])
def test_a_topic_in_trouble_may_recover(server: Server, troubled: SnsNotifier, status: int, code: str) -> None:
    told = f"<ErrorResponse><Error><Code>{code}</Code><Message>Later</Message></Error></ErrorResponse>"
    server.answer("*", Answer(told, status))

    with pytest.raises(NotifierUnavailableError, match=f"Cannot use topic {TOPIC}: .*{code}"):
        troubled.notify(NOTICE, "k")


def test_an_answer_that_nobody_can_read_may_come_whole_later(server: Server, troubled: SnsNotifier) -> None:
    server.answer("*", Answer("<html>a proxy is in trouble<p></html>"))

    with pytest.raises(NotifierUnavailableError, match=f"Cannot reach topic {TOPIC}: "):
        troubled.notify(NOTICE, "k")
