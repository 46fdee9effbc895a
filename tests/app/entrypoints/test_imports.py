"""What importing a handler imports: a function loads what it uses when it uses it."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import app.entrypoints
from tests.app.entrypoints.conftest import ROOT

FOLDER = Path(app.entrypoints.__path__[0])
ENTRYPOINTS = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
DURABLE = [name for name in ENTRYPOINTS if "durable_execution" in (FOLDER / f"{name}.py").read_text()]
PLAIN = [name for name in ENTRYPOINTS if name not in DURABLE]
CLIENTS = {"aws_xray_sdk", "boto3", "httpx", "sqlite3", "urllib.request"}
TELL = "import json, sys, {0}; print(json.dumps(sorted(sys.modules)))"


@cache
def imported(entrypoint: str) -> set[str]:
    """The modules that a process has imported with a handler."""
    told = subprocess.check_output(
        [sys.executable, "-c", TELL.format(f"app.entrypoints.{entrypoint}")], cwd=ROOT, text=True
    )
    return set(json.loads(told))


def test_there_are_handlers_of_both_kinds() -> None:
    assert {"analyst", "cart_reminder", "fulfilment", "pipeline", "tour"} <= set(DURABLE)
    assert {"approvals", "checkout", "greeting", "starter"} <= set(PLAIN)


@pytest.mark.parametrize("entrypoint", ENTRYPOINTS)
def test_no_client_is_imported_with_a_handler(entrypoint: str) -> None:
    assert not imported(entrypoint) & CLIENTS


@pytest.mark.parametrize("entrypoint", ENTRYPOINTS)
def test_no_adapter_and_no_workflow_is_imported_before_an_invocation_needs_it(entrypoint: str) -> None:
    assert not {name for name in imported(entrypoint) if name.startswith(("app.adapters.", "app.workflows."))}


@pytest.mark.parametrize("entrypoint", PLAIN)
def test_a_plain_handler_imports_no_durable_core(entrypoint: str) -> None:
    assert not {name for name in imported(entrypoint) if name.partition(".")[0] == "durable"}


def test_the_greeting_imports_the_standard_library_alone() -> None:
    bare = imported("__init__")  # an interpreter may bring modules of its own

    assert {name.partition(".")[0] for name in imported("greeting") - bare} <= {*sys.stdlib_module_names, "app"}
