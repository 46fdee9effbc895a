from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.adapters.carts.dynamodb import DynamoCarts
from app.adapters.technologies.aws import aws_client
from app.ports.carts import Carts, CartsError, CartsUnavailableError
from tests.app.conftest import CREDENTIALS
from tests.fakes.faulty_proxy import Fault, at_first, faulty
from tests.fakes.http_server import Answer, Server, serving

OPENED = "2026-01-01T10:00:00.000+00:00"
CALLS: list[Callable[[Carts], object]] = [
    lambda carts: carts.add("c-1", "ada", OPENED),
    lambda carts: carts.find("c-1"),
    lambda carts: carts.check_out("c-1", "o-7", OPENED),
]
each_call = pytest.mark.parametrize("call", CALLS, ids=["add", "find", "check out"])


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like DynamoDB."""
    with serving() as server:
        yield server


@pytest.fixture
def troubled(server: Server) -> Iterator[DynamoCarts]:
    """Carts on that server whose client asks once."""
    client = aws_client("dynamodb", attempts=1, endpoint_url=server.url, **CREDENTIALS)
    yield DynamoCarts(client, "carts")
    client.close()


@each_call
def test_a_missing_table_is_a_final_error(dynamodb: Any, call: Callable[[Carts], object]) -> None:
    with pytest.raises(CartsError, match="Cannot use carts in table no-such-table: ") as refused:
        call(DynamoCarts(dynamodb, "no-such-table"))

    assert not isinstance(refused.value, CartsUnavailableError)


@each_call
@pytest.mark.parametrize(
    ("status", "code"), [(500, "InternalServerError"), (400, "ThrottlingException"), (503, "ServiceUnavailable")]
)
def test_a_table_in_trouble_may_recover(
    server: Server, troubled: DynamoCarts, call: Callable[[Carts], object], status: int, code: str
) -> None:
    server.answer("*", Answer(f'{{"__type": "com.amazonaws#{code}", "message": "Later"}}', status))

    with pytest.raises(CartsUnavailableError, match=f"Cannot use carts in table carts: .*{code}"):
        call(troubled)


@each_call
def test_an_answer_that_ends_in_its_head_is_not_taken_for_a_missing_cart(
    dynamodb: Any, table: str, call: Callable[[Carts], object]
) -> None:
    DynamoCarts(dynamodb, table).add("c-1", "ada", OPENED)

    with faulty(dynamodb.meta.endpoint_url, Fault.CUT_HEAD, at_first(seed=0)) as proxy:
        client = aws_client("dynamodb", attempts=1, endpoint_url=proxy.url, **CREDENTIALS)
        carts = DynamoCarts(client, table)
        with pytest.raises(CartsUnavailableError, match=f"carts in table {table}: "):
            call(carts)
        found = carts.find("c-1")
        client.close()

    assert found


def test_a_table_that_is_not_there_may_come_back() -> None:
    with serving() as gone:
        client = aws_client("dynamodb", attempts=1, endpoint_url=gone.url, **CREDENTIALS)

    with pytest.raises(CartsUnavailableError, match="Cannot reach carts in table carts: "):
        DynamoCarts(client, "carts").find("c-1")

    client.close()
