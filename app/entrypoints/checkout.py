"""The checkout: a plain function that closes a cart by its order."""

from app.container import build_container

container = build_container()


def handler(event: object, context: object) -> dict[str, str | None]:  # noqa: ARG001 (Lambda passes it)
    """Close the cart that the event names."""
    return container.checkout().run(event)
