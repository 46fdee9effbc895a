import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.adapters.data_types.rows.paged_api import PagedApi
from app.adapters.data_types.rows.sample_api import SampleApi
from app.adapters.data_types.rows.sample_pages import PAGE_ROWS
from app.ports.data_source import SourceError


@pytest.fixture
def rows() -> list[str]:
    return [f'{{"id": {number}.50}}' for number in range(2 * PAGE_ROWS + 1)]


@pytest.fixture
def sample(tmp_path: Path, rows: list[str]) -> Iterator[SampleApi]:
    (tmp_path / "rows.json").write_text(f"[{', '.join(rows)}]")
    sample = SampleApi(tmp_path, "rows.json")
    yield sample
    sample.close()


def test_all_rows_come_through_its_pages_as_they_are_in_the_file(sample: SampleApi, rows: list[str]) -> None:
    with httpx.Client() as client:
        assert list(PagedApi(sample.address, lambda: client).fetch()) == rows


def test_a_page_holds_a_few_rows_and_names_the_next(sample: SampleApi) -> None:
    page = httpx.get(sample.address())

    assert len(json.loads(page.text)) == PAGE_ROWS
    assert page.links["next"]["url"] == f"/?start={PAGE_ROWS}"


def test_it_serves_on_loopback_alone_and_keeps_its_address(sample: SampleApi) -> None:
    assert sample.address().startswith("http://127.0.0.1:")
    assert sample.address() == sample.address()


def test_after_closing_nobody_answers(sample: SampleApi) -> None:
    address = sample.address()

    sample.close()

    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_closing_what_never_started_does_nothing(tmp_path: Path) -> None:
    SampleApi(tmp_path, "missing.json").close()


def test_a_missing_file_is_named_when_rows_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"Cannot read the sample rows {tmp_path}/missing.json: No such file"):
        SampleApi(tmp_path, "missing.json").address()
