import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.cli.outline import Node, Omission, outline, tree


def operation(id_: str, parent: str | None = None, status: str = "SUCCEEDED") -> Operation:
    return Operation(id_, OperationType.STEP, OperationStatus(status), parent)


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
    nodes = tree([operation(str(number)) for number in range(count)])

    assert list(outline(nodes)) == nodes


def test_of_a_long_row_the_first_are_shown_with_all_that_did_not_succeed() -> None:
    nodes = tree([operation(str(number), status="FAILED" if number == 40 else "SUCCEEDED") for number in range(50)])

    assert list(outline(nodes)) == [*nodes[:3], nodes[40], Omission(46)]
