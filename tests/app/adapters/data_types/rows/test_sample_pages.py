from pathlib import Path

import pytest

from app.adapters.data_types.rows.paged_api import PagedApi
from app.adapters.data_types.rows.sample_pages import PAGE_ROWS, SamplePages
from app.ports.data_source import SourceError
from tests.fakes.functions import invoking


def test_all_rows_come_through_a_function_as_they_are_in_the_file(tmp_path: Path) -> None:
    rows = [f'{{"id": {number}.50}}' for number in range(2 * PAGE_ROWS + 1)]
    (tmp_path / "rows.json").write_text(f"[{', '.join(rows)}]")

    with invoking(SamplePages(tmp_path, "rows.json").answer) as client:
        assert list(PagedApi(lambda: "https://sample.internal/", lambda: client).fetch()) == rows


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"Cannot read the sample rows {tmp_path}/missing.json: No such file"):
        SamplePages(tmp_path, "missing.json").page("")
