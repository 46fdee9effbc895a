"""A use case that remembers what a step has fetched."""

from typing import Any

from durable import DurableContext, durable_execution
from durable.config import Duration


class Remembering:
    """Keeps the customer in an attribute, which dies with the process."""

    customer: str | None = None

    def run(self, context: DurableContext) -> str:
        context.step(lambda _: self.fetch(), name="fetch-customer")
        context.wait(Duration.from_days(1), name="a-day")
        return f"Dear {str.upper(self.customer)}"  # type: ignore[arg-type]  # the mistake: None after the wait

    def fetch(self) -> None:
        self.customer = "Ada"


class Passing:
    """Passes on what the step returns, which is recorded."""

    def run(self, context: DurableContext) -> str:
        customer = context.step(lambda _: "Ada", name="fetch-customer")
        context.wait(Duration.from_days(1), name="a-day")
        return f"Dear {customer.upper()}"


remembering, passing = Remembering(), Passing()


@durable_execution
def mistaken(event: Any, context: DurableContext) -> str:
    return remembering.run(context)


@durable_execution
def corrected(event: Any, context: DurableContext) -> str:
    return passing.run(context)
