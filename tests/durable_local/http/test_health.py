"""Whether a server that cannot do its work says so."""

import pytest

from tests.durable_local.http.serving import Served


def health(served: Served) -> tuple[int, dict[str, str]]:
    with served.http(f"Bearer {served.server.token}") as client:
        answer = client.get("/health")
    return answer.status_code, answer.json()


def test_a_server_that_can_do_its_work_is_well_and_remains_so(served: Served) -> None:
    assert [health(served) for _ in range(2)] == [(200, {"status": "healthy"})] * 2


@pytest.mark.parametrize(
    ("harm", "reason"),
    [("PRAGMA query_only = ON", "readonly database"), ("ALTER TABLE executions RENAME TO lost", "no such table")],
    ids=["write", "read"],
)
def test_a_database_that_cannot_be_used_is_named(served: Served, harm: str, reason: str) -> None:
    served.runtime.journals.database.row(harm)

    status, told = health(served)

    assert (status, told["status"]) == (503, "unhealthy")
    assert reason in told["reason"]
    assert served.runtime.journals.database.path in told["reason"]


def test_a_server_without_a_dispatcher_says_that_nobody_goes_on_with_executions(served: Served) -> None:
    served.dispatcher.close()

    status, told = health(served)

    assert status == 503
    assert "Nobody goes on with what is due" in told["reason"]
