import json

import pytest

from durable.completion import BatchItemStatus
from durable.concurrency.models import BatchItem, BatchResult, CompletionReason
from durable.exceptions import ExecutionError
from durable.operations.branches.summary import Closing, summary_generator

S, F, R = BatchItemStatus.SUCCEEDED, BatchItemStatus.FAILED, BatchItemStatus.STARTED


def batch(*statuses: BatchItemStatus) -> BatchResult[str]:
    items: list[BatchItem[str]] = [BatchItem(index, status) for index, status in enumerate(statuses)]
    return BatchResult(items, CompletionReason.ALL_COMPLETED)


def test_the_record_is_the_official_one_byte_for_byte() -> None:
    text = summary_generator("MapResult", lambda _: "SUM")(batch(S, S, S, S))

    assert text == (
        '{"type": "MapResult", "totalCount": 4, "completionReason": "ALL_COMPLETED", "startedIndexes": [], '
        '"startedCount": 0, "successCount": 4, "failureCount": 0, "status": "SUCCEEDED", "summary": "SUM"}'
    )


@pytest.mark.parametrize(
    ("statuses", "name", "indexes"),
    [((S, R, F), "startedIndexes", [1]), ((S, R), "startedIndexes", [1]), ((R, S, R), "completedIndexes", [1])],
)
def test_the_shorter_list_of_indexes_is_recorded(
    statuses: tuple[BatchItemStatus, ...], name: str, indexes: list[int]
) -> None:
    record = json.loads(summary_generator("ParallelResult", None)(batch(*statuses)))

    assert record[name] == indexes
    assert len({"startedIndexes", "completedIndexes"} & record.keys()) == 1


@pytest.mark.parametrize(
    ("summary", "recorded"), [(lambda _: None, None), (lambda _: 7, "7"), (lambda result: f"{result.total_count}", "2")]
)
def test_a_summary_of_the_users_own_is_recorded_as_text_unless_it_is_none(summary: object, recorded: object) -> None:
    record = json.loads(summary_generator("MapResult", summary)(batch(S, F)))  # type: ignore[arg-type]

    assert record.get("summary") == recorded
    assert record["status"] == "FAILED"


@pytest.mark.parametrize("statuses", [(S, R, F), (R, R, S), (), (S,), (R,)])
def test_a_record_reads_back_as_how_the_batch_closed(statuses: tuple[BatchItemStatus, ...]) -> None:
    closing = Closing.from_record(summary_generator("MapResult", lambda _: "text")(batch(*statuses)))

    unfinished = {index for index, status in enumerate(statuses) if status is R}
    assert closing == Closing(len(statuses), CompletionReason.ALL_COMPLETED, frozenset(unfinished))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "no json",
        "[]",
        '{"totalCount": 1}',
        '{"totalCount": 1, "completionReason": "BORED", "startedIndexes": []}',
        '{"totalCount": 1, "completionReason": "ALL_COMPLETED"}',
    ],
)
def test_a_record_that_cannot_be_read_ends_the_execution(text: str | None) -> None:
    with pytest.raises(ExecutionError, match="record of a closed batch cannot be read"):
        Closing.from_record(text)
