from datetime import UTC, datetime

import pytest

from durable.exceptions import SuspendExecution, TimedSuspendExecution
from durable.identifier import OperationIdentifier
from durable.model import OperationType
from durable.operations.suspension import suspend_until

NAMED = OperationIdentifier("id-1", "Step", None, "charge", operation_type=OperationType.STEP)
UNNAMED = OperationIdentifier("id-1", "Step", None, None, operation_type=OperationType.STEP)


def test_an_operation_that_only_the_outside_can_end_suspends_for_ever() -> None:
    with pytest.raises(SuspendExecution) as suspended:
        suspend_until(NAMED, None)

    assert type(suspended.value) is SuspendExecution
    assert suspended.value.awaited == {"id-1"}


def test_an_operation_that_a_timer_ends_suspends_until_its_moment() -> None:
    with pytest.raises(TimedSuspendExecution) as suspended:
        suspend_until(NAMED, datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC))

    assert suspended.value.scheduled_timestamp == 1767225600.5
    assert suspended.value.awaited == {"id-1"}


@pytest.mark.parametrize(("identifier", "called"), [(NAMED, "charge"), (UNNAMED, "id-1")])
@pytest.mark.parametrize("moment", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_suspension_says_what_it_waits_for(
    identifier: OperationIdentifier, called: str, moment: datetime | None
) -> None:
    with pytest.raises(SuspendExecution, match=f"^Operation {called} is pending.$"):
        suspend_until(identifier, moment)
