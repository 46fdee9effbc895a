"""The code of today goes on with what its executions once recorded."""

import json

import pytest

from durable_local.hosts.loading import Handler, load
from durable_local.replay.document import events_of
from durable_local.replay.record import record_of
from durable_local.replay.verdict import Verdict, judge, judge_every_cut
from tests.golden import files
from tests.golden.recorders import RECORDERS


def handler(name: str) -> Handler:
    return load(f"app.entrypoints.{name.partition('/')[0]}.handler")


@pytest.mark.parametrize("name", files.names())
def test_a_golden_history_is_compatible_with_the_workflow_of_today(name: str) -> None:
    verdict = judge(handler(name), events_of(files.read(name)))

    assert verdict.divergence is None


@pytest.mark.parametrize("name", [name for name in files.names() if name.endswith("/ended")])
def test_a_history_that_has_ended_is_compatible_wherever_it_is_cut(name: str) -> None:
    diverging = [cut for cut in judge_every_cut(handler(name), events_of(files.read(name))) if not cut.is_compatible]

    assert diverging == list[Verdict]()


@pytest.mark.parametrize("name", [name for name in files.names() if not name.endswith("/ended")])
def test_a_history_that_is_suspended_waits_for_something(name: str) -> None:
    events = events_of(files.read(name))

    assert record_of(events).is_settled
    assert all(line.startswith("waits for ") for line in judge(handler(name), events).frontier)


def test_every_workflow_has_a_history_that_has_ended() -> None:
    assert {f"{workflow}/ended" for workflow in RECORDERS} <= set(files.names())


@pytest.mark.parametrize("workflow", RECORDERS)
def test_two_recordings_are_the_same_and_tell_nothing_of_this_machine(workflow: str) -> None:
    first, second = (dict(RECORDERS[workflow]()) for _ in range(2))

    assert first == second
    assert str(files.FOLDER.parent.parent) not in json.dumps(first)
