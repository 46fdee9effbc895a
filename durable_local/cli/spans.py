"""When operations ran, waited and were about to be tried again, by their events; no output."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Doing(StrEnum):
    """What an operation does for a while."""

    RUNS = "runs"
    WAITS = "waits"
    RETRIES = "retries"
    HOLDS = "holds"
    """It is a context: what happens, happens inside it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A while; without an end it goes on."""

    doing: Doing
    began: datetime
    ended: datetime | None = None


_DOINGS = {
    "Step": Doing.RUNS,
    "Context": Doing.HOLDS,
    "Wait": Doing.WAITS,
    "Callback": Doing.WAITS,
    "ChainedInvoke": Doing.WAITS,
}


def spans_of(events: Iterable[Json]) -> dict[str, list[Span]]:
    """The spans of each operation by its id, in order; the moments of events are datetimes."""
    spans: dict[str, list[Span]] = {}
    for event in events:
        kind: str = event["EventType"]
        doing = next((does for family, does in _DOINGS.items() if kind.startswith(family)), None)
        if doing is None:
            continue
        at, known = event["EventTimestamp"], spans.setdefault(event["Id"], [])
        _end_last(known, at)
        if kind.endswith("Started"):
            known.append(Span(doing, at))
        elif _is_retried(event[f"{kind}Details"]):
            known.append(Span(Doing.RETRIES, at))
        elif not known:
            known.append(Span(doing, at, at))
    return spans


def _end_last(known: list[Span], at: datetime) -> None:
    if known and known[-1].ended is None:
        known[-1] = Span(known[-1].doing, known[-1].began, at)


def _is_retried(details: Mapping[str, Any]) -> bool:
    return bool((details.get("RetryDetails") or {}).get("NextAttemptDelaySeconds"))
