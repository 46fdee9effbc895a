import json

import pytest

from app.adapters.tools.execute_sql import ExecuteSql
from app.domain.datasets import Answer
from app.ports.datasets import DatasetError, DatasetUnavailableError, QueryRefusedError
from app.ports.tools import ToolError, ToolUnavailableError
from tests.app.adapters.tools.conftest import use
from tests.fakes.datasets import SetDatasets

FOUND = Answer(columns=("sku", "stock"), rows=(("tea-01", 38),), complete=False)


def test_the_model_is_told_the_rows_and_whether_they_are_all() -> None:
    datasets = SetDatasets(FOUND)

    told = json.loads(ExecuteSql(datasets).use(use(statement="SELECT sku, stock FROM teas")))

    assert told == {"columns": ["sku", "stock"], "rows": [["tea-01", 38]], "complete": False}
    assert datasets.asked == ["SELECT sku, stock FROM teas"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (QueryRefusedError("no such column: price"), ToolError),
        (DatasetError("it is gone"), ToolError),
        (DatasetUnavailableError("busy"), ToolUnavailableError),
    ],
)
def test_what_is_wrong_is_told(trouble: DatasetError, kind: type[ToolError]) -> None:
    with pytest.raises(ToolError, match=str(trouble)) as refused:
        ExecuteSql(SetDatasets(FOUND, trouble)).use(use(statement="SELECT price FROM teas"))

    assert type(refused.value) is kind
