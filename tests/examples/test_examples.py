"""Every example runs, is replay-safe, short, and listed."""

from pathlib import Path
from typing import Any

import pytest

from durable import DurableContext
from durable_local.hosts.loading import load
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner, assert_replay_safe

FOLDER = Path(__file__).parents[2] / "examples"
LEARNING_PATH = (FOLDER.parent / "docs" / "tour.md").read_text()
LONGEST = 30  # lines
EXAMPLES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
ANSWERED = {"callback": "granted", "wait_for_callback": "granted"}
SHOWN = {
    "callback": ("Callback", "a contract: granted"),
    "child_context": ("RunInChildContext", "Hello, Ada!"),
    "invoke": ("ChainedInvoke", "Hello, Ada!"),
    "map": ("Map", [5, 6, 5]),
    "parallel": ("Parallel", {"price": 4.5, "weight": 0.25}),
    "wait": ("Wait", "It is later now."),
    "wait_for_callback": ("WaitForCallback", "granted"),
    "wait_for_condition": ("WaitForCondition", 100),
}
"""The operation that an example is about, and its result."""

each = pytest.mark.parametrize("example", EXAMPLES)


def handler(example: str) -> str:
    return f"examples.{example}.handler"


def run(example: str) -> DurableFunctionTestResult:
    with DurableFunctionTestRunner(load(handler(example))) as runner:
        arn = runner.run_async({})
        if example in ANSWERED:
            runner.send_callback_success(runner.wait_for_callback(arn, "approval"), b"granted")
        return runner.wait_for_result(arn)


@pytest.mark.parametrize(("example", "shown"), SHOWN.items())
def test_an_example_shows_its_operation(example: str, shown: tuple[str, Any]) -> None:
    result = run(example)

    assert (result.status, result.result) == ("SUCCEEDED", shown[1])
    assert result.children[0].operation.sub_type == shown[0]


def test_the_step_is_tried_again_and_its_result_is_a_time() -> None:
    result = run("step")

    assert (result.status, result.invocations) == ("SUCCEEDED", 2)
    assert result.get_step("ask-the-time").attempts == 2
    assert "T" in result.result


@each
def test_an_example_may_be_interrupted_anywhere(example: str) -> None:
    assert_replay_safe(load(handler(example)), {}, callbacks={"approval": ANSWERED.get(example)})


@each
def test_an_example_is_short(example: str) -> None:
    assert len((FOLDER / f"{example}.py").read_text().splitlines()) <= LONGEST


@each
def test_an_example_has_its_line_in_the_list_and_in_the_learning_path(example: str) -> None:
    assert f"| [{example}.py]({example}.py) |" in (FOLDER / "README.md").read_text()
    assert f"[{example}.py](../examples/{example}.py)" in LEARNING_PATH


def test_every_operation_of_the_context_has_an_example() -> None:
    operations = {name for name in vars(DurableContext) if not name.startswith("_")}
    others = {"state", "lambda_context", "is_replaying", "set_logger"}
    listed = (FOLDER / "README.md").read_text()

    assert [name for name in sorted(operations - others) if f"| `{name}` |" not in listed] == []
