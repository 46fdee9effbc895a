"""What the pages of an execution with very large payloads read of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from durable.model import ErrorObject, Operation, OperationStatus, OperationType, StepDetails
from durable_local.clock import SkippingClock
from durable_local.console.content import MOST_LETTERS
from durable_local.console.execution import execution
from durable_local.console.history import history
from durable_local.console.operation import operation
from durable_local.console.page import response
from durable_local.history import Event
from durable_local.journal import Quotas
from durable_local.runtime import LocalRuntime
from durable_local.store import events, executions, operations
from durable_local.store.database import IN_MEMORY, Database
from durable_local.store.executions import Outcome
from durable_local.store.operations import Change
from durable_local.store.payloads import READ_LETTERS
from tests.fakes.clock import START

STEPS = 100
LARGE = 500_000
"""Letters of a payload; each step has one as its result and one in its event, so that there are 100 MB in all."""
ERROR = ErrorObject("e" * LARGE, "Refused", "d" * LARGE, ["f" * LARGE])
SMALL = 30 * 1024
"""Letters of all rows that hold no payload."""


class Counting(Database):
    """Counts the letters that are read."""

    def __init__(self) -> None:
        super().__init__(IN_MEMORY)
        self.letters = 0

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        found = super().rows(sql, values)
        self.letters += sum(len(each) for row in found for each in row if isinstance(each, str))
        return found


@pytest.fixture(scope="module")
def runtime() -> Iterator[LocalRuntime]:
    """An execution named large, whose every step has a large payload, and the last one a large error."""
    database = Counting()
    runtime = LocalRuntime(database, SkippingClock(), Quotas(None, None))
    arn = runtime.executions.start("f", "g" * LARGE, "large")
    row = executions.by_arn(database, arn)
    assert row
    with database.transaction():
        for number in range(STEPS):
            error = ERROR if number == STEPS - 1 else None
            result = None if error else "r" * LARGE
            kind, status = ("StepFailed", "FAILED") if error else ("StepSucceeded", "SUCCEEDED")
            details = StepDetails(1, None, result, error)
            step = Operation(
                f"s{number}", OperationType.STEP, OperationStatus(status), None, "s", START, START, step_details=details
            )
            operations.insert(database, row.key or 0, [Change(number + 2, step)])
            events.append(database, row, row.key or 0, [Event(kind, START, f"s{number}", payload=result, error=error)])
        executions.set_outcome(database, row.key or 0, Outcome("o" * LARGE))
        executions.update(database, row)
    yield runtime
    database.close()


def read(runtime: LocalRuntime) -> int:
    """How many letters have been read since the last time."""
    database = runtime.journals.database
    assert isinstance(database, Counting)
    letters, database.letters = database.letters, 0
    return letters


@pytest.mark.parametrize("query", [{}, {"all": ""}])
def test_the_page_of_an_execution_reads_the_beginning_of_its_input_and_of_its_result(
    runtime: LocalRuntime, query: dict[str, str]
) -> None:
    read(runtime)

    page = bytes(response(execution(runtime, {"name": "large"}, query)).body)

    assert read(runtime) < 2 * READ_LETTERS + SMALL
    assert page.count(b"g" * MOST_LETTERS) == page.count(b"o" * MOST_LETTERS) == 1
    assert b"400,000 letters more" in page
    assert b"Refused: eee" in page


@pytest.mark.parametrize(("step", "most"), [(1, READ_LETTERS), (STEPS - 1, 6 * LARGE)])
def test_the_page_of_an_operation_reads_what_is_its_own(runtime: LocalRuntime, step: int, most: int) -> None:
    read(runtime)

    operation(runtime, {"name": "large", "operation": f"s{step}"}, {})

    assert read(runtime) < most + SMALL


def test_the_history_reads_no_payload(runtime: LocalRuntime) -> None:
    read(runtime)

    history(runtime, {"name": "large"}, {})

    assert read(runtime) < SMALL
