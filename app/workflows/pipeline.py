"""The data pipeline: rows of many data types become documents in storage."""

from dataclasses import dataclass
from functools import partial

from app.domain.errors import RowRejectedError
from app.domain.keys import Keys, execution_name
from app.domain.pages import paged
from app.domain.pipeline import BranchSummary, Stored, Transformed, rejection, summary
from app.domain.plan import Batch, Limits, PageReceipt, Plan, batches, check_page_count, make_plan, most_batches
from app.ports.data_source import SourceUnavailableError
from app.ports.storage import Storage, StorageUnavailableError
from app.workflows.base import ParallelWorkflow
from app.workflows.staging import Staging
from durable import DurableContext
from durable.config import Duration, MapConfig, StepConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes

RETRY_WHAT_MAY_PASS = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=5,
        initial_delay=Duration.from_seconds(1),
        retryable_error_types=[SourceUnavailableError, StorageUnavailableError],
    )
)
STEP = StepConfig(retry_strategy=RETRY_WHAT_MAY_PASS, serdes=JsonSerDes())


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineWorkflow(ParallelWorkflow[BranchSummary]):
    """Brings in the data types that a request names.

    - Rows are staged as they came; the plan of what follows is recorded, and obeyed whatever the limits are later.
    - Steps hand on receipts, and content only while it is small.
    - A row that breaks a rule is stored as a rejection with its reason, and never ends the run.
    - A batch that fails for good fails its branch.
    """

    storage: Storage
    limits: Limits

    def execute(self, event_context: str, child_context: DurableContext) -> BranchSummary:
        """Bring in one data type: stage and plan its rows, then run every batch."""
        keys = Keys(execution_name(child_context.execution_context.durable_execution_arn), event_context)
        plan = child_context.step(lambda _: self.fetch(keys), "fetch-data", STEP)
        planned = batches(plan)
        counts = {"rows": plan["rows"], "batches": len(planned)}
        child_context.logger.info("Rows staged", extra={"eventContext": event_context, **counts})

        stored = child_context.map(planned, partial(self.process, keys), "process-items", self.named_batches())
        stored.throw_if_error()

        outcome = summary(plan["documents"], stored.get_results())
        child_context.logger.info("Rows stored", extra={"eventContext": event_context, **outcome})
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
        """Stage the data type's rows page by page, and plan their batches."""
        data_type, staging = self.data_types[keys.data_type], Staging(self.storage, keys)
        share = self.limits.share(len(self.data_types))
        most_items = most_batches(share)
        pages: list[PageReceipt] = []
        ids: list[str] = []
        for page in paged(data_type.source.fetch(), self.limits.page_rows, self.limits.page_bytes):
            check_page_count(page.number + 1, keys)
            pages.append(staging.stage(page))
            if len(ids) <= most_items:
                ids.extend(map(data_type.mapper.identify, page.rows))
        documents = self.storage.locate(keys.folder("documents"))
        return make_plan(pages, ids, share, self.limits.inline_bytes, documents)

    def transform(self, keys: Keys, batch: Batch) -> Transformed:
        """Sort the batch's rows into records and rejections."""
        mapper, staging = self.data_types[keys.data_type].mapper, Staging(self.storage, keys)
        records: list[str] = []
        rejections: list[str] = []
        for row_number, row in enumerate(staging.read(batch), start=batch.first_row):
            try:
                batch.refuse_repetition()
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
