"""A host that runs invocations on the built artifact."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from durable.model import ErrorObject
from durable_local.hosts import Host, InvocationFailedError
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.events import envelope
from durable_local.invocations import Invocation

SANDBOX = Path(__file__).with_name("sandbox.py")


@dataclass(frozen=True)
class ArtifactHost(Host):
    """Begins a new process in the artifact's folder for every invocation: a cold start that leaves no bytecode."""

    python: Path
    artifact: Path
    handler: str
    environment: Mapping[str, str]
    answer: Path

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        process = subprocess.run(
            [self.python, "-I", "-S", "-B", SANDBOX, self.artifact, self.handler, self.answer],
            input=json.dumps(envelope(invocation)),
            env=self.environment,
            cwd=self.artifact,
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode != 0:
            raise InvocationFailedError(ErrorObject(process.stderr, "Runtime.ExitError"))
        return json.loads(self.answer.read_text())
