"""The operations of an execution as a tree, with long rows of like ones cut short; no output."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from durable.model import Operation, OperationStatus, OperationType

SHOWN_OF_MANY = 3


@dataclass(slots=True)
class Node:
    """An operation and those inside it."""

    operation: Operation
    children: list["Node"] = field(default_factory=list)

    def outline(self) -> Iterator["Node | Omission"]:
        """The children to show, and what was left out."""
        return outline(self.children)


@dataclass(frozen=True, slots=True)
class Omission:
    """So many further operations, all of which succeeded."""

    count: int


def tree(operations: Sequence[Operation]) -> list[Node]:
    """The top-level operations with all below them, in the order of their start."""
    nodes = {each.operation_id: Node(each) for each in operations if each.operation_type is not OperationType.EXECUTION}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.operation.parent_id or "")
        (parent.children if parent else roots).append(node)
    return roots


def outline(nodes: Sequence[Node]) -> Iterator[Node | Omission]:
    """The first few nodes and all that did not succeed; the others are counted."""
    omitted = 0
    for number, node in enumerate(nodes):
        short = len(nodes) <= SHOWN_OF_MANY + 1
        if short or number < SHOWN_OF_MANY or node.operation.status is not OperationStatus.SUCCEEDED:
            yield node
        else:
            omitted += 1
    if omitted:
        yield Omission(omitted)
