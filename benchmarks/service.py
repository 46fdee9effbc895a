"""The durable service as a benchmark needs it: a boto3 client's two calls, answered after a set time by least work."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""When everything happens; asking the clock would cost time."""
ARN = "arn:aws:lambda:us-east-1:123456789012:function:benchmark:1/durable-execution/benchmark/execution"

_STATUS = {"START": "STARTED", "SUCCEED": "SUCCEEDED", "FAIL": "FAILED"}


class Service:
    """Keeps the operations of one execution, and counts what it is asked."""

    def __init__(self, latency: int) -> None:
        self._latency = latency / 1000
        self._tokens = map(str, itertools.count())
        execution = {"Id": "execution", "Type": "EXECUTION", "Status": "STARTED", "StartTimestamp": MOMENT}
        self.operations: dict[str, Json] = {"execution": execution | {"ExecutionDetails": {"InputPayload": "null"}}}
        self.batches: list[Sequence[Json]] = []
        self.reads = 0
        self.most_threads = 0
        self.cpu = 0.0
        """Seconds of CPU time that answering took: it is not the SDK's, and counts against neither."""

    @property
    def calls(self) -> int:
        """How often the API was called."""
        return len(self.batches) + self.reads

    @property
    def sent(self) -> int:
        """How many bytes of JSON the updates took."""
        return sum(len(json.dumps(update)) for batch in self.batches for update in batch)

    def checkpoint_durable_execution(self, *, Updates: Sequence[Json], **_names: str) -> Json:  # noqa: N803 - boto3's
        """Take updates, and answer with the operations that they changed."""
        began = time.thread_time()
        self._pass_latency()
        self.batches.append(Updates)
        changed = {update["Id"]: self._apply(update) for update in Updates}
        state = {"Operations": list(changed.values()), "NextMarker": ""}
        self.cpu += time.thread_time() - began
        return {"CheckpointToken": next(self._tokens), "NewExecutionState": state}

    def get_durable_execution_state(self, **_names: str) -> Json:
        """No operation is on a further page: all are in the event, or in the answer to a checkpoint."""
        self._pass_latency()
        self.reads += 1
        return {"Operations": [], "NextMarker": ""}

    def event(self) -> Json:
        """What an invocation is handed, with all operations on the first page."""
        operations = [in_milliseconds(operation) for operation in self.operations.values()]
        return {
            "DurableExecutionArn": ARN,
            "CheckpointToken": next(self._tokens),
            "InitialExecutionState": {"Operations": operations, "NextMarker": ""},
        }

    def end_waits(self) -> None:
        """Let time pass until every wait is over."""
        for operation in self.operations.values():
            if operation["Type"] == "WAIT":
                operation["Status"] = "SUCCEEDED"

    def _pass_latency(self) -> None:
        self.most_threads = max(self.most_threads, threading.active_count())
        if self._latency:
            time.sleep(self._latency)

    def _apply(self, update: Json) -> Json:
        details, describe = _DETAILS[update["Type"]]
        operation: Json = {
            "Id": update["Id"],
            "Type": update["Type"],
            "Status": _STATUS[update["Action"]],
            "StartTimestamp": MOMENT,
            details: describe(update),
        }
        for member in ("ParentId", "Name", "SubType"):
            if member in update:
                operation[member] = update[member]
        self.operations[update["Id"]] = operation
        return operation


def _step(update: Json) -> Json:
    return {"Attempt": 1, "Result": update["Payload"]} if "Payload" in update else {"Attempt": 0}


def _context(update: Json) -> Json:
    return {"Result": update["Payload"], **update["ContextOptions"]} if "Payload" in update else {}


def _wait(update: Json) -> Json:
    return {"ScheduledEndTimestamp": MOMENT_OF_WAITS + timedelta(seconds=update["WaitOptions"]["WaitSeconds"])}


MOMENT_OF_WAITS = datetime(2100, 1, 1, tzinfo=UTC)
"""From when waits are counted: none ends while its invocation runs."""

_DETAILS: Mapping[str, tuple[str, Callable[[Json], Json]]] = {
    "STEP": ("StepDetails", _step),
    "CONTEXT": ("ContextDetails", _context),
    "WAIT": ("WaitDetails", _wait),
}


def in_milliseconds(value: Any) -> Any:
    """An operation as an event has it, where boto3 has moments as datetimes."""
    if isinstance(value, dict):
        return {name: in_milliseconds(member) for name, member in value.items()}
    return int(value.timestamp() * 1000) if isinstance(value, datetime) else value
