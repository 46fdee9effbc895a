import pytest

from durable.completion import BatchItemStatus, CompletionConfig, continue_batch
from durable.concurrency.models import (
    BatchCompletionError,
    BatchItem,
    BatchResult,
    CompletionReason,
    completion_reason,
)
from durable.exceptions import ChildContextError, SerDesError
from durable.model import ErrorObject

SUCCEEDED, FAILED, STARTED = BatchItemStatus.SUCCEEDED, BatchItemStatus.FAILED, BatchItemStatus.STARTED
BOOM = ErrorObject("boom", "ValueError")
ALL = CompletionReason.ALL_COMPLETED
ITEMS: list[BatchItem[str]] = [
    BatchItem(0, SUCCEEDED, "a"),
    BatchItem(1, FAILED, error=BOOM),
    BatchItem(2, STARTED),
    BatchItem(3, SUCCEEDED),
]
MIXED = BatchResult(ITEMS, ALL)


def test_the_items_are_told_apart_by_how_they_ended() -> None:
    assert [item.index for item in MIXED.succeeded()] == [0, 3]
    assert [item.index for item in MIXED.failed()] == [1]
    assert [item.index for item in MIXED.started()] == [2]


def test_results_and_errors_keep_the_order_of_the_items_and_none() -> None:
    assert MIXED.get_results() == ["a", None]
    assert MIXED.get_errors() == [BOOM]


def test_the_items_are_counted() -> None:
    counts = (MIXED.success_count, MIXED.failure_count, MIXED.started_count, MIXED.total_count)

    assert counts == (2, 1, 1, 4)
    assert MIXED.has_failure


@pytest.mark.parametrize(
    ("items", "reason", "status"),
    [
        (ITEMS[:1], ALL, SUCCEEDED),
        ([], ALL, SUCCEEDED),
        (ITEMS, ALL, FAILED),
        (ITEMS, CompletionReason.CUSTOM_COMPLETION_SUCCEEDED, SUCCEEDED),
        (ITEMS[:1], CompletionReason.CUSTOM_COMPLETION_FAILED, FAILED),
    ],
)
def test_a_decision_of_the_users_own_outweighs_the_items(
    items: list[BatchItem[str]], reason: CompletionReason, status: BatchItemStatus
) -> None:
    assert BatchResult(items, reason).status is status


def test_the_first_failure_is_raised_as_a_child_contexts_error() -> None:
    with pytest.raises(ChildContextError, match=r"^boom$") as caught:
        MIXED.throw_if_error()

    assert caught.value.error_type == "ValueError"


def test_a_failure_to_write_or_read_stays_what_it_is() -> None:
    error = ErrorObject.from_exception(SerDesError("unreadable"))

    with pytest.raises(SerDesError, match=r"^unreadable$"):
        BatchResult([BatchItem(0, FAILED, error=error)], ALL).throw_if_error()


def test_a_failure_without_error_names_the_item() -> None:
    with pytest.raises(ChildContextError, match=r"^Batch item 4 failed without an ErrorObject\.$"):
        BatchResult([BatchItem(4, FAILED)], ALL).throw_if_error()


def test_a_batch_that_the_user_called_failed_raises_without_any_failure() -> None:
    with pytest.raises(BatchCompletionError) as caught:
        BatchResult(ITEMS[:1], CompletionReason.CUSTOM_COMPLETION_FAILED).throw_if_error()

    assert caught.value.completion_reason is CompletionReason.CUSTOM_COMPLETION_FAILED


def test_nothing_is_raised_for_a_batch_without_failures() -> None:
    BatchResult([ITEMS[0], ITEMS[2]], CompletionReason.CUSTOM_COMPLETION_SUCCEEDED).throw_if_error()


def test_a_result_reads_back_from_plain_data() -> None:
    data = MIXED.to_dict()

    assert data["completionReason"] == "ALL_COMPLETED"
    assert data["all"][1] == {
        "index": 1,
        "status": "FAILED",
        "result": None,
        "error": {"ErrorMessage": "boom", "ErrorType": "ValueError"},
    }
    assert BatchResult.from_dict(data) == MIXED


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (None, CompletionReason.FAILURE_TOLERANCE_EXCEEDED),
        (CompletionConfig(tolerated_failure_count=1), ALL),
        (CompletionConfig(min_successful=2), CompletionReason.MIN_SUCCESSFUL_REACHED),
    ],
)
def test_a_missing_reason_follows_from_the_items(config: CompletionConfig | None, reason: CompletionReason) -> None:
    data = {"all": [item.to_dict() for item in ITEMS]}

    assert BatchResult.from_dict(data, config).completion_reason is reason


@pytest.mark.parametrize(
    ("config", "successes", "failures", "reason"),
    [
        (CompletionConfig(), 3, 0, ALL),
        (CompletionConfig(), 1, 1, CompletionReason.FAILURE_TOLERANCE_EXCEEDED),
        (CompletionConfig(), 0, 3, CompletionReason.FAILURE_TOLERANCE_EXCEEDED),
        (CompletionConfig(min_successful=1), 1, 0, CompletionReason.MIN_SUCCESSFUL_REACHED),
        (CompletionConfig(min_successful=3), 3, 0, ALL),
        (CompletionConfig(min_successful=2), 1, 2, ALL),
        (
            CompletionConfig(min_successful=1, tolerated_failure_count=0),
            1,
            1,
            CompletionReason.FAILURE_TOLERANCE_EXCEEDED,
        ),
        (CompletionConfig(should_complete=lambda _status: continue_batch()), 0, 3, ALL),
    ],
)
def test_the_reason_of_a_batch_of_three_is_the_first_that_holds(
    config: CompletionConfig, successes: int, failures: int, reason: CompletionReason
) -> None:
    assert completion_reason(config, successes, failures, 3) is reason


def test_batches_may_be_made_with_the_type_of_their_results() -> None:
    batch = BatchResult[int | None]([BatchItem[int | None](0, SUCCEEDED, None)], ALL)

    assert batch.get_results() == [None]
