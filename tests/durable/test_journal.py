import pytest

from durable.exceptions import NonDeterministicExecutionError
from durable.identifier import OperationIdentifier
from durable.journal import Journal
from durable.model import Operation, OperationStatus, OperationType

ROOT = Operation("root", OperationType.EXECUTION, OperationStatus.STARTED)
CHARGE = Operation("a", OperationType.STEP, OperationStatus.STARTED, name="charge", sub_type="Step")
CHARGED = Operation("a", OperationType.STEP, OperationStatus.SUCCEEDED, name="charge", sub_type="Step")


def asked(name: str) -> OperationIdentifier:
    return OperationIdentifier("a", "Step", None, name, operation_type=OperationType.STEP)


def test_an_operation_is_found_by_its_identity() -> None:
    journal = Journal([ROOT, CHARGE])

    assert journal.find(asked("charge")) is journal.get("a") is CHARGE


def test_an_operation_never_recorded_is_none() -> None:
    assert Journal([ROOT]).find(asked("charge")) is None


def test_another_operation_under_the_same_id_is_refused() -> None:
    with pytest.raises(NonDeterministicExecutionError, match="checkpoint='charge' current='pay'"):
        Journal([CHARGE]).find(asked("pay"))


def test_the_execution_itself_is_no_history() -> None:
    assert not Journal([ROOT]).has_history
    assert Journal([ROOT, CHARGE]).has_history


def test_what_the_service_says_last_holds() -> None:
    journal = Journal([ROOT, CHARGE])

    journal.merge([CHARGED])

    assert journal.get("a") is CHARGED


def test_listeners_are_told_what_has_changed_once_it_can_be_read() -> None:
    journal = Journal([ROOT])
    heard: list[tuple[frozenset[str], Operation | None]] = []
    journal.listen(lambda ids: heard.append((ids, journal.get("a"))))

    journal.merge([CHARGE])

    assert heard == [(frozenset({"a"}), CHARGE)]


def test_a_listener_that_was_forgotten_is_told_nothing() -> None:
    journal = Journal()
    heard: list[frozenset[str]] = []
    journal.listen(heard.append)

    journal.forget(heard.append)
    journal.merge([CHARGE])

    assert heard == []
