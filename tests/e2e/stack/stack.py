"""The deployed application as those see it who use it: by boto3 alone, whoever answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from botocore.waiter import WaiterModel, create_waiter_with_client

TERMINAL = ("SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED")
EVERY_SECOND = {"delay": 1, "maxAttempts": 300}
WAITERS = WaiterModel(
    {
        "version": 2,
        "waiters": {
            "Ended": EVERY_SECOND
            | {
                "operation": "GetDurableExecution",
                "acceptors": [
                    {"matcher": "path", "argument": "Status", "expected": status, "state": "success"}
                    for status in TERMINAL
                ],
            },
            "Asking": EVERY_SECOND
            | {
                "operation": "GetDurableExecutionHistory",
                "acceptors": [
                    {
                        "matcher": "pathAny",
                        "argument": "Events[].EventType",
                        "expected": "CallbackStarted",
                        "state": "success",
                    }
                ],
            },
        },
    }
)
LONG_POLLS = 6
"""Of 20 seconds each, the longest that SQS answers one request after."""


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
        create_waiter_with_client(for_what, WAITERS, self.client("lambda")).wait(DurableExecutionArn=arn)


@dataclass(frozen=True)
class Inbox:
    """A queue that gets every notice from now on, and all that came so far."""

    sqs: Any
    url: str
    notices: list[dict[str, str]] = field(default_factory=list)

    def notice(self, words: str) -> dict[str, str]:
        """The notice with these words, once it has come."""
        for _ in range(LONG_POLLS):
            if found := self.having(words):
                return found[0]
            self._receive(wait_seconds=20)
        raise AssertionError(f"No notice has come with {words!r}, but {self.notices}")

    def having(self, words: str) -> list[dict[str, str]]:
        """The notices with these words among those that came."""
        return [each for each in self.notices if words in f"{each['subject']}: {each['text']}"]

    def receive_the_rest(self) -> None:
        """Take what else has come."""
        while self._receive(wait_seconds=1):
            pass

    def _receive(self, wait_seconds: int) -> bool:
        told = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds)
        for message in told.get("Messages", ()):
            self.notices.append(json.loads(message["Body"]))
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return "Messages" in told


@contextmanager
def inbox(stack: Stack) -> Iterator[Inbox]:
    """A queue of its own that subscribes to the stack's notices, as whoever sends mail would; removed at the end."""
    sns, sqs, topic = stack.client("sns"), stack.client("sqs"), stack.ids["RemindersTopic"]
    url = sqs.create_queue(QueueName=f"tests-{stack.run}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _policy(arn, topic)})
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true"},
        ReturnSubscriptionArn=True,
    )
    try:
        yield Inbox(sqs, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)


def _policy(queue: str, topic: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
