"""Who is sent reports."""

from dataclasses import dataclass
from typing import Protocol


class ReportsError(Exception):
    """The report cannot be sent, and trying again will not help; the text says why."""


class ReportsUnavailableError(ReportsError):
    """The report was not sent; the same call may succeed later."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as plain text. It names no recipient: who gets reports is not for a model to say."""

    subject: str
    text: str


class Reports(Protocol):
    """Sends reports to the one recipient that the settings name."""

    def send(self, report: Report, key: str) -> str:
        """Send it; the answer is its id, or its address. Called twice it may send twice, so call it once."""
        ...
