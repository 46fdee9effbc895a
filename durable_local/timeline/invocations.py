"""When the function was invoked, and how long each invocation replayed what was recorded before; no output."""

from collections.abc import Iterable
from datetime import datetime

from durable_local.history import INVOCATION_COMPLETED
from durable_local.timeline.spans import Doing, Json, Span

_OWN = ("Step", "Context", "Execution")
"""What only the function itself makes happen; callbacks, waits and invokes end by others, but begin by it."""


def invocations_of(events: Iterable[Json], running: datetime | None = None) -> list[Span]:
    """The spans of the invocations in order, the last one without an end if one is running since a moment.

    The moments of events are datetimes. An invocation replays until it makes something happen that is new; the first
    one has nothing to replay.
    """
    spans: list[Span] = []
    own: list[datetime] = []
    for event in events:
        kind: str = event["EventType"]
        if kind == INVOCATION_COMPLETED:
            details = event[f"{kind}Details"]
            began, ended = details["StartTimestamp"], details["EndTimestamp"]
            spans += _told(began, _news(spans, own, began), ended, failed="Error" in details)
            own = []
        elif kind.startswith(_OWN) or kind.endswith("Started"):
            own.append(event["EventTimestamp"])
    return spans if running is None else [*spans, *_told(running, _news(spans, own, running), None)]


def _news(before: list[Span], own: list[datetime], began: datetime) -> datetime | None:
    """When an invocation made the first new thing happen."""
    return next((each for each in own if each >= began), None) if before else began


def _told(began: datetime, new: datetime | None, ended: datetime | None, *, failed: bool = False) -> list[Span]:
    if new is None or new == ended:
        return [Span(Doing.REPLAYS if new != began else Doing.RUNS, began, ended, failed)]
    runs = Span(Doing.RUNS, new, ended, failed)
    return [runs] if new == began else [Span(Doing.REPLAYS, began, new), runs]
