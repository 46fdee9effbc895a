"""The pipeline up to each of its suspension points."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from app.adapters.storage.memory import MemoryStorage
from app.container import build_container
from app.domain.limits import Limits
from app.ports.data_type import DataType
from app.ports.storage import StorageUnavailableError
from app.settings import Settings
from app.workflows.pipeline import PipelineWorkflow
from durable import durable_execution
from durable_local.hosts.loading import Handler
from durable_local.replay.document import Json
from tests.fakes.storage import TroubledStorage
from tests.golden.recording import recorded, suspended

FEW_BATCHES = Limits(operations=80)
SUSPENDED_AT = {"fetching": "put staged", "transforming": "open", "storing": "put documents"}
"""The pipeline waits for nothing but the next attempt of a step: the call of its storage that fails once in each."""


def pipeline() -> Iterator[tuple[str, list[Json]]]:
    """The pipeline on its sample data: suspended in each of its steps, and at its end."""
    with _data_types() as data_types:
        for point, call in SUSPENDED_AT.items():
            yield point, suspended(recorded(_pipeline(data_types, call), {"event_contexts": list(data_types)}))
        yield "ended", recorded(_pipeline(data_types, "nothing"), {"event_contexts": list(data_types)})


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
