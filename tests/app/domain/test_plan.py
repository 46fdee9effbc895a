import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import PlanTooLargeError, RowRejectedError
from app.domain.keys import Keys, check_key
from app.domain.plan import (
    BATCH_OPERATIONS,
    BRANCH_OPERATIONS,
    CHECKPOINT_BYTES,
    EXECUTION_OPERATIONS,
    Batch,
    Limits,
    PageReceipt,
    Plan,
    batches,
    check_page_count,
    make_plan,
    most_batches,
    name_items,
)

KEYS = Keys("nightly", "orders")
LONGEST_KEYS = Keys("n" * 64, "t" * 32)
row_ids = st.one_of(st.text(max_size=3), st.sampled_from(["a", "A", "row-1", "row-2", "ROW-3", "../x", "", "x" * 65]))


def receipts(rows_a_page: list[int], keys: Keys = KEYS) -> list[PageReceipt]:
    return [PageReceipt(key=keys.page(number), size=10 * rows, rows=rows) for number, rows in enumerate(rows_a_page)]


def plan_of(rows_a_page: list[int], share: int, ids: list[str] | None = None) -> Plan:
    ids = ids or [f"o-{number}" for number in range(sum(rows_a_page))]
    return make_plan(receipts(rows_a_page), ids, share, inline_bytes=4_096, documents="file:/here")


def pages_that_fit(keys: Keys) -> int:
    """How many pages a plan may name."""
    for pages in count(1):
        try:
            check_page_count(pages, keys)
        except PlanTooLargeError as refused:
            assert keys.data_type in str(refused)  # noqa: PT017 (the refusal is how the search ends)
            return pages - 1
    raise AssertionError("a plan of any size was allowed")


def rows_of(batch: Batch) -> list[int]:
    """The numbers of the batch's rows, counted through its pages."""
    return list(range(batch.first_row, batch.first_row + batch.rows))


@given(st.integers(1, 3_000), st.integers(0, 90), st.integers(1, 30))
def test_branches_of_all_data_types_together_stay_within_the_quota(quota: int, reserve: int, data_types: int) -> None:
    share = Limits(operations=quota, reserve_percent=reserve).share(data_types)

    assert share * data_types + EXECUTION_OPERATIONS <= quota * (100 - reserve) / 100


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(6, 200))
def test_no_row_is_lost_or_doubled_and_no_branch_exceeds_its_share(rows_a_page: list[int], share: int) -> None:
    planned = batches(plan_of(rows_a_page, share))

    assert [row for batch in planned for row in rows_of(batch)] == list(range(1, sum(rows_a_page) + 1))
    assert BRANCH_OPERATIONS + BATCH_OPERATIONS * len(planned) <= share
    assert len({batch.name for batch in planned}) == len({batch.document for batch in planned}) == len(planned)


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(6, 200))
def test_a_batch_reads_exactly_its_rows_from_its_pages(rows_a_page: list[int], share: int) -> None:
    first_rows = {page["key"]: 1 + sum(rows_a_page[:number]) for number, page in enumerate(receipts(rows_a_page))}

    for batch in batches(plan_of(rows_a_page, share)):
        assert first_rows[batch.pages[0]["key"]] + batch.skip == batch.first_row
        assert batch.skip + batch.rows <= sum(page["rows"] for page in batch.pages)


@given(st.lists(st.integers(1, 20), max_size=30), st.integers(6, 200))
def test_a_recorded_plan_gives_the_same_batches_again(rows_a_page: list[int], share: int) -> None:
    plan = plan_of(rows_a_page, share)

    assert batches(json.loads(json.dumps(plan))) == batches(plan)


@given(st.lists(row_ids, max_size=30))
def test_every_item_has_a_name_of_its_own_that_can_stand_in_a_key(ids: list[str]) -> None:
    names = [item["name"] for item in name_items(ids)]

    assert len({name.lower() for name in names}) == len(ids)
    assert all(check_key(f"documents/{name}.json") for name in names)


@given(st.lists(row_ids, max_size=30))
def test_an_item_repeats_the_first_row_with_its_id(ids: list[str]) -> None:
    for row_number, (row_id, item) in enumerate(zip(ids, name_items(ids), strict=True), start=1):
        first = ids.index(row_id) + 1
        assert item["repeats"] == (first if row_id and first < row_number else 0)


def test_few_rows_make_one_batch_each_named_after_the_row() -> None:
    planned = batches(plan_of([2, 1], share=100, ids=["o-1", "", "o-3"]))

    assert [batch.name for batch in planned] == ["process-item-o-1", "process-item-row-2", "process-item-o-3"]
    assert [batch.document for batch in planned] == ["o-1.json", "row-2.json", "o-3.json"]
    assert [batch.skip for batch in planned] == [0, 1, 0]


def test_many_rows_make_batches_of_whole_pages() -> None:
    planned = batches(plan_of([10, 10, 10, 10, 5], share=BRANCH_OPERATIONS + 3 * BATCH_OPERATIONS))

    assert [batch.name for batch in planned] == ["process-batch-00000", "process-batch-00001", "process-batch-00002"]
    assert [(batch.first_row, batch.rows) for batch in planned] == [(1, 20), (21, 20), (41, 5)]


def test_no_rows_make_no_batches() -> None:
    assert batches(plan_of([], share=100)) == []


def test_the_defaults_leave_three_data_types_265_batches_each() -> None:
    assert most_batches(Limits().share(data_types=3)) == 265


def test_a_share_that_pays_for_no_batch_is_refused() -> None:
    with pytest.raises(PlanTooLargeError, match="share of 5 operations pays for no batch"):
        most_batches(5)


def test_a_repeated_id_is_rejected_by_name_of_the_row_that_has_it() -> None:
    planned = batches(plan_of([3], share=100, ids=["o-1", "o-2", "o-1"]))

    with pytest.raises(RowRejectedError, match="is the id of row 1 already"):
        planned[2].refuse_repetition()
    planned[0].refuse_repetition()
    assert planned[2].document == "row-3.json"


def test_ids_that_differ_only_in_case_are_two_rows_with_two_documents() -> None:
    first, second = name_items(["Tea", "tea"])

    assert (first["name"], second["name"]) == ("Tea", "row-2")
    assert (first["repeats"], second["repeats"]) == (0, 0)


def test_a_million_rows_of_ordinary_names_fit_one_plan() -> None:
    check_page_count(1_000, KEYS)


def test_pages_are_refused_before_the_plan_outgrows_its_checkpoint() -> None:
    pages = receipts([1_000] * pages_that_fit(LONGEST_KEYS), LONGEST_KEYS)

    plan = make_plan(pages, [], share=799, inline_bytes=4_096, documents="s3://" + "b" * 200)

    assert CHECKPOINT_BYTES * 0.6 < len(json.dumps(plan)) < CHECKPOINT_BYTES * 0.8


def test_the_largest_plan_of_single_rows_fits_its_checkpoint() -> None:
    share = Limits().share(data_types=1)
    rows = most_batches(share)

    plan = make_plan(receipts([1] * rows, LONGEST_KEYS), [f"{row:064}" for row in range(rows)], share, 4_096, "s3://b")

    assert len(plan["items"]) == rows
    assert len(json.dumps(plan)) < CHECKPOINT_BYTES
