"""Functions in processes of their own, driven by Lambda's real runtime client: nothing but JSON goes in and out."""

import json
from dataclasses import dataclass

from durable_local.hosts import Host
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.events import envelope
from durable_local.hosts.processes.pool import Pool
from durable_local.hosts.processes.worker import Program, WorkerGoneError
from durable_local.invocations import Invocation


@dataclass(frozen=True, slots=True)
class ProcessHost(Host):
    """Runs the invocations of one function on the workers of a pool."""

    pool: Pool
    program: Program

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none."""
        return json.loads(self.call(json.dumps(envelope(invocation)), context))

    def call(self, payload: str | None, context: LambdaContext) -> str:
        """The function's answer, JSON for JSON. Raises InvocationFailedError if there is none."""
        while True:
            try:
                with self.pool.worker(self.program) as worker:
                    return worker.run(payload or "{}", context)
            except WorkerGoneError:
                """It ended while it was idle, so the invocation is not to blame and has not begun."""


@dataclass(frozen=True, slots=True)
class PlainProcess:
    """A function that is not durable, in processes of its own."""

    host: ProcessHost
    timeout_seconds: float = 900

    @property
    def is_durable(self) -> bool:
        """It has no executions."""
        return False

    @property
    def memory_mb(self) -> int:
        """How much memory each worker has."""
        return self.host.program.memory_mb

    def call(self, payload: str | None, context: LambdaContext) -> str:
        """Its answer, JSON for JSON. Raises InvocationFailedError if there is none in time."""
        return self.host.call(payload, context)
