from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidRequestError
from app.domain.shards import Shard, in_groups, requested_shard

SHARD = Shard("nightly", "orders", 3)


def test_what_a_shard_is_invoked_with_asks_for_that_shard() -> None:
    assert requested_shard(SHARD.event, known=["orders"]) == SHARD


def test_a_shards_documents_lie_in_a_folder_of_its_own_among_those_of_its_execution() -> None:
    assert (
        SHARD.keys.final("documents", "batch-00000.jsonl") == "documents/nightly/orders/shard-00003/batch-00000.jsonl"
    )
    assert SHARD.keys.folder("documents") == "documents/nightly/orders"


@pytest.mark.parametrize("event", [None, [], {}, {"event_contexts": ["orders"]}, "shard"])
def test_another_event_asks_for_no_shard(event: object) -> None:
    assert requested_shard(event, known=["orders"]) is None


@pytest.mark.parametrize(
    "asked",
    [
        "orders",
        {"data_type": "orders", "number": 3},
        {"execution": "../nightly", "data_type": "orders", "number": 3},
        {"execution": "nightly", "data_type": "stones", "number": 3},
        {"execution": "nightly", "data_type": ["orders"], "number": 3},
        {"execution": "nightly", "data_type": {}, "number": 3},
        {"execution": "nightly", "data_type": "orders", "number": -1},
        {"execution": "nightly", "data_type": "orders", "number": "3"},
        {"execution": "nightly", "data_type": "orders", "number": True},
        {"execution": "nightly", "data_type": "orders", "number": 3, "more": 1},
    ],
)
def test_a_shard_that_cannot_be_is_refused(asked: object) -> None:
    with pytest.raises(InvalidRequestError, match="shard"):
        requested_shard({"shard": asked}, known={"orders"})


def test_a_shard_is_asked_for_alone() -> None:
    with pytest.raises(InvalidRequestError, match="alone"):
        requested_shard({**SHARD.event, "event_contexts": ["orders"]}, known=["orders"])


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_groups_hold_every_member_once_and_no_more_than_their_size(members: list[int], size: int) -> None:
    groups = list(in_groups(members, size))

    assert [member for group in groups for member in group] == members
    assert all(len(group) == size for group in groups[:-1])
    assert all(1 <= len(group) <= size for group in groups)


def test_members_are_taken_no_further_than_the_group_that_is_asked_for() -> None:
    members = count()

    assert next(in_groups(members, 3)) == [0, 1, 2]
    assert next(members) == 3
