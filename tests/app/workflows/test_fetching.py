import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage.memory import MemoryStorage
from app.domain.batches import batches
from app.domain.errors import PlanTooLargeError
from app.domain.keys import Keys
from app.domain.limits import BATCH_OPERATIONS, BRANCH_OPERATIONS, CHECKPOINT_BYTES, EXECUTION_OPERATIONS, Limits
from app.domain.plan import Plan
from app.domain.shards import Shard
from app.workflows.fetching import Fetching
from app.workflows.staging import Staging
from tests.app.workflows.conftest import words

some_limits = st.builds(
    Limits,
    operations=st.integers(10, 200),
    reserve_percent=st.integers(0, 90),
    page_rows=st.integers(1, 20),
    page_bytes=st.integers(1, 100),
    batch_pages=st.integers(1, 5),
    inline_bytes=st.integers(0, 65_536),
)
some_words = st.lists(st.sampled_from("abcdefghij").map(lambda letter: letter * 3), max_size=300)


@dataclass(frozen=True)
class Fetched:
    """What `fetch-data` has planned and staged; a plan goes through JSON, as through a checkpoint."""

    storage: MemoryStorage
    plan: Plan

    def parts(self) -> list[tuple[Staging, Plan]]:
        """The plans of rows, each with the staging that reads them: the branch's own, or those of its shards."""
        keys = [Shard("nightly", "teas", number).keys for number in range(self.plan.get("shards", 0))]
        stagings = [Staging(self.storage, each) for each in keys]
        return [(each, each.plan()) for each in stagings] or [(Staging(self.storage, KEYS), self.plan)]


KEYS = Keys("nightly", "teas")


def fetch(rows: list[str], limits: Limits, data_types: int = 1) -> Fetched:
    storage = MemoryStorage()
    plan = Fetching(words(*rows), Staging(storage, KEYS), limits, data_types).plan()
    return Fetched(storage, json.loads(json.dumps(plan)))


def fetched_if_it_fits(rows: list[str], limits: Limits, data_types: int) -> Fetched | None:
    try:
        return fetch(rows, limits, data_types)
    except PlanTooLargeError:
        return None


@given(some_words, some_limits, st.integers(1, 6))
def test_every_row_is_in_exactly_one_batch_under_its_number(rows: list[str], limits: Limits, data_types: int) -> None:
    if fetched := fetched_if_it_fits(rows, limits, data_types):
        read = [
            (row_number, row)
            for staging, plan in fetched.parts()
            for batch in batches(plan)
            for row_number, row in enumerate(staging.read(batch), start=batch.first_row)
        ]
        assert read == list(enumerate(rows, start=1))


@given(some_words, some_limits, st.integers(1, 6))
def test_no_execution_uses_more_than_it_may(rows: list[str], limits: Limits, data_types: int) -> None:
    spendable = limits.operations * (100 - limits.reserve_percent) / 100 - EXECUTION_OPERATIONS
    if fetched := fetched_if_it_fits(rows, limits, data_types):
        shards = fetched.plan.get("shards", 0)
        for _, plan in fetched.parts():
            used = BRANCH_OPERATIONS + BATCH_OPERATIONS * len(batches(plan))
            assert used <= spendable / (1 if shards else data_types)
            assert len(json.dumps(plan)) < CHECKPOINT_BYTES
        assert shards == 0 or BRANCH_OPERATIONS + shards <= spendable / data_types


@given(some_words, some_limits, st.integers(1, 6))
def test_a_repeated_id_is_known_wherever_its_rows_are(rows: list[str], limits: Limits, data_types: int) -> None:
    if fetched := fetched_if_it_fits(rows, limits, data_types):
        repeats: dict[int, int] = {}
        for staging, plan in fetched.parts():
            for batch in batches(plan):
                repeats |= staging.repeats(batch)

        firsts = {number: rows.index(row) + 1 for number, row in enumerate(rows, start=1)}
        assert repeats == {number: first for number, first in firsts.items() if number != first}


def test_rows_within_the_branchs_share_make_no_shards() -> None:
    limits = Limits(operations=30, reserve_percent=0, page_rows=1, batch_pages=2)
    most = 2 * limits.share(1).most_batches

    assert "shards" not in fetch([f"w{n}" for n in range(most)], limits).plan
    assert fetch([f"w{n}" for n in range(most + 1)], limits).plan["shards"] == 2


def test_a_shard_has_an_execution_to_itself_where_the_branch_shares_its_own() -> None:
    limits = Limits(operations=60, reserve_percent=0, page_rows=1, batch_pages=1)
    rows = [f"w{n}" for n in range(limits.share(3).most_batches + 1)]

    fetched = fetch(rows, limits, data_types=3)

    assert fetched.plan["shards"] == 1
    assert [plan["rows"] for _, plan in fetched.parts()] == [len(rows)]


def test_more_rows_than_all_shards_take_are_refused_by_the_data_types_name() -> None:
    limits = Limits(operations=12, reserve_percent=0, page_rows=1, batch_pages=1)

    with pytest.raises(PlanTooLargeError, match="'teas' has more rows than the 7 shards"):
        fetch([f"w{n}" for n in range(100)], limits)
