"""A sample of the shipping provider: a plain function that the fulfilment invokes, and nobody carries a parcel."""

from typing import Any

from app.container import build_container

container = build_container()


def handler(event: Any, context: object) -> Any:  # noqa: ARG001 (Lambda passes it)
    """Make up or confirm a parcel in a ledger."""
    return container.shipping_api().answer(event)
