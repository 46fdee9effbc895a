"""One place for approvals of each kind, whose callbacks are those of the local runtime, spoken to over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.approvals.dynamodb import DynamoApprovals
from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.adapters.approvals.sqlite import SqliteApprovals
from app.domain.fulfilment import Approval, approval_id
from app.ports.approvals import Approvals
from durable import CallbackTimeoutError, DurableContext, durable_execution
from durable.config import Duration, WaitForCallbackConfig
from durable_local.clock import SkippingClock, SystemClock
from tests.durable_local.http.serving import Served, serving

FUNCTION = "waiting"


@durable_execution
def waiting(event: Any, context: DurableContext) -> Any:
    """Wait for a decision."""
    config = WaitForCallbackConfig(timeout=Duration.from_hours(72))
    try:
        return context.wait_for_callback(lambda *_: None, "review", config)
    except CallbackTimeoutError:
        return "silence"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An execution that waits, and the approval of its callback."""

    served: Served
    arn: str
    callback_id: str

    @property
    def approval(self) -> Approval:
        return Approval(approval_id(self.callback_id), "o-1", "c-1", "48.35", "2026-01-04T00:00:00.000+00:00")

    def result(self) -> Any:
        """What the execution has come to, once it has ended."""
        return self.served.dispatcher.wait(self.arn).result


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(SystemClock()) as served:
        served.host(FUNCTION, waiting)
        yield served


@pytest.fixture
def begin(served: Served) -> Callable[[], Waiting]:
    """Begins an execution that waits."""
    return lambda: Waiting(served, *served.start_and_ask(FUNCTION))


@pytest.fixture
def silence() -> Iterator[Waiting]:
    """An execution to whose callback nobody has answered in time."""
    with serving(SkippingClock()) as skipping:
        skipping.host(FUNCTION, waiting)
        waited = Waiting(skipping, *skipping.start_and_ask(FUNCTION))
        waited.result()
        yield waited


@pytest.fixture
def table(dynamodb: Any) -> str:
    """The name of a new, empty table, keyed as the one in the template."""
    name = f"approvals-{uuid4()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "approval_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "approval_id", "KeyType": "HASH"}],
    )
    return name


MakeApprovals = Callable[[Any], Approvals]


@pytest.fixture(params=["dynamodb", "sqlite"])
def approvals_with(request: pytest.FixtureRequest, tmp_path: Path) -> MakeApprovals:
    """An empty place for approvals, made with a client of the Lambda API; runs once for every adapter."""
    makers: dict[str, MakeApprovals] = {
        "dynamodb": lambda client: DynamoApprovals(
            request.getfixturevalue("dynamodb"), request.getfixturevalue("table"), LambdaCallbacks(lambda: client)
        ),
        "sqlite": lambda client: SqliteApprovals(tmp_path / "approvals.sqlite", LambdaCallbacks(lambda: client)),
    }
    return makers[request.param]
