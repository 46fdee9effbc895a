"""The operations of an execution as a tree, with long rows of like ones cut short; no output."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from durable.model import Operation, OperationStatus, OperationSubType, OperationType

SHOWN_OF_MANY = 3
"""How many iterations of a map are shown, which are all alike."""
SHOWN_OF_OTHERS = 20
UNLIKE_SHOWN = 10
"""How many of a long row are shown beside these because they did not succeed."""


@dataclass(slots=True)
class Node:
    """An operation and those inside it."""

    operation: Operation
    children: list["Node"] = field(default_factory=list)
    over: datetime | None = None
    """When it ended, or what holds it: a map that has ended early leaves iterations open for ever."""

    @property
    def is_left_open(self) -> bool:
        """Whether it never ended, and never will."""
        return self.over is not None and not self.operation.status.is_terminal

    def below(self) -> Iterator["Node"]:
        """This one, and all inside it at any depth."""
        yield self
        for child in self.children:
            yield from child.below()


@dataclass(frozen=True, slots=True)
class Omission:
    """Further operations, which are only counted."""

    nodes: Sequence[Node]

    def words(self) -> str:
        """How many of what."""
        counts = Counter("left open" if node.is_left_open else node.operation.status for node in self.nodes)
        if set(counts) == {OperationStatus.SUCCEEDED}:
            return f"… and {len(self.nodes)} more, all succeeded"
        told = ", ".join(f"{count} {status.lower().replace('_', ' ')}" for status, count in counts.most_common())
        return f"… and {len(self.nodes)} more: {told}"


def tree(operations: Sequence[Operation]) -> list[Node]:
    """The top-level operations with all below them, in the order of their start."""
    execution = [each.end_timestamp for each in operations if each.operation_type is OperationType.EXECUTION]
    nodes = {each.operation_id: Node(each) for each in operations if each.operation_type is not OperationType.EXECUTION}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.operation.parent_id or "")
        (parent.children if parent else roots).append(node)
        holder = parent.over if parent else next(iter(execution), None)
        node.over = node.operation.end_timestamp or holder
    return roots


def outline(nodes: Sequence[Node], *, complete: bool = False) -> Iterator[Node | Omission]:
    """The first few nodes and the first that failed or go on; the others are counted, unless all are asked for."""
    first = SHOWN_OF_MANY if any(map(_is_iteration, nodes)) else SHOWN_OF_OTHERS
    if complete or len(nodes) <= first + 1:
        yield from nodes
        return
    shown = [*nodes[:first], *[node for node in nodes[first:] if _is_unlike(node)][:UNLIKE_SHOWN]]
    yield from shown
    identities = {node.operation.operation_id for node in shown}
    if omitted := [node for node in nodes if node.operation.operation_id not in identities]:
        yield Omission(omitted)


def rows(nodes: Sequence[Node], depth: int = 0, *, complete: bool = False) -> Iterator[tuple[int, Node | Omission]]:
    """The outline from top to bottom, each with its depth."""
    for each in outline(nodes, complete=complete):
        yield depth, each
        if isinstance(each, Node):
            yield from rows(each.children, depth + 1, complete=complete)


def _is_iteration(node: Node) -> bool:
    return node.operation.sub_type == OperationSubType.MAP_ITERATION


def _is_unlike(node: Node) -> bool:
    return node.operation.status is not OperationStatus.SUCCEEDED and not node.is_left_open
