from datetime import timedelta
from typing import Any

import pytest

from durable.model import OperationStatus
from durable_local.cli.recorded import operations_of
from durable_local.replay.document import HistoryError
from tests.fakes.clock import START


def event(kind: str, number: int, **details: Any) -> dict[str, Any]:
    moment = START + timedelta(seconds=number)
    names = {"EventId": number, "EventTimestamp": moment, "Id": "a", "Name": "charge"}
    return {"EventType": kind, **names, f"{kind}Details": details}


def test_a_wait_tells_until_when() -> None:
    until = START + timedelta(days=1)

    (wait,) = operations_of([event("WaitStarted", 1, Duration=86_400, ScheduledEndTimestamp=until)])

    assert wait.wait_details
    assert wait.wait_details.scheduled_end_timestamp == until


def test_a_step_that_has_failed_tells_when_it_is_tried_again_and_one_that_runs_does_not() -> None:
    retry = {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 60}
    events = [event("StepStarted", 1), event("StepFailed", 2, RetryDetails=retry), event("StepStarted", 62)]

    (pending,), (running,) = operations_of(events[:2]), operations_of(events)

    assert pending.status is OperationStatus.PENDING
    assert running.status is OperationStatus.STARTED
    assert pending.step_details
    assert pending.step_details.next_attempt_timestamp == START + timedelta(seconds=62)
    assert running.step_details
    assert running.step_details.next_attempt_timestamp is None


def test_an_event_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(HistoryError, match="TeleportStarted"):
        operations_of([event("TeleportStarted", 1)])
