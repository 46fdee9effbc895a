"""Shards: rows past one execution's share, which chained executions of the same function bring in."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from app.domain.errors import InvalidRequestError
from app.domain.keys import Keys, is_name

MEMBERS = {"execution", "data_type", "number"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shard:
    """Some pages of one data type; its documents lie among those of the execution that staged them."""

    execution: str
    data_type: str
    number: int

    @property
    def name(self) -> str:
        """What it is called among its siblings."""
        return f"shard-{self.number:05}"

    @property
    def keys(self) -> Keys:
        """The keys of its documents."""
        return Keys(self.execution, self.data_type, self.name)

    @property
    def event(self) -> dict[str, Any]:
        """What the function is invoked with to bring it in."""
        return {"shard": {"execution": self.execution, "data_type": self.data_type, "number": self.number}}


def requested_shard(event: object, known: Collection[str]) -> Shard | None:
    """The shard that an event asks for; None if it asks for something else."""
    if not isinstance(event, dict) or "shard" not in event:
        return None
    asked = event["shard"]
    if len(event) > 1 or not isinstance(asked, dict) or set(asked) != MEMBERS:
        raise InvalidRequestError(f'A "shard" is asked for alone, and has exactly the members {sorted(MEMBERS)}')
    execution, data_type, number = str(asked["execution"]), str(asked["data_type"]), asked["number"]
    if data_type not in known or not is_name(execution) or type(number) is not int or number < 0:
        raise InvalidRequestError(f"There is no such shard: {str(asked)[:200]}; only the pipeline itself asks for one")
    return Shard(execution, data_type, number)


def in_groups(members: Iterable[T], size: int) -> Iterator[list[T]]:
    """So many members at a time, taken when they are asked for; the last group may be smaller, and none is empty."""
    rest = iter(members)
    while group := list(islice(rest, size)):
        yield group
