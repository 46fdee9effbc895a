"""Time and chance that are equal on every replay."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from threading import Lock
from typing import Protocol, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5
from weakref import WeakKeyDictionary

T = TypeVar("T")


class Execution(Protocol):
    """Which execution a context belongs to."""

    @property
    def durable_execution_arn(self) -> str:
        """The execution's ARN."""
        ...


class Context(Protocol):
    """What is asked of a durable context; that of either SDK fits."""

    @property
    def execution_context(self) -> Execution:
        """Which execution the context belongs to."""
        ...

    def step(self, func: Callable[[object], T], name: str | None = None) -> T:
        """Run a function once, and return its recorded result."""
        ...


def now(context: Context) -> datetime:
    """The time in UTC when this call first ran: a step named `now`."""
    return context.step(lambda _: datetime.now(UTC), name="now")


def uuid(context: Context, key: str) -> UUID:
    """A UUID that follows from the execution, the key and how often this context has asked with it; no operation.

    No context says publicly where it stands, so the key has to: use another one in every context, such as the id of a
    map's item. It is no secret: who knows the execution's ARN and the key can work it out.
    """
    return _derived(context, "uuid", key)


def random(context: Context, key: str) -> Random:
    """A generator seeded as `uuid` is made, with numbers of its own; no operation."""
    return Random(_derived(context, "random", key).int)  # noqa: S311 - is to be worked out again, keeps no secret


_asked: WeakKeyDictionary[Context, Counter[str]] = WeakKeyDictionary()
_lock = Lock()


def _derived(context: Context, purpose: str, key: str) -> UUID:
    asked_for = f"{purpose}/{key}"
    with _lock:
        counts = _asked.setdefault(context, Counter())
        counts[asked_for] += 1
        number = counts[asked_for]
    execution = uuid5(NAMESPACE_URL, context.execution_context.durable_execution_arn)
    return uuid5(execution, f"{number}/{asked_for}")
