"""The data pipeline: rows of many data types become documents in storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.domain.batches import Batch, batches
from app.domain.errors import RowRejectedError
from app.domain.keys import Keys, execution_name, function_name
from app.domain.limits import Limits
from app.domain.pipeline import BranchSummary, Counts, Stored, Transformed, rejection, summary
from app.domain.plan import Plan
from app.domain.repeats import refuse_repetition
from app.domain.shards import Shard, requested_shard
from app.ports.data_source import SourceUnavailableError
from app.ports.storage import Storage, StorageUnavailableError
from app.workflows.base import ParallelWorkflow, summarise
from app.workflows.fetching import Fetching
from app.workflows.staging import Staging
from durable import DurableContext
from durable.config import CompletionConfig, Duration, MapConfig, NestingType, StepConfig
from durable.retries import RetryDecision, RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes

GROWING_DELAYS = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=5,
        initial_delay=Duration.from_seconds(1),
        retryable_error_types=[SourceUnavailableError, StorageUnavailableError],
    )
)


def retry_what_may_pass(error: Exception, attempts: int) -> RetryDecision:
    """Try again where that may help, and no sooner than the source has asked for."""
    decision = GROWING_DELAYS(error, attempts)
    asked = error.wait_seconds if isinstance(error, SourceUnavailableError) else 0
    if decision.should_retry and asked > decision.delay_seconds:
        return RetryDecision.retry(Duration.from_seconds(asked))
    return decision


STEP = StepConfig(retry_strategy=retry_what_may_pass, serdes=JsonSerDes())


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineWorkflow(ParallelWorkflow[BranchSummary]):
    """Brings in the data types that a request names.

    - Rows are staged as they came; the plan of what follows is recorded, and obeyed whatever the limits are later.
    - Rows past one execution's share are brought in by further executions of the same function, one a shard.
    - Steps hand on receipts, and content only while it is small.
    - A row that breaks a rule is stored as a rejection with its reason, and never ends the run.
    - A batch or a shard that fails for good fails its branch.
    """

    storage: Storage
    limits: Limits

    def run(self, event: object, context: DurableContext) -> dict[str, BranchSummary]:
        """The summary of each event context in the request, or that of the one shard in it."""
        shard = requested_shard(event, known=self.data_types)
        if shard is None:
            return ParallelWorkflow.run(self, event, context)  # before Python 3.14 slots leave super() the wrong class
        plan = context.step(lambda _: Staging(self.storage, shard.keys).plan(), "fetch-plan", STEP)
        return {shard.data_type: self.run_batches(shard.keys, plan, context)}

    def execute(self, event_context: str, child_context: DurableContext) -> BranchSummary:
        """Bring in one data type: stage and plan its rows, then run every batch or shard."""
        keys = Keys(execution_name(child_context.execution_context.durable_execution_arn), event_context)
        plan = child_context.step(lambda _: self.fetch(keys), "fetch-data", STEP)
        return (self.run_shards if plan.get("shards") else self.run_batches)(keys, plan, child_context)

    def run_shards(self, keys: Keys, plan: Plan, context: DurableContext) -> BranchSummary:
        """Have other executions bring in the rows; all of them end before a failed one is told."""
        shards = [Shard(keys.execution, keys.data_type, number) for number in range(plan["shards"])]
        log(context, "Rows staged", keys, {"rows": plan["rows"], "shards": len(shards)})
        ran = context.map(shards, self.invoke, "process-shards", self.bounded_shards())
        outcome = summary(plan["documents"], summarise([shard.name for shard in shards], ran).values())
        log(context, "Rows stored", keys, outcome)
        return outcome

    def bounded_shards(self) -> MapConfig:
        """Some shards run side by side; each is one operation, for a branch around it would be another one."""
        return MapConfig(
            max_concurrency=self.limits.concurrency,
            item_serdes=JsonSerDes(),
            item_namer=lambda shard, _: shard.name,
            nesting_type=NestingType.FLAT,
            completion_config=CompletionConfig.all_completed(),
        )

    def invoke(self, context: DurableContext, shard: Shard, *_: object) -> Counts:
        """Run one shard in an execution of the very version of the function that runs here."""
        function = function_name(context.execution_context.durable_execution_arn)
        summaries: Mapping[str, Counts] = context.invoke(function, shard.event, shard.name)
        return summaries[shard.data_type]

    def run_batches(self, keys: Keys, plan: Plan, context: DurableContext) -> BranchSummary:
        """Bring in the rows of a plan, batch by batch."""
        planned = batches(plan)
        log(context, "Rows staged", keys, {"rows": plan["rows"], "batches": len(planned)})
        stored = context.map(planned, partial(self.process, keys), "process-items", self.named_batches())
        stored.throw_if_error()
        outcome = summary(plan["documents"], stored.get_results())
        log(context, "Rows stored", keys, outcome)
        return outcome

    def named_batches(self) -> MapConfig:
        """Batches run side by side under names of their own, and the first that fails for good ends them all."""
        return MapConfig(
            max_concurrency=self.limits.concurrency,
            item_serdes=JsonSerDes(),
            item_namer=lambda batch, _: batch.name,
        )

    def process(self, keys: Keys, context: DurableContext, batch: Batch, *_: object) -> Stored:
        """Run one batch in its child context."""
        transformed = context.step(lambda _: self.transform(keys, batch), "transform-data", STEP)
        return context.step(lambda _: self.store(keys, batch, transformed), "store-transformed-item", STEP)

    def fetch(self, keys: Keys) -> Plan:
        """Stage the data type's rows page by page, and plan their batches or shards."""
        data_type, staging = self.data_types[keys.data_type], Staging(self.storage, keys)
        return Fetching(data_type, staging, self.limits, len(self.data_types)).plan()

    def transform(self, keys: Keys, batch: Batch) -> Transformed:
        """Sort the batch's rows into records and rejections."""
        mapper, staging = self.data_types[keys.data_type].mapper, Staging(self.storage, keys)
        records: list[str] = []
        rejections: list[str] = []
        repeats = staging.repeats(batch)
        for row_number, row in enumerate(staging.read(batch), start=batch.first_row):
            try:
                refuse_repetition(row_number, repeats)
                records.append(mapper.map_to_document(mapper.map_to_domain(row)))
            except RowRejectedError as rejected:
                rejections.append(rejection(row_number, row, rejected))
        return Transformed(
            stored=len(records),
            rejected=len(rejections),
            documents=staging.hand_on("documents", batch, records),
            rejections=staging.hand_on("rejected", batch, rejections),
        )

    def store(self, keys: Keys, batch: Batch, transformed: Transformed) -> Stored:
        """Write the batch's documents under their final keys."""
        staging = Staging(self.storage, keys)
        return Stored(
            stored=transformed["stored"],
            rejected=transformed["rejected"],
            document=staging.deliver("documents", batch, transformed["documents"]),
            rejection=staging.deliver("rejected", batch, transformed["rejections"]),
        )


def log(context: DurableContext, message: str, keys: Keys, facts: Mapping[str, Any]) -> None:
    """Tell how far a branch or a shard has come."""
    shard = {"shard": keys.shard} if keys.shard else {}
    context.logger.info(message, extra={"eventContext": keys.data_type, **shard, **facts})
