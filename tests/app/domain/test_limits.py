import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import PlanTooLargeError
from app.domain.limits import (
    BATCH_BYTES,
    BATCH_OPERATIONS,
    BRANCH_OPERATIONS,
    CHECKPOINT_BYTES,
    EXECUTION_OPERATIONS,
    INLINE_GROWTH,
    MOST_WRITTEN_BYTES,
    Limits,
    Share,
)

quotas, reserves, data_types = st.integers(30, 3_000), st.integers(0, 90), st.integers(1, 12)


@given(quotas, reserves, data_types)
def test_branches_of_all_data_types_together_stay_within_the_quota(quota: int, reserve: int, types: int) -> None:
    share = Limits(operations=quota, reserve_percent=reserve).share(types)

    assert share.operations * types + EXECUTION_OPERATIONS <= quota * (100 - reserve) / 100
    assert share.written_bytes * types <= MOST_WRITTEN_BYTES * (100 - reserve) / 100


@given(st.integers(6, 3_000), st.integers(300_000, MOST_WRITTEN_BYTES))
def test_all_batches_that_a_share_pays_for_stay_within_it(operations: int, written_bytes: int) -> None:
    share = Share(operations, written_bytes)

    batches = share.most_batches

    assert BRANCH_OPERATIONS + BATCH_OPERATIONS * batches <= operations
    written = batches * (BATCH_BYTES + INLINE_GROWTH * share.inline_bytes(batches))
    assert CHECKPOINT_BYTES + written <= written_bytes


@given(st.integers(0, 3_000), st.integers(300_000, MOST_WRITTEN_BYTES))
def test_what_a_step_hands_on_inline_fits_its_checkpoint(batches: int, written_bytes: int) -> None:
    inline_bytes = Share(3_000, written_bytes).inline_bytes(batches)

    assert BATCH_BYTES + INLINE_GROWTH * inline_bytes <= CHECKPOINT_BYTES


@given(st.integers(4, 3_000), st.integers(300_000, MOST_WRITTEN_BYTES))
def test_all_shards_that_a_share_pays_for_stay_within_it(operations: int, written_bytes: int) -> None:
    share = Share(operations, written_bytes)

    assert BRANCH_OPERATIONS + share.most_shards <= operations
    assert CHECKPOINT_BYTES + BATCH_BYTES * share.most_shards <= written_bytes


def test_the_defaults_leave_three_data_types_265_batches_each() -> None:
    share = Limits().share(data_types=3)

    assert share.most_batches == 265
    assert share.inline_bytes(265) >= Limits().inline_bytes


def test_a_share_that_pays_for_no_batch_is_refused() -> None:
    with pytest.raises(PlanTooLargeError, match="share of 5 operations pays for no batch"):
        Share(5, MOST_WRITTEN_BYTES).most_batches  # noqa: B018 - a property that refuses
