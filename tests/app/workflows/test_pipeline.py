import json
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

import pytest

from app.domain.limits import BATCH_BYTES, Limits
from app.domain.pipeline import Receipt
from app.ports.data_source import SourceError, SourceUnavailableError
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError
from durable.model import Operation
from durable_local.store.executions import newest
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.workflows.conftest import RunPipeline, handler_of, pipeline, words
from tests.fakes.data_source import WrittenSource
from tests.fakes.storage import TroubledStorage

MANY = [f"w{number}" for number in range(1, 201)]
SMALL_PAGES = Limits(operations=100, reserve_percent=0, page_rows=5)
"""One data type has 31 batches then, so 200 rows on 40 pages become 20 batches of two pages."""


def names(result: DurableFunctionTestResult) -> list[str]:
    return [operation.name or "" for operation in result.operations]


def recorded(operation: Operation) -> str:
    """What a step recorded as its result."""
    assert operation.step_details
    assert operation.step_details.result
    return operation.step_details.result


def lines(storage: Storage, *keys: str) -> list[str]:
    return [line for key in keys for line in storage.get(key).decode().splitlines()]


def changing_sandboxes(storage: Storage) -> Callable[[], Callable[[Any, Any], Any]]:
    """Makes a handler for each invocation: the first plans with small pages and fails once, later ones have others."""
    troubled = TroubledStorage(storage, [StorageUnavailableError("busy")], at="open")
    data_type = words(*MANY)
    limits = chain([SMALL_PAGES], repeat(Limits(operations=2_000, page_rows=100, inline_bytes=0)))

    def sandbox() -> Callable[[Any, Any], Any]:
        return handler_of(pipeline(troubled, next(limits), teas=data_type)())

    return sandbox


def test_every_row_becomes_a_document_of_its_own(run_pipeline: RunPipeline, storage: Storage) -> None:
    result = run_pipeline(pipeline(storage, teas=words("assam", "sencha")), "teas")

    assert result.status == "SUCCEEDED"
    assert result.result == {"teas": {"stored": 2, "rejected": 0, "documents": "memory:documents/nightly/teas"}}
    assert storage.get("documents/nightly/teas/assam.json") == b"assam\n"
    assert storage.get("documents/nightly/teas/sencha.json") == b"sencha\n"


def test_operations_are_named_after_what_they_do(run_pipeline: RunPipeline, storage: Storage) -> None:
    result = run_pipeline(pipeline(storage, teas=words("assam")), "teas")

    assert names(result) == [
        "execute-contexts-in-parallel",
        "teas",
        "fetch-data",
        "process-items",
        "process-item-assam",
        "transform-data",
        "store-transformed-item",
    ]


def test_a_rejected_row_is_stored_with_its_reason_and_counted(run_pipeline: RunPipeline, storage: Storage) -> None:
    result = run_pipeline(pipeline(storage, teas=words("assam", "bad-tea")), "teas")

    assert result.status == "SUCCEEDED"
    assert (result.result["teas"]["stored"], result.result["teas"]["rejected"]) == (1, 1)
    assert json.loads(storage.get("rejected/nightly/teas/bad-tea.json")) == {
        "row": 2,
        "field": "word",
        "reason": "is bad",
        "raw": "bad-tea",
    }
    with pytest.raises(DocumentNotFoundError):
        storage.get("documents/nightly/teas/bad-tea.json")


