"""The operations of a history, with what each counts for; pure.

Durable operations are counted as AWS meters them, by the table in
https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk.html; where it can be read in two ways, the dearer.
State transitions are those of a Step Functions state machine that does the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from durable.values import Json

CONDITION, FOR_CALLBACK = "WaitForCondition", "WaitForCallback"
STATES = frozenset({"Map", "Parallel"})
"""Contexts that are a state of their own in a state machine; what is in them, and its branches, is not."""
_EVENT = re.compile("(Execution|Context|Step|Wait|Callback|ChainedInvoke)(Started|Succeeded|Failed)")


class Kind(StrEnum):
    """What durable operations are spent on."""

    START = "start"
    STEP = "step"
    CONDITION = "condition"
    WAIT = "wait"
    CALLBACK = "callback"
    CONTEXT = "context"
    """A child context, a map, a parallel, each of their branches, and what holds a callback and its submitter."""
    INVOKE = "invoke"
    """The table does not name it; one is assumed."""
    INVOCATION_RETRY = "invocation retry"


_KINDS = {
    "Execution": Kind.START,
    "Context": Kind.CONTEXT,
    "Step": Kind.STEP,
    "Wait": Kind.WAIT,
    "Callback": Kind.CALLBACK,
    "ChainedInvoke": Kind.INVOKE,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One operation."""

    kind: Kind
    sub_type: str | None
    within: str | None
    """The sub type of the context that it stands in."""
    attempts: int = 0
    """Attempts of a step, or polls of a condition, that have ended."""

    @property
    def durable_operations(self) -> int:
        """A step is 1 + its retries, a condition 1 + its polls, anything else 1."""
        if self.kind is Kind.CONDITION:
            return 1 + self.attempts
        return max(1, self.attempts)

    @property
    def transitions(self) -> int:
        """States entered: a poll is a task and a choice, with a wait before the next; a callback is its submitter."""
        match self.kind:
            case Kind.START:
                return 0
            case Kind.CONTEXT:
                return int(self.sub_type in STATES)
            case Kind.CONDITION:
                return max(1, 3 * self.attempts - 1)
            case Kind.CALLBACK:
                return int(self.within != FOR_CALLBACK)
        return max(1, self.attempts)

    @property
    def tasks(self) -> int:
        """How often a state machine would invoke a function for it; what an invoke invokes has a bill of its own."""
        if self.kind in {Kind.STEP, Kind.CONDITION}:
            return max(1, self.attempts)
        return int(self.kind is Kind.CALLBACK and self.within != FOR_CALLBACK)


def counted(events: Iterable[Json]) -> list[Counted]:
    """The operations that a history tells, in the order of their start, the execution first."""
    operations: dict[str, Counted] = {}
    for event in events:
        found = _EVENT.fullmatch(event["EventType"])
        if found is None:
            continue
        family, ending = found.groups()
        known = operations.get(event["Id"]) or _begun(event, _KINDS[family], operations.get(event.get("ParentId", "")))
        tried = family == "Step" and ending != "Started"
        operations[event["Id"]] = replace(known, attempts=known.attempts + tried)
    return list(operations.values())


def _begun(event: Json, kind: Kind, parent: Counted | None) -> Counted:
    sub_type = event.get("SubType")
    within = parent.sub_type if parent else None
    return Counted(Kind.CONDITION if sub_type == CONDITION else kind, sub_type, within)
