"""What docs/powertools.md says of idempotency, tried out on this core."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.base import BasePersistenceLayer
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from durable import DurableContext, durable_execution
from durable.config import Duration
from durable.lambda_service import DurableServiceClient
from durable_local.hosts.events import envelope
from durable_local.invocations import Invocation
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner, lambda_client

BUSINESS_KEY = "InitialExecutionState.Operations[0].ExecutionDetails.InputPayload"
"""Where Powertools finds what the execution was started with, in what Lambda invokes the function with."""

Handler = Callable[[Any, Any], Any]


class MemoryRecords(BasePersistenceLayer):
    """Keeps Powertools' records of idempotency."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.records: dict[str, DataRecord] = {}

    def _get_record(self, idempotency_key: str) -> DataRecord:
        if idempotency_key not in self.records:
            raise IdempotencyItemNotFoundError
        return self.records[idempotency_key]

    def _put_record(self, data_record: DataRecord) -> None:
        if found := self.records.get(data_record.idempotency_key):
            raise IdempotencyItemAlreadyExistsError(old_data_record=found)
        self.records[data_record.idempotency_key] = data_record

    def _update_record(self, data_record: DataRecord) -> None:
        self.records[data_record.idempotency_key] = data_record

    def _delete_record(self, data_record: DataRecord) -> None:
        del self.records[data_record.idempotency_key]


@dataclass
class Shop:
    """Charges, waits, and ships."""

    done: list[str] = field(default_factory=list)
    kept: MemoryRecords = field(default_factory=MemoryRecords)

    def handler(self) -> Handler:
        @durable_execution(boto3_client=lambda_client)
        def handler(event: Any, context: DurableContext) -> list[str]:
            context.step(lambda _: self.done.append("charge"), name="charge")
            context.wait(Duration.from_minutes(1), name="cooling-off")
            context.step(lambda _: self.done.append("ship"), name="ship")
            return self.done

        return handler

    def run(self, handler: Handler, *names: str) -> list[DurableFunctionTestResult]:
        """The executions of these names, on an order that comes again and again, invoked as Lambda invokes them."""

        with DurableFunctionTestRunner(handler, presenter=as_lambda_does) as runner:
            return [runner.run({"order": 7}, name) for name in names]


def as_lambda_does(service: DurableServiceClient) -> Callable[[Invocation], object]:
    """Hand invocations over as plain JSON."""

    def present(invocation: Invocation) -> object:
        lambda_client.route(invocation.arn, service)
        return envelope(invocation)

    return present


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "shop")
    return Shop()


def test_around_a_durable_handler_idempotency_keeps_the_suspension_as_the_result(shop: Shop) -> None:
    decorate = idempotent(persistence_store=shop.kept, config=IdempotencyConfig(event_key_jmespath=BUSINESS_KEY))

    (execution,) = shop.run(decorate(shop.handler()), "order-7")

    assert [record.response_data for record in shop.kept.records.values()] == ['{"Status": "PENDING"}']
    assert execution.status == "FAILED"
    assert "PENDING with nothing pending" in str(execution.error)
    assert shop.done == ["charge"]


def test_with_the_whole_event_as_its_key_it_keeps_nobody_from_charging_twice(shop: Shop) -> None:
    decorate = idempotent(persistence_store=shop.kept)

    first, again = shop.run(decorate(shop.handler()), "order-7", "order-7-again")

    assert (first.status, again.status) == ("SUCCEEDED", "SUCCEEDED")
    assert shop.done == ["charge", "ship", "charge", "ship"]
    assert len(shop.kept.records) == first.invocations + again.invocations == 4


def test_the_executions_name_does_what_the_decorator_was_for(shop: Shop) -> None:
    first, again = shop.run(shop.handler(), "order-7", "order-7")

    assert first.execution.arn == again.execution.arn
    assert shop.done == ["charge", "ship"]
