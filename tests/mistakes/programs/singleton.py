"""Parallel branches that share one use case."""

from typing import Any

from durable import DurableContext, durable_execution
from durable.config import Duration

NAMES = ["customers", "products", "orders"]


class Sharing:
    """One object for all branches: the last one to fetch decides what all of them store."""

    name: str | None = None

    def run(self, child: DurableContext, name: str) -> str:
        child.step(lambda _: self.fetch(name), name="fetch")
        child.wait(Duration.from_minutes(1), name="a-minute")
        return child.step(lambda _: str.lower(self.name), name="store")  # type: ignore[arg-type]  # the mistake

    def fetch(self, name: str) -> None:
        self.name = name


sharing = Sharing()


def passing(child: DurableContext, name: str) -> str:
    fetched = child.step(lambda _: name, name="fetch")
    child.wait(Duration.from_minutes(1), name="a-minute")
    return child.step(lambda _: fetched, name="store")


@durable_execution
def mistaken(event: Any, context: DurableContext) -> list[str]:
    stored = context.map(NAMES, lambda child, name, *_: sharing.run(child, name), name="ingest")
    stored.throw_if_error()
    return stored.get_results()


@durable_execution
def corrected(event: Any, context: DurableContext) -> list[str]:
    stored = context.map(NAMES, lambda child, name, *_: passing(child, name), name="ingest")
    stored.throw_if_error()
    return stored.get_results()
