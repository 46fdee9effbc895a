"""A history as JSON: what `aws lambda get-durable-execution-history --include-execution-data` gives, all pages."""

from collections.abc import Iterator

from durable.values import Value

Json = dict[str, Value]

_MARKERS = ("NextMarker", "NextToken")
"""What the API, and the AWS CLI with `--max-items`, add to a page that is not the last."""


class HistoryError(Exception):
    """A history that cannot be replayed."""


def events_of(document: object) -> list[Json]:
    """The events of one page, or of a list of pages, in the order in which they happened.

    Raises HistoryError if this is no history, or not all of it.
    """
    pages: list[Value] = document if isinstance(document, list) else [document]
    events = {event["EventId"]: event for page in pages for event in _events_of_page(page)}
    if events and any(pages[-1].get(marker) for marker in _MARKERS):
        raise HistoryError(f"Events after {max(events)} are missing: export all pages, as one JSON list of pages.")
    missing = sorted(set(range(1, max(events, default=0) + 1)) - events.keys())
    if missing or not events:
        raise HistoryError(f"The history lacks event {missing[0] if missing else 1}: export all pages.")
    return [events[number] for number in sorted(events)]


def _events_of_page(page: object) -> Iterator[Json]:
    events = page.get("Events") if isinstance(page, dict) else None
    if not isinstance(events, list):
        raise HistoryError(
            'This is no history; expected {"Events": [...]}, as aws lambda get-durable-execution-history gives it.'
        )
    for event in events:
        if not isinstance(event, dict) or not isinstance(event.get("EventId"), int) or "EventType" not in event:
            raise HistoryError(f"This is no event, it lacks EventId or EventType: {str(event)[:100]}")
        yield event
