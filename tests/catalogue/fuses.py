"""Sudden death at one event of a run; its events are the moments before and after each checkpoint and each effect."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from durable.lambda_service import DurableServiceClient
from durable.model import CheckpointOutput, OperationUpdate, StateOutput


@dataclass
class Fuse:
    """Ends this process as `kill -9` does at an event: that of a number, the first being 1, or of a name."""

    at: int | str | None = None
    events: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        """Two events: one before the body and one after."""
        self._burn(f"before {name}")
        yield
        self._burn(f"after {name}")

    def _burn(self, name: str) -> None:
        with self._lock:
            self.events += 1
            if self.at in (self.events, name):
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class FusedService:
    """A service whose every checkpoint is two events."""

    service: DurableServiceClient
    fuse: Fuse

    def checkpoint(
        self,
        durable_execution_arn: str,
        checkpoint_token: str,
        updates: Sequence[OperationUpdate],
        client_token: str | None,
    ) -> CheckpointOutput:
        with self.fuse.around("checkpoint"):
            return self.service.checkpoint(durable_execution_arn, checkpoint_token, updates, client_token)

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        return self.service.get_execution_state(durable_execution_arn, checkpoint_token, next_marker, max_items)
