"""The analyst up to each of its suspension points."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from app.adapters.storage.memory import MemoryStorage
from app.adapters.tools.execute_sql import ExecuteSql
from app.adapters.tools.knowledge_base import KnowledgeBase, build_index
from app.adapters.tools.report_email import ReportEmail
from app.domain.analyst import Budget
from app.ports.chat_model import ChatModelUnavailableError
from app.ports.datasets import DatasetUnavailableError
from app.ports.storage import StorageUnavailableError
from app.workflows.analyst import AnalystWorkflow
from durable import durable_execution
from durable_local.replay.document import Json
from tests.fakes.analyst import asking, request
from tests.fakes.chat_model import WrittenChatModel
from tests.fakes.datasets import NOTHING, SetDatasets
from tests.fakes.reports import MemoryReports
from tests.fakes.storage import TroubledStorage
from tests.golden.recording import recorded, suspended

EVENT = {"question": "How many teas are there?", "documents": "monday"}
LOOK_UP = asking(
    request("search_knowledge_base", "t-1", query="teas"),
    request("execute_sql", "t-2", statement="SELECT COUNT(*) FROM teas"),
    request("drop_table", "t-3", table="teas"),
)
REPORT = asking(request("send_report_email", "t-4", subject="Teas", text="One"))
POINTS = ("building", "asking-model", "using-tools", "handing-over", "unanswered")
"""Where it waits for the next attempt of a step, and where for a person."""


def analyst() -> Iterator[tuple[str, list[Json]]]:
    """A question that takes two tools, a report and a person: suspended wherever it waits, and at its end."""
    with TemporaryDirectory() as folder:
        index = Path(folder, "knowledge.sqlite")
        build_index({"teas.md": "# Teas\n\nAssam is a tea."}, index)
        for point in POINTS:
            yield point, suspended(_analyst(index, point))
        yield "ended", _analyst(index, "nowhere")


def _analyst(index: Path, troubled: str) -> list[Json]:
    """The execution, in trouble once at a point."""

    def once(point: str, trouble: Exception) -> list[Exception]:
        return [trouble] if point == troubled else []

    busy = StorageUnavailableError("busy")
    storage = TroubledStorage(MemoryStorage(), once("handing-over", busy), at="put analyst/golden/handover")
    building = SetDatasets(NOTHING, *once("building", DatasetUnavailableError("busy")))
    using = SetDatasets(NOTHING, *once("using-tools", DatasetUnavailableError("busy")))
    model = WrittenChatModel(LOOK_UP, REPORT, LOOK_UP, troubles=once("asking-model", ChatModelUnavailableError("busy")))
    workflow = AnalystWorkflow(
        chat_model=model,
        tools=[KnowledgeBase(index), ExecuteSql(using), ReportEmail(MemoryReports())],
        datasets=building,
        storage=storage,
        budget=Budget(model_calls=3, tokens=1_000),
    )
    return recorded(durable_execution(workflow.run), EVENT, {"ask-a-person": "About two"})
