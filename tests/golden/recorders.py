"""Executions of each workflow, recorded up to each of its suspension points."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from app.adapters.storage.memory import MemoryStorage
from app.container import build_container
from app.domain.limits import Limits
from app.ports.data_type import DataType
from app.ports.storage import StorageUnavailableError
from app.settings import Settings
from app.workflows.pipeline import PipelineWorkflow
from durable import durable_execution
from durable.lambda_service import DurableServiceClient
from durable_local.history import INVOCATION_COMPLETED, shown
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler
from durable_local.hosts.threads import Presenter
from durable_local.invocations import Invocation
from durable_local.replay.document import Json
from durable_local.testing import DurableFunctionTestRunner
from tests.fakes.storage import TroubledStorage
from tests.golden.one_thread import OneThread

NAME = "golden"
MOMENT = "2026-01-01T00:00:00+00:00"
FEW_BATCHES = Limits(operations=80)
SUSPENDED_AT = {"fetching": "put staged", "transforming": "open", "storing": "put documents"}
"""The pipeline waits for nothing but the next attempt of a step: the call of its storage that fails once in each."""


def pipeline() -> Iterator[tuple[str, list[Json]]]:
    """The pipeline on its sample data: suspended in each of its steps, and at its end."""
    with _data_types() as data_types:
        for point, call in SUSPENDED_AT.items():
            yield point, _suspended(_recorded(_pipeline(data_types, call), {"event_contexts": list(data_types)}))
        yield "ended", _recorded(_pipeline(data_types, "nothing"), {"event_contexts": list(data_types)})


RECORDERS: dict[str, Callable[[], Iterator[tuple[str, list[Json]]]]] = {"pipeline": pipeline}
"""By the module of the workflow's entrypoint: the history at each suspension point."""


def _pipeline(data_types: dict[str, DataType], troubled_call: str) -> Handler:
    storage = TroubledStorage(MemoryStorage(), [StorageUnavailableError("busy")], at=troubled_call)
    workflow = PipelineWorkflow(data_types=data_types, storage=storage, limits=FEW_BATCHES)
    return durable_execution(workflow.run)


@contextmanager
def _data_types() -> Iterator[dict[str, DataType]]:
    """The application's own, whatever the environment says."""
    container = build_container(Settings(storage="memory", customers_url=None))
    with closing(container.sample_customers()), closing(container.http()):
        yield container.data_types()


def _recorded(handler: Handler, event: object) -> list[Json]:
    """The whole history of an execution."""
    runner = DurableFunctionTestRunner(handler, presenter=_in_one_thread)
    arn = runner.run(event, NAME).execution.arn
    return [_stable(shown(each, n, timestamp=lambda _: MOMENT)) for n, each in runner.runtime.executions.history(arn)]


def _suspended(events: list[Json]) -> list[Json]:
    """A history up to the end of its first invocation."""
    types = [event["EventType"] for event in events]
    return events[: types.index(INVOCATION_COMPLETED) + 1]


def _in_one_thread(service: DurableServiceClient) -> Presenter:
    present = with_service(service)

    def presented(invocation: Invocation) -> object:
        return replace(present(invocation), scheduler=OneThread())  # type: ignore[type-var]

    return presented


def _stable(event: Json) -> Json:
    """The event without what differs from one recording to the next, or from machine to machine."""
    details: Json = event[f"{event['EventType']}Details"]
    if "RequestId" in details:
        details["RequestId"] = "request"
    if "CallbackId" in details:
        details["CallbackId"] = f"callback-{event['EventId']}"
    (details.get("Error", {}).get("Payload") or {}).pop("StackTrace", None)
    return {**event, "Id": NAME} if event["EventType"].startswith("Execution") else event
