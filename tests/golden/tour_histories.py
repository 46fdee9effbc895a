"""The tour up to each of its suspension points."""

from collections.abc import Iterator

from app.adapters.readiness.sample import SampleReadiness
from app.adapters.storage.memory import MemoryStorage
from app.entrypoints import greeting
from app.ports.storage import StorageUnavailableError
from app.workflows.tour import TourWorkflow
from durable import durable_execution
from durable_local.replay.document import Json
from tests.fakes.storage import TroubledStorage
from tests.golden.recording import recorded, suspended

EVENT = {"name": "Ada", "items": ["plums", "apples", "pears"]}
ANSWERS = {"wait-for-external-callback": "yes"}
SUSPENDED_AFTER = {"unanswered": 1, "waiting": 2, "polling": 3, "invoking": 5}
"""Where the tour suspends of itself, by the number of invocations that have ended."""
DISTURBED_AFTER = {"asking": ("question", 1), "labelling": ("item-2", 3), "reporting": ("report", 6)}
"""Where it waits for the next attempt of a step: the document that could not be stored at once, and the same number."""


def tour() -> Iterator[tuple[str, list[Json]]]:
    """The tour on three items: suspended wherever it waits, and at its end."""
    for point, invocations in SUSPENDED_AFTER.items():
        yield point, suspended(_tour("nothing"), invocations)
    for point, (document, invocations) in DISTURBED_AFTER.items():
        yield point, suspended(_tour(document), invocations)
    yield "ended", _tour("nothing")


def _tour(troubled_document: str) -> list[Json]:
    busy = [StorageUnavailableError("busy")]
    storage = TroubledStorage(MemoryStorage(), busy, at=f"put tour/golden/{troubled_document}.txt")
    workflow = TourWorkflow(storage=storage, readiness=SampleReadiness(), greeting_function="greeting:live")
    handler = durable_execution(workflow.run)
    return recorded(handler, EVENT, ANSWERS, {"greeting": greeting.handler})
