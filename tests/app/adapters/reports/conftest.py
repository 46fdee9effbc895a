"""Reports of each kind, and what their recipient gets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto.ses.models import ses_backends

from app.adapters.reports.document import DocumentReports
from app.adapters.reports.ses import SesReports, ses_client
from app.adapters.storage.filesystem import FilesystemStorage
from app.ports.reports import Report, Reports
from tests.app.conftest import CREDENTIALS

ACCOUNT = "123456789012"  # that of moto
SENDER, RECIPIENT = "reports@example.com", "chief@example.com"


@pytest.fixture
def ses(aws: str) -> Iterator[Any]:
    """A client of SES, which has verified the sender."""
    client = ses_client(endpoint_url=aws, **CREDENTIALS)
    if SENDER not in [each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]]:
        client.create_email_identity(EmailIdentity=SENDER)
    yield client
    client.close()


@dataclass(frozen=True)
class Delivery:
    """Reports, and all that was delivered: recipient and report, in the order in which they went out."""

    reports: Reports
    delivered: Callable[[], list[tuple[str, Report]]]


def as_documents(request: pytest.FixtureRequest) -> Delivery:
    root: Path = request.getfixturevalue("tmp_path")
    return Delivery(
        DocumentReports(FilesystemStorage(root), RECIPIENT),
        lambda: [read(path.read_text()) for path in sorted(root.glob("reports/*"))],
    )


def read(mail: str) -> tuple[str, Report]:
    head, _, text = mail.partition("\n\n")
    to, subject = (line.split(": ", 1)[1] for line in head.splitlines())
    return to, Report(subject, text.removesuffix("\n"))


def by_ses(request: pytest.FixtureRequest) -> Delivery:
    ses: Any = request.getfixturevalue("ses")
    before = len(sent())
    return Delivery(SesReports(ses, SENDER, RECIPIENT), lambda: sent()[before:])


def sent() -> list[tuple[str, Report]]:
    """What the server, which runs in this process, has sent; nothing tells it over the wire."""
    messages = ses_backends[ACCOUNT]["us-east-1"].sent_messages
    return [(*each.destinations["ToAddresses"], Report(each.subject, each.body)) for each in messages]


@pytest.fixture(params=[as_documents, by_ses])
def delivery(request: pytest.FixtureRequest) -> Delivery:
    made: Delivery = request.param(request)
    return made
