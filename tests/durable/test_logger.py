import logging
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from durable.config import Duration, StepConfig
from durable.delays import Duration as Delay
from durable.retries import RetryPresets
from tests.durable.execution import ExecutionUnderTest, Program, ident
from tests.durable.recording import PATIENCE

FIELDS = ("executionArn", "parentId", "operationName", "attempt", "operationId", "orderId")


class Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def texts(self) -> list[str]:
        return [record.getMessage() for record in self.records]

    def fields(self, text: str) -> dict[str, object]:
        (record,) = (each for each in self.records if each.getMessage() == text)
        return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def logger(lines: Lines) -> Iterator[logging.Logger]:
    logger = logging.getLogger("durable.tests.lines")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(lines)
    yield logger
    logger.removeHandler(lines)


def test_a_line_is_logged_once_and_not_again_on_replay(logger: logging.Logger, lines: Lines) -> None:
    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        context.logger.info("A")
        context.step(lambda step: step.logger.info("in step"), name="s")
        context.logger.info("B")
        context.wait(Duration(60), name="w")
        context.logger.info("C")

    ExecutionUnderTest().run(program)

    assert lines.texts == ["A", "in step", "B", "C"]


def test_a_logger_may_speak_on_replay_too(logger: logging.Logger, lines: Lines) -> None:
    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        context.logger.with_is_replaying(lambda: False).info("A")
        context.logger.info("B")
        context.wait(Duration(60), name="w")

    ExecutionUnderTest().run(program)

    assert lines.texts == ["A", "B", "A"]


def test_lines_of_children_and_branches_are_logged_once(logger: logging.Logger, lines: Lines) -> None:
    def branch(child: Any, item: int, *_: object) -> None:
        child.logger.info("before %s", item)
        child.wait(Duration(60))
        child.logger.info("after %s", item)

    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        context.run_in_child_context(lambda child: branch(child, 7), name="child")
        context.map([0, 1], branch, name="m")

    ExecutionUnderTest().run(program)

    assert sorted(lines.texts) == ["after 0", "after 1", "after 7", "before 0", "before 1", "before 7"]


def test_every_attempt_of_a_step_may_log(logger: logging.Logger, lines: Lines) -> None:
    def flaky(step: Any) -> None:
        step.logger.info("attempt %s", step.attempt)
        if step.attempt < 3:
            raise ValueError

    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        context.step(flaky, name="flaky", config=StepConfig(RetryPresets.fixed(Delay(1))))

    ExecutionUnderTest().run(program)

    assert lines.texts == ["attempt 1", "attempt 2", "attempt 3"]


def test_a_line_tells_what_it_belongs_to(logger: logging.Logger, lines: Lines) -> None:
    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        context.logger.info("root")
        context.run_in_child_context(inner, name="child")

    def inner(child: Any) -> None:
        child.logger.info("child")
        child.step(lambda step: step.logger.info("step", extra={"orderId": 7}), name="s")

    execution = ExecutionUnderTest()

    execution.invoke(program)

    arn = {"executionArn": execution.arn}
    assert lines.fields("root") == arn
    assert lines.fields("child") == {**arn, "parentId": ident(1)}
    assert lines.fields("step") == {
        **arn,
        "parentId": ident(1),
        "operationName": "s",
        "operationId": ident(1, 1),
        "attempt": 1,
        "orderId": 7,
    }


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "exception"])
def test_every_level_is_passed_on(logger: logging.Logger, lines: Lines, level: str) -> None:
    def program(_event: object, context: Any) -> None:
        context.set_logger(logger)
        getattr(context.logger, level)("%s of %s", 1, 2)

    ExecutionUnderTest().invoke(program)

    expected = "ERROR" if level == "exception" else level.upper()
    assert [(record.levelname, record.getMessage()) for record in lines.records] == [(expected, "1 of 2")]


def test_a_logger_set_in_a_child_is_the_childs_alone(logger: logging.Logger, lines: Lines) -> None:
    def inner(child: Any) -> None:
        child.set_logger(logger)
        child.logger.info("inside")

    def program(_event: object, context: Any) -> None:
        context.run_in_child_context(inner, name="child")
        context.logger.debug("outside")

    ExecutionUnderTest().invoke(program)

    assert lines.texts == ["inside"]


def asking(inner: Any) -> object:
    inner.logger.info("begins")
    callback = inner.create_callback("ask")
    inner.logger.info("has asked")
    inner.step(lambda step: step.logger.info("in step"), name="told")
    inner.logger.info("awaits")
    answered = callback.result()
    inner.logger.info("ends")
    return answered


def answer(execution: ExecutionUnderTest) -> None:
    details = execution.operation("ask").callback_details
    assert details
    execution.runtime.callbacks.succeed(details.callback_id, '"yes"')


def test_a_branch_that_goes_on_in_the_same_invocation_logs_what_it_logs_if_it_goes_on_in_another(
    logger: logging.Logger, lines: Lines
) -> None:
    suspended, ended = threading.Event(), threading.Event()

    def asker(inner: Any) -> object:
        try:
            answered = asking(inner)
        finally:
            suspended.set()
        ended.set()
        return answered

    def helper(execution: ExecutionUnderTest, inner: Any) -> None:
        assert suspended.wait(PATIENCE)
        answer(execution)
        inner.step(lambda _: None, name="news")
        assert ended.wait(PATIENCE)

    def program(branches: list[Any]) -> Program:
        def logged(_event: object, context: Any) -> object:
            context.set_logger(logger)
            return context.parallel(branches, name="p").get_results()

        return logged

    at_once, later = ExecutionUnderTest(), ExecutionUnderTest()

    at_once.invoke(program([asker, partial(helper, at_once)]))
    logged_at_once = lines.texts
    later.invoke(program([asking]))
    answer(later)
    later.invoke(program([asking]))

    assert logged_at_once == lines.texts[len(logged_at_once) :]
    assert [logged_at_once.count(text) for text in ("begins", "has asked", "in step", "ends")] == [1, 1, 1, 1]
