"""The plan of one branch: how its rows are cut into batches, or its pages into shards, within the quotas.

`fetch-data` records a plan, and everything after follows the recorded one, whatever the limits are by then.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from app.domain.errors import PlanTooLargeError
from app.domain.keys import Keys, is_name
from app.domain.limits import CHECKPOINT_BYTES, Limits, Share
from app.domain.pipeline import Receipt

PAGE_RECEIPT_BYTES = 80
"""The JSON of a page's receipt beside its key."""


class PageReceipt(Receipt):
    """The receipt of a staged page: how many rows it holds, and how many of them repeat an earlier row's id."""

    rows: int
    repeats: NotRequired[int]


class Item(TypedDict):
    """A row that makes a batch of its own."""

    name: str


class Plan(TypedDict):
    """What `fetch-data` found and what is to be done about it.

    `items` names one batch a row where rows are few; where it is empty, a batch is `pages_per_batch` whole pages.
    Where there are `shards`, each has a plan of its own, whose first row is `first_row`, and this one has no pages.
    """

    rows: int
    pages: list[PageReceipt]
    items: list[Item]
    pages_per_batch: int
    operations: int
    inline_bytes: int
    documents: str
    first_row: NotRequired[int]
    shards: NotRequired[int]


def most_pages(share: Share, limits: Limits, keys: Keys) -> int:
    """How many pages one plan may have: those that its batches take, and that its checkpoint can name."""
    named = CHECKPOINT_BYTES * 3 // 4 // (len(keys.page(99_999_999)) + PAGE_RECEIPT_BYTES)
    return min(share.most_batches * limits.batch_pages, named)


def make_plan(
    pages: Sequence[PageReceipt],
    share: Share,
    limits: Limits,
    documents: str,
    *,
    ids: Sequence[str] = (),
    first_row: int = 1,
) -> Plan:
    """Cut the staged pages into no more batches than the share pays for.

    `ids` holds the rows' own ids in their order; where they are known and few, every row becomes a batch.
    """
    rows = sum(page["rows"] for page in pages)
    most = share.most_batches
    items = name_items(ids) if len(ids) == rows <= most else []
    pages_per_batch = max(1, -(-len(pages) // most))
    batches = len(items) or -(-len(pages) // pages_per_batch)
    return Plan(
        rows=rows,
        pages=[*pages],
        items=items,
        pages_per_batch=pages_per_batch,
        operations=share.operations,
        inline_bytes=min(limits.inline_bytes, share.inline_bytes(batches)),
        documents=documents,
        first_row=first_row,
    )


def check_shard_count(shards: int, share: Share, keys: Keys) -> None:
    """Refuse one shard more than the branch can invoke."""
    if shards > share.most_shards:
        raise PlanTooLargeError(
            f"Data type {keys.data_type!r} has more rows than the {share.most_shards} shards that one execution can "
            "invoke; make pages larger or fetch fewer rows"
        )


def plan_of_shards(shards: int, rows: int, share: Share, documents: str) -> Plan:
    """The plan of a branch whose rows are brought in by other executions."""
    return Plan(
        rows=rows,
        pages=[],
        items=[],
        pages_per_batch=1,
        operations=share.operations,
        inline_bytes=0,
        documents=documents,
        shards=shards,
    )


def name_items(ids: Sequence[str]) -> list[Item]:
    """Name each row after its id, or `row-<n>` where the id is missing, unsafe, repeated or differs only in case."""
    taken: set[str] = set()
    items = []
    for row_number, row_id in enumerate(ids, start=1):
        name = _unused_name(row_id, row_number, taken)
        taken.add(name.lower())
        items.append(Item(name=name))
    return items


def _unused_name(row_id: str, row_number: int, taken: set[str]) -> str:
    usable = is_name(row_id) and row_id.lower() not in taken and not row_id.lower().startswith("row-")
    return row_id if usable else f"row-{row_number}"
