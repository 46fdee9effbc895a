"""When the function was invoked, and how long each invocation replayed what was recorded before; no output."""

from collections.abc import Iterable
from datetime import datetime

from durable_local.history import INVOCATION_COMPLETED
from durable_local.timeline.spans import Doing, Json, Span

_OWN = ("Step", "Context", "Execution")
"""What only the function itself makes happen; callbacks, waits and invokes end by others, but begin by it."""


def invocations_of(events: Iterable[Json]) -> list[Span]:
    """The spans of the invocations that have ended, in order; the moments of events are datetimes.

    An invocation replays until it makes something happen that is new; the first one has nothing to replay.
    """
    spans: list[Span] = []
    own: list[datetime] = []
    for event in events:
        kind: str = event["EventType"]
        if kind == INVOCATION_COMPLETED:
            details = event[f"{kind}Details"]
            began, ended = details["StartTimestamp"], details["EndTimestamp"]
            new = next((each for each in own if each >= began), ended) if spans else began
            spans += _told(began, new, ended, failed="Error" in details)
            own = []
        elif kind.startswith(_OWN) or kind.endswith("Started"):
            own.append(event["EventTimestamp"])
    return spans


def _told(began: datetime, new: datetime, ended: datetime, *, failed: bool) -> list[Span]:
    if new == began:
        return [Span(Doing.RUNS, began, ended, failed)]
    replays = Span(Doing.REPLAYS, began, new, failed and new == ended)
    return [replays] if new == ended else [replays, Span(Doing.RUNS, new, ended, failed)]
