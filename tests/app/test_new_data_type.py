"""The page on adding a data type, followed to the letter in a copy of the application."""

import re
import shutil
from pathlib import Path

import pytest

from tests.app.copies import ROOT, copy_application, documents, run_in

PAGE = ROOT / "docs" / "add-a-data-type.md"
BOOK = """number,customer_id,amount
i-1,c-001,12.50
i-2,c-002,0
i-3,c-003,99.999
"""
RUN = """
import json, sys
from app.entrypoints.pipeline import handler
from durable_local.testing import run
result = run(handler, {"event_contexts": ["invoices", "products"]}, "nightly")
print(json.dumps({"status": result.status, "result": result.result}), file=sys.stderr)
"""
CHECK_WIRING = """
import contextlib, io, json, sys, pytest
with contextlib.redirect_stdout(io.StringIO()) as report:
    code = pytest.main(["-q", "-p", "no:cacheprovider", "tests/app/test_container.py", "-k", "wired"])
print(json.dumps({"failed": code != 0, "report": report.getvalue()}), file=sys.stderr)
"""


def code_of(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the application with the page's two modules, and rows for them, but without the container's line."""
    record, adapter, _ = code_of(PAGE)
    copy_application(tmp_path)
    (tmp_path / "app" / "domain" / "invoices.py").write_text(record)
    (tmp_path / "app" / "adapters" / "data_types" / "invoices.py").write_text(adapter)
    (tmp_path / "data" / "invoices.csv").write_text(BOOK)
    return tmp_path


def add_line_to_container(copy: Path) -> None:
    *_, line = code_of(PAGE)
    container = copy / "app" / "container.py"
    before, opening, after = container.read_text().partition("    data_types = providers.Dict(\n")
    container.write_text(before + opening + line + after)


def test_two_modules_and_one_line_bring_a_new_data_type_through_the_pipeline(copy: Path) -> None:
    add_line_to_container(copy)

    told = run_in(copy, RUN)

    assert told["status"] == "SUCCEEDED"
    assert (told["result"]["invoices"]["stored"], told["result"]["invoices"]["rejected"]) == (1, 2)
    assert documents(copy)["documents/invoices/i-1.json"] == (
        '{"number":"i-1","customer_id":"c-001","amount":"12.50"}\n'
    )
    assert {"rejected/invoices/i-2.json", "rejected/invoices/i-3.json"} <= set(documents(copy))


def check_wiring(copy: Path) -> tuple[bool, str]:
    """Whether the copy's own test of its wiring fails, and what it says."""
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    told = run_in(copy, CHECK_WIRING)
    return told["failed"], told["report"]


def test_forgetting_the_line_fails_a_test_that_names_the_module(copy: Path) -> None:
    failed, report = check_wiring(copy)

    assert failed
    assert "No line in app/container.py for the data types ['invoices']" in report


def test_with_the_line_the_same_test_passes(copy: Path) -> None:
    add_line_to_container(copy)

    failed, report = check_wiring(copy)

    assert not failed
    assert "1 passed" in report
