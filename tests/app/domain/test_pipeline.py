import json

import pytest

from app.domain.errors import InvalidRequestError, RowRejectedError
from app.domain.pipeline import Stored, rejection, requested_contexts, summary

KNOWN = ("orders", "customers")


@pytest.mark.parametrize("spelling", ["event_contexts", "eventContexts"])
def test_event_contexts_are_asked_for_in_either_spelling_and_keep_their_order(spelling: str) -> None:
    assert requested_contexts({spelling: ["orders", "customers"]}, KNOWN) == ["orders", "customers"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"event_contexts": ["orders", "invoices", "bills"]}, "'bills', 'invoices'; known are 'customers', 'orders'"),
        ({"event_contexts": ["orders", "orders"]}, "named twice: 'orders'"),
        ({"event_contexts": []}, "is empty; name one or more of 'customers', 'orders'"),
        ({"event_contexts": "orders"}, "must be a list of names, not orders"),
        ({"event_contexts": ["orders", 7]}, "must be a list of names"),
        ({"event_contexts": None}, "must be a list of names, not None"),
        ({"event_contexts": ["orders"], "eventContexts": ["orders"]}, 'the one member "event_contexts"'),
        ({"event_contexts": ["orders"], "dry_run": True}, 'the one member "event_contexts"'),
        ({"contexts": ["orders"]}, 'the one member "event_contexts"'),
        ({}, 'the one member "event_contexts"'),
        ([], "must be an object"),
        (None, "must be an object"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_with_the_way_out(event: object, reason: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        requested_contexts(event, KNOWN)

    assert reason in str(refused.value)


def test_a_refusal_stays_short_however_long_the_request_is() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        requested_contexts({"event_contexts": [f"{'x' * 10_000}{number}" for number in range(1_000)]}, KNOWN)

    assert len(str(refused.value)) < 2_000


def test_a_rejection_is_one_line_of_json_with_the_row_as_it_came() -> None:
    row = '{"id": "a\udcff\u2028'

    line = rejection(7, row, RowRejectedError("id", "is not JSON"))

    assert json.loads(line) == {"row": 7, "field": "id", "reason": "is not JSON", "raw": row}
    assert line.isascii()
    assert "\n" not in line


def test_a_branch_sums_its_batches() -> None:
    batches = [Stored(stored=2, rejected=1, document=None, rejection=None)] * 3

    assert summary("file:/here", batches) == {"stored": 6, "rejected": 3, "documents": "file:/here"}


def test_a_branch_without_batches_stored_nothing() -> None:
    assert summary("file:/here", []) == {"stored": 0, "rejected": 0, "documents": "file:/here"}
