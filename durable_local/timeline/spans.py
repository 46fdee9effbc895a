"""When operations ran, waited and were about to be tried again, by their events; no output."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Doing(StrEnum):
    """What an operation or an invocation does for a while."""

    RUNS = "runs"
    WAITS = "waits"
    RETRIES = "retries"
    HOLDS = "holds"
    """It is a context: what happens, happens inside it."""
    REPLAYS = "replays"
    """It is an invocation that runs again over what was recorded before."""


@dataclass(frozen=True, slots=True)
class Span:
    """A while; without an end it goes on."""

    doing: Doing
    began: datetime
    ended: datetime | None = None
    failed: bool = False


_DOINGS = {
    "Step": Doing.RUNS,
    "Context": Doing.HOLDS,
    "Wait": Doing.WAITS,
    "Callback": Doing.WAITS,
    "ChainedInvoke": Doing.WAITS,
}
_FAILURES = ("Failed", "TimedOut")


def spans_of(events: Iterable[Json]) -> dict[str, list[Span]]:
    """The spans of each operation by its id, in order; the moments of events are datetimes."""
    spans: dict[str, list[Span]] = {}
    for event in events:
        kind: str = event["EventType"]
        doing = next((does for family, does in _DOINGS.items() if kind.startswith(family)), None)
        if doing is None:
            continue
        at, known = event["EventTimestamp"], spans.setdefault(event["Id"], [])
        failed = kind.endswith(_FAILURES)
        _end_last(known, at, failed=failed)
        if kind.endswith("Started"):
            known.append(Span(doing, at))
        elif _is_retried(event[f"{kind}Details"]):
            known.append(Span(Doing.RETRIES, at))
        elif not known:
            known.append(Span(doing, at, at, failed))
    return spans


def _end_last(known: list[Span], at: datetime, *, failed: bool) -> None:
    if known and known[-1].ended is None:
        known[-1] = replace(known[-1], ended=at, failed=failed)


def _is_retried(details: Mapping[str, Any]) -> bool:
    return bool((details.get("RetryDetails") or {}).get("NextAttemptDelaySeconds"))
