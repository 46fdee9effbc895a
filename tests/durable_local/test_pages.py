import pytest

from durable.exceptions import GetExecutionStateError
from durable.model import Operation
from durable_local import pages
from durable_local.limits import OPERATION_PAYLOAD_BYTES
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim


def everything(caller: Caller, max_items: int = 1000) -> list[Operation]:
    """What an SDK sees that follows the markers from the first page to the last."""
    operations, marker = list(caller.invocation.operations), caller.invocation.next_marker
    while marker:
        page = caller.read(marker, max_items)
        operations, marker = [*operations, *page.operations], page.next_marker
    return operations


def ids(operations: list[Operation]) -> list[str]:
    return [operation.operation_id for operation in operations[1:]]


@pytest.mark.parametrize("max_items", [0, 1, 7, 1000])
def test_pages_hold_every_operation_once_in_the_order_of_their_start(
    caller: Caller, claim: Claim, max_items: int
) -> None:
    names = [f"s{number}" for number in range(1_300)]
    caller.checkpoint(*(updates.step("START", name) for name in names))
    caller.checkpoint(updates.step("SUCCEED", "s3"))

    again = claim(caller.invocation.arn)

    assert len(again.invocation.operations) == pages.PAGE_ITEMS
    assert ids(everything(again, max_items)) == names


def test_a_page_ends_before_it_grows_too_heavy(caller: Caller, claim: Claim) -> None:
    names = [f"s{number}" for number in range(30)]
    for name in names:
        caller.checkpoint(updates.step("SUCCEED", name, payload="x" * OPERATION_PAYLOAD_BYTES))

    again = claim(caller.invocation.arn)

    assert len(again.invocation.operations) < 30
    assert ids(everything(again)) == names


def test_the_changes_of_a_checkpoint_come_in_pages_too(caller: Caller) -> None:
    names = [f"s{number}" for number in range(1_300)]
    state = caller.send(*(updates.step("START", name) for name in names)).new_execution_state

    assert state.next_marker
    rest = caller.read(state.next_marker)

    assert [each.operation_id for each in (*state.operations, *rest.operations)] == names
    assert rest.next_marker is None


def test_what_lies_below_a_closed_context_is_not_told_again(caller: Caller, claim: Claim) -> None:
    caller.checkpoint(
        updates.context("START", "x"),
        updates.context("START", "x1", parent="x"),
        updates.step("SUCCEED", "s1", parent="x1"),
        updates.context("SUCCEED", "x1", parent="x", replay_children=True),
    )

    assert ids(everything(claim(caller.invocation.arn))) == ["x", "x1", "s1"]

    again = claim(caller.invocation.arn)
    again.checkpoint(updates.context("SUCCEED", "x"))

    assert ids(everything(claim(caller.invocation.arn))) == ["x"]


def test_what_lies_below_a_context_that_is_rebuilt_from_its_children_is_told(caller: Caller, claim: Claim) -> None:
    caller.checkpoint(
        updates.context("START", "x"),
        updates.context("START", "x1", parent="x"),
        updates.step("SUCCEED", "s1", parent="x1"),
        updates.context("SUCCEED", "x1", parent="x"),
        updates.context("SUCCEED", "x", replay_children=True),
    )

    assert ids(everything(claim(caller.invocation.arn))) == ["x", "x1"]


@pytest.mark.parametrize("marker", ["7", "p", "q7", "p-1", "s1; DROP TABLE operations"])
def test_a_marker_that_was_never_given_is_refused(caller: Caller, marker: str) -> None:
    with pytest.raises(GetExecutionStateError, match="Marker"):
        caller.read(marker)


@pytest.mark.parametrize("max_items", [-1, 1001])
def test_a_page_size_out_of_range_is_refused(caller: Caller, max_items: int) -> None:
    with pytest.raises(GetExecutionStateError, match="MaxItems"):
        caller.read("", max_items)
