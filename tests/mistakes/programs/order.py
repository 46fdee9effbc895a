"""Letters to everybody who has asked for one, each once."""

from typing import Any

from durable import DurableContext, durable_execution

ASKED = ["Ada", "Barbara", "Edsger", "Frances", "Grace", "Jean", "Joan", "Kathleen", "Margaret", "Radia", "Ada"]


@durable_execution
def mistaken(event: Any, context: DurableContext) -> int:
    for name in set(ASKED):
        context.step(lambda _: "sent", name=f"write-to-{name}")
    return len(ASKED)


@durable_execution
def corrected(event: Any, context: DurableContext) -> int:
    for name in sorted(set(ASKED)):
        context.step(lambda _: "sent", name=f"write-to-{name}")
    return len(ASKED)
