"""Histories as JSON: pages, and what is none."""

import re
from typing import Any

import pytest

from durable_local.replay.document import HistoryError, events_of

EVENTS: list[dict[str, Any]] = [{"EventId": number, "EventType": "StepStarted"} for number in (1, 2, 3, 4)]


def test_one_page_is_read_in_the_order_of_its_event_numbers() -> None:
    assert events_of({"Events": EVENTS[::-1]}) == EVENTS


def test_pages_are_merged_and_events_on_two_of_them_count_once() -> None:
    pages = [{"Events": EVENTS[:3], "NextMarker": "more"}, {"Events": EVENTS[2:], "NextMarker": ""}]

    assert events_of(pages) == EVENTS


@pytest.mark.parametrize("marker", ["NextMarker", "NextToken"])
def test_a_history_whose_last_page_is_missing_is_refused(marker: str) -> None:
    with pytest.raises(HistoryError, match="Events after 4 are missing: export all pages"):
        events_of({"Events": EVENTS, marker: "more"})


@pytest.mark.parametrize("events", [EVENTS[:1] + EVENTS[2:], [EVENTS[0], EVENTS[3]]])
def test_a_history_with_a_gap_is_refused(events: list[dict[str, Any]]) -> None:
    with pytest.raises(HistoryError, match="lacks event 2"):
        events_of({"Events": events})


@pytest.mark.parametrize("document", [None, 7, {}, {"Events": {}}, {"Status": "RUNNING"}, [EVENTS]])
def test_what_is_no_history_is_refused_with_what_one_looks_like(document: object) -> None:
    with pytest.raises(HistoryError, match=re.escape('expected {"Events": [...]}')):
        events_of(document)


@pytest.mark.parametrize("document", [{"Events": []}, []])
def test_a_history_without_events_is_refused(document: object) -> None:
    with pytest.raises(HistoryError, match="lacks event 1"):
        events_of(document)


@pytest.mark.parametrize("event", [None, {"EventId": 1}, {"EventType": "StepStarted"}, {"EventId": "1"}])
def test_what_is_no_event_is_refused(event: object) -> None:
    with pytest.raises(HistoryError, match="no event"):
        events_of({"Events": [event]})
