"""The stored documents, asked in SQL."""

import json
from dataclasses import dataclass

from app.domain.analyst import ToolDescription
from app.ports.datasets import DatasetError, Datasets, DatasetUnavailableError
from app.ports.tools import Tool, ToolError, ToolUnavailableError, ToolUse

DESCRIPTION = ToolDescription(
    name="execute_sql",
    purpose=(
        "Runs one SELECT of SQLite on the stored documents, as tables. Amounts are texts with two decimals, so that "
        "they stay exact: sum them as PRINTF('%.2f', SUM(CAST(total AS REAL)))."
    ),
    inputs={"statement": "the SELECT"},
)


@dataclass(frozen=True, slots=True)
class ExecuteSql(Tool):
    """Lets a model read the dataset of its execution, and nothing else."""

    datasets: Datasets

    @property
    def description(self) -> ToolDescription:
        return DESCRIPTION

    def use(self, use: ToolUse) -> str:
        try:
            answer = self.datasets.query(use.dataset, use.inputs["statement"])
        except DatasetUnavailableError as error:
            raise ToolUnavailableError(str(error)) from error
        except DatasetError as error:
            raise ToolError(str(error)) from error
        return json.dumps({"columns": answer.columns, "rows": answer.rows, "complete": answer.complete})
