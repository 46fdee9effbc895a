from typing import Any

import pytest

from durable.completion import (
    CompletionConfig,
    CompletionDecision,
    CompletionOutcome,
    complete_batch,
    continue_batch,
)
from durable.exceptions import ValidationError


@pytest.mark.parametrize(
    ("config", "failures", "exceeded"),
    [
        (CompletionConfig(), 0, False),
        (CompletionConfig(), 1, True),
        (CompletionConfig(min_successful=1), 9, False),
        (CompletionConfig(tolerated_failure_count=1), 1, False),
        (CompletionConfig(tolerated_failure_count=1), 2, True),
        (CompletionConfig(tolerated_failure_percentage=20), 2, False),
        (CompletionConfig(tolerated_failure_percentage=20), 3, True),
        (CompletionConfig(tolerated_failure_count=5, tolerated_failure_percentage=20), 3, True),
        (CompletionConfig(tolerated_failure_count=1, tolerated_failure_percentage=90), 2, True),
        (CompletionConfig.first_successful(), 9, False),
        (CompletionConfig.all_completed(), 10, False),
        (CompletionConfig.all_successful(), 0, False),
        (CompletionConfig.all_successful(), 1, True),
        (CompletionConfig(should_complete=lambda _status: continue_batch()), 10, False),
    ],
)
def test_failures_beyond_the_tolerance_end_a_batch_of_ten(
    config: CompletionConfig, failures: int, exceeded: bool
) -> None:
    assert config.exceeded(failures, 10) is exceeded


def test_an_empty_batch_exceeds_no_percentage() -> None:
    assert not CompletionConfig(tolerated_failure_percentage=0).exceeded(0, 0)


@pytest.mark.parametrize(
    "members",
    [
        {"min_successful": 0},
        {"tolerated_failure_count": -1},
        {"tolerated_failure_percentage": -0.1},
        {"tolerated_failure_percentage": 100.1},
        {"should_complete": "yes"},
        {"should_complete": print, "min_successful": 1},
        {"should_complete": print, "tolerated_failure_count": 0},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CompletionConfig(**members)


@pytest.mark.parametrize("percentage", [0, 100])
def test_the_ends_of_the_range_are_allowed(percentage: float) -> None:
    assert CompletionConfig(tolerated_failure_percentage=percentage).has_thresholds


def test_a_batch_is_completed_as_succeeded_unless_said_otherwise() -> None:
    assert complete_batch() == CompletionDecision(complete=True, outcome=CompletionOutcome.SUCCEEDED)
    assert complete_batch(CompletionOutcome.FAILED).outcome is CompletionOutcome.FAILED
    assert continue_batch() == CompletionDecision(complete=False)


@pytest.mark.parametrize(
    ("complete", "outcome"), [(True, None), (False, CompletionOutcome.SUCCEEDED), (False, CompletionOutcome.FAILED)]
)
def test_a_decision_has_an_outcome_exactly_when_it_completes(complete: bool, outcome: CompletionOutcome | None) -> None:
    with pytest.raises(ValidationError, match="exactly when it completes the batch"):
        CompletionDecision(complete, outcome)
