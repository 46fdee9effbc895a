"""A map runs a function for every item, each in a child context of its own; some run side by side."""

from collections.abc import Sequence

from durable import DurableContext, durable_execution
from durable.config import MapConfig

TWO_AT_ONCE = MapConfig(max_concurrency=2, item_namer=lambda word, _: f"measure-{word}")


@durable_execution
def handler(_event: object, context: DurableContext) -> list[int]:
    """A failed item is told in the result; nothing is raised unless it is asked for."""
    measured = context.map(["plums", "apples", "pears"], measure, "measure-words", TWO_AT_ONCE)
    measured.throw_if_error()
    return measured.get_results()


def measure(child: DurableContext, word: str, _index: int, _words: Sequence[str]) -> int:
    """One item."""
    return child.step(lambda _: len(word), "count-letters")
