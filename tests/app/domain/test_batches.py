import json

from hypothesis import given
from hypothesis import strategies as st

from app.domain.batches import Batch, batches
from app.domain.limits import BATCH_OPERATIONS, BRANCH_OPERATIONS, MOST_WRITTEN_BYTES, Limits, Share
from app.domain.plan import PageReceipt, Plan, make_plan


def receipts(rows_a_page: list[int]) -> list[PageReceipt]:
    return [PageReceipt(key=f"page-{number:05}", size=10 * rows, rows=rows) for number, rows in enumerate(rows_a_page)]


def plan_of(rows_a_page: list[int], operations: int, ids: list[str] | None = None, first_row: int = 1) -> Plan:
    ids = [f"o-{number}" for number in range(sum(rows_a_page))] if ids is None else ids
    share = Share(operations, MOST_WRITTEN_BYTES)
    return make_plan(receipts(rows_a_page), share, Limits(), "file:/here", ids=ids, first_row=first_row)


def rows_of(batch: Batch) -> list[int]:
    """The numbers of the batch's rows, counted through its pages."""
    return list(range(batch.first_row, batch.first_row + batch.rows))


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(6, 200))
def test_no_row_is_lost_or_doubled_and_no_branch_exceeds_its_share(rows_a_page: list[int], operations: int) -> None:
    planned = batches(plan_of(rows_a_page, operations))

    assert [row for batch in planned for row in rows_of(batch)] == list(range(1, sum(rows_a_page) + 1))
    assert BRANCH_OPERATIONS + BATCH_OPERATIONS * len(planned) <= operations
    assert len({batch.name for batch in planned}) == len({batch.document for batch in planned}) == len(planned)


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(6, 200))
def test_a_batch_reads_exactly_its_rows_from_its_pages(rows_a_page: list[int], operations: int) -> None:
    first_rows = {page["key"]: 1 + sum(rows_a_page[:number]) for number, page in enumerate(receipts(rows_a_page))}

    for batch in batches(plan_of(rows_a_page, operations)):
        assert first_rows[batch.pages[0]["key"]] + batch.skip == batch.first_row
        assert batch.skip + batch.rows <= sum(page["rows"] for page in batch.pages)


@given(st.lists(st.integers(1, 20), max_size=30), st.integers(6, 200))
def test_a_recorded_plan_gives_the_same_batches_again(rows_a_page: list[int], operations: int) -> None:
    plan = plan_of(rows_a_page, operations)

    assert batches(json.loads(json.dumps(plan))) == batches(plan)


def test_few_rows_make_one_batch_each_named_after_the_row() -> None:
    planned = batches(plan_of([2, 1], operations=100, ids=["o-1", "", "o-3"]))

    assert [batch.name for batch in planned] == ["process-item-o-1", "process-item-row-2", "process-item-o-3"]
    assert [batch.document for batch in planned] == ["o-1.json", "row-2.json", "o-3.json"]
    assert [batch.skip for batch in planned] == [0, 1, 0]


def test_many_rows_make_batches_of_whole_pages() -> None:
    planned = batches(plan_of([10, 10, 10, 10, 5], operations=BRANCH_OPERATIONS + 3 * BATCH_OPERATIONS))

    assert [batch.name for batch in planned] == ["process-batch-00000", "process-batch-00001", "process-batch-00002"]
    assert [(batch.first_row, batch.rows) for batch in planned] == [(1, 20), (21, 20), (41, 5)]


def test_rows_whose_ids_are_not_told_go_by_pages_from_the_row_that_the_plan_begins_with() -> None:
    planned = batches(plan_of([2, 1], operations=100, ids=[], first_row=101))

    assert [(batch.name, batch.first_row) for batch in planned] == [
        ("process-batch-00000", 101),
        ("process-batch-00001", 103),
    ]


def test_no_rows_make_no_batches() -> None:
    assert batches(plan_of([], operations=100)) == []
