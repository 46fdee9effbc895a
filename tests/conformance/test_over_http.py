"""Every requirement is met through the Lambda API, as AWS's own validator sees it."""

import importlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import suites
from tests.conformance.over_http import Account, account, function_name
from tests.conformance.registry import HANDLERS
from tests.conformance.requirements import HOW_TO_GET_THEM, PACKAGE, files

suites.load()
FILES = files()
AT_ONCE = 8

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FILES, reason=HOW_TO_GET_THEM)]


@pytest.fixture(scope="module")
def validator() -> Any:
    """The part of AWS's package that judges one requirement."""
    pytest.importorskip(PACKAGE, reason=HOW_TO_GET_THEM)
    return importlib.import_module(f"{PACKAGE}.validate")


@pytest.fixture(scope="module")
def lambda_account() -> Iterator[Account]:
    with account(HANDLERS[file.stem] for file in FILES) as open_account:
        yield open_account


def test_every_requirement_is_met_through_the_lambda_api(
    validator: Any, lambda_account: Account, tmp_path: Path
) -> None:
    services = validator.AwsClients(lambda_account.clients)
    invoker = validator.Invoker("stack", "us-east-1", None, services["lambda"], services["cloudformation"])

    def judge(file: Path) -> Any:
        function = function_name(file.stem)
        return validator.validate_description(
            function, file.stem, str(file), invoker, str(tmp_path), "us-east-1", services, str(tmp_path)
        )

    with ThreadPoolExecutor(AT_ONCE) as judges:
        results = list(judges.map(judge, FILES))

    failed = [f"{result.description_id}: {error}" for result in results if not result.passed for error in result.errors]
    assert not failed, "\n".join(failed)
    assert len(results) == len(FILES)
