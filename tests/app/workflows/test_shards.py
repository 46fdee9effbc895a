"""Rows past one execution's share, brought in by chained executions of the same function."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, chain, product, repeat
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.storage.memory import MemoryStorage
from app.domain.limits import Limits
from app.domain.pipeline import Receipt
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError
from durable_local.executions import Execution
from durable_local.testing import DurableFunctionTestRunner, assert_replay_safe
from tests.app.workflows.conftest import RunPipeline, handler_of, pipeline, words
from tests.fakes.storage import TroubledStorage

SMALL = Limits(operations=30, reserve_percent=0, page_rows=2, batch_pages=2)
"""An execution of one data type has 8 batches of at most two pages then: 32 rows."""
WORDS = [f"w{number}" for number in range(1, 201)]
REQUEST = {"event_contexts": ["teas"]}


def stored(storage: Storage, shards: int, kind: str = "documents") -> list[str]:
    """The lines of all documents of a kind, shard by shard."""
    places = product(range(shards), range(8))
    keys = [f"{kind}/nightly/teas/shard-{shard:05}/batch-{batch:05}.jsonl" for shard, batch in places]
    return [line for key in keys for line in lines(storage, key)]


def lines(storage: Storage, key: str) -> list[str]:
    """The lines of a document, none where there is no document."""
    try:
        return storage.get(key).decode().splitlines()
    except DocumentNotFoundError:
        return []


def executions(runner: DurableFunctionTestRunner) -> list[Execution]:
    """Every execution, the parent first."""
    every = runner.runtime.executions
    return [every.get(summary.arn) for summary in reversed(every.newest(1_000))]


def test_rows_past_one_execution_are_brought_in_by_shards_of_the_same_function(
    run_pipeline: RunPipeline, storage: Storage
) -> None:
    result = run_pipeline(pipeline(storage, SMALL, teas=words(*WORDS)), "teas")

    assert result.result == {"teas": {"stored": 200, "rejected": 0, "documents": "memory:documents/nightly/teas"}}
    assert [operation.name for operation in result.operations] == [
        "execute-contexts-in-parallel",
        "teas",
        "fetch-data",
        "process-shards",
        *(f"shard-{number:05}" for number in range(7)),
    ]
    assert stored(storage, shards=7) == WORDS


def test_a_shard_is_an_execution_of_the_same_function_and_invokes_no_further_one(storage: Storage) -> None:
    runner = DurableFunctionTestRunner(handler_of(pipeline(storage, SMALL, teas=words(*WORDS[:40]))()))

    runner.run(REQUEST, "nightly")

    parent, first, second = executions(runner)
    assert {each.function for each in (first, second)} == {parent.function}
    assert [json.loads(each.input_payload or "")["shard"]["number"] for each in (first, second)] == [0, 1]
    assert {operation.name for operation in runner.result(first.arn).operations if operation.parent_id is None} == {
        "fetch-plan",
        "process-items",
    }


def test_a_repeated_id_is_rejected_in_whatever_shard_it_is(run_pipeline: RunPipeline, storage: Storage) -> None:
    rows = [*WORDS[:150], "w3", *WORDS[150:]]

    result = run_pipeline(pipeline(storage, SMALL, teas=words(*rows)), "teas")

    assert (result.result["teas"]["stored"], result.result["teas"]["rejected"]) == (200, 1)
    (rejected,) = map(json.loads, stored(storage, shards=7, kind="rejected"))
    assert (rejected["row"], rejected["reason"]) == (
        151,
        "is the id of row 3 already; the first row with an id is kept",
    )


def test_a_shard_that_fails_is_named_and_the_others_end(run_pipeline: RunPipeline, storage: Storage) -> None:
    class FullShard(TroubledStorage):
        def put(self, key: str, body: bytes) -> Receipt:
            if "documents/nightly/teas/shard-00001/" in key:
                raise StorageError("no place left")
            return super().put(key, body)

    one_by_one = replace(SMALL, concurrency=1)
    result = run_pipeline(
        pipeline(FullShard(storage), one_by_one, teas=words(*WORDS[:70]), coffees=words("java")), "teas", "coffees"
    )

    assert result.status == "FAILED"
    assert result.error
    assert "teas: 1 of the branches failed: shard-00001: no place left" in (result.error.message or "")
    assert stored(storage, shards=3) == [*WORDS[:32], *WORDS[64:70]]
    assert storage.get("documents/nightly/coffees/java.json") == b"java\n"


def test_no_more_shards_run_beside_each_other_than_may(storage: Storage) -> None:
    workflow = pipeline(storage, replace(SMALL, concurrency=2), teas=words(*WORDS))()
    runner = DurableFunctionTestRunner(handler_of(workflow))

    runner.run(REQUEST, "nightly")

    moves = {"ChainedInvokeStarted": 1, "ChainedInvokeSucceeded": -1}
    told = [moves.get(event.type, 0) for _, event in runner.runtime.executions.history("nightly")]
    assert told.count(1) == told.count(-1) == 7
    assert max(accumulate(told)) == 2


def test_a_shard_in_trouble_tries_again_and_overwrites_its_own_documents(storage: Storage) -> None:
    troubled = TroubledStorage(storage, [StorageUnavailableError("busy")] * 3, at="put documents/")

    result = DurableFunctionTestRunner(handler_of(pipeline(troubled, SMALL, teas=words(*WORDS))())).run(
        REQUEST, "nightly"
    )

    assert result.result["teas"]["stored"] == 200
    assert stored(storage, shards=7) == WORDS


def test_shards_obey_the_plan_of_the_day_they_were_cut(storage: Storage) -> None:
    limits = chain([SMALL], repeat(Limits(operations=100, page_rows=100, batch_pages=9, inline_bytes=0)))
    data_type = words(*WORDS)

    def sandbox() -> Callable[[Any, Any], Any]:
        return handler_of(pipeline(storage, next(limits), teas=data_type)())

    result = DurableFunctionTestRunner(loader=sandbox).run(REQUEST, "nightly")

    assert result.result["teas"]["stored"] == 200
    assert stored(storage, shards=7) == WORDS


def test_a_shard_whose_plan_is_not_staged_says_where_it_should_lie(run_pipeline: RunPipeline, storage: Storage) -> None:
    event = {"shard": {"execution": "nightly", "data_type": "teas", "number": 9}}

    result = run_pipeline(pipeline(storage, SMALL, teas=words()), event=event)

    assert result.status == "FAILED"
    assert result.error
    assert "staged/nightly/teas/shard-00009.json" in (result.error.message or "")


def test_shards_may_be_interrupted_anywhere() -> None:
    storage = TroubledStorage(MemoryStorage())
    tiny = Limits(operations=12, reserve_percent=0, page_rows=1, batch_pages=1)
    make_workflow = pipeline(storage, tiny, teas=words("assam", "sencha", "matcha"))

    def handler(event: Any, context: Any) -> Any:
        return handler_of(make_workflow())(event, context)

    safety = assert_replay_safe(handler, REQUEST, effects=lambda: storage.calls)

    assert safety.tried == safety.points > 6
    assert "put documents/replay-safety/teas/shard-00001/batch-00000.jsonl" in storage.calls


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 150),
    st.builds(
        Limits,
        operations=st.integers(20, 60),
        reserve_percent=st.integers(0, 30),
        page_rows=st.integers(1, 7),
        batch_pages=st.integers(1, 3),
        inline_bytes=st.integers(0, 5_000),
        concurrency=st.integers(1, 8),
    ),
)
def test_whatever_the_limits_no_execution_exceeds_them_and_every_row_is_stored_once(rows: int, limits: Limits) -> None:
    storage = TroubledStorage(MemoryStorage())
    runner = DurableFunctionTestRunner(handler_of(pipeline(storage, limits, teas=words(*WORDS[:rows]), none=words())()))

    result = runner.run(REQUEST, "nightly")

    if result.status == "FAILED":
        assert result.error
        assert "shards" in (result.error.message or "")
        return
    written = {call.split()[-1] for call in storage.calls if " documents/" in call}
    assert sorted(line for key in written for line in lines(storage, key)) == sorted(WORDS[:rows])
    for execution in executions(runner):
        used = len(runner.result(execution.arn).operations) + 1
        assert used <= limits.operations * (100 - limits.reserve_percent) / 100
