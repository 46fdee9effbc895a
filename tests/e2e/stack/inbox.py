"""What a stack tells people, as they get it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.stack.stack import Stack

LONG_POLLS = 6
"""Of 20 seconds each, the longest that SQS answers one request after."""


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
