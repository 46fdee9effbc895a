import pytest

from durable.exceptions import NonDeterministicExecutionError
from durable.identifier import OperationIdentifier, operation_id
from durable.model import Operation, OperationAction, OperationStatus, OperationType
from tests.durable.execution import ident

CHARGE = OperationIdentifier("id", "Step", None, "charge", operation_type=OperationType.STEP)
RECORDED = Operation("id", OperationType.STEP, OperationStatus.STARTED, name="charge", sub_type="Step")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((1,), "1ced8f5be2db23a6513eba4d819c73806424748a7bc6fa0d792cc1c7d1775a97"),
        ((2,), "c5faca15ac2f93578b39ef4b6bbb871bdedce4ddd584fd31f0bb66fade3947e6"),
        ((3,), "6f760b9e9eac89f07ab0223b0f4acb04d1e355d893a1b86a83f4d4b405adee99"),
        ((3, 0), "be82df04f8b607cccfb1de6e9f6c5b80247cdf7c7941921dc5c5560d636e942e"),
        ((3, 0, 1), "8ca92aecc8656af9d6eabcef467216e8dc899889f5941402df1335bb7b69397a"),
        ((3, 1), "4fcce65ec00309c63e7973cc7ba98d082f6db23ff491f8ae0d358d94a449573f"),
        ((1, 1), "974bfc6321e227b0ff101342eaf19b336f002dc6cc99c18f0941a7755cc20fc4"),
        ((1, 2), "9d8bc609108ec7b3600d6cceec22d18553e3e1ec52a3568cb251464a3d39d24f"),
    ],
)
def test_an_id_follows_from_the_place_as_in_the_official_sdk(place: tuple[int, ...], expected: str) -> None:
    assert ident(*place) == expected


def test_an_empty_prefix_is_the_root() -> None:
    assert operation_id("", 1) == operation_id(None, 1)


def test_an_update_carries_what_identifies_the_operation() -> None:
    identifier = OperationIdentifier("id", "Step", "parent", "charge", operation_type=OperationType.STEP)

    update = identifier.update(OperationAction.SUCCEED, payload="1")

    assert (update.operation_id, update.parent_id, update.name, update.sub_type) == ("id", "parent", "charge", "Step")
    assert (update.operation_type, update.action, update.payload) == (OperationType.STEP, OperationAction.SUCCEED, "1")


def test_an_empty_name_is_not_sent() -> None:
    identifier = OperationIdentifier("id", "", None, "", operation_type=OperationType.STEP)

    update = identifier.update(OperationAction.START)

    assert (update.name, update.sub_type) == (None, None)


def test_the_record_of_the_same_operation_is_accepted() -> None:
    CHARGE.validate_checkpoint(RECORDED)


def test_an_empty_text_counts_as_nothing() -> None:
    unnamed = OperationIdentifier("id", "Step", "", "", operation_type=OperationType.STEP)

    unnamed.validate_checkpoint(Operation("id", OperationType.STEP, OperationStatus.STARTED, sub_type="Step"))


@pytest.mark.parametrize(
    ("asked", "difference"),
    [
        (OperationIdentifier("id", "Step", None, "charge", operation_type=OperationType.WAIT), "type"),
        (OperationIdentifier("id", "Wait", None, "charge", operation_type=OperationType.STEP), "subtype"),
        (OperationIdentifier("id", "Step", None, "pay", operation_type=OperationType.STEP), "name"),
        (OperationIdentifier("id", "Step", None, None, operation_type=OperationType.STEP), "name"),
        (OperationIdentifier("id", "Step", "p", "charge", operation_type=OperationType.STEP), "parent"),
    ],
)
def test_the_record_of_another_operation_is_refused(asked: OperationIdentifier, difference: str) -> None:
    with pytest.raises(NonDeterministicExecutionError, match=rf"\b{difference} checkpoint=.* current=") as caught:
        asked.validate_checkpoint(RECORDED)

    assert caught.value.step_id == "id"


def test_every_difference_is_named_at_once() -> None:
    other = OperationIdentifier("id", "Wait", None, "pause", operation_type=OperationType.WAIT)

    with pytest.raises(NonDeterministicExecutionError) as caught:
        other.validate_checkpoint(RECORDED)

    text = str(caught.value)
    assert "checkpoint='charge' current='pause'" in text
    assert "checkpoint='STEP' current='WAIT'" in text
