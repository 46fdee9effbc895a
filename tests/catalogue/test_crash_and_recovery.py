"""Rows 1 to 15 of the failure catalogue: a process is killed with SIGKILL, and another one goes on.

Each program is killed once at every one of its events, just before and just after each checkpoint and each effect.
"""

from pathlib import Path

import pytest

from tests.catalogue import workloads
from tests.catalogue.runs import Program, Run, survey
from tests.catalogue.workloads import ATTEMPTS, WORKLOADS

BEFORE: dict[str, list[str]] = {"a": [], "b": ["a"], "c": ["a", "b"]}
"""What must be durable before a step of the sequence does anything."""


def test_1_a_sequence_of_steps_survives_a_kill_at_every_event(tmp_path: Path) -> None:
    runs = survey(workloads.sequence, tmp_path)

    runs.assert_survived()
    for end in runs.ends:
        assert all(effect.ended == BEFORE[effect.name] for effect in end.effects)
        assert end.result.invocations == 2


def test_2_a_wait_between_steps_survives_a_kill_at_every_event(tmp_path: Path) -> None:
    runs = survey(workloads.step_wait_step, tmp_path)

    runs.assert_survived()
    assert {effect.name for end in runs.ends for effect in end.effects if "minute" in effect.ended} == {"b"}


def test_3_an_at_most_once_step_takes_effect_at_most_once_and_tells_the_user(tmp_path: Path) -> None:
    runs = survey(workloads.charge_at_most_once, tmp_path)

    assert max(end.done["charge"] for end in runs.ends) == 1
    assert {end.result.result for end in runs.ends} == {"charge", "Step charge was interrupted."}


def test_4_the_number_of_the_attempt_survives(tmp_path: Path) -> None:
    runs = survey(workloads.third_time_lucky, tmp_path)

    for end in runs.ends:
        attempts = [effect.detail for effect in end.effects]
        assert end.outcome == runs.calm.outcome
        assert attempts == sorted(attempts, key=str)
        assert set(attempts) == set(range(1, ATTEMPTS + 1))
        assert len(attempts) <= ATTEMPTS + 1


def test_5_branches_that_wait_survive_a_kill_at_every_event(tmp_path: Path) -> None:
    survey(workloads.three_branches, tmp_path).assert_survived(at_once=3)


def test_6_a_map_with_a_flaky_item_survives_a_kill_at_every_event(tmp_path: Path) -> None:
    survey(workloads.map_with_a_flaky_item, tmp_path).assert_survived(at_once=2)


def test_7_a_child_in_a_map_in_a_child_survives_a_kill_at_every_event(tmp_path: Path) -> None:
    survey(workloads.child_in_map_in_child, tmp_path).assert_survived(at_once=2)


@pytest.mark.parametrize("program", [workloads.answered_late, workloads.answered_before_suspension])
def test_8_the_answer_of_a_callback_survives_a_kill_at_every_event(program: Program, tmp_path: Path) -> None:
    runs = survey(program, tmp_path)

    runs.assert_survived()
    assert runs.calm.result.result == ["yes", "after"]


def test_9_a_saga_charges_at_most_once_and_refunds_after_a_review_of_three_days(tmp_path: Path) -> None:
    runs = survey(workloads.saga, tmp_path)

    for end in runs.ends:
        assert end.result.result == "refund"
        assert end.done["charge"] <= 1
        assert 1 <= end.done["refund"] <= 2
        assert end.done_again == []
    assert runs.calm.result.operation("review").status == "TIMED_OUT"


def test_10_a_polled_state_is_neither_lost_nor_counted_twice(tmp_path: Path) -> None:
    runs = survey(workloads.polled_state, tmp_path)

    for end in runs.ends:
        states = [effect.detail for effect in end.effects]
        assert end.outcome == runs.calm.outcome
        assert [state for at, state in enumerate(states) if state != states[at - 1] or at == 0] == [[], [0], [0, 1]]
        assert len(states) <= len(runs.calm.effects) + 1


def test_11_a_large_child_is_rebuilt_from_its_children(tmp_path: Path) -> None:
    runs = survey(workloads.large_child, tmp_path)

    runs.assert_survived()
    details = runs.calm.result.operation("large").context_details
    assert details is not None
    assert details.replay_children


def test_12_the_decision_of_a_quorum_is_the_same_on_replay(tmp_path: Path) -> None:
    runs = survey(workloads.quorum, tmp_path)

    for end in runs.ends:
        announced, decision = end.result.result
        assert announced == decision
        assert len(decision[2]) >= 2
        assert end.done_again == []


def test_13_an_agent_with_tools_and_a_human_survives_a_kill_at_every_event(tmp_path: Path) -> None:
    survey(workloads.agent, tmp_path).assert_survived(at_once=2)


@pytest.mark.parametrize("program", WORKLOADS)
def test_14_a_whole_history_replayed_once_more_does_nothing(program: Program, tmp_path: Path) -> None:
    run = Run(program, tmp_path)
    end = run.go_on()

    answer, service, effects = run.replayed()

    assert answer == {"Status": "SUCCEEDED", "Result": end.result.execution.result}
    assert (service.batches, effects) == ([], end.effects)


def test_15_a_step_killed_in_its_middle_runs_again_unless_at_most_once(tmp_path: Path) -> None:
    repeated = Run(workloads.sequence, tmp_path / "repeated")
    refused = Run(workloads.charge_at_most_once, tmp_path / "refused")

    assert repeated.killed_at("after a")
    assert refused.killed_at("after charge")

    assert repeated.go_on().done == {"a": 2, "b": 1, "c": 1}
    assert refused.go_on().done == {"charge": 1}
