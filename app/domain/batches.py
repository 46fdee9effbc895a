"""The batches of a plan: rows that are handled together, between two checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.plan import PageReceipt, Plan


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
        )


def _page_batches(plan: Plan) -> Iterator[Batch]:
    pages, size = plan["pages"], plan["pages_per_batch"]
    first_row = plan.get("first_row", 1)
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
