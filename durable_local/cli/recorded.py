"""Operations as a history tells them, with the moments at which they go on; no output."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from durable.model import Operation, WaitDetails
from durable_local.replay.events import operation_event
from durable_local.timeline.spans import Json


def operations_of(events: Iterable[Json]) -> list[Operation]:
    """All operations in the order of their start, the EXECUTION first; the moments of events are datetimes.

    Raises HistoryError for an event that is not known here.
    """
    operations: dict[str, Operation] = {}
    for source in events:
        if event := operation_event(source):
            known = operations.get(event.operation_id)
            operations[event.operation_id] = _going_on(event.applied_to(known), source)
    return list(operations.values())


def _going_on(operation: Operation, event: Json) -> Operation:
    details = event.get(f"{event['EventType']}Details") or {}
    if until := details.get("ScheduledEndTimestamp"):
        return replace(operation, wait_details=WaitDetails(until))
    delay = (details.get("RetryDetails") or {}).get("NextAttemptDelaySeconds")
    if delay and operation.step_details:
        due = event["EventTimestamp"] + timedelta(seconds=delay)
        return replace(operation, step_details=replace(operation.step_details, next_attempt_timestamp=due))
    return operation
