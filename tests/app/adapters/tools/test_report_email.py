import json

import pytest

from app.adapters.tools.report_email import ReportEmail
from app.ports.reports import Report, ReportsError, ReportsUnavailableError
from app.ports.tools import ToolError, ToolUnavailableError
from tests.app.adapters.tools.conftest import use
from tests.fakes.reports import MemoryReports


def test_a_report_is_sent_under_the_key_of_its_use() -> None:
    reports = MemoryReports()

    told = json.loads(ReportEmail(reports).use(use(subject="Sales", text="Tea: 77.05")))

    assert told == {"sent": "report-1"}
    assert reports.sent == [("monday-1-1", Report("Sales", "Tea: 77.05"))]


def test_a_model_cannot_choose_the_recipient_and_sends_once() -> None:
    description = ReportEmail(MemoryReports()).description

    assert set(description.inputs) == {"subject", "text"}
    assert description.once


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(ReportsError("rejected"), ToolError), (ReportsUnavailableError("busy"), ToolUnavailableError)],
)
def test_what_is_wrong_is_told(trouble: ReportsError, kind: type[ToolError]) -> None:
    with pytest.raises(ToolError, match=str(trouble)) as refused:
        ReportEmail(MemoryReports(trouble)).use(use(subject="Sales", text="Tea: 77.05"))

    assert type(refused.value) is kind
