"""What happens in the step `fetch-data`: rows are staged as they come, and planned."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from app.domain.limits import Limits
from app.domain.pages import paged
from app.domain.plan import PageReceipt, Plan, check_shard_count, make_plan, most_pages, plan_of_shards
from app.domain.repeats import FirstRows
from app.domain.shards import Shard, in_groups
from app.ports.data_type import DataType
from app.workflows.staging import Staging


@dataclass(frozen=True, slots=True)
class Fetching:
    """One reading of one data type's rows, from the first to the last.

    - Rows that fit into the branch's share of its execution become batches of it.
    - More rows become shards, each with all that an execution of its own may use; their plans are staged.
    - Every row is seen here, so a repeated id is found whichever batch or shard the rows will be in.
    """

    data_type: DataType
    staging: Staging
    limits: Limits
    data_types: int
    """How many data types share an execution."""

    def plan(self) -> Plan:
        """Stage every row, and plan what follows."""
        keys, limits = self.staging.keys, self.limits
        own, whole = limits.share(self.data_types), limits.share(1)
        documents = self.staging.storage.locate(keys.folder("documents"))
        ids: list[str] = []
        groups = in_groups(self._pages(ids, own.most_batches), most_pages(whole, limits, keys))
        first, second = next(groups, []), next(groups, [])
        if not second and len(first) <= most_pages(own, limits, keys):
            return make_plan(first, own, limits, documents, ids=ids)
        shards = rows = 0
        for pages in chain([first], filter(None, [second]), groups):
            check_shard_count(shards + 1, own, keys)
            plan = make_plan(pages, whole, limits, documents, first_row=rows + 1)
            self.staging.stage_plan(Shard(keys.execution, keys.data_type, shards).name, plan)
            shards, rows = shards + 1, rows + plan["rows"]
        return plan_of_shards(shards, rows, own, documents)

    def _pages(self, kept: list[str], most_items: int) -> Iterator[PageReceipt]:
        """Stage the next page whenever one is asked for; ids are kept of about as many rows as may become items."""
        first_rows = FirstRows()
        for page in paged(self.data_type.source.fetch(), self.limits.page_rows, self.limits.page_bytes):
            ids = [*map(self.data_type.mapper.identify, page.rows)]
            if len(kept) <= most_items:
                kept.extend(ids)
            yield self.staging.stage(page, first_rows.repeats(ids))
