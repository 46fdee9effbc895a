"""What is read of payloads; that pages read no more is told with the pages."""

import pytest

from durable.model import ErrorObject, Operation, OperationStatus, OperationType, StepDetails
from durable_local.history import Event
from durable_local.store import events, executions, operations, payloads
from durable_local.store.columns import BEGINNING
from durable_local.store.database import IN_MEMORY, Database
from durable_local.store.executions import Outcome
from durable_local.store.operations import Change
from durable_local.store.payloads import READ_LETTERS, Beginning
from tests.durable_local.store.test_listing import row, stored
from tests.fakes.clock import START

LONG = "ü" * (READ_LETTERS + 7)


def keeping(text: str | None, error: ErrorObject | None = None) -> Database:
    """A database with one execution of one step, which hold a text wherever they can."""
    execution = row(0)
    database = stored(execution)
    step = Operation(
        "s",
        OperationType.STEP,
        OperationStatus.FAILED,
        start_timestamp=START,
        step_details=StepDetails(1, None, text, error),
    )
    with database.transaction():
        operations.insert(database, 1, [Change(1, step, text)])
        events.append(database, execution, 1, [Event("StepFailed", START, "s", payload=text, error=error)])
        executions.set_outcome(database, 1, Outcome(text, error))
    return database


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (None, None),
        ("", Beginning("")),
        ("ü" * 100, Beginning("ü" * 100)),
        ("a\x00b", Beginning("a\x00b")),
        (LONG, Beginning(LONG[:READ_LETTERS], 7)),
    ],
    ids=["nothing", "empty", "short", "zero", "long"],
)
def test_of_a_long_payload_the_beginning_is_read(text: str | None, read: Beginning | None) -> None:
    database = keeping(text)

    assert payloads.given(database, "arn:0", "s") == read
    assert payloads.result(database, "arn:0", "s") == read
    assert payloads.result(database, "arn:0") == read


def test_what_there_is_not_is_nothing() -> None:
    database = Database(IN_MEMORY)

    assert payloads.given(database, "arn:0", "s") is None
    assert payloads.result(database, "arn:0") is None
    assert payloads.error(database, "arn:0", "s") is None


ERROR = ErrorObject('no "stock"\\ü\ud800', "shop.StockError", "data", ["File a", "File b"])


def test_an_operations_error_is_read_whole() -> None:
    assert payloads.error(keeping(None, ERROR), "arn:0", "s") == ERROR


def test_operations_and_events_are_read_without_payloads_and_with_what_an_error_says() -> None:
    database = keeping("payload", ERROR)

    (operation,), ((number, event),) = operations.every_small(database, 1), events.small_page(database, 1, 0, 10)

    said = ErrorObject(ERROR.message, ERROR.type)
    assert (operation.result, operation.error, operation.start_timestamp) == (None, said, START)
    assert (number, event) == (1, Event("StepFailed", START, "s", error=said))


@pytest.mark.parametrize("more", range(8))
def test_of_a_long_error_the_beginning_is_read_wherever_it_is_cut(more: int) -> None:
    message = "x" * (BEGINNING - 30 + more) + 5 * "\\\ud800"

    (operation,) = operations.every_small(keeping(None, ErrorObject(message, "Refused")), 1)

    assert operation.error
    assert operation.error.type == "Refused"
    assert message.startswith(operation.error.message or "?")
    assert len(operation.error.message or "") > BEGINNING - 40


def test_an_error_with_a_type_that_has_no_end_is_still_an_error() -> None:
    (operation,) = operations.every_small(keeping(None, ErrorObject("no", "T" * (BEGINNING + 9))), 1)

    assert operation.error
    assert set(operation.error.type or "") == {"T"}


def test_an_operations_events_are_its_own() -> None:
    database = keeping("payload", ERROR)

    assert [(number, event.payload, event.error) for number, event in events.of_operation(database, "arn:0", "s")] == [
        (1, None, ERROR)
    ]
    assert events.of_operation(database, "arn:0", "t") == []
