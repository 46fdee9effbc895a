"""The report, sent by e-mail."""

import json
from dataclasses import dataclass

from app.domain.analyst import ToolDescription
from app.ports.reports import Report, Reports, ReportsError, ReportsUnavailableError
from app.ports.tools import Tool, ToolError, ToolUnavailableError, ToolUse

LONGEST_SUBJECT = 120

DESCRIPTION = ToolDescription(
    name="send_report_email",
    purpose="Sends the finished report to whoever gets the reports, once; the recipient cannot be chosen.",
    inputs={"subject": f"one line of at most {LONGEST_SUBJECT} characters", "text": "the report as plain text"},
    once=True,
)


@dataclass(frozen=True, slots=True)
class ReportEmail(Tool):
    """Lets a model send one report to one recipient, neither of which it chooses."""

    reports: Reports

    @property
    def description(self) -> ToolDescription:
        return DESCRIPTION

    def use(self, use: ToolUse) -> str:
        subject, text = use.inputs["subject"], use.inputs["text"]
        if not subject.strip() or not subject.isprintable() or len(subject) > LONGEST_SUBJECT:
            raise ToolError(f"The subject must be one line of 1 to {LONGEST_SUBJECT} characters")
        if not text.strip():
            raise ToolError("The report is empty; give it a text")
        try:
            sent = self.reports.send(Report(subject, text), use.key)
        except ReportsUnavailableError as error:
            raise ToolUnavailableError(str(error)) from error
        except ReportsError as error:
            raise ToolError(str(error)) from error
        return json.dumps({"sent": sent})
