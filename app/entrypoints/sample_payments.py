"""A sample of the payment provider: a plain function that the fulfilment invokes, and nobody's money moves."""

from typing import Any

from app.container import build_container

container = build_container()


def handler(event: Any, context: object) -> Any:  # noqa: ARG001 (Lambda passes it)
    """Charge or refund in a ledger."""
    return container.payments_api().answer(event)
