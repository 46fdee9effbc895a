"""Operations by their names."""

from typing import Any

import pytest

from durable import DurableContext, durable_execution
from durable.config import Duration, StepConfig
from durable.serdes import JsonSerDes, PassThroughSerDes
from durable_local.testing import run


@durable_execution
def nested(event: Any, context: DurableContext) -> Any:
    def inner(child: DurableContext) -> object:
        child.wait(Duration.from_seconds(3), name="pause")
        return child.step(lambda _: {"at": (1, 2)}, name="deep")

    return str(context.run_in_child_context(inner, name="outer"))


def test_an_operation_is_found_at_any_depth_with_its_result_as_python_sees_it() -> None:
    result = run(nested)

    deep = result.get_step("deep")

    assert (deep.status, deep.result, deep.error, deep.attempts) == ("SUCCEEDED", {"at": (1, 2)}, None, 1)
    assert [each.name for each in result.children] == ["outer"]
    assert [each.name for each in result.get_context("outer").children] == ["pause", "deep"]
    assert result.get_context("outer").get_wait("pause").scheduled_end
    assert [each.name for each in result.get_all_operations()] == ["outer", "pause", "deep"]


@pytest.mark.parametrize(
    ("serdes", "value", "result"),
    [
        (JsonSerDes(), {"a": 1}, {"a": 1}),
        (JsonSerDes(), {"t": "an unknown tag", "v": 1}, {"t": "an unknown tag", "v": 1}),
        (PassThroughSerDes(), "not {json", "not {json"),
        (None, (1, 2), (1, 2)),
    ],
)
def test_a_result_of_any_serdes_is_read(serdes: Any, value: Any, result: Any) -> None:
    config = StepConfig(serdes=serdes)

    ran = run(durable_execution(lambda _event, context: context.step(lambda _: value, "step", config) and None))

    assert ran.get_step("step").result == result


def test_what_is_asked_for_by_its_kind_is_not_found_under_another() -> None:
    with pytest.raises(LookupError, match="No step is named 'pause'; the names are: deep"):
        run(nested).get_step("pause")
