from durable.model import Operation, OperationStatus, OperationSubType, OperationType
from durable_local.clock import SystemClock
from durable_local.executions import Executions
from durable_local.journal import Journals
from durable_local.store import operations, records
from durable_local.store.database import IN_MEMORY, Database
from durable_local.store.operations import Change, sealed

STEP = Operation("id", OperationType.STEP, OperationStatus.STARTED, name="step", sub_type=OperationSubType.STEP)


def test_a_row_with_a_word_of_the_core_is_sealed_as_it_is_read_again() -> None:
    database = Database(IN_MEMORY)
    Executions(Journals(database, SystemClock())).start("function", "{}")

    with database.transaction():
        operations.insert(database, 1, [Change(2, STEP)])

    assert [record.is_sealed for record in records.operations(database, 1)] == [True, True]


def test_operations_are_read_at_once_by_their_ids_and_those_that_are_not_there_are_not() -> None:
    database = Database(IN_MEMORY)
    Executions(Journals(database, SystemClock())).start("function", "{}")
    with database.transaction():
        operations.insert(database, 1, [Change(2, STEP)])

    found = operations.by_ids(database, 1, ["id", "another"])

    assert found.keys() == {"id"}
    assert found["id"] == operations.by_id(database, 1, "id")


def test_a_seal_tells_nothing_from_a_text_that_says_so() -> None:
    assert sealed("id", None) != sealed("id", "None")
    assert sealed("id", 1) != sealed("id", "1")
