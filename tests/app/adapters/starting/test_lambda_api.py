from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from app.adapters.starting.lambda_api import LambdaStarter
from app.adapters.technologies.aws import aws_client
from app.domain.starting import Start
from app.ports.starter import StarterError, StarterUnavailableError
from durable_local.clock import SystemClock
from tests.app.conftest import CREDENTIALS
from tests.durable_local.http.serving import Served
from tests.durable_local.http.serving import serving as serving_runtime
from tests.fakes.http_server import Answer, serving

START = Start("cart-reminder", "cart-reminder-c-1", {"cart_id": "c-1", "customer_id": "ada"})


@pytest.fixture
def served() -> Iterator[Served]:
    """A runtime that hosts nothing."""
    with serving_runtime(SystemClock()) as served:
        yield served


def starter(client: Any, function: str = "reminders:live") -> LambdaStarter:
    return LambdaStarter(client, {"cart-reminder": function})


def test_a_function_that_is_not_there_is_a_final_error(served: Served) -> None:
    with closing(served.client()) as client, pytest.raises(StarterError, match="Function not found") as refused:
        starter(client).start(START)

    assert not isinstance(refused.value, StarterUnavailableError)


def test_a_name_without_a_qualifier_is_a_final_error(served: Served) -> None:
    served.host("reminders", lambda event, context: None)

    with closing(served.client()) as client, pytest.raises(StarterError, match="unqualified ARN"):
        starter(client, "reminders").start(START)


@pytest.mark.parametrize(("status", "code"), [(429, "TooManyRequestsException"), (500, "ServiceException")])
def test_a_service_in_trouble_may_recover(status: int, code: str) -> None:
    with serving() as server, closing(client_of(server.url)) as client:
        server.answer("*", Answer('{"Message": "later"}', status, headers={"x-amzn-errortype": code}))

        with pytest.raises(StarterUnavailableError, match=f"Cannot use function reminders:live: .*{code}"):
            starter(client).start(START)


def test_a_service_that_is_not_there_may_come_back() -> None:
    with serving() as gone:
        client = client_of(gone.url)

    with closing(client), pytest.raises(StarterUnavailableError, match="Cannot reach function reminders:live: "):
        starter(client).start(START)


def client_of(url: str) -> Any:
    return aws_client("lambda", attempts=1, endpoint_url=url, **CREDENTIALS)
