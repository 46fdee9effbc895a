"""The service that keeps operations, as the core sees it."""

from collections.abc import Sequence
from typing import Protocol

from durable.model import CheckpointOutput, OperationUpdate, StateOutput


class DurableServiceClient(Protocol):
    """The two calls by which an invocation records operations and reads them back."""

    def checkpoint(
        self,
        durable_execution_arn: str,
        checkpoint_token: str,
        updates: Sequence[OperationUpdate],
        client_token: str | None,
    ) -> CheckpointOutput:
        """Record updates, all or none, and learn what changed; no updates only asks for changes."""

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a further page of the recorded operations."""
