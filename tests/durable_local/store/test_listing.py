from collections.abc import Iterator
from dataclasses import replace

import pytest

from durable.wire import from_milliseconds
from durable_local.store import executions, listing
from durable_local.store.database import IN_MEMORY, Database
from durable_local.store.executions import ExecutionRow
from durable_local.store.listing import WINDOW, Filter
from tests.durable_local.store.test_executions import Explaining

MANY = 2 * WINDOW + 10


def row(
    number: int,
    name: str = "",
    function: str = "f",
    status: str = "SUCCEEDED",
    awaited_by: tuple[int | None, str | None] = (None, None),
) -> ExecutionRow:
    """An execution in order of its number; always two begin at one moment."""
    named = name or f"order-{number}"
    terms = None, None, None
    return ExecutionRow(
        None, f"arn:{number}", named, function, f"root-{number}", *terms, number // 2, *awaited_by, status
    )


def stored(*rows: ExecutionRow) -> Database:
    database = Database(IN_MEMORY)
    with database.transaction():
        for each in rows:
            executions.insert(database, each)
    return database


@pytest.fixture(scope="module")
def many() -> Iterator[Database]:
    """As many executions as are looked through in three goes; the oldest is the only one of its kind."""
    rare = row(0, name="Rare_one", function="g", status="FAILED")
    database = stored(rare, *(row(number, function="fg"[number % 2]) for number in range(1, MANY)))
    yield database
    database.close()


def numbers(found: list[listing.ListedRow]) -> list[int]:
    return [int(each.arn.removeprefix("arn:")) for each in found]


def test_pages_follow_each_other_newest_first_and_leave_nobody_out(many: Database) -> None:
    seen: list[int] = []
    after = None
    while page := listing.page(many, Filter(), after, 999):
        seen += numbers(page)
        after = page[-1].started_at, page[-1].key

    assert seen == list(reversed(range(MANY)))


@pytest.mark.parametrize(
    "filter_",
    [
        Filter(status="FAILED"),
        Filter(part="rare_ONE"),
        Filter(part="are_"),
        Filter("g", "FAILED", "rare"),
    ],
)
def test_what_is_rare_is_found_however_far_back_it_lies(many: Database, filter_: Filter) -> None:
    assert numbers(listing.page(many, filter_, None, 51)) == [0]


@pytest.mark.parametrize("filter_", [Filter("h"), Filter(status="RUNNING"), Filter(part="%"), Filter("f", part="Rare")])
def test_what_there_is_not_is_not_found(many: Database, filter_: Filter) -> None:
    assert listing.page(many, filter_, None, 51) == []


def test_a_functions_executions_are_those_of_the_function(many: Database) -> None:
    found = listing.page(many, Filter("g"), None, 3)

    assert numbers(found) == [MANY - 1, MANY - 3, MANY - 5]


def test_a_page_is_as_long_as_asked_for_across_the_windows(many: Database) -> None:
    assert numbers(listing.page(many, Filter("f"), None, WINDOW + 1)) == list(range(MANY - 2, 0, -2))[: WINDOW + 1]


@pytest.mark.parametrize(("filter_", "index"), [(Filter(), "start"), (Filter("f", "FAILED", "x"), "function")])
def test_a_page_is_found_by_an_index_and_not_sorted(filter_: Filter, index: str) -> None:
    database = Explaining()

    listing.page(database, filter_, (1, 1), 10)

    assert all(step.startswith("SEARCH") and f"executions_by_{index} " in step for step in database.plans)


def test_functions_are_told_by_name(many: Database) -> None:
    assert listing.functions(many) == ["f", "g"]
    assert listing.functions(Database(IN_MEMORY)) == []


@pytest.mark.parametrize(("function", "told"), [("", {"FAILED": 1, "SUCCEEDED": MANY - 1}), ("h", {})])
def test_executions_are_counted_by_their_status(many: Database, function: str, told: dict[str, int]) -> None:
    assert listing.counts(many, function) == told


def test_a_functions_executions_are_counted_apart(many: Database) -> None:
    assert sum(listing.counts(many, "f").values()) + sum(listing.counts(many, "g").values()) == MANY


def test_what_ends_and_what_is_removed_is_counted_so() -> None:
    database = stored(*(row(number, status="RUNNING") for number in range(3)))
    ended = replace(row(0), key=1, remove_at=1)

    with database.transaction():
        executions.update(database, ended)
    assert listing.counts(database) == {"RUNNING": 2, "SUCCEEDED": 1}

    with database.transaction():
        executions.remove(database, from_milliseconds(1), 10)
    assert listing.counts(database) == {"RUNNING": 2}


def test_counting_looks_at_no_execution() -> None:
    database = Explaining()

    listing.counts(database)

    assert not any("executions" in step for step in database.plans)


def test_executions_know_who_invoked_them_and_whom_they_invoked() -> None:
    database = stored(row(0), row(1, awaited_by=(1, "ship")), row(2, awaited_by=(1, "bill")), row(3))

    assert [listing.parent(database, f"arn:{number}") for number in range(4)] == [None, "order-0", "order-0", None]
    assert listing.children(database, "arn:0") == {"ship": "order-1", "bill": "order-2"}
    assert listing.children(database, "arn:1") == {}
