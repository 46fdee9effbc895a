from durable.completion import (
    BatchItemStatus,
    CompletionConfig,
    CompletionDecision,
    CompletionOutcome,
    CompletionStatus,
    complete_batch,
    continue_batch,
)
from durable.concurrency.models import BatchItem, CompletionReason
from durable.config import ChildConfig
from durable.operations.branches.admission import Admission
from durable.operations.branches.batch import Batch, Branch

SUCCEEDED, FAILED, STARTED = BatchItemStatus.SUCCEEDED, BatchItemStatus.FAILED, BatchItemStatus.STARTED


def admission(count: int, completion: CompletionConfig | None = None, limit: int | None = None) -> Admission:
    branches = [Branch(index, f"b{index}", lambda _: None) for index in range(count)]
    return Admission(Batch(branches, ChildConfig(), completion or CompletionConfig.all_completed(), limit))


def ended(index: int, status: BatchItemStatus = SUCCEEDED) -> BatchItem[str]:
    return BatchItem(index, status)


def test_all_branches_begin_at_once_unless_said_otherwise() -> None:
    assert list(admission(3).admit()) == [0, 1, 2]


def test_a_place_is_taken_until_its_branch_ends() -> None:
    batch = admission(4, limit=2)

    assert list(batch.admit()) == [0, 1]
    assert list(batch.admit()) == []
    batch.end(ended(1))
    assert list(batch.admit()) == [2]


def test_no_more_branches_begin_than_there_are() -> None:
    batch = admission(2, limit=5)

    assert list(batch.admit()) == [0, 1]
    batch.end(ended(0))
    assert list(batch.admit()) == []


def test_an_empty_batch_is_over_before_it_begins() -> None:
    assert admission(0).reason is CompletionReason.ALL_COMPLETED


def test_a_batch_is_over_when_all_branches_have_ended() -> None:
    batch = admission(2)
    for index in range(2):
        assert batch.reason is None
        batch.admit()
        batch.end(ended(index, FAILED))

    assert batch.reason is CompletionReason.ALL_COMPLETED


def test_no_branch_begins_once_the_batch_is_over() -> None:
    batch = admission(3, CompletionConfig.first_successful(), limit=1)
    batch.admit()

    batch.end(ended(0))

    assert batch.reason is CompletionReason.MIN_SUCCESSFUL_REACHED
    assert list(batch.admit()) == []


def test_the_first_failure_too_many_ends_the_batch() -> None:
    batch = admission(3, CompletionConfig(tolerated_failure_count=1))
    batch.admit()

    batch.end(ended(0, FAILED))
    assert batch.reason is None
    batch.end(ended(2, FAILED))

    assert batch.reason is CompletionReason.FAILURE_TOLERANCE_EXCEEDED


def test_the_reason_stays_the_first_one() -> None:
    batch = admission(3, CompletionConfig(min_successful=1, tolerated_failure_count=0))
    batch.admit()

    batch.end(ended(0))
    batch.end(ended(1, FAILED))

    assert batch.reason is CompletionReason.MIN_SUCCESSFUL_REACHED


def test_the_result_has_the_branches_begun_in_order_as_they_stand() -> None:
    batch = admission(4, limit=3)
    batch.admit()
    batch.end(ended(2))
    batch.end(ended(0, FAILED))

    result = batch.result(CompletionReason.ALL_COMPLETED)

    assert [(item.index, item.status) for item in result.all] == [(0, FAILED), (1, STARTED), (2, SUCCEEDED)]


def test_a_decision_of_the_users_own_sees_every_branch_before_the_first_and_after_each_end() -> None:
    seen: list[tuple[int, int, int, int, list[tuple[str | None, BatchItemStatus | None]]]] = []

    def decide(status: CompletionStatus) -> CompletionDecision:
        items = [(item.name, item.status) for item in status.items]
        counts = (status.success_count, status.failure_count, status.completed_count, status.total_count)
        seen.append((*counts, items))
        return complete_batch(CompletionOutcome.FAILED) if status.failure_count else continue_batch()

    batch = admission(2, CompletionConfig(should_complete=decide))
    batch.admit()
    batch.end(ended(0))
    batch.end(ended(1, FAILED))

    assert seen == [
        (0, 0, 0, 2, [("b0", None), ("b1", None)]),
        (1, 0, 1, 2, [("b0", SUCCEEDED), ("b1", None)]),
        (1, 1, 2, 2, [("b0", SUCCEEDED), ("b1", FAILED)]),
    ]
    assert batch.reason is CompletionReason.CUSTOM_COMPLETION_FAILED


def test_a_decision_may_end_the_batch_before_any_branch_begins() -> None:
    batch = admission(2, CompletionConfig(should_complete=lambda _status: complete_batch()))

    assert batch.reason is CompletionReason.CUSTOM_COMPLETION_SUCCEEDED
    assert batch.result(batch.reason).all == []


def test_a_batch_ends_with_its_last_branch_even_if_the_decision_would_go_on() -> None:
    batch = admission(1, CompletionConfig(should_complete=lambda _status: continue_batch()))
    batch.admit()

    batch.end(ended(0, FAILED))

    assert batch.reason is CompletionReason.ALL_COMPLETED
