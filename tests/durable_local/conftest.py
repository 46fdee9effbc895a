"""The runtime on disk with a clock that tests move, and an invocation to speak to its service with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from durable.model import CheckpointOutput, Operation, OperationUpdate, StateOutput
from durable_local import history
from durable_local.clock import Clock, SkippingClock
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocation, Invocations
from durable_local.runtime import Function, LocalRuntime
from durable_local.store import executions
from durable_local.store.database import IN_MEMORY, Database
from tests.durable_local.desk import PATIENCE, Desk
from tests.fakes.clock import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["memory", "disk"])
def runtime(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[LocalRuntime]:
    database = Database(IN_MEMORY if request.param == "memory" else tmp_path / "journal.sqlite")
    runtime = LocalRuntime(database, clock)
    runtime.functions["f"] = Function(
        ThreadHost(warm(lambda event, context: {"Status": "PENDING"}), lambda event: event)
    )
    yield runtime
    database.close()


@dataclass
class Caller:
    """Speaks to the service as one invocation does: each checkpoint with the token of the one before."""

    runtime: LocalRuntime
    invocation: Invocation
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = self.invocation.checkpoint_token

    def checkpoint(self, *updates: OperationUpdate, client_token: str | None = None) -> list[Operation]:
        return list(self.send(*updates, client_token=client_token).new_execution_state.operations)

    def send(self, *updates: OperationUpdate, client_token: str | None = None) -> CheckpointOutput:
        output = self.runtime.service.checkpoint(self.invocation.arn, self.token, updates, client_token)
        self.token = output.checkpoint_token or ""
        return output

    def read(self, marker: str = "", max_items: int = 1000) -> StateOutput:
        return self.runtime.service.get_execution_state(self.invocation.arn, self.token, marker, max_items)

    def events(self) -> list[str]:
        return [event.type for _, event in self.runtime.executions.history(self.invocation.arn)]

    def told(self, kind: str) -> dict[str, Any]:
        """The details of the last event of a type."""
        numbered = self.runtime.executions.history(self.invocation.arn)
        (*_, shown) = [history.shown(event, number) for number, event in numbered if event.type == kind]
        details: dict[str, Any] = shown[f"{kind}Details"]
        return details


Claim = Callable[[str], Caller]


@pytest.fixture
def claim(runtime: LocalRuntime) -> Claim:
    """Begins an invocation of an execution."""

    def begin(arn: str) -> Caller:
        row = executions.by_arn(runtime.journals.database, arn)
        assert row
        return Caller(runtime, Invocations(runtime.journals).begin(arn, row.fence))

    return begin


@pytest.fixture
def caller(runtime: LocalRuntime, claim: Claim) -> Caller:
    return claim(runtime.start("f", '{"n":1}', "nightly"))


Opening = Callable[..., Desk]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opening]:
    """Opens desks on one database, each not begun yet."""
    desks: list[Desk] = []

    def open_desk(clock: Clock | None = None, **settings: Any) -> Desk:
        desks.append(Desk(tmp_path / "durable.sqlite", clock or SkippingClock(), **settings))
        return desks[-1]

    yield open_desk
    for desk in desks:
        desk.dispatcher.close(PATIENCE)
        desk.runtime.journals.database.close()


@pytest.fixture
def desk(opened: Opening) -> Desk:
    desk = opened()
    desk.dispatcher.start()
    return desk
