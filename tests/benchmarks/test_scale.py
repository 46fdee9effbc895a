from itertools import islice
from pathlib import Path

import pytest

from app.adapters.data_types.orders import data_type
from app.adapters.storage.memory import MemoryStorage
from app.domain.errors import RowRejectedError
from app.domain.limits import MOST_OPERATIONS, MOST_WRITTEN_BYTES
from benchmarks.scale.__main__ import main
from benchmarks.scale.measuring import Scale, measure
from benchmarks.scale.orders import BAD_EVERY, KINDS, orders, write_orders
from benchmarks.scale.page import MOST_MEMORY, page

SCALE = Scale(
    rows=1_000_000,
    stored=990_000,
    rejected=10_000,
    seconds=20.0,
    cpu=25.0,
    memory=150.0,
    operations=600,
    written=2_500_000,
    parsing=20.0,
    writing=1.5,
)


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    first, again, other = (list(islice(orders(seed), 300)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_more_rows_begin_with_the_fewer(tmp_path: Path) -> None:
    write_orders(tmp_path / "few.jsonl", 200)
    write_orders(tmp_path / "many.jsonl", 300)

    assert (tmp_path / "many.jsonl").read_text().startswith((tmp_path / "few.jsonl").read_text())


def test_one_row_of_a_hundred_is_bad_in_each_of_the_ways() -> None:
    mapper = data_type(MemoryStorage()).mapper
    ids, refused = set[str](), dict[int, str]()

    for number, row in enumerate(islice(orders(), BAD_EVERY * len(KINDS)), start=1):
        row_id = mapper.identify(row)
        if row_id in ids:
            refused[number] = "no id of its own"
        ids.add(row_id)
        try:
            mapper.map_to_domain(row)
        except RowRejectedError as rejected:
            refused[number] = rejected.field

    assert list(refused) == [BAD_EVERY * n for n in range(1, len(KINDS) + 1)]
    assert len(set(refused.values())) > 4


def test_few_rows_are_measured_and_written_to_a_page(tmp_path: Path) -> None:
    main(["400", "--page", str(tmp_path / "page.md")])

    assert "| 400 | " in (tmp_path / "page.md").read_text()
    assert " | 396 | 4 | " in (tmp_path / "page.md").read_text()


def test_the_page_tells_how_near_the_limit_the_pipeline_is() -> None:
    told = page([SCALE], {"Processor": "two cores"})

    assert "| 1,000,000 | 20.0 | 50,000 | 990,000 | 10,000 | 600 of 3,000 | 2,500 kB of 100 MB | 150 MB |" in told
    assert "| 25.0 s | 20.0 s | 80% | 1.5 s |" in told
    assert "- Processor: two cores" in told


@pytest.mark.slow
def test_a_hundred_thousand_rows_stay_within_the_quotas_and_the_memory_of_one_execution() -> None:
    scale = measure(100_000)

    assert (scale.stored, scale.rejected) == (99_000, 1_000)
    assert scale.operations <= 70
    assert 10 * scale.operations <= MOST_OPERATIONS
    assert 10 * scale.written <= MOST_WRITTEN_BYTES
    assert scale.memory < MOST_MEMORY / 2


@pytest.mark.slow
def test_rows_past_a_lowered_quota_are_sharded_by_the_function_as_it_is_deployed() -> None:
    scale = measure(20_000, {"APP_OPERATIONS": "100", "APP_PAGE_ROWS": "200", "APP_BATCH_PAGES": "2"})

    assert (scale.stored, scale.rejected) == (19_800, 200)
    assert scale.operations == len(["execution", "contexts", "orders", "fetch-data", "process-shards", "0", "1"])
