"""Runs a pipeline as the local runtime does: a service of its own, a clock that skips waits."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.domain.limits import Limits
from app.ports.data_type import DataType
from app.ports.storage import Storage
from app.workflows.base import ParallelWorkflow
from app.workflows.pipeline import PipelineWorkflow
from durable import DurableContext, durable_execution
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.fakes.data_mapper import WordMapper
from tests.fakes.data_source import WrittenSource

MakeWorkflow = Callable[[], ParallelWorkflow[Any]]


class RunPipeline(Protocol):
    """Runs a workflow to its end; the event is the request for those contexts unless it is given."""

    def __call__(
        self, make_workflow: MakeWorkflow, *event_contexts: str, name: str = "nightly", event: object = None
    ) -> DurableFunctionTestResult: ...


@pytest.fixture(params=["warm", "cold"])
def run_pipeline(request: pytest.FixtureRequest) -> RunPipeline:
    """Warm, one workflow serves every invocation; cold, each invocation has a workflow and a handler of its own."""

    def run(
        make_workflow: MakeWorkflow, *event_contexts: str, name: str = "nightly", event: object = None
    ) -> DurableFunctionTestResult:
        sandbox = handler_of(make_workflow())
        runner = DurableFunctionTestRunner(
            loader=(lambda: handler_of(make_workflow())) if request.param == "cold" else lambda: sandbox
        )
        return runner.run(event or {"event_contexts": list(event_contexts)}, name)

    return run


def handler_of(workflow: ParallelWorkflow[Any]) -> Callable[[Any, Any], Any]:
    """A Lambda handler that runs this workflow."""

    @durable_execution
    def handler(event: object, context: DurableContext) -> dict[str, Any]:
        return workflow.run(event, context)

    return handler


@pytest.fixture
def storage() -> Storage:
    return MemoryStorage()


def words(*rows: str, troubles: Sequence[Exception] = ()) -> DataType:
    """A data type whose rows are plain words."""
    return DataType(WrittenSource(rows, troubles), WordMapper())


def pipeline(storage: Storage, limits: Limits | None = None, **data_types: DataType) -> Callable[[], PipelineWorkflow]:
    """Makes a new pipeline on the same outside world each time."""
    return lambda: PipelineWorkflow(data_types=data_types, storage=storage, limits=limits or Limits())
