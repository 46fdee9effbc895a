"""The deployed application as those see it who use it: by boto3 alone, whoever answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from botocore.waiter import WaiterModel, create_waiter_with_client


def _until(operation: str, matcher: str, argument: str, *expected: str) -> dict[str, Any]:
    """A waiter as botocore describes its own: an operation is asked every second, for five minutes at most."""
    acceptors = [{"matcher": matcher, "argument": argument, "expected": each, "state": "success"} for each in expected]
    return {"operation": operation, "delay": 1, "maxAttempts": 300, "acceptors": acceptors}


TERMINAL = ("SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED")
WAITERS = {
    "Ended": _until("GetDurableExecution", "path", "Status", *TERMINAL),
    "Asking": _until("GetDurableExecutionHistory", "pathAny", "Events[].EventType", "CallbackStarted"),
}


@dataclass(frozen=True)
class Stack:
    """One stack: its parameters, the physical ids of its resources by their logical ones, and clients for it."""

    parameters: Mapping[str, str]
    ids: Mapping[str, str]
    client: Callable[[str], Any]
    run: str = field(default_factory=lambda: uuid4().hex[:8])
    """Stands in every name that is given, for a stack outlives the tests that are run on it."""

    def begin(self, function: str, event: object, name: str) -> str:
        """Begin an execution; its ARN."""
        told = self.client("lambda").invoke(
            FunctionName=f"{self.ids[function]}:live",
            InvocationType="Event",
            DurableExecutionName=name,
            Payload=json.dumps(event).encode(),
        )
        return str(told["DurableExecutionArn"])

    def begun(self, function: str, name: str) -> str:
        """The ARN of an execution that somebody else has begun."""
        told = self.client("lambda").list_durable_executions_by_function(
            FunctionName=self.ids[function], DurableExecutionName=name
        )
        (only,) = [each for each in told["DurableExecutions"] if each["DurableExecutionName"] == name]
        return str(only["DurableExecutionArn"])

    def result(self, arn: str) -> Any:
        """What an execution comes to, once it has ended; it must have succeeded."""
        self._wait("Ended", arn)
        told = self.client("lambda").get_durable_execution(DurableExecutionArn=arn)
        assert told["Status"] == "SUCCEEDED", told.get("Error")
        return json.loads(told["Result"])

    def answer_callback(self, arn: str, answer: object) -> None:
        """Answer an execution's first callback, once there is one."""
        self._wait("Asking", arn)
        told = self.client("lambda").get_durable_execution_history(DurableExecutionArn=arn, MaxItems=1000)
        asked = next(event for event in told["Events"] if event["EventType"] == "CallbackStarted")
        self.client("lambda").send_durable_execution_callback_success(
            CallbackId=asked["CallbackStartedDetails"]["CallbackId"], Result=json.dumps(answer).encode()
        )

    def call(self, function: str, event: object) -> Any:
        """What a plain function answers."""
        told = self.client("lambda").invoke(
            FunctionName=f"{self.ids[function]}:live", Payload=json.dumps(event).encode()
        )
        answer = json.loads(told["Payload"].read())
        assert "FunctionError" not in told, answer
        return answer

    def tell(self, kind: str, detail: object) -> None:
        """Put an event into the queue that the starter takes events from."""
        body = json.dumps({"detail-type": kind, "detail": detail})
        self.client("sqs").send_message(QueueUrl=self.ids["EventsQueue"], MessageBody=body)

    def documents(self, prefix: str) -> dict[str, bytes]:
        """The documents in the bucket below a prefix, by what follows it."""
        s3, bucket = self.client("s3"), self.ids["Bucket"]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return {key.removeprefix(prefix): s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def _wait(self, for_what: str, arn: str) -> None:
        model = WaiterModel({"version": 2, "waiters": WAITERS})
        create_waiter_with_client(for_what, model, self.client("lambda")).wait(DurableExecutionArn=arn)
