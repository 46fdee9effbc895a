"""A parallel runs different functions side by side, each in a child context of its own."""

from durable import DurableContext, ParallelBranch, durable_execution


@durable_execution
def handler(_event: object, context: DurableContext) -> dict[str, float]:
    """A failed branch is told in the result; nothing is raised unless it is asked for."""
    branches = [ParallelBranch(price, "price"), ParallelBranch(weight, "weight")]
    found = context.parallel(branches, "look-up")
    found.throw_if_error()
    return dict(zip(["price", "weight"], found.get_results(), strict=True))


def price(child: DurableContext) -> float:
    """One branch."""
    return child.step(lambda _: 4.5, "ask-shop")


def weight(child: DurableContext) -> float:
    """Another branch."""
    return child.step(lambda _: 0.25, "ask-warehouse")
