"""The programs of rows 1 to 13, at module level so that another process finds them."""

from contextlib import suppress
from typing import Any

from durable.completion import CompletionConfig
from durable.config import CallbackConfig, Duration, MapConfig, ParallelConfig, StepConfig, StepSemantics
from durable.exceptions import CallbackTimeoutError, StepError
from durable.retries import RetryPresets
from durable.types import StepContext
from durable.waits import WaitForConditionConfig, WaitForConditionDecision
from tests.catalogue.runs import Outside, Program

AT_MOST_ONCE = StepConfig(RetryPresets.none(), StepSemantics.AT_MOST_ONCE_PER_RETRY)
RETRIED = StepConfig(RetryPresets.fixed())
ATTEMPTS = POLLS = 3
LARGE = 300_000


def sequence(context: Any, outside: Outside) -> object:
    return [context.step(outside.effect(name), name=name) for name in "abc"]


def step_wait_step(context: Any, outside: Outside) -> object:
    first = context.step(outside.effect("a"), name="a")
    context.wait(Duration(60), name="minute")
    return [first, context.step(outside.effect("b"), name="b")]


def charge_at_most_once(context: Any, outside: Outside) -> object:
    try:
        return context.step(outside.effect("charge"), name="charge", config=AT_MOST_ONCE)
    except StepError as error:
        return error.message


def third_time_lucky(context: Any, outside: Outside) -> object:
    def flaky(step: StepContext) -> str:
        done = outside.effect("flaky", step.attempt)(step)
        if step.attempt < ATTEMPTS:
            raise ValueError(f"attempt {step.attempt}")
        return done

    return context.step(flaky, name="flaky", config=RETRIED)


def three_branches(context: Any, outside: Outside) -> object:
    def branch(inner: Any, number: int, *_: object) -> object:
        before = inner.step(outside.effect(f"before {number}"), name=f"before {number}")
        inner.wait(Duration(60), name="minute")
        return [before, inner.step(outside.effect(f"after {number}"), name=f"after {number}")]

    return context.parallel([lambda inner, n=n: branch(inner, n) for n in range(3)], name="p").get_results()


def map_with_a_flaky_item(context: Any, outside: Outside) -> object:
    def item(inner: Any, number: int, *_: object) -> object:
        def work(step: StepContext) -> str:
            if number == 1 and step.attempt == 1:
                raise ValueError("not yet")
            return outside.effect(f"item {number}")(step)

        return inner.step(work, name=f"item {number}", config=RETRIED)

    return context.map(range(4), item, name="m", config=MapConfig(max_concurrency=2)).get_results()


def child_in_map_in_child(context: Any, outside: Outside) -> object:
    def item(inner: Any, number: int, *_: object) -> object:
        leaf = outside.effect(f"leaf {number}")
        return inner.run_in_child_context(lambda child: child.step(leaf, name=f"leaf {number}"), name="inner")

    def outer(child: Any) -> object:
        return [child.step(outside.effect("root"), name="root"), child.map(range(2), item, name="m").get_results()]

    return context.run_in_child_context(outer, name="outer")


def submitter(name: str, outside: Outside) -> Any:
    return lambda _id, step: outside.effect(f"{name} submitter")(step)


def answered_late(context: Any, outside: Outside) -> object:
    answer = context.wait_for_callback(submitter("ask", outside), name="ask")
    return [answer, context.step(outside.effect("after"), name="after")]


def answered_before_suspension(context: Any, outside: Outside) -> object:
    answer = context.wait_for_callback(lambda callback_id, _step: outside.answer(callback_id), name="ask")
    return [answer, context.step(outside.effect("after"), name="after")]


def saga(context: Any, outside: Outside) -> object:
    with suppress(StepError, CallbackTimeoutError):
        context.step(outside.effect("charge"), name="charge", config=AT_MOST_ONCE)
        return context.create_callback("review", CallbackConfig(timeout=Duration.from_hours(72))).result()
    return context.step(outside.effect("refund"), name="refund")


def polled_state(context: Any, outside: Outside) -> object:
    def check(state: list[int], poll: Any) -> list[int]:
        outside.effect("poll", state)(poll)
        return [*state, len(state)]

    def until_all_polled(state: list[int], _polls: int) -> WaitForConditionDecision:
        if len(state) == POLLS:
            return WaitForConditionDecision.stop_polling()
        return WaitForConditionDecision.continue_waiting(Duration(5))

    return context.wait_for_condition(check, WaitForConditionConfig(until_all_polled, []), name="poll")


def large_child(context: Any, outside: Outside) -> object:
    def body(inner: Any) -> object:
        return inner.step(outside.effect("x"), name="x") * LARGE

    large = context.run_in_child_context(body, name="large")
    context.wait(Duration(5), name="pause")
    return [len(large), context.step(outside.effect("after"), name="after")]


def quorum(context: Any, outside: Outside) -> object:
    def voter(inner: Any, number: int) -> object:
        vote = inner.step(outside.effect(f"vote {number}"), name=f"vote {number}")
        inner.wait(Duration(10 * (number + 1)), name="think")
        return vote

    config = ParallelConfig(completion_config=CompletionConfig(min_successful=2))
    batch = context.parallel([lambda inner, n=n: voter(inner, n) for n in range(3)], name="p", config=config)
    decision = [batch.completion_reason.value, [item.status.value for item in batch.all], batch.get_results()]
    announced = context.step(lambda _: decision, name="announce")
    context.wait(Duration(60), name="minute")
    return [announced, decision]


def agent(context: Any, outside: Outside) -> object:
    """A model says what to do next: tools beside each other, then to ask a human, then to answer."""
    said: list[object] = []
    for turn, action in enumerate(["tools", "human", "answer"]):
        said.append(context.step(outside.effect(f"model {turn}"), name=f"model {turn}"))
        if action == "tools":
            tools = [
                lambda inner, tool=tool: inner.step(outside.effect(tool), name=tool) for tool in ("search", "read")
            ]
            said += context.parallel(tools, name="tools").get_results()
        if action == "human":
            said.append(context.wait_for_callback(submitter("approve", outside), name="approve"))
    return said


WORKLOADS: tuple[Program, ...] = (
    sequence,
    step_wait_step,
    charge_at_most_once,
    third_time_lucky,
    three_branches,
    map_with_a_flaky_item,
    child_in_map_in_child,
    answered_late,
    answered_before_suspension,
    saga,
    polled_state,
    large_child,
    quorum,
    agent,
)
