import pytest

from durable.model import OperationUpdate
from durable_local.batches import check_batch
from durable_local.errors import InvalidParameterValueError
from tests.durable_local import updates


@pytest.mark.parametrize(
    "batch",
    [
        [],
        [updates.step("START"), updates.step("SUCCEED")],
        [updates.step("START"), updates.retry()],
        [updates.context("START"), updates.step("START", parent="x"), updates.context("SUCCEED")],
        [updates.step("SUCCEED"), updates.execution("SUCCEED")],
    ],
)
def test_updates_that_go_together_pass(batch: list[OperationUpdate]) -> None:
    check_batch(batch)


@pytest.mark.parametrize(
    ("batch", "told"),
    [
        ([updates.execution("SUCCEED"), updates.step("START")], "the last"),
        ([updates.execution("SUCCEED"), updates.execution("SUCCEED")], "the only one"),
        ([updates.step("START"), updates.step("START")], "more than once"),
        ([updates.step("SUCCEED"), updates.step("SUCCEED")], "more than once"),
        ([updates.step("START"), updates.retry(), updates.step("SUCCEED")], "more than once"),
        ([updates.wait(), updates.cancel()], "more than once"),
    ],
)
def test_updates_that_do_not_go_together_are_refused(batch: list[OperationUpdate], told: str) -> None:
    with pytest.raises(InvalidParameterValueError, match=told):
        check_batch(batch)
