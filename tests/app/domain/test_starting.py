from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.errors import InvalidRequestError, UnknownEventError
from app.domain.keys import is_name
from app.domain.starting import (
    BEGINNINGS,
    HASH_CHARACTERS,
    LEGAL,
    LONGEST_NAME,
    BusinessEvent,
    Start,
    name_of,
    start_of,
)
from tests.app.domain.test_placed_orders import EVENT

ADDED: dict[str, Any] = {"cart_id": "c-1017", "customer_id": "ada"}

workflows = st.sampled_from(sorted({each.workflow for each in BEGINNINGS.values()}))
legal = st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True)
any_text = st.text(st.characters(exclude_categories=[]), min_size=1)  # half surrogate pairs too
near = st.text("ab-/ é", min_size=1, max_size=4) | st.text("ab-", min_size=30, max_size=80)
"""Keys of which many become the same once what is illegal is replaced or what is long is cut."""
keys = legal | any_text | near


@given(workflows, keys)
@example("cart-reminder", "\ud800")
@example("cart-reminder", "c-1\n")
@example("cart-reminder", "\u0661")
def test_every_name_is_legal(workflow: str, key: str) -> None:
    name = name_of(workflow, key)

    assert 1 <= len(name) <= LONGEST_NAME
    assert LEGAL.fullmatch(name)
    assert is_name(name)


@given(workflows, keys, keys)
def test_two_keys_never_share_a_name(workflow: str, one: str, other: str) -> None:
    assume(one != other)

    assert name_of(workflow, one) != name_of(workflow, other)


@given(st.lists(st.tuples(workflows, near), unique=True, min_size=2, max_size=30))
def test_keys_of_all_workflows_keep_apart(chosen: list[tuple[str, str]]) -> None:
    names = {name_of(workflow, key) for workflow, key in chosen}

    assert len(names) == len(chosen)


@given(workflows, keys)
def test_a_key_that_is_a_name_itself_is_no_way_to_take_that_name(workflow: str, key: str) -> None:
    hashed = name_of(workflow, key).removeprefix(f"{workflow}-")
    assume(hashed != key)

    assert name_of(workflow, hashed) != name_of(workflow, key)


def test_names_stay_what_they_are_from_one_version_to_the_next() -> None:
    assert name_of("cart-reminder", "c-1017") == "cart-reminder-c-1017"
    assert name_of("cart-reminder", "ada@example.com/1") == "cart-reminder-ada-example-com-1--ec455a25c89c64a94e0c9214"


def test_a_short_plain_key_is_read_in_the_name() -> None:
    key = "550e8400-e29b-41d4-a716-446655440000"

    assert name_of("cart-reminder", key) == f"cart-reminder-{key}"


def test_of_a_long_or_odd_key_the_beginning_is_read_before_the_hash() -> None:
    long, odd = name_of("cart-reminder", "x" * 200), name_of("cart-reminder", "Käse & Wein")

    assert long.startswith("cart-reminder-xxxxxxxxxx")
    assert len(long) == LONGEST_NAME
    assert odd.startswith("cart-reminder-K-se-Wein--")
    assert len(odd.rpartition("--")[2]) == HASH_CHARACTERS


def test_no_workflow_and_a_dash_begin_another_workflows_name() -> None:
    names = {each.workflow for each in BEGINNINGS.values()}

    assert not [(one, other) for one in names for other in names if other.startswith(f"{one}-")]


def test_a_cart_that_was_added_begins_its_reminder_under_the_carts_name() -> None:
    start = start_of(BusinessEvent("cart-added", ADDED))

    assert start == Start("cart-reminder", "cart-reminder-c-1017", ADDED)


def test_a_second_event_for_the_same_cart_has_the_same_name() -> None:
    first, second = (start_of(BusinessEvent("cart-added", {**ADDED, "customer_id": who})) for who in ("ada", "bob"))

    assert first.name == second.name
    assert first.payload != second.payload


@pytest.mark.parametrize(("kind", "workflow"), [("data-requested", "pipeline"), ("tour-requested", "tour")])
def test_the_key_of_a_run_names_it_and_is_not_handed_on(kind: str, workflow: str) -> None:
    start = start_of(BusinessEvent(kind, {"run": "nightly", "event_contexts": ["orders"]}))

    assert start == Start(workflow, f"{workflow}-nightly", {"event_contexts": ["orders"]})


def test_an_event_that_begins_nothing_is_told_the_kinds_that_do() -> None:
    with pytest.raises(UnknownEventError, match="No workflow begins with 'cart-lost'; known are cart-added, data-req"):
        start_of(BusinessEvent("cart-lost", {}))


@pytest.mark.parametrize("detail", [None, [], "c-1017"])
def test_a_detail_that_is_no_object_is_refused(detail: object) -> None:
    with pytest.raises(InvalidRequestError, match="The detail of cart-added must be an object, not "):
        start_of(BusinessEvent("cart-added", detail))


@pytest.mark.parametrize("key", [None, "", " ", 7, ["c-1"]])
def test_a_key_that_is_no_text_is_refused(key: object) -> None:
    with pytest.raises(InvalidRequestError, match="data-requested needs run, a text that is not blank, and has "):
        start_of(BusinessEvent("data-requested", {"run": key}))


def test_an_event_that_its_workflow_would_refuse_takes_no_name() -> None:
    with pytest.raises(InvalidRequestError, match="lacks customer_id"):
        start_of(BusinessEvent("cart-added", {"cart_id": "c-1017"}))


def test_a_placed_order_begins_its_fulfilment_under_its_own_name() -> None:
    assert start_of(BusinessEvent("order-placed", EVENT)) == Start("fulfilment", "fulfilment-o-1001", EVENT)


def test_an_order_that_the_fulfilment_would_refuse_takes_no_name() -> None:
    with pytest.raises(InvalidRequestError, match="total must be a text"):
        start_of(BusinessEvent("order-placed", EVENT | {"total": 7}))
