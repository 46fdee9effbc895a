"""One tool of each kind, with inputs that it can use."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.adapters.tools.execute_sql import ExecuteSql
from app.adapters.tools.knowledge_base import KnowledgeBase, build_index
from app.adapters.tools.report_email import ReportEmail
from app.domain.datasets import Answer
from app.ports.tools import Tool, ToolUse
from tests.fakes.datasets import DATASET, SetDatasets
from tests.fakes.reports import MemoryReports

PAGES = {
    "money.md": "# Amounts\n\nAmounts are kept to the cent.\n\n## Currencies\n\nEvery amount is in euros.\n",
    "tea.md": "Tea comes first.\n\n# Kinds of tea\n\nAssam and Sencha are teas.\n\n### Water\n\nBoil it.\n",
}


@dataclass(frozen=True)
class Given:
    """A tool, inputs that it can use, and inputs that it refuses by itself."""

    tool: Tool
    good: dict[str, str]
    bad: list[dict[str, str]] = field(default_factory=list)


def use(**inputs: str) -> ToolUse:
    return ToolUse(inputs=inputs, dataset=DATASET, execution="monday", place="1-1")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index(PAGES, tmp_path / "built" / "knowledge.sqlite")
    return tmp_path / "built" / "knowledge.sqlite"


@pytest.fixture(params=["search_knowledge_base", "execute_sql", "send_report_email"])
def given(request: pytest.FixtureRequest, index: Path) -> Given:
    found = Answer(columns=("sku",), rows=(("tea-01",),), complete=True)
    report = {"subject": "Sales", "text": "Tea: 77.05"}
    return {
        "search_knowledge_base": Given(KnowledgeBase(index), {"query": "teas"}, [{"query": "?!"}, {"query": ""}]),
        "execute_sql": Given(ExecuteSql(SetDatasets(found)), {"statement": "SELECT 1"}),
        "send_report_email": Given(
            ReportEmail(MemoryReports()),
            report,
            [report | {"subject": "a\nBcc: eve@example.com"}, report | {"subject": " "}, report | {"text": "\n"}],
        ),
    }[str(request.param)]
