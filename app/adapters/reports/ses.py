"""Reports by e-mail, through SES."""

from typing import Any

from app.adapters.technologies.aws import Client, CutShortError, aws_client, port_errors, whole
from app.ports.reports import Report, Reports, ReportsError, ReportsUnavailableError


def ses_client(**options: Any) -> Client:
    """A client that asks once: SES knows no idempotency key, so what is sent again is received again."""
    return aws_client("sesv2", attempts=1, **options)


class SesReports(Reports):
    """Sends each report as plain text from one address to another; the answer is SES's id of the message."""

    def __init__(self, client: Client, sender: str, recipient: str) -> None:
        self._client = client
        self._sender = sender
        self._recipient = recipient

    def send(self, report: Report, key: str) -> str:
        content = {"Subject": {"Data": report.subject}, "Body": {"Text": {"Data": report.text}}}
        with port_errors(f"the sender {self._sender}", ReportsError, ReportsUnavailableError):
            sent = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [self._recipient]},
                Content={"Simple": content},
                EmailTags=[{"Name": "key", "Value": key}],
            )
            if "MessageId" not in whole(sent):
                raise CutShortError("the answer ended before the message's id, so nobody knows whether it was sent")
            return str(sent["MessageId"])
