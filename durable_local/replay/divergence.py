"""Where today's code parts from a record: what is recorded, beside what the code does now."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from durable.exceptions import NonDeterministicExecutionError, wire_name
from durable.model import ErrorObject, Operation
from durable_local.replay.frontier import frontier
from durable_local.replay.record import BATCHES, Record
from durable_local.replay.rehearsal import Rehearsal
from durable_local.replay.wording import described, ending_line, error_line, kind_and_name, shortened

_MISMATCH = re.compile(r"Operation ([0-9a-f]{64}): (.*?)(?: Keep operations and their order .*)?", re.DOTALL)
_TEXT = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
"""A string as Python writes it."""
_DIFFERENCE = re.compile(rf"(type|subtype|name|parent) checkpoint={_TEXT} current={_TEXT}")


@dataclass(frozen=True, slots=True)
class Divergence:
    """An operation by the names that lead to it, or the execution itself: as recorded, and as the code has it now."""

    path: tuple[str, ...]
    recorded: str
    current: str


def divergences(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    """Everything by which a rehearsal differs from the record, the weightiest first."""
    yield from _mismatch(record, rehearsal)
    yield from _unreadable(record, rehearsal)
    yield from _unreached(record, rehearsal)
    yield from _new_failures(record, rehearsal)
    yield from _other_ending(record, rehearsal)


def _mismatch(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    """What the core itself has refused."""
    error = rehearsal.error
    found = _MISMATCH.fullmatch(error.message or "") if error else None
    if error is None or found is None or error.type != wire_name(NonDeterministicExecutionError):
        return
    recorded, what = record.get(found[1]), found[2]
    if recorded is None:
        context = next((context for context, _ in rehearsal.failures), None)
        yield Divergence(record.path(context), "nothing", what)
    else:
        yield Divergence(record.path(found[1]), described(recorded), _asked_for(record, recorded, what))


def _asked_for(record: Record, recorded: Operation, what: str) -> str:
    """What the code asks for in the place of a recorded operation."""
    now = {each[1]: _value(each[3]) for each in _DIFFERENCE.finditer(what)}
    if not now:
        return what
    kind = now.get("subtype", recorded.sub_type) or now.get("type", recorded.operation_type.value)
    parts = [kind_and_name(kind, now.get("name", recorded.name))]
    if "type" in now and "subtype" not in now:
        parts.append(f"of type {now['type']}")
    if "parent" in now:
        parts.append(f"inside {' > '.join(record.path(now['parent'])) or 'the handler itself'}")
    return " ".join(parts)


def _value(told: str) -> str | None:
    value: str = ast.literal_eval(told)
    return None if value == "None" else value


def _unreadable(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    """Results that the serdes of today cannot read, as far as the error leaves a context."""
    for identity, error in rehearsal.unreadable().items():
        operation = record.get(identity)
        if operation and operation.result is not None:
            recorded = f"{described(operation)} with {shortened(operation.result)}"
            current = f"cannot read that: {error_line(ErrorObject.from_exception(error))}"
            yield Divergence(record.path(identity), recorded, current)


def _unreached(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    """Recorded operations of contexts that end, or begin something new, without having asked for them."""
    instead = {each.operation_id: f"the code ends before it{_because(each.error)}" for each in rehearsal.ended_contexts}
    if rehearsal.has_ended:
        instead[""] = f"the code ends before it{_because(rehearsal.error)}"
    for new in rehearsal.begun:
        instead[new.parent_id or ""] = f"{kind_and_name(new.sub_type, new.name)}, which is new, comes before it"
    for operation in record.operations[1:]:
        context = record.get(operation.parent_id)
        is_branch = context is not None and context.sub_type in BATCHES  # they run, and stop, in any order
        current = instead.get(operation.parent_id or "")
        if current and not is_branch and operation.operation_id not in rehearsal.reached:
            yield Divergence(record.path(operation.operation_id), described(operation), current)


def _because(error: ErrorObject | None) -> str:
    return f" with {error_line(error)}" if error else ""


def _new_failures(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    """Errors of a context, or of the handler, that the recorded code did not have when it suspended."""
    if not record.is_settled:
        return
    errors = {each.operation_id: each.error for each in rehearsal.ended_contexts if each.error}
    around = {each.parent_id for each in record.operations if each.operation_id in errors}
    for operation in record.operations[1:]:
        if operation.operation_id not in around and (error := errors.get(operation.operation_id)):
            yield Divergence(
                record.path(operation.operation_id), described(operation), f"fails with {error_line(error)}"
            )
    if rehearsal.error:
        yield Divergence((), "waits", f"fails with {error_line(rehearsal.error)}")


def _other_ending(record: Record, rehearsal: Rehearsal) -> Iterator[Divergence]:
    if record.ending is None:
        return
    if rehearsal.ending is None or not record.ending.equals(rehearsal.ending):
        yield Divergence((), ending_line(record.ending), "; ".join(frontier(record, rehearsal)))
