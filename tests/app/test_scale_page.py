"""What docs/scale.md works out on paper, worked out by the plan itself."""

import uuid
from pathlib import Path

import app
from app.domain.batches import batches
from app.domain.keys import Keys
from app.domain.limits import BATCH_OPERATIONS, BRANCH_OPERATIONS, EXECUTION_OPERATIONS, Limits
from app.domain.plan import PageReceipt, make_plan, most_pages
from app.domain.shards import in_groups
from app.settings import Settings

PAGE = (Path(app.__path__[0]).parent / "docs" / "scale.md").read_text()
KEYS, LIMITS, DATA_TYPES = Keys("nightly", "orders"), Limits(), 3
GENERATED = Keys(str(uuid.UUID(int=0)), "orders")
BILLION = 10**9
SHARD_OPERATIONS = 3
"""Once a shard: its execution, `fetch-plan` and `process-items`."""


def test_one_execution_takes_what_the_page_says() -> None:
    share = LIMITS.share(DATA_TYPES)
    rows = most_pages(share, LIMITS, KEYS) * LIMITS.page_rows

    assert f"{share.most_batches} batches of {LIMITS.batch_pages} pages of each: {rows:,} rows" in PAGE


def test_a_billion_rows_take_what_the_page_says() -> None:
    whole, own = LIMITS.share(1), LIMITS.share(DATA_TYPES)
    size, pages = most_pages(whole, LIMITS, KEYS), BILLION // LIMITS.page_rows
    page = PageReceipt(key=KEYS.page(0), size=1_000_000, rows=LIMITS.page_rows)

    shards = [batches(make_plan(group, whole, LIMITS, "")) for group in in_groups([page] * pages, size)]

    planned = sum(map(len, shards))
    parent = EXECUTION_OPERATIONS + BRANCH_OPERATIONS + len(shards)
    operations = parent + sum(SHARD_OPERATIONS + BATCH_OPERATIONS * len(shard) for shard in shards)
    assert f"A shard takes {size:,} pages" in PAGE
    assert f"under a generated name of 36 characters it takes {most_pages(whole, LIMITS, GENERATED):,}" in PAGE
    assert f"can invoke {own.most_shards} of" in PAGE
    assert f"| pages | {pages:,} |" in PAGE
    assert f"| shards | {len(shards)} |" in PAGE
    assert f"| batches | {planned:,} |" in PAGE
    assert f"| durable operations | {operations:,} | 3 for each batch and each shard, {parent} of the parent" in PAGE
    assert f"| S3 PUT and COPY | {2 * pages + 4 * planned + len(shards):,} |" in PAGE
    assert f"| S3 GET and HEAD | {2 * pages + 2 * planned + len(shards) + 1:,} |" in PAGE


def test_the_defaults_are_those_that_the_page_names() -> None:
    fields = ("operations", "reserve_percent", "batch_pages", "inline_bytes", "concurrency")

    assert all(f"| `APP_{field.upper()}` | {Settings.model_fields[field].default:,} |" in PAGE for field in fields)
