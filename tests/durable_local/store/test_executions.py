from collections.abc import Sequence
from typing import Any

import pytest

from durable_local.store import executions
from durable_local.store.database import IN_MEMORY, Database
from durable_local.store.executions import Selection


class Explaining(Database):
    """Tells how rows would be found instead of finding them."""

    def __init__(self) -> None:
        super().__init__(IN_MEMORY)
        self.plans: list[str] = []

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        self.plans += [step[3] for step in super().rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        return []


@pytest.mark.parametrize("oldest_first", [True, False])
def test_a_page_of_a_functions_executions_is_found_by_the_index_and_not_sorted(*, oldest_first: bool) -> None:
    database = Explaining()

    executions.selected(database, Selection("f"), None, 10, oldest_first=oldest_first)

    assert database.plans[0] == (
        "SEARCH executions USING INDEX executions_by_function (function=? AND started_at>? AND started_at<?)"
    )
    assert not any("TEMP B-TREE" in step for step in database.plans)


@pytest.mark.parametrize("oldest_first", [True, False])
def test_the_execution_of_a_name_is_found_by_the_index_of_names(*, oldest_first: bool) -> None:
    database = Explaining()

    executions.selected(database, Selection("f", "monday"), None, 10, oldest_first=oldest_first)

    assert database.plans[0] == "SEARCH executions USING INDEX sqlite_autoindex_executions_2 (name=?)"
    assert not any("TEMP B-TREE" in step for step in database.plans)
