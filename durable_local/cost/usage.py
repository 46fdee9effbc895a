"""What executions have used of what AWS charges for; pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import add

from durable.values import Json, byte_count
from durable_local.cost.operations import Kind, counted

GIGABYTE = 10**9
"""Of data; AWS's page does not say whether it means 2^30, which would be seven percent cheaper."""
MONTH = timedelta(days=30)
_MEGABYTES = 1024
"""Of memory, in a GB."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a function is given: how much memory, and for how long its ended executions are kept."""

    memory_mb: int
    retention_days: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Quantities, as they are charged for; those of several executions can be added."""

    operations: Counter[Kind]
    written: int
    """Bytes of payloads: inputs, results of every attempt, errors."""
    gigabyte_months: Decimal
    """Of those, from the start of the execution to the end of its retention, as if all was written at the start."""
    requests: int
    """Invocations, each resume as well."""
    milliseconds: int
    gigabyte_seconds: Decimal
    transitions: int
    """Of a state machine that does the same."""
    tasks: int
    """The requests of that state machine."""
    untold: int = 0
    """Payloads whose sizes the history does not tell."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def used(events: Sequence[Json], terms: Terms, until: datetime) -> Usage:
    """What one execution has used; one that has not ended, until then. The moments of events are datetimes.

    An invocation that has not ended is not told, so it is not counted.
    """
    operations = counted(events)
    spent = Counter[Kind]()
    for each in operations:
        spent[each.kind] += each.durable_operations
    spent += Counter({Kind.INVOCATION_RETRY: _retried(events)})
    contents = [content for event in events for content in _contents(event)]
    written = sum(_size(each["Payload"]) for each in contents if "Payload" in each)
    milliseconds = [_billed(told) for event in events if (told := event.get("InvocationCompletedDetails"))]
    ended = next((event["EventTimestamp"] for event in reversed(events) if _ends(event)), until)
    kept = ended - events[0]["EventTimestamp"] + timedelta(days=terms.retention_days)
    return Usage(
        spent,
        written,
        Decimal(written) / GIGABYTE * Decimal(kept // _MILLISECOND) / Decimal(MONTH // _MILLISECOND),
        len(milliseconds),
        sum(milliseconds),
        Decimal(sum(milliseconds)) * terms.memory_mb / _MEGABYTES / 1000,
        sum(each.transitions for each in operations),
        sum(each.tasks for each in operations),
        sum(bool(each.get("Truncated")) for each in contents),
    )


def total(usages: Iterable[Usage]) -> Usage:
    """All of them together; there must be one."""
    return reduce(add, usages)


def invoked(events: Iterable[Json]) -> tuple[list[str], list[str]]:
    """The ARNs of the executions that were invoked, and the names of the functions that have none."""
    started = [event["ChainedInvokeStartedDetails"] for event in events if event["EventType"] == "ChainedInvokeStarted"]
    arns = [told["DurableExecutionArn"] for told in started if told.get("DurableExecutionArn")]
    plain = [told["FunctionName"] for told in started if not told.get("DurableExecutionArn")]
    return arns, list(dict.fromkeys(plain))


def _ends(event: Json) -> bool:
    kind: str = event["EventType"]
    return kind.startswith("Execution") and kind.endswith(("Succeeded", "Failed", "TimedOut", "Stopped"))


def _contents(event: Json) -> list[Mapping[str, Json]]:
    details = event.get(f"{event['EventType']}Details") or {}
    return [content for member in ("Input", "Result", "Error") if (content := details.get(member))]


def _size(payload: Json) -> int:
    return byte_count(payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False))


def _billed(invocation: Json) -> int:
    """Milliseconds, each that was begun."""
    took: timedelta = invocation["EndTimestamp"] - invocation["StartTimestamp"]
    return max(1, -(-took // _MILLISECOND))


def _retried(events: Sequence[Json]) -> int:
    """Invocations that failed and came before something else than the execution's end."""
    failed = [number for number, event in enumerate(events) if "Error" in event.get("InvocationCompletedDetails", {})]
    return sum(number + 1 == len(events) or not _ends(events[number + 1]) for number in failed)
