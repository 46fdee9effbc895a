import pytest

from app.domain.batches import Batch
from app.domain.errors import StagedPageChangedError
from app.domain.keys import Keys
from app.domain.pages import Page
from app.domain.plan import PageReceipt
from app.ports.storage import Storage
from app.workflows.staging import Staging
from tests.fakes.storage import TroubledStorage


@pytest.fixture
def staging(storage: Storage) -> Staging:
    return Staging(storage, Keys("nightly", "teas"))


def batch(*pages: PageReceipt, rows: int, skip: int = 0, inline_bytes: int = 10) -> Batch:
    return Batch("process-batch-00000", "batch-00000.jsonl", pages, 1, rows, inline_bytes, skip)


def test_a_page_is_staged_with_its_size_and_rows(staging: Staging, storage: Storage) -> None:
    receipt = staging.stage(Page(3, ("assam", "sencha")), {})

    assert receipt == {"key": "staged/nightly/teas/page-00003.jsonl", "size": 13, "rows": 2}
    assert storage.get(receipt["key"]) == b"assam\nsencha\n"


def test_a_batch_reads_its_rows_across_its_pages(staging: Staging) -> None:
    pages = [staging.stage(Page(0, ("a", "b")), {}), staging.stage(Page(1, ("c", "d")), {})]

    assert list(staging.read(batch(*pages, rows=4))) == ["a", "b", "c", "d"]
    assert list(staging.read(batch(*pages, rows=2, skip=1))) == ["b", "c"]


def test_only_the_pages_that_hold_the_rows_are_opened(storage: Storage) -> None:
    watched = TroubledStorage(storage)
    staging = Staging(watched, Keys("nightly", "teas"))
    pages = [staging.stage(Page(0, ("a", "b")), {}), staging.stage(Page(1, ("c", "d")), {})]

    list(staging.read(batch(*pages, rows=1)))

    assert [call for call in watched.calls if call.startswith("open")] == ["open staged/nightly/teas/page-00000.jsonl"]


def test_fewer_rows_than_planned_are_an_error_that_names_the_page(staging: Staging) -> None:
    page = staging.stage(Page(0, ("a", "b")), {})

    with pytest.raises(StagedPageChangedError, match=r"reads 2 rows from staged/nightly/teas/page-00000.jsonl"):
        list(staging.read(batch(page, rows=3)))


@pytest.mark.parametrize(("text", "inline"), [("x" * 9, True), ("x" * 10, False), ("é" * 5, False)])
def test_content_is_inline_up_to_its_limit_in_bytes(staging: Staging, text: str, inline: bool) -> None:
    content = staging.hand_on("documents", batch(rows=1), [text])

    assert content is not None
    assert ("text" in content, "staged" in content) == (inline, not inline)


@pytest.mark.parametrize("inline_bytes", [0, 100])
def test_what_is_handed_on_is_delivered_to_its_final_key(staging: Staging, storage: Storage, inline_bytes: int) -> None:
    one = batch(rows=1, inline_bytes=inline_bytes)

    receipt = staging.deliver("rejected", one, staging.hand_on("rejected", one, ["ä", "b"]))

    assert receipt == {"key": "rejected/nightly/teas/batch-00000.jsonl", "size": 5}
    assert storage.get("rejected/nightly/teas/batch-00000.jsonl") == "ä\nb\n".encode()


def test_nothing_is_written_where_there_is_nothing(storage: Storage) -> None:
    watched = TroubledStorage(storage)
    staging = Staging(watched, Keys("nightly", "teas"))

    assert staging.deliver("rejected", batch(rows=1), staging.hand_on("rejected", batch(rows=1), [])) is None
    assert watched.calls == []
