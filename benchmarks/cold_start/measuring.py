"""The cold starts of each function: its import, its first invocation, and one that goes on with a history."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.cold_start.importing import LIBRARIES, Importing
from benchmarks.cold_start.outside import Outside
from durable_local.hosts import Host
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.events import envelope
from durable_local.invocations import Invocation
from durable_local.runtime import Function

Members = dict[str, Any]

ROOT = Path(__file__).parent.parent.parent
SANDBOX = Path(__file__).with_name("sandbox.py")
DURABLE = {
    "pipeline": "pipeline.json",
    "tour": "tour.json",
    "cart_reminder": "cart-reminder.json",
    "fulfilment": "fulfilment.json",
    "analyst": "analyst.json",
}
"""Durable functions and their sample events; the pipeline first, for the analyst asks about what it has stored."""
PLAIN = {"greeting": "greeting.json", "checkout": "checkout.json", "starter": "starter/http.json"}
CHARGE: Members = {"card": "card-7", "amount": "1.00"}
PARCEL: Members = {"customer_id": "c-001", "lines": [{"sku": "tea-01", "quantity": 1}]}
SAMPLES: dict[str, tuple[str, Members]] = {
    "sample_customers": ("/", {}),
    "sample_payments": ("/charges", CHARGE),
    "sample_shipping": ("/shipments", PARCEL),
}
"""Functions that serve an API, and a request of each."""
NO_CLAIM, REFUSED = 0, 400
STARTED = ("CartReminderFunction", "FulfilmentFunction", "PipelineFunction", "TourFunction")


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds of a function, the least of all that were measured: nothing else has taken part of them."""

    name: str
    imported: float
    compiled: float
    """The import with bytecode beside the code."""
    parts: dict[str, float]
    """Which packages take how much of the import."""
    first: float | None = None
    resumed: float | None = None


@dataclass
class NewSandboxes(Host):
    """Begins a new process for every invocation, and keeps how long each took after its import."""

    python: Path
    artifact: Path
    handler: str
    environment: dict[str, str]
    taken: list[float] = field(default_factory=list)

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:  # noqa: ARG002 - the sandbox has its own
        """Do what Lambda does for a sandbox that is not there yet."""
        return self.call(envelope(invocation))

    def call(self, event: object) -> Any:
        """What a new sandbox answers."""
        ran = subprocess.run(
            [self.python, "-I", "-S", "-B", SANDBOX, self.artifact, self.handler],
            input=json.dumps(event),
            env=self.environment,
            cwd=self.artifact,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{self.handler} could not be measured:\n{ran.stderr}")
        told = json.loads(ran.stdout.splitlines()[-1])
        self.taken.append(told["invoked"])
        return told["answer"]


@dataclass(frozen=True, slots=True)
class Measuring:
    """Measures so many times, everything in turn, so that a busy moment meets everything."""

    uncompiled: Importing
    compiled: Importing
    outside: Outside
    times: int

    def measure(self) -> list[ColdStart]:
        """The libraries alone, then every entry point."""
        names = sorted(path.stem for path in (self.uncompiled.artifact / "app" / "entrypoints").glob("[a-z]*.py"))
        codes = {"": LIBRARIES, **{name: f"import app.entrypoints.{name}" for name in names}}
        rounds = [{name: self.uncompiled.seconds(code) for name, code in codes.items()} for _ in range(self.times)]
        again = [{name: self.compiled.seconds(code) for name, code in codes.items()} for _ in range(self.times)]
        invoked = self.invocations()
        return [
            ColdStart(
                name,
                min(each[name] for each in rounds),
                min(each[name] for each in again),
                self.uncompiled.parts(code),
                *invoked.get(name, ()),
            )
            for name, code in codes.items()
        ]

    def invocations(self) -> dict[str, list[float]]:
        """The seconds of first and of resumed invocations."""
        every = range(self.times)
        durable = {name: [*zip(*(self._execution(name, number) for number in every), strict=True)] for name in DURABLE}
        taken = {name: self._plain(name, partial(sample, file)) for name, file in PLAIN.items()}
        taken |= {name: self._plain(name, partial(delivery, *asked)) for name, asked in SAMPLES.items()}
        approvals = iter(self.outside.dynamodb.scan(TableName="approvals")["Items"])
        taken["approvals"] = self._plain("approvals", lambda: approval(next(approvals)))
        return {name: [*map(min, each)] for name, each in durable.items()} | {
            name: [min(each)] for name, each in taken.items()
        }

    def _execution(self, name: str, number: int) -> tuple[float, float]:
        """The first invocation of an execution; then one with all that it has recorded, which has nothing new to do."""
        host, runtime = self._host(name), self.outside.runtime
        for function in (name, *STARTED):
            runtime.functions[function] = Function(host)
        arn = runtime.start(name, json.dumps(self._event(name, number)), f"{name.replace('_', '-')}-{number}")
        runtime.invoke(arn, name, NO_CLAIM)
        if error := runtime.executions.get(arn).error:
            raise RuntimeError(f"{name} failed: {error.message}")
        recorded = runtime.executions.operations(arn)
        host.call(envelope(Invocation(arn, name, "resumed", 0, "resumed", recorded, None, [])))
        return host.taken[0], host.taken[-1]

    def _event(self, name: str, number: int) -> object:
        event = sample(DURABLE[name])
        if name == "fulfilment":
            return {**event, "order_id": f"o-{number}"}
        return {**event, "documents": "pipeline-0"} if name == "analyst" else event

    def _plain(self, name: str, event: Callable[[], object]) -> list[float]:
        host = self._host(name)
        for _ in range(self.times):
            answer = host.call(event())
            if isinstance(answer, dict) and answer.get("statusCode", 200) >= REFUSED:
                raise RuntimeError(f"{name} refused its sample event: {answer['body']}")
        return host.taken

    def _host(self, name: str) -> NewSandboxes:
        importing = self.uncompiled
        handler = f"app.entrypoints.{name}.handler"
        return NewSandboxes(importing.python, importing.artifact, handler, self.outside.environment)


def sample(file: str) -> Any:
    """A sample event."""
    return json.loads((ROOT / "events" / file).read_text())


def delivery(path: str, body: Members) -> object:
    """A request as API Gateway delivers it, in what the sample APIs read of its format 2.0."""
    return {"rawPath": path, "rawQueryString": "", "headers": {"idempotency-key": "k-1"}, "body": json.dumps(body)}


def approval(item: dict[str, Any]) -> object:
    """A decision on what is to be decided."""
    return {"approval_id": item["approval_id"]["S"], "decision": "approve", "decided_by": "rita"}
