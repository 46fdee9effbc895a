"""What differs between the trials of a function, told to the person who has to mend it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from durable.model import Operation, OperationUpdate
from durable_local.testing.crashing import CrashPoint
from durable_local.testing.trial import SUSPENDED, End, Replay, Trial

IN_MEMORY = (
    "Whoever goes on after a crash or a wait remembers only what steps have returned. Use the values that steps "
    "return; keep nothing in attributes, globals or variables that a step assigns."
)
OUTSIDE_OF_STEPS = (
    "Code outside of steps runs again with every invocation. Move it into a step. A `finally:` or an "
    "`except BaseException:` around a wait runs with each suspension as well: catch `Exception` instead."
)
CHANGING = (
    "Something outside of steps differs from one invocation to the next: the clock, random numbers, ids, the order of "
    "a set, or what is kept in memory. Take it in a step, and use what the step returns."
)
UNSORTED = (
    "Texts hash differently in each process, so that a set of them has another order there: go through sorted(...), "
    "or take what differs from process to process in a step, and use what the step returns."
)
FAILURES = ("success", "ok")
MOST_TOLD = 5
"""More side effects than these are counted, not named."""


@dataclass(frozen=True, slots=True)
class Stable:
    """What was the same in two undisturbed runs; steps may rightly return other values each time."""

    end: End
    status: str
    operations: Mapping[str, tuple[object, ...]]
    paths: Mapping[str, str]
    effects: Sequence[str] | None
    is_end_stable: bool

    @classmethod
    def of(cls, first: Trial, second: Trial) -> "Stable":
        """What two undisturbed runs have in common."""
        once, again = _operations(first), _operations(second)
        same = first.effects == second.effects or _kinds(first.effects) == _kinds(second.effects)
        return cls(
            first.end,
            first.end.status,
            {identity: told for identity, told in once.items() if again.get(identity) == told},
            _paths(first),
            _kinds(first.effects) if same else None,
            first.end == second.end,
        )

    def difference(self, trial: Trial, point: CrashPoint | None) -> str | None:
        """What a crash has changed, or, without one, that the handler is imported anew for each invocation; or None."""
        told = self._changed(trial)
        if told is None:
            return None
        if point is None:
            return f"Not replay-safe: the handler's modules were imported anew for each invocation. {told}\n{IN_MEMORY}"
        when = "after" if point.after else "before"
        asked = ", ".join(_asked(each, self.paths) for each in trial.crashed_at)
        return f"Not replay-safe: an invocation died {when} this was recorded: {asked}. {told}\n{IN_MEMORY}"

    def _changed(self, trial: Trial) -> str | None:
        if trial.end.status != self.status or (self.is_end_stable and trial.end != self.end):
            last = _asked(trial.batches[-1][-1], _paths(trial)) if trial.batches else "nothing"
            return f"Resumed, the execution ended as {trial.end}, after {last}; undisturbed, it ends as {self.end}."
        now, paths = _operations(trial), {**_paths(trial), **self.paths}
        for identity, told in self.operations.items():
            if now.get(identity) != told:
                return f"Resumed, {paths[identity]} was recorded as {now.get(identity)}; undisturbed, as {told}."
        if self.effects is None or (done := _kinds(trial.effects)) == self.effects:
            return None
        missing, new = sorted({*self.effects} - {*done}), sorted({*done} - {*self.effects})
        return f"Resumed, side effects were missing: {_listed(missing)}; and these were new: {_listed(new)}."


def unfinished(trial: Trial) -> str | None:
    """Why an undisturbed run says nothing: it has not ended."""
    if trial.end.status != "RUNNING":
        return None
    waiting = [each for each in trial.result.get_all_operations() if not each.status.is_terminal]
    names = ", ".join(sorted({repr(each.name) for each in waiting if each.callback_id})) or "the outside"
    return f"The execution waits for {names} and goes no further; give the answers: callbacks={{name: result}}"


def replay_difference(replays: Sequence[Replay], paths: Mapping[str, str]) -> str | None:
    """What one more invocation with nothing new to do changes, or None."""
    return next((told for each in replays if (told := _changed_by(each, paths))), None)


def _changed_by(replay: Replay, paths: Mapping[str, str]) -> str | None:
    if replay.expected == SUSPENDED:
        when = f"while it waits for {', '.join(paths.get(each, each) for each in replay.waiting_for)}"
    else:
        last = f" up to {[*paths.values()][-1]}" if paths else ""
        when = f"over its finished history{last}, without a step"
    said = f"Not replay-safe: invoked once more {when}, the handler"
    if replay.effects:
        return f"{said} did this again: {_listed(_kinds(replay.effects))}.\n{OUTSIDE_OF_STEPS}"
    if replay.asked:
        return f"{said} asked for what is not recorded: {_asked(replay.asked[0], paths)}.\n{CHANGING}"
    if replay.answered != replay.expected:
        return f"{said} ended as {replay.answered}; the execution stood at {replay.expected}.\n{CHANGING}"
    return None


def divergence_elsewhere(divergence: Mapping[str, Any] | None) -> str | None:
    """What another interpreter does otherwise over the same history, or None."""
    if divergence is None:
        return None
    where = " > ".join(divergence["Path"]) or "the handler's end"
    return (
        "Not replay-safe: in another process the handler does not go on over its own history. "
        f"At {where}, recorded is {divergence['Recorded']}, and there it is {divergence['Current']}.\n{UNSORTED}"
    )


def hidden_failure(trial: Trial) -> str | None:
    """A failure that an execution reports as a success, or None."""
    result = trial.end.result
    if trial.end.status != "SUCCEEDED" or not isinstance(result, dict):
        return None
    for member, value in result.items():
        if member.lower() in FAILURES and value is False:
            return (
                f"A failure in disguise: the execution SUCCEEDED, and its result says {json.dumps({member: value})}. "
                "No alarm, retry or caller sees that. Raise an error, and the execution is FAILED."
            )
    return None


def _operations(trial: Trial) -> dict[str, tuple[object, ...]]:
    return {each.operation_id: _told(each) for each in trial.result.operations}


def _told(operation: Operation) -> tuple[object, ...]:
    result = None if operation.callback_details else operation.result
    return operation.sub_type, operation.name, operation.status.value, result


def _paths(trial: Trial) -> dict[str, str]:
    """Each operation's kind and its name below the names of those around it."""
    paths: dict[str, str] = {}
    names: dict[str | None, str] = {None: ""}
    for each in trial.result.operations:
        name = names.get(each.parent_id, "") + (each.name or each.sub_type or each.operation_id)
        names[each.operation_id] = f"{name} > "
        paths[each.operation_id] = f"{each.sub_type} '{name}'"
    return paths


def _asked(update: OperationUpdate, paths: Mapping[str, str]) -> str:
    path = paths.get(update.operation_id) or f"{update.sub_type} '{update.name or update.operation_id}'"
    return f"{update.action.value} of {path}"


def _kinds(effects: object) -> list[str]:
    """Each effect once: a step that was interrupted may rightly run again. Of a state, each of its members."""
    if isinstance(effects, dict):
        return sorted(f"{key!r}: {value!r}" for key, value in effects.items())
    return sorted({repr(each) for each in effects}) if isinstance(effects, list) else [repr(effects)]


def _listed(effects: Sequence[str]) -> str:
    further = f" and {len(effects) - MOST_TOLD} more" if len(effects) > MOST_TOLD else ""
    return (", ".join(effects[:MOST_TOLD]) or "none") + further
