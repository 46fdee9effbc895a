"""A sample of the customers API: a plain function that the pipeline invokes while nobody has told of a real one."""

from typing import Any

from app.container import build_container

container = build_container()


def handler(event: Any, context: object) -> Any:  # noqa: ARG001 (Lambda passes it)
    """Answer with the page of sample customers that is asked for."""
    return container.customer_pages().answer(event)
