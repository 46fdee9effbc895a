import json
from collections.abc import Iterator
from typing import Any

import pytest

from durable.exceptions import GetExecutionStateError
from durable.model import Operation
from durable.wire import encode
from durable_local import pages
from durable_local.limits import OPERATION_PAYLOAD_BYTES
from durable_local.pages import history_page
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim

RESPONSE_BYTES = 6 * 1024 * 1024
EUROS = "€" * (OPERATION_PAYLOAD_BYTES // len("€".encode()))
"""As large a payload as there may be, which is twice as large in JSON."""


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


def test_a_page_is_weighed_as_the_json_that_it_becomes(caller: Caller, claim: Claim) -> None:
    names = [f"s{number}" for number in range(15)]
    for name in names:
        caller.checkpoint(updates.step("SUCCEED", name, payload=EUROS))

    again = claim(caller.invocation.arn)

    assert again.invocation.next_marker
    assert len(json.dumps(encode(again.invocation.operations))) < RESPONSE_BYTES
    assert ids(everything(again)) == names


@pytest.mark.parametrize("backward", [False, True])
def test_a_page_of_a_history_ends_before_it_grows_too_heavy(caller: Caller, *, backward: bool) -> None:
    for number in range(15):
        caller.checkpoint(updates.step("SUCCEED", f"s{number}", payload=EUROS))

    read = list(told(caller, 1_000, backward=backward))

    assert len(read) > 1
    assert all(len(json.dumps(page)) < RESPONSE_BYTES for page in read)
    assert [event["EventId"] for page in read for event in page] == sorted(range(1, 17), reverse=backward)


def test_a_history_without_data_fits_into_a_page(caller: Caller) -> None:
    for number in range(15):
        caller.checkpoint(updates.step("SUCCEED", f"s{number}", payload=EUROS))

    (page,) = told(caller, 1_000, include_execution_data=False)

    assert len(page) == 16


@pytest.mark.parametrize(("items", "lengths"), [(0, [100, 100, 1]), (67, [67, 67, 67]), (200, [200, 1])])
def test_a_page_of_a_history_has_as_many_events_as_asked_for(caller: Caller, items: int, lengths: list[int]) -> None:
    caller.checkpoint(*(updates.step("START", f"s{number}") for number in range(200)))

    assert [len(page) for page in told(caller, items)] == lengths


def told(caller: Caller, items: int, **how: bool) -> Iterator[list[Any]]:
    """The history in pages, from the first to the last."""
    marker: str | None = ""
    while marker is not None:
        page = history_page(caller.runtime.journals.read(caller.invocation.arn), marker, items, **how)
        yield list(page.events)
        marker = page.next_marker


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
