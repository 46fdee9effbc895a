import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.batches import batches
from app.domain.errors import PlanTooLargeError
from app.domain.keys import Keys, check_key
from app.domain.limits import CHECKPOINT_BYTES, MOST_WRITTEN_BYTES, Limits, Share
from app.domain.plan import (
    PageReceipt,
    check_shard_count,
    make_plan,
    most_pages,
    name_items,
    plan_of_shards,
)

KEYS = Keys("nightly", "orders")
LONGEST_KEYS = Keys("n" * 64, "t" * 32)
ADDRESS = "s3://" + "b" * 200
row_ids = st.one_of(st.text(max_size=3), st.sampled_from(["a", "A", "row-1", "row-2", "ROW-3", "../x", "", "x" * 65]))


def receipts(rows_a_page: list[int], keys: Keys = KEYS) -> list[PageReceipt]:
    """Receipts of pages that are as long to write as any."""
    return [
        PageReceipt(key=keys.page(number), size=104_857_600, rows=rows, repeats=rows)
        for number, rows in enumerate(rows_a_page)
    ]


@given(st.lists(row_ids, max_size=30))
def test_every_item_has_a_name_of_its_own_that_can_stand_in_a_key(ids: list[str]) -> None:
    names = [item["name"] for item in name_items(ids)]

    assert len({name.lower() for name in names}) == len(ids)
    assert all(check_key(f"documents/{name}.json") for name in names)


def test_ids_that_differ_only_in_case_are_two_rows_with_two_documents() -> None:
    assert [item["name"] for item in name_items(["Tea", "tea"])] == ["Tea", "row-2"]


def test_five_million_rows_of_ordinary_names_fit_one_execution() -> None:
    limits = Limits()

    assert most_pages(limits.share(3), limits, KEYS) * limits.page_rows > 5_000_000


@given(st.integers(1, 12), st.integers(1, 1_000), st.sampled_from([KEYS, LONGEST_KEYS]))
def test_the_largest_plan_of_pages_fits_its_checkpoint(data_types: int, batch_pages: int, keys: Keys) -> None:
    limits = Limits(batch_pages=batch_pages, reserve_percent=0)
    share = limits.share(data_types)

    plan = make_plan(receipts([100_000] * most_pages(share, limits, keys), keys), share, limits, ADDRESS)

    assert len(json.dumps(plan)) < CHECKPOINT_BYTES
    assert len(batches(plan)) <= share.most_batches
    assert plan["pages_per_batch"] <= batch_pages


def test_the_largest_plan_of_single_rows_fits_its_checkpoint() -> None:
    limits = Limits(page_rows=1)
    share = limits.share(data_types=1)
    rows = share.most_batches

    pages = receipts([1] * rows, LONGEST_KEYS)
    plan = make_plan(pages, share, limits, ADDRESS, ids=[f"{row:064}" for row in range(rows)])

    assert len(plan["items"]) == rows
    assert len(json.dumps(plan)) < CHECKPOINT_BYTES


def test_a_plan_of_shards_is_small_however_many_there_are() -> None:
    assert len(json.dumps(plan_of_shards(10**6, 10**12, Share(3_000, MOST_WRITTEN_BYTES), ADDRESS))) < 1_000


def test_a_shard_more_than_the_branch_can_invoke_is_refused() -> None:
    share = Limits().share(data_types=3)

    check_shard_count(share.most_shards, share, KEYS)

    with pytest.raises(PlanTooLargeError, match="'orders' has more rows than the 796 shards"):
        check_shard_count(share.most_shards + 1, share, KEYS)
