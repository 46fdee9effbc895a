from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters.reports.ses import SesReports, ses_client
from app.ports.reports import Report, ReportsError, ReportsUnavailableError
from tests.app.adapters.reports.conftest import RECIPIENT, SENDER
from tests.app.conftest import CREDENTIALS
from tests.fakes.http_server import Answer, Server, serving

REPORT = Report("Sales", "Tea: 77.05")
PATH = "/v2/email/outbound-emails"


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like SES."""
    with serving() as server:
        yield server


@pytest.fixture
def troubled(server: Server) -> Iterator[SesReports]:
    client = ses_client(endpoint_url=server.url, **CREDENTIALS)
    yield SesReports(client, SENDER, RECIPIENT)
    client.close()


def test_a_sender_that_nobody_has_verified_is_a_final_error(ses: Any) -> None:
    with pytest.raises(ReportsError, match=r"Cannot use the sender stranger@example.org: .*not verified") as refused:
        SesReports(ses, "stranger@example.org", RECIPIENT).send(REPORT, "monday-1-1")

    assert not isinstance(refused.value, ReportsUnavailableError)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_may_pass_is_told_and_nothing_is_sent_twice(
    server: Server, troubled: SesReports, status: int
) -> None:
    server.answer(PATH, Answer('{"message": "busy"}', status=status))

    with pytest.raises(ReportsUnavailableError):
        troubled.send(REPORT, "monday-1-1")

    assert server.asked == [PATH]


def test_an_answer_that_breaks_off_leads_to_no_second_mail(server: Server, troubled: SesReports) -> None:
    server.answer(PATH, Answer('{"MessageId": "1', promised=100))

    with pytest.raises(ReportsUnavailableError):
        troubled.send(REPORT, "monday-1-1")

    assert server.asked == [PATH]
