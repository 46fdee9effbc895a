"""A program run by the durable core: each node by the operation that it describes."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from durable.concurrency.models import BatchItem, BatchResult
from durable.config import (
    CallbackConfig,
    ChildConfig,
    CompletionConfig,
    Duration,
    JitterStrategy,
    MapConfig,
    NestingType,
    ParallelConfig,
    StepConfig,
    StepSemantics,
    WaitForCallbackConfig,
)
from durable.context import DurableContext
from durable.exceptions import DurableOperationError
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.types import StepContext
from durable.waits import WaitForConditionConfig, WaitStrategyConfig, create_wait_strategy
from durable_local.starting import function_arn
from tests.soak.model import ROOT, Outcome
from tests.soak.programs import (
    Answer,
    Batch,
    Block,
    Callback,
    Child,
    HandedOut,
    Invoke,
    Node,
    Policy,
    Poll,
    Step,
    Wait,
)
from tests.soak.world import World

TIMEOUT = Duration(20)
_TOO_LARGE, _HALF = "x" * 270_000, "x" * 135_000
"""Results that a checkpoint does not hold, alone or in a batch."""

_COMPLETION: dict[Policy, CompletionConfig] = {
    Policy.FIRST_FAILURE: CompletionConfig.all_successful(),
    Policy.ONE_FAILURE_TOLERATED: CompletionConfig(tolerated_failure_count=1),
    Policy.ALL_COMPLETED: CompletionConfig.all_completed(),
    Policy.FIRST_SUCCESS: CompletionConfig.first_successful(),
    Policy.TWO_SUCCESSES: CompletionConfig(min_successful=2),
}


class Interpreter:
    """Runs blocks in a world, and tells it what each node has come to."""

    def __init__(self, world: World) -> None:
        self._world = world

    def function(self, body: Block, path: str = ROOT) -> Callable[[Any, DurableContext], Outcome]:
        """A durable function that runs a block."""
        return lambda _event, context: self._run(body, path, context)

    def _run(self, block: Block, path: str, context: DurableContext) -> Outcome:
        outcomes = [self._outcome(node, f"{path}-{number}", context) for number, node in enumerate(block.nodes)]
        if block.fails:
            raise ValueError(f"{path} failed")
        return outcomes

    def _outcome(self, node: Node, path: str, context: DurableContext) -> Outcome:
        try:
            outcome = self._perform(node, path, context)
        except DurableOperationError as error:
            outcome = f"{type(error).__name__}: {error.message}"
        if isinstance(node, Step) and node.at_most_once:
            outcome = "tried"
        self._world.returned(path, outcome, is_recorded=_is_recorded(node))
        return outcome

    def _perform(self, node: Node, path: str, context: DurableContext) -> Outcome:
        match node:
            case Step():
                return self._step(node, path, context)
            case Wait(seconds):
                return context.wait(Duration(seconds), path)
            case Poll():
                return self._poll(node, path, context)
            case HandedOut(answer):
                return self._handed_out(answer, path, context)
            case Callback():
                return self._callback(node, path, context)
            case Invoke():
                return context.invoke(function_arn(path), None, path)
            case Child():
                return self._child(node, path, context)
            case Batch():
                return self._batch(node, path, context)

    def _step(self, step: Step, path: str, context: DurableContext) -> str:
        result = [path]

        def work(about: StepContext) -> list[str]:
            self._world.effect(path, about.attempt)
            if about.attempt <= step.failures:
                raise ValueError(f"{path} failed")
            return result

        retries = RetryStrategyConfig(step.attempts, Duration(1), backoff_rate=1, jitter_strategy=JitterStrategy.NONE)
        semantics = StepSemantics.AT_LEAST_ONCE_PER_RETRY
        if step.at_most_once:
            semantics = StepSemantics.AT_MOST_ONCE_PER_RETRY
        returned = context.step(work, path, StepConfig(create_retry_strategy(retries), semantics))
        if returned is result:
            self._world.breach(f"{path} returned what it made instead of what is recorded")
        return returned[0]

    def _poll(self, poll: Poll, path: str, context: DurableContext) -> int:
        def check(polls: int, _about: object) -> int:
            self._world.effect(path, polls + 1)
            return polls + 1

        def is_wanting(polls: int) -> bool:
            return polls < poll.needed

        strategy = WaitStrategyConfig(is_wanting, poll.allowed, Duration(2), jitter_strategy=JitterStrategy.NONE)
        return context.wait_for_condition(check, WaitForConditionConfig(create_wait_strategy(strategy), 0), path)

    def _hand_out(self, answer: Answer, path: str, callback_id: str) -> None:
        self._world.effect(path, 1)
        if answer.after is not None:
            self._world.answer(callback_id, answer.after, None if answer.fails else json.dumps(path), path)

    def _handed_out(self, answer: Answer, path: str, context: DurableContext) -> Outcome:
        config = WaitForCallbackConfig(TIMEOUT if answer.after is None else Duration())
        text = context.wait_for_callback(lambda given, _: self._hand_out(answer, path, given), path, config)
        return json.loads(text)

    def _callback(self, node: Callback, path: str, context: DurableContext) -> Outcome:
        config = CallbackConfig(TIMEOUT if node.answer.after is None else Duration())
        callback = context.create_callback(f"{path} callback", config)
        context.step(lambda _: self._hand_out(node.answer, path, callback.callback_id), path)
        meanwhile = self._run(node.meanwhile, path, context)
        try:
            return [meanwhile, json.loads(callback.result())]
        except DurableOperationError as error:
            return [meanwhile, f"{type(error).__name__}: {error.message}"]

    def _child(self, child: Child, path: str, context: DurableContext) -> Outcome:
        config = ChildConfig(is_virtual=child.is_virtual)
        padding = _TOO_LARGE if child.is_large else ""
        return context.run_in_child_context(lambda inner: [self._run(child.body, path, inner), padding], path, config)[
            0
        ]

    def _batch(self, batch: Batch, path: str, context: DurableContext) -> Outcome:
        padding = _HALF if batch.is_large else ""

        def run(index: int, inner: DurableContext) -> Outcome:
            return [self._run(batch.branches[index], f"{path}-{index}", inner), padding]

        nesting = NestingType.FLAT if batch.is_flat else NestingType.NESTED
        indexes = range(len(batch.branches))
        completion = _COMPLETION[batch.policy]
        if batch.is_map:
            config = MapConfig(batch.limit, completion, nesting_type=nesting)
            result = context.map(indexes, lambda inner, index, *_: run(index, inner), path, config)
        else:
            parallel = ParallelConfig(batch.limit, completion, nesting_type=nesting)
            result = context.parallel([partial(run, index) for index in indexes], path, parallel)
        return self._judged(batch, path, result)

    def _judged(self, batch: Batch, path: str, result: BatchResult[Outcome]) -> Outcome:
        self._world.decided(path, [str(result.completion_reason), [item.status for item in result.all]])
        items = {f"{path}-{item.index}": _item(path, item) for item in result.all if item not in result.started()}
        for inner, outcome in items.items():
            self._world.agree(inner, outcome)
        is_open = batch.limit != 1 and batch.policy.ends_early(result.success_count, result.failure_count)
        return None if is_open else list(items.values())


def _item(path: str, item: BatchItem[Outcome]) -> Outcome:
    return f"branch: {item.error.message}" if item.error else (item.result or [path])[0]


def _is_recorded(node: Node) -> bool:
    return isinstance(node, Step | Poll | Batch) or (isinstance(node, Child) and not node.is_virtual)
