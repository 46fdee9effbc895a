"""The plan of one branch: how its rows are cut into batches within an execution's quotas.

`fetch-data` records a plan, and everything after follows the recorded one, whatever the limits are by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from app.domain.errors import PlanTooLargeError, RowRejectedError
from app.domain.keys import Keys, is_name
from app.domain.pipeline import Receipt

MOST_OPERATIONS = 3_000
"""An execution's quota of operations; AWS does not raise it."""
CHECKPOINT_BYTES = 262_144
"""What one checkpoint may hold, the recorded plan included."""

EXECUTION_OPERATIONS = 2
"""Once an execution: itself and `execute-contexts-in-parallel`."""
BRANCH_OPERATIONS = 3
"""Once a branch: itself, `fetch-data` and `process-items`."""
BATCH_OPERATIONS = 3
"""Once a batch: its iteration, `transform-data` and `store-transformed-item`."""

PAGE_RECEIPT_BYTES = 60
"""The JSON of a page's receipt beside its key."""


class PageReceipt(Receipt):
    """The receipt of a staged page, and how many rows it holds."""

    rows: int


class Item(TypedDict):
    """A row that makes a batch of its own; `repeats` is the number of the earlier row with its id, or 0."""

    name: str
    repeats: int


class Plan(TypedDict):
    """What `fetch-data` found and what is to be done about it.

    `items` names one batch a row where rows are few; where it is empty, a batch is `pages_per_batch` whole pages.
    """

    rows: int
    pages: list[PageReceipt]
    items: list[Item]
    pages_per_batch: int
    operations: int
    inline_bytes: int
    documents: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a branch may use, as settings have it while `fetch-data` runs."""

    operations: int = MOST_OPERATIONS
    reserve_percent: int = 20
    page_rows: int = 1_000
    page_bytes: int = 1_048_576
    inline_bytes: int = 4_096
    concurrency: int = 8

    def share(self, data_types: int) -> int:
        """The operations of one branch, when every known data type could have one in the same execution."""
        spendable = self.operations * (100 - self.reserve_percent) // 100 - EXECUTION_OPERATIONS
        return spendable // data_types


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows that are handled together.

    `first_row` counts from 1 over the whole data type; `skip` rows of the first page belong to earlier batches; what
    the steps hand on inline is at most `inline_bytes`.
    """

    name: str
    document: str
    pages: tuple[PageReceipt, ...]
    first_row: int
    rows: int
    inline_bytes: int
    skip: int = 0
    repeats: int = 0

    def refuse_repetition(self) -> None:
        """Reject the batch's row if an earlier row has its id: the first one stays."""
        if self.repeats:
            raise RowRejectedError("id", f"is the id of row {self.repeats} already; the first row with an id is kept")


def most_batches(share: int) -> int:
    """How many batches a branch's share of the operations pays for."""
    most = (share - BRANCH_OPERATIONS) // BATCH_OPERATIONS
    if most < 1:
        raise PlanTooLargeError(
            f"A branch's share of {share} operations pays for no batch; raise the operations an execution may use, "
            "lower the reserve for retries or know fewer data types"
        )
    return most


def check_page_count(pages: int, keys: Keys) -> None:
    """Refuse one page too many for the plan's checkpoint, before it is staged."""
    most = CHECKPOINT_BYTES * 3 // 4 // (len(keys.page(0)) + PAGE_RECEIPT_BYTES)
    if pages > most:
        raise PlanTooLargeError(
            f"Data type {keys.data_type!r} has more than the {most} pages that one execution's plan can name; "
            "make pages larger or fetch fewer rows"
        )


def make_plan(pages: list[PageReceipt], ids: Sequence[str], share: int, inline_bytes: int, documents: str) -> Plan:
    """Cut the staged rows into no more batches than the share pays for.

    `ids` holds the rows' own ids in their order; they matter only where every row becomes a batch.
    """
    rows = sum(page["rows"] for page in pages)
    most = most_batches(share)
    return Plan(
        rows=rows,
        pages=pages,
        items=name_items(ids) if rows <= most else [],
        pages_per_batch=max(1, -(-len(pages) // most)),
        operations=share,
        inline_bytes=inline_bytes,
        documents=documents,
    )


def name_items(ids: Iterable[str]) -> list[Item]:
    """Name each row after its id, or `row-<n>` where the id is missing, unsafe, repeated or differs only in case."""
    first_rows: dict[str, int] = {}
    taken: set[str] = set()
    items = []
    for row_number, row_id in enumerate(ids, start=1):
        repeats = first_rows.get(row_id, 0) if row_id else 0
        first_rows.setdefault(row_id, row_number)
        name = _unused_name(row_id, row_number, taken)
        taken.add(name.lower())
        items.append(Item(name=name, repeats=repeats))
    return items


def _unused_name(row_id: str, row_number: int, taken: set[str]) -> str:
    usable = is_name(row_id) and row_id.lower() not in taken and not row_id.lower().startswith("row-")
    return row_id if usable else f"row-{row_number}"


def batches(plan: Plan) -> list[Batch]:
    """The plan's batches: every row in exactly one, in their order."""
    return list(_row_batches(plan) if plan["items"] else _page_batches(plan))


def _row_batches(plan: Plan) -> Iterator[Batch]:
    places = ((page, place) for page in plan["pages"] for place in range(page["rows"]))
    for row_number, (item, (page, place)) in enumerate(zip(plan["items"], places, strict=True), start=1):
        yield Batch(
            name=f"process-item-{item['name']}",
            document=f"{item['name']}.json",
            pages=(page,),
            first_row=row_number,
            rows=1,
            inline_bytes=plan["inline_bytes"],
            skip=place,
            repeats=item["repeats"],
        )


def _page_batches(plan: Plan) -> Iterator[Batch]:
    pages, size = plan["pages"], plan["pages_per_batch"]
    first_row = 1
    for number, start in enumerate(range(0, len(pages), size)):
        group = tuple(pages[start : start + size])
        batch = Batch(
            name=f"process-batch-{number:05}",
            document=f"batch-{number:05}.jsonl",
            pages=group,
            first_row=first_row,
            rows=sum(page["rows"] for page in group),
            inline_bytes=plan["inline_bytes"],
        )
        yield batch
        first_row += batch.rows
