from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from durable import config
from durable.config import (
    CallbackConfig,
    ChildConfig,
    CompletionConfig,
    Duration,
    InvokeConfig,
    MapConfig,
    NestingType,
    ParallelBranch,
    ParallelConfig,
    StepConfig,
    StepSemantics,
    WaitForCallbackConfig,
)
from durable.exceptions import ValidationError

LABELLED = [StepConfig, CallbackConfig, WaitForCallbackConfig, ChildConfig]
BATCHES = [MapConfig, ParallelConfig]


def settings(of: object) -> dict[str, object]:
    assert is_dataclass(of)
    return {each.name: getattr(of, each.name) for each in fields(of)}


@pytest.mark.parametrize("kind", LABELLED)
@pytest.mark.parametrize("sub_type", [None, "", "a", "A-z_0", "x" * 32])
def test_a_sub_type_of_up_to_32_characters_is_taken(kind: type[ChildConfig], sub_type: str | None) -> None:
    assert kind(sub_type=sub_type).sub_type == sub_type


@pytest.mark.parametrize("kind", LABELLED)
@pytest.mark.parametrize("sub_type", ["x" * 33, "two words", "dot.ted", "ü", "ends\n", " "])
def test_a_sub_type_that_the_service_would_refuse_is_refused_at_once(kind: type[ChildConfig], sub_type: str) -> None:
    with pytest.raises(ValidationError, match="must be 1 to 32 of the characters") as refused:
        kind(sub_type=sub_type)

    assert repr(sub_type) in str(refused.value)


@pytest.mark.parametrize("kind", BATCHES)
@pytest.mark.parametrize("most", [None, 1, 1000])
def test_a_batch_may_run_one_branch_at_once_or_more(kind: type[MapConfig], most: int | None) -> None:
    assert kind(max_concurrency=most).max_concurrency == most


@pytest.mark.parametrize("kind", BATCHES)
@pytest.mark.parametrize("most", [0, -1])
def test_a_batch_that_would_run_nothing_is_refused(kind: type[MapConfig], most: int) -> None:
    with pytest.raises(ValidationError, match=f"max_concurrency={most} must be at least 1"):
        kind(max_concurrency=most)


def test_a_step_runs_at_least_once_per_attempt_unless_told_otherwise() -> None:
    assert settings(StepConfig()) == {
        "retry_strategy": None,
        "step_semantics": StepSemantics.AT_LEAST_ONCE_PER_RETRY,
        "serdes": None,
        "sub_type": None,
    }


@pytest.mark.parametrize("kind", [CallbackConfig, WaitForCallbackConfig])
def test_a_callback_may_take_for_ever_unless_told_otherwise(kind: type[CallbackConfig]) -> None:
    assert (kind().timeout_seconds, kind().heartbeat_timeout_seconds) == (0, 0)


@pytest.mark.parametrize("kind", [CallbackConfig, WaitForCallbackConfig])
def test_a_callback_knows_its_timeouts_in_seconds(kind: type[CallbackConfig]) -> None:
    config = kind(Duration.from_minutes(2), Duration(30))

    assert (config.timeout_seconds, config.heartbeat_timeout_seconds) == (120, 30)


def test_a_child_is_recorded_unless_told_otherwise() -> None:
    assert settings(ChildConfig()) == {
        "serdes": None,
        "sub_type": None,
        "summary_generator": None,
        "is_virtual": False,
    }


@pytest.mark.parametrize(
    ("batch", "completion"),
    [(MapConfig(), CompletionConfig()), (ParallelConfig(), CompletionConfig(None, 0, 0))],
)
def test_a_batch_nests_all_branches_at_once_unless_told_otherwise(
    batch: MapConfig | ParallelConfig, completion: CompletionConfig
) -> None:
    assert batch.max_concurrency is None
    assert batch.nesting_type is NestingType.NESTED
    assert batch.completion_config == completion


@pytest.mark.parametrize(
    ("made", "setting"),
    [
        (StepConfig(), "serdes"),
        (InvokeConfig(), "tenant_id"),
        (CallbackConfig(), "timeout"),
        (WaitForCallbackConfig(), "timeout"),
        (ChildConfig(), "is_virtual"),
        (MapConfig(), "max_concurrency"),
        (ParallelConfig(), "max_concurrency"),
        (ParallelBranch(str), "name"),
        (CompletionConfig(), "min_successful"),
    ],
)
def test_settings_stay_as_they_are_made(made: object, setting: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(made, setting, None)


def test_a_branch_may_be_made_with_the_type_of_its_result() -> None:
    branch = ParallelBranch[int](lambda number: number + 1, "add")

    assert (branch(1), branch.name) == (2, "add")


@pytest.mark.parametrize(
    "values",
    [
        (config.StepSemantics, ["AT_MOST_ONCE_PER_RETRY", "AT_LEAST_ONCE_PER_RETRY"]),
        (config.NestingType, ["NESTED", "FLAT"]),
        (config.JitterStrategy, ["NONE", "HALF", "FULL"]),
    ],
)
def test_a_choice_has_the_official_values(values: tuple[type[NestingType], list[str]]) -> None:
    choice, names = values

    assert [each.value for each in choice] == names
