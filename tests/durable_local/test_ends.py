from datetime import UTC, datetime

import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.ends import Ends


def changed(kind: OperationType, status: OperationStatus) -> list[Operation]:
    return [Operation("id", kind, status, start_timestamp=datetime.now(UTC))]


ENDED = changed(OperationType.EXECUTION, OperationStatus.FAILED)


def test_everybody_who_waits_for_an_execution_learns_of_its_end() -> None:
    ends = Ends()

    with ends.awaited("a") as one, ends.awaited("a") as two, ends.awaited("b") as other:
        ends.observe("a", ENDED)

        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)


@pytest.mark.parametrize(
    "change",
    [
        changed(OperationType.STEP, OperationStatus.SUCCEEDED),
        changed(OperationType.EXECUTION, OperationStatus.STARTED),
    ],
)
def test_other_changes_are_no_end(change: list[Operation]) -> None:
    ends = Ends()

    with ends.awaited("a") as ended:
        ends.observe("a", change)

        assert not ended.is_set()


def test_once_it_is_closed_nobody_waits() -> None:
    ends = Ends()

    with ends.awaited("a") as before:
        ends.close()
        with ends.awaited("a") as after:
            assert before.is_set()
            assert after.is_set()
