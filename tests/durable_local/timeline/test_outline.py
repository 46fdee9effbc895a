from dataclasses import replace

import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.timeline.outline import (
    SHOWN_OF_MANY,
    SHOWN_OF_OTHERS,
    UNLIKE_SHOWN,
    Node,
    Omission,
    outline,
    rows,
    tree,
)
from tests.fakes.clock import START


def operation(id_: str, parent: str | None = None, status: str = "SUCCEEDED") -> Operation:
    return Operation(id_, OperationType.STEP, OperationStatus(status), parent)


def iteration(id_: str, parent: str | None = None, status: str = "SUCCEEDED") -> Operation:
    return replace(operation(id_, parent, status), sub_type="MapIteration")


def ids(nodes: list[Node]) -> list[object]:
    return [(node.operation.operation_id, ids(node.children)) for node in nodes]


def test_operations_stand_below_their_parents_in_the_order_of_their_start() -> None:
    root = Operation("e", OperationType.EXECUTION, OperationStatus.STARTED)

    assert ids(tree([root, operation("a"), operation("b"), operation("a1", "a"), operation("a2", "a")])) == [
        ("a", [("a1", []), ("a2", [])]),
        ("b", []),
    ]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_short_row_is_shown_whole(count: int) -> None:
    nodes = tree([iteration(str(number)) for number in range(count)])

    assert list(outline(nodes)) == nodes


def test_operations_that_are_no_iterations_are_shown_longer_because_they_differ() -> None:
    nodes = tree([operation(str(number)) for number in range(SHOWN_OF_OTHERS + 2)])

    assert list(outline(nodes[:-1])) == nodes[:-1]
    assert len(list(outline(nodes))) == SHOWN_OF_OTHERS + 1


def test_of_a_long_row_the_first_are_shown_with_all_that_did_not_succeed() -> None:
    nodes = tree([iteration(str(number), status="FAILED" if number == 40 else "SUCCEEDED") for number in range(50)])

    *shown, omission = outline(nodes)

    assert shown == [*nodes[:3], nodes[40]]
    assert isinstance(omission, Omission)
    assert omission.words() == "… and 46 more, all succeeded"


def test_a_long_row_of_failures_is_cut_short_too_and_counted_by_status() -> None:
    nodes = tree([iteration(str(number), status="FAILED" if number > 9 else "SUCCEEDED") for number in range(3000)])

    *shown, omission = outline(nodes)

    assert len(shown) == SHOWN_OF_MANY + UNLIKE_SHOWN
    assert isinstance(omission, Omission)
    assert omission.words() == "… and 2987 more: 2980 failed, 7 succeeded"


def test_nothing_is_left_out_when_all_is_asked_for() -> None:
    nodes = tree([iteration(str(number)) for number in range(50)])

    assert list(outline(nodes, complete=True)) == nodes
    assert [depth for depth, _ in rows(nodes, complete=True)] == [0] * 50


def test_what_a_closed_context_has_left_open_is_told_so_and_counted_with_the_others() -> None:
    closed = replace(operation("map"), end_timestamp=START)
    nodes = tree([closed, *(iteration(str(number), "map", "STARTED") for number in range(9))])

    *shown, omission = outline(nodes[0].children)

    assert all(isinstance(node, Node) and node.is_left_open and node.over == START for node in shown)
    assert isinstance(omission, Omission)
    assert omission.words() == "… and 6 more: 6 left open"


def test_what_goes_on_is_not_left_open() -> None:
    execution = Operation("e", OperationType.EXECUTION, OperationStatus.STARTED)

    (node,) = tree([execution, operation("a", status="STARTED")])

    assert not node.is_left_open