def test_a_repeated_id_overwrites_nothing_and_is_rejected_by_name_of_the_first(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    result = run_pipeline(pipeline(storage, teas=words("assam", "sencha", "assam")), "teas")

    assert (result.result["teas"]["stored"], result.result["teas"]["rejected"]) == (2, 1)
    assert json.loads(storage.get("rejected/nightly/teas/row-3.json"))["reason"].startswith("is the id of row 1")


def test_rows_that_are_no_text_keep_their_bytes(run_pipeline: RunPipeline, storage: Storage) -> None:
    run_pipeline(pipeline(storage, teas=words("bad \udcff")), "teas")

    assert storage.get("staged/nightly/teas/page-00000.jsonl") == b"bad \xff\n"
    assert json.loads(storage.get("rejected/nightly/teas/row-1.json"))["raw"] == "bad \udcff"


def test_no_rows_are_no_trouble(run_pipeline: RunPipeline, storage: Storage) -> None:
    result = run_pipeline(pipeline(storage, teas=words()), "teas")

    assert result.result == {"teas": {"stored": 0, "rejected": 0, "documents": "memory:documents/nightly/teas"}}


def test_many_rows_go_in_batches_of_whole_pages(run_pipeline: RunPipeline, storage: Storage) -> None:
    rows = [*MANY[:-1], "bad-last"]

    result = run_pipeline(pipeline(storage, SMALL_PAGES, teas=words(*rows)), "teas")

    batches = [name for name in names(result) if name.startswith("process-batch-")]
    assert sorted(batches) == [f"process-batch-{number:05}" for number in range(20)]
    assert lines(storage, *(f"documents/nightly/teas/batch-{number:05}.jsonl" for number in range(20))) == rows[:-1]
    assert json.loads(storage.get("rejected/nightly/teas/batch-00019.jsonl"))["row"] == 200
    assert len(result.operations) + 1 <= SMALL_PAGES.operations


def test_a_branch_stays_within_its_share_however_many_rows_there_are(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    limits = Limits(operations=100, page_rows=1)

    result = run_pipeline(pipeline(storage, limits, teas=words(*MANY), coffees=words(*MANY)), "teas", "coffees")

    assert result.result["teas"]["stored"] == result.result["coffees"]["stored"] == 200
    assert len(result.operations) + 1 <= 80


@pytest.mark.parametrize("limits", [Limits(inline_bytes=0), SMALL_PAGES, Limits(inline_bytes=65_536)])
def test_content_goes_inline_or_as_a_receipt_and_ends_up_the_same(
    run_pipeline: RunPipeline, storage: Storage, limits: Limits
) -> None:
    run_pipeline(pipeline(storage, limits, teas=words(*MANY[:30])), "teas")

    assert lines(storage, *(f"documents/nightly/teas/{word}.json" for word in MANY[:30])) == MANY[:30]


def test_large_content_crosses_the_checkpoint_as_a_receipt_and_is_copied(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    row, watched = "x" * 5_000, TroubledStorage(storage)

    result = run_pipeline(pipeline(watched, teas=words(row)), "teas")

    assert row not in recorded(result.operation("transform-data"))
    assert "staged/nightly/teas/documents/row-1.json" in recorded(result.operation("transform-data"))
    assert "copy staged/nightly/teas/documents/row-1.json documents/nightly/teas/row-1.json" in watched.calls
    assert storage.get("documents/nightly/teas/row-1.json") == row.encode() + b"\n"


def test_content_that_grows_as_json_still_fits_its_checkpoint(run_pipeline: RunPipeline, storage: Storage) -> None:
    row = "\x01" * 60_000

    result = run_pipeline(pipeline(storage, Limits(inline_bytes=65_536), teas=words(row)), "teas")

    assert result.status == "SUCCEEDED"
    assert len(recorded(result.operation("transform-data"))) < 262_144
    assert storage.get("documents/nightly/teas/row-1.json") == row.encode() + b"\n"


def test_batches_of_the_longest_names_write_no_more_than_is_reckoned_for_them(storage: Storage) -> None:
    limits = Limits(operations=60, reserve_percent=0, page_rows=2, batch_pages=1, inline_bytes=0)
    name, data_type, batches = "n" * 64, "t" * 64, limits.share(1).most_batches
    each_twice = chain.from_iterable((word, word) for word in MANY[:batches])
    runner = DurableFunctionTestRunner(handler_of(pipeline(storage, limits, **{data_type: words(*each_twice)})()))

    result = runner.run({"event_contexts": [data_type]}, name)

    assert (result.result[data_type]["stored"], result.result[data_type]["rejected"]) == (batches, batches)
    (execution,) = newest(runner.runtime.journals.database, limit=10)
    assert execution.bytes <= batches * BATCH_BYTES


def test_small_content_is_stored_once(run_pipeline: RunPipeline, storage: Storage) -> None:
    watched = TroubledStorage(storage)

    run_pipeline(pipeline(watched, teas=words("assam")), "teas")

    assert watched.calls == [
        "put staged/nightly/teas/page-00000.jsonl",
        "open staged/nightly/teas/page-00000.jsonl",
        "put documents/nightly/teas/assam.json",
    ]


def test_no_row_crosses_a_checkpoint_in_the_plan(run_pipeline: RunPipeline, storage: Storage) -> None:
    result = run_pipeline(pipeline(storage, SMALL_PAGES, teas=words(*MANY)), "teas")

    assert not any(row in recorded(result.operation("fetch-data")) for row in MANY[100:])


@pytest.mark.parametrize("trouble", [SourceUnavailableError("busy"), StorageUnavailableError("busy")])
def test_a_source_in_trouble_is_asked_again(run_pipeline: RunPipeline, storage: Storage, trouble: Exception) -> None:
    data_type = words("assam", "sencha", troubles=[trouble] * 3)

    result = run_pipeline(pipeline(storage, teas=data_type, coffees=words("java")), "teas", "coffees")

    assert result.status == "SUCCEEDED"
    assert (result.result["teas"]["stored"], result.result["coffees"]["stored"]) == (2, 1)
    assert isinstance(data_type.source, WrittenSource)
    assert data_type.source.fetches == 4
    assert result.invocations > 1


def test_a_source_that_asks_to_be_left_alone_is_not_asked_sooner(run_pipeline: RunPipeline, storage: Storage) -> None:
    data_type = words(
        "assam", troubles=[SourceUnavailableError("busy", wait_seconds=600), SourceUnavailableError("busy")]
    )

    result = run_pipeline(pipeline(storage, teas=data_type), "teas")

    failures = [event["StepFailedDetails"] for event in result.history if event["EventType"] == "StepFailed"]
    first, second = (failure["RetryDetails"]["NextAttemptDelaySeconds"] for failure in failures)
    assert result.status == "SUCCEEDED"
    assert first == 600
    assert second <= 2


def test_a_source_that_stays_in_trouble_fails_its_branch_in_the_end(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    data_type = words(troubles=[SourceUnavailableError("busy", wait_seconds=60)] * 100)

    result = run_pipeline(pipeline(storage, teas=data_type), "teas")

    assert result.status == "FAILED"
    assert isinstance(data_type.source, WrittenSource)
    assert data_type.source.fetches == 5


def test_a_final_error_is_not_retried_and_fails_the_execution_by_the_branchs_name(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    gone = words(troubles=[SourceError("the list is gone")] * 2)

    result = run_pipeline(pipeline(storage, teas=gone, coffees=words("java")), "teas", "coffees")

    assert result.status == "FAILED"
    assert result.error
    assert result.error.message == "1 of the branches failed: teas: the list is gone"
    assert isinstance(gone.source, WrittenSource)
    assert gone.source.fetches == 1
    assert storage.get("documents/nightly/coffees/java.json") == b"java\n"


def test_storage_in_trouble_is_asked_again(run_pipeline: RunPipeline, storage: Storage) -> None:
    troubled = TroubledStorage(storage, [StorageUnavailableError("busy")] * 4)

    result = run_pipeline(pipeline(troubled, teas=words("assam")), "teas")

    assert result.status == "SUCCEEDED"
    assert storage.get("documents/nightly/teas/assam.json") == b"assam\n"


def test_a_batch_that_fails_for_good_fails_its_branch(run_pipeline: RunPipeline, storage: Storage) -> None:
    class NeverStores(TroubledStorage):
        def put(self, key: str, body: bytes) -> Receipt:
            if key.endswith("sencha.json"):
                raise StorageError("no place for sencha")
            return super().put(key, body)

    result = run_pipeline(pipeline(NeverStores(storage), teas=words("assam", "sencha")), "teas")

    assert result.status == "FAILED"
    assert result.error
    assert "teas: no place for sencha" in (result.error.message or "")


def test_what_follows_obeys_the_recorded_plan_and_not_the_limits_of_the_day(storage: Storage) -> None:
    result = DurableFunctionTestRunner(loader=changing_sandboxes(storage)).run({"event_contexts": ["teas"]}, "nightly")

    assert result.status == "SUCCEEDED"
    assert result.invocations > 1
    assert len([name for name in names(result) if name.startswith("process-batch-")]) == 20
    assert lines(storage, *(f"documents/nightly/teas/batch-{number:05}.jsonl" for number in range(20))) == MANY


def test_a_page_written_again_behind_the_plans_back_ends_the_branch(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    class LosesRows(TroubledStorage):
        def put(self, key: str, body: bytes) -> Receipt:
            return super().put(key, body.partition(b"\n")[0] + b"\n")

    result = run_pipeline(pipeline(LosesRows(storage), teas=words("assam", "sencha")), "teas")

    assert result.status == "FAILED"
    assert result.error
    assert "process-item-sencha reads 0 rows from staged/nightly/teas/page-00000.jsonl" in (result.error.message or "")


def test_the_same_name_in_another_service_overwrites_its_own_documents(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    watched = TroubledStorage(storage)
    run_pipeline(pipeline(watched, teas=words("assam")), "teas")
    first = [*watched.calls]

    run_pipeline(pipeline(watched, teas=words("assam")), "teas")

    assert watched.calls == first * 2


def test_a_repeated_name_changes_nothing(storage: Storage) -> None:
    data_type = words("assam")
    runner = DurableFunctionTestRunner(handler_of(pipeline(storage, teas=data_type)()))
    first = runner.run({"event_contexts": ["teas"]}, "nightly")

    second = runner.run({"event_contexts": ["teas"]}, "nightly")

    assert second == first
    assert isinstance(data_type.source, WrittenSource)
    assert data_type.source.fetches == 1
