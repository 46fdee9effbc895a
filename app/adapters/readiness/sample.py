"""Readiness that comes by itself."""

from dataclasses import dataclass

from app.ports.readiness import Readiness


@dataclass(frozen=True, slots=True)
class SampleReadiness(Readiness):
    """Is ready at its third poll, so that a tour has something to wait for; keeps nothing itself."""

    ready_at: int = 3

    def is_ready(self, execution: str, poll: int) -> bool:  # noqa: ARG002 - all executions wait alike
        return poll >= self.ready_at
