"""Workflow programs as data: what a block does in order, each node known by its path."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum

_INSIDE = {"body", "branches", "meanwhile"}


class Policy(Enum):
    """When a batch ends."""

    FIRST_FAILURE = "the first failure ends it"
    ONE_FAILURE_TOLERATED = "the second failure ends it"
    ALL_COMPLETED = "every branch runs to its end"
    FIRST_SUCCESS = "the first success ends it"
    TWO_SUCCESSES = "the second success ends it"

    @property
    def needs(self) -> int:
        """How many branches a batch must have for it."""
        return {Policy.FIRST_SUCCESS: 1, Policy.TWO_SUCCESSES: 2}.get(self, 0)

    def ends_early(self, successes: int, failures: int) -> bool:
        """Whether so many successes and failures end a batch, although branches may be left."""
        match self:
            case Policy.FIRST_FAILURE:
                return failures > 0
            case Policy.ONE_FAILURE_TOLERATED:
                return failures > 1
            case Policy.FIRST_SUCCESS:
                return successes > 0
            case Policy.TWO_SUCCESSES:
                return successes > 1
            case Policy.ALL_COMPLETED:
                return False


@dataclass(frozen=True, slots=True)
class Step:
    """Fails so many times, and is tried so often at most."""

    failures: int = 0
    attempts: int = 1
    at_most_once: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Poll:
    """Polls a condition that needs so many polls, of which so many are allowed."""

    needed: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody outside makes of a callback, and after how many seconds; None is no answer before its timeout."""

    after: float | None
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """Makes a callback, hands its id out in a step, does something else, and takes the answer."""

    answer: Answer
    meanwhile: "Block"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Waits for a callback."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Invoke:
    """Invokes a durable function."""

    body: "Block"


@dataclass(frozen=True, slots=True)
class Child:
    """A child context; a large result is rebuilt from what is inside."""

    body: "Block"
    is_virtual: bool = False
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A map or a parallel; of large results none is recorded."""

    branches: tuple["Block", ...]
    policy: Policy
    limit: int | None = None
    is_map: bool = False
    is_flat: bool = False
    is_large: bool = False


Node = Step | Wait | Poll | Callback | HandedOut | Invoke | Child | Batch


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes one after the other, and perhaps an error at their end."""

    nodes: tuple[Node, ...] = ()
    fails: bool = False


def size(block: Block) -> int:
    """How many nodes there are in a block and all that is inside it."""
    return sum(1 + sum(size(body) for _, body in inside(node, "")) for node in block.nodes)


def inside(node: Node, path: str) -> list[tuple[str, Block]]:
    """The blocks of a node, by their paths."""
    match node:
        case Child(body) | Invoke(body) | Callback(_, body):
            return [(path, body)]
        case Batch(branches):
            return [(f"{path}-{index}", branch) for index, branch in enumerate(branches)]
        case _:
            return []


def outline(block: Block, path: str) -> Iterator[str]:
    """A block in lines, each node with its path."""
    for number, node in enumerate(block.nodes):
        inner = f"{path}-{number}"
        yield f"{inner} {_told(node)}"
        for place, body in inside(node, inner):
            yield from (f"    {line}" for line in outline(body, place))
    if block.fails:
        yield f"{path} fails"


def _told(node: Node) -> str:
    settings = [(each.name, getattr(node, each.name), each.default) for each in fields(node)]
    given = [f"{name}={value}" for name, value, usual in settings if value != usual and name not in _INSIDE]
    return f"{type(node).__name__}({', '.join(given)})"
