"""Bad input through the whole pipeline: each row is stored, or rejected with a text that the docs tell word by word."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import HttpUrl

from app.container import build_container
from app.settings import Settings
from durable_local.testing import DurableFunctionTestResult, run
from tests.app.bad_documents import DOCUMENTS
from tests.app.bad_input import HEADER, BadInput
from tests.app.bad_rows import ROWS
from tests.app.copies import ROOT
from tests.app.workflows.conftest import handler_of
from tests.fakes.http_server import Answer, Server, serving

PAGE = ROOT / "docs" / "add-a-data-type.md"
PLACES = {"customers": "not-a-document", "orders": "orders.jsonl", "products": "products.csv"}

BringIn = Callable[[BadInput], DurableFunctionTestResult]


@pytest.fixture
def api() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def bring_in(tmp_path: Path, api: Server) -> Iterator[BringIn]:
    """Runs the application, as its container has it, on one document or page."""
    settings = Settings(
        storage="filesystem",
        storage_root=tmp_path / "results",
        source_root=tmp_path / "data",
        customers_url=HttpUrl(api.url),
        operations=200,
        page_rows=5,
    )
    container = build_container(settings)

    def run_on(bad: BadInput) -> DurableFunctionTestResult:
        api.answer("/", Answer(bad.body, bad.status, headers=dict(bad.headers)))
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / PLACES[bad.data_type]).write_bytes(bad.body)
        return run(handler_of(container.pipeline_workflow()), {"event_contexts": [bad.data_type]}, "nightly")

    yield run_on
    container.http().close()


def rejections(folder: Path) -> list[dict[str, Any]]:
    """What is kept of rejected rows, in their order."""
    kept = [line for document in folder.glob("results/rejected/*/*/*") for line in document.read_text().splitlines()]
    return sorted(map(json.loads, kept), key=lambda rejection: int(rejection["row"]))


def staged_rows(folder: Path) -> int:
    """How many rows the source gave."""
    return sum(page.read_bytes().count(b"\n") for page in folder.glob("results/staged/**/page-*.jsonl"))


@pytest.mark.parametrize("bad", [*ROWS, *(each for each in DOCUMENTS if not each.failure)], ids=lambda bad: bad.name)
def test_every_row_is_stored_or_rejected_with_the_reason(bad: BadInput, bring_in: BringIn, tmp_path: Path) -> None:
    result = bring_in(bad)

    assert result.status == "SUCCEEDED", result.error
    told = tuple(f"{each['field']}: {each['reason']}" for each in rejections(tmp_path))
    counts = result.result[bad.data_type]
    assert told == bad.rejected
    assert (counts["stored"], counts["rejected"]) == (bad.stored, len(bad.rejected))
    assert staged_rows(tmp_path) == bad.stored + len(bad.rejected)


@pytest.mark.parametrize("bad", [each for each in DOCUMENTS if each.failure], ids=lambda bad: bad.name)
def test_a_document_without_rows_to_tell_apart_fails_its_branch(
    bad: BadInput, bring_in: BringIn, tmp_path: Path, api: Server
) -> None:
    result = bring_in(bad)

    assert result.status == "FAILED"
    assert result.error
    told = (result.error.message or "").replace(f"{tmp_path}/data/", "").replace(api.url, "/")
    assert told == f"1 of the branches failed: {bad.data_type}: {bad.failure}"


@pytest.mark.parametrize(("data_type", "header", "seam"), [("orders", b"", b"\n"), ("products", HEADER, b"")])
def test_all_bad_rows_in_one_document_cost_no_good_one(
    data_type: str, header: bytes, seam: bytes, bring_in: BringIn, tmp_path: Path
) -> None:
    each = [bad for bad in ROWS if bad.data_type == data_type]
    body = header + seam.join(bad.body.removeprefix(header) for bad in each)

    result = bring_in(BadInput("everything", data_type, body))

    counts = result.result[data_type]
    assert staged_rows(tmp_path) == sum(bad.stored + len(bad.rejected) for bad in each)
    assert counts["stored"] + counts["rejected"] == staged_rows(tmp_path)
    assert len(rejections(tmp_path)) == counts["rejected"]


def test_the_docs_tell_what_becomes_of_all_bad_input_word_by_word() -> None:
    _, _, section = PAGE.read_text().partition("## What becomes of bad input\n")
    told = [line for line in section.splitlines() if line.startswith("| ")][1:]

    assert told == [f"| {bad.data_type} | {bad.name} | {bad.outcome} |" for bad in [*DOCUMENTS, *ROWS]]
