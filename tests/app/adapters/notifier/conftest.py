"""One notifier of each kind, and what its recipients get."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.notifier.documents import DocumentNotifier
from app.adapters.notifier.sns import SnsNotifier
from app.adapters.storage.filesystem import FilesystemStorage
from app.ports.notifier import Notifier
from tests.fakes.notifier import MemoryNotifier


@dataclass(frozen=True)
class Delivery:
    """A notifier, and all that was delivered by it: recipient, subject and text."""

    notifier: Notifier
    delivered: Callable[[], list[dict[str, str]]]


def in_memory(request: pytest.FixtureRequest) -> Delivery:
    notifier = MemoryNotifier()
    return Delivery(
        notifier,
        lambda: [
            {"recipient": each.recipient, "subject": each.subject, "text": each.text}
            for each in notifier.delivered.values()
        ],
    )


def as_documents(request: pytest.FixtureRequest) -> Delivery:
    root: Path = request.getfixturevalue("tmp_path")
    return Delivery(
        DocumentNotifier(FilesystemStorage(root)),
        lambda: [json.loads(path.read_text()) for path in sorted(root.glob("notices/*"))],
    )


def by_sns(request: pytest.FixtureRequest) -> Delivery:
    sns, sqs = request.getfixturevalue("sns"), request.getfixturevalue("sqs")
    topic = sns.create_topic(Name=f"reminders-{uuid4()}.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    queue = sqs.create_queue(QueueName=f"mail-{uuid4()}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    return Delivery(SnsNotifier(sns, topic), lambda: received(sqs, queue))


def received(sqs: Any, queue: str) -> list[dict[str, str]]:
    messages = []
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        messages += batch
    return [json.loads(message["Body"]) for message in messages]


@pytest.fixture(params=[as_documents, by_sns, in_memory])
def delivery(request: pytest.FixtureRequest) -> Delivery:
    """A notifier that has notified nobody yet; a test that asks for it runs once for every adapter."""
    delivery: Delivery = request.param(request)
    return delivery
