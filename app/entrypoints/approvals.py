"""The approvals: a plain function by which reviewers decide on orders."""

from typing import Any

from app.container import build_container

container = build_container()


def handler(event: Any, context: object) -> Any:  # noqa: ARG001 (Lambda passes it)
    """Make the decision in the delivery, and answer its source."""
    return container.approving().run(event)
