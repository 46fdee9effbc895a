"""Finds out whether a function may be interrupted anywhere: crashes it at every checkpoint and compares."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from durable_local.hosts.loading import Handler, cold, warm
from durable_local.testing import comparing, elsewhere
from durable_local.testing.crashing import CrashPoint
from durable_local.testing.modules import forgotten
from durable_local.testing.result import DurableFunctionTestResult
from durable_local.testing.trial import Subject

_REPORT_SECONDS = 3.0


class ReplaySafetyError(AssertionError):
    """A function does not come to the same end wherever it is interrupted."""


@dataclass(frozen=True, slots=True)
class ReplaySafety:
    """How thoroughly a function was tried: so many of all the points at which it can crash."""

    tried: int
    points: int


def assert_replay_safe(
    handler: Handler | str,
    event: object = None,
    *,
    effects: Callable[[], object] | None = None,
    callbacks: Mapping[str, object] | None = None,
    functions: Mapping[str, Handler] | None = None,
    most: int | None = None,
) -> ReplaySafety:
    """Crash a function before and after each of its checkpoints, resume, and compare with its undisturbed run.

    A handler named by its path is imported anew for every invocation, and its history is replayed in a second
    interpreter, in which sets have another order. `effects` tells what has been done outside: a
    list or a counter that grows, or a state such as the documents that lie somewhere, which must be equal after each
    run. `callbacks` holds the answers by name, `functions` what may be invoked; `most` limits the crashes. Raises
    ReplaySafetyError with the operation that is not safe.
    """
    loader = cold(handler) if isinstance(handler, str) else warm(handler)
    subject = Subject(loader, event, effects or list, callbacks or {}, functions or {})
    with forgotten(handler.partition(".")[0]) if isinstance(handler, str) else nullcontext():
        undisturbed, another = subject.warm().trial(), subject.warm().trial()
        _refuse(comparing.unfinished(undisturbed))
        stable = comparing.Stable.of(undisturbed, another)
        resumed = subject.trial()
        if isinstance(handler, str):
            _refuse(stable.difference(resumed, None))
        every = [CrashPoint(n, after) for n in range(1, len(undisturbed.batches) + 1) for after in (False, True)]
        points = _spread(every, most)
        replays = list(resumed.replays)
        for point in _told(points, len(every)):
            trial = subject.trial(point)
            if trial.crashed_at:
                _refuse(stable.difference(trial, point))
                replays += trial.replays
        # Last, as a crash tells the operation and a replay of the whole history does not.
        _refuse(comparing.replay_difference(replays, stable.paths))
        _refuse(comparing.hidden_failure(undisturbed))
        if isinstance(handler, str):
            _refuse_another_order(handler, undisturbed.result)
    return ReplaySafety(len(points), len(every))


def _refuse(difference: str | None) -> None:
    if difference:
        raise ReplaySafetyError(difference)


def _refuse_another_order(handler: str, result: DurableFunctionTestResult) -> None:
    told = elsewhere.replayed(handler, result)
    if told.refusal:
        _say(f"not replayed in a second interpreter: {told.refusal}")
    _refuse(comparing.divergence_elsewhere(told.divergence))


def _spread(points: Sequence[CrashPoint], most: int | None) -> list[CrashPoint]:
    """So many of the points, as far from each other as can be."""
    if most is None or most >= len(points):
        return list(points)
    if most < 1:
        raise ValueError(f"most={most} tries nothing; give 1 or more, or leave it out to try every crash point")
    return [points[number * len(points) // most] for number in range(most)]


def _told(points: Sequence[CrashPoint], every: int) -> Iterator[CrashPoint]:
    """The points, with a line on standard error now and then while they take long."""
    if len(points) < every:
        _say(f"trying {len(points)} of {every} crash points; without most= it tries them all")
    said = time.monotonic()
    for number, point in enumerate(points):
        if time.monotonic() - said > _REPORT_SECONDS:
            said = time.monotonic()
            _say(f"{number} of {len(points)} crash points done")
        yield point


def _say(text: str) -> None:
    sys.stderr.write(f"assert_replay_safe: {text}\n")
