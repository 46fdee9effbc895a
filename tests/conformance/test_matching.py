"""The matcher itself: what it must not let pass."""

from typing import Any

import pytest

from tests.conformance.matching import Bindings, differences, history_differences, log_differences

HISTORY: list[dict[str, Any]] = [
    {"EventType": "StepStarted", "EventId": 2, "Id": "a", "StepStartedDetails": {}},
    {
        "EventType": "StepSucceeded",
        "EventId": 3,
        "Id": "a",
        "EventTimestamp": 1.5,
        "StepSucceededDetails": {"Result": {"Payload": '"x"'}, "RetryDetails": {"CurrentAttempt": 1}},
    },
    {"EventType": "WaitStarted", "EventId": 4, "Id": "b", "WaitStartedDetails": {"Duration": 2}},
]
EXPECTED: list[dict[str, Any]] = [
    {"EventType": "StepStarted", "EventId": 2, "Id": "${ONE}", "StepStartedDetails": {}},
    {
        "EventType": "StepSucceeded",
        "EventId": 3,
        "Id": "${ONE}",
        "EventTimestamp": "*",
        "StepSucceededDetails": {"Result": {"Payload": '"x"'}, "RetryDetails": {"CurrentAttempt": "${/^[0-9]$/}"}},
    },
    {"EventType": "WaitStarted", "EventId": 4, "Id": "${TWO}", "WaitStartedDetails": {"Duration": 2}},
]


def altered(number: int, **members: Any) -> list[dict[str, Any]]:
    changed = [dict(event) for event in HISTORY]
    changed[number].update(members)
    return changed


def test_a_history_as_expected_has_no_differences_whatever_more_is_told() -> None:
    more = [*altered(0, Name="more"), {"EventType": "InvocationCompleted", "EventId": 5}]

    assert history_differences(EXPECTED, more, Bindings()) == []


@pytest.mark.parametrize(
    ("history", "told"),
    [
        (altered(0, EventType="StepFailed"), "event 2.EventType is 'StepFailed', expected 'StepStarted'"),
        (altered(0, StepStartedDetails=None), "event 2.StepStartedDetails is missing"),
        (altered(1, Id="b"), "event 3.Id is 'b', expected '${ONE}'"),
        (altered(1, EventTimestamp=None), "event 3.EventTimestamp is missing"),
        (altered(1, StepSucceededDetails={}), "event 3.StepSucceededDetails.Result is None, expected an object"),
        (altered(2, Id="a"), "event 4.Id is 'a', expected '${TWO}'"),
        (altered(2, Id=None), "event 4.Id is None, expected '${TWO}'"),
        (altered(2, WaitStartedDetails={"Duration": 3}), "event 4.WaitStartedDetails.Duration is 3, expected 2"),
        (altered(2, WaitStartedDetails={"Duration": True}), "event 4.WaitStartedDetails.Duration is True, expected 2"),
        (altered(2, EventId=9), "event 4 WaitStarted is missing"),
    ],
)
def test_each_alteration_of_a_history_is_a_difference(history: list[dict[str, Any]], told: str) -> None:
    assert told in history_differences(EXPECTED, history, Bindings())


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (["a", "b"], ["a"]),
        (["a", "b"], ["b", "a"]),
        (["a"], "a"),
        ("${/^[0-5]$/}", 6),
        ("${/^[0-5]$/}", None),
        ("/^Hello$/", "Hello!"),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, [1]),
        (None, 0),
        (1, 1.0),
        ("1", 1),
    ],
)
def test_what_is_not_alike_differs(expected: Any, actual: Any) -> None:
    assert list(differences(expected, actual, Bindings()))


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("*", 0), ("*", ""), ({}, {"more": 1}), ("${/^[0-5]$/}", 5), ("/ell/", "Hello"), ([], []), (None, None)],
)
def test_what_is_alike_does_not_differ(expected: Any, actual: Any) -> None:
    assert not list(differences(expected, actual, Bindings()))


LINES = [{"hook": "start", "n": 1}, {"hook": "end", "n": 1}, {"hook": "start", "n": 2}]


@pytest.mark.parametrize(
    "entry",
    [
        {"match": {"hook": "start"}, "count": 1},
        {"match": {"hook": "end", "n": 2}, "count": 1},
        {"match": {"hook": "start"}, "count": 0},
        {"match": {"hook": "start", "n": 1}, "count": 1, "after": [{"hook": "end", "n": 1}]},
        {"match": {"hook": "end", "n": 1}, "count": 1, "after": [{"hook": "never"}]},
    ],
)
def test_a_log_that_is_not_as_expected_differs(entry: dict[str, Any]) -> None:
    assert log_differences([entry], LINES, Bindings())


def test_a_log_as_expected_does_not_differ() -> None:
    expected = [
        {"match": {"hook": "start"}, "count": 2},
        {"match": {"hook": "end", "n": 1}, "count": 1, "after": [{"hook": "start", "n": 1}]},
        {"match": {"hook": "start", "n": 3}, "count": 0},
    ]

    assert log_differences(expected, LINES, Bindings()) == []
