"""Our core and AWS's SDK, on our runtime and on AWS's emulator: equal results, and equal histories.

Histories are compared operation by operation, as branches run side by side. Where the emulator does not keep to the
conformance requirements it is not followed:

| the emulator | the requirements, and our runtime |
|---|---|
| tells nothing of an invocation but that it ended, and may tell a wait's end before that | when and how, in order |
| tells no attempt of a step or a check that succeeded | `RetryDetails` |
| tells no state of a check that is to be repeated | its `Result` |
| calls the error of a child context truncated although it is whole | `Truncated` is false |
| tells no version of an invoked function | `ExecutedVersion` |
"""

import json
import logging
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from tests.durable.programs import PROGRAMS, Effect, Program
from tests.interop.sdks import OFFICIAL, OURS, Sdk
from tests.interop.services import Json, MakeHandler, Service, emulator, events, our_runtime, outcome

pytestmark = pytest.mark.slow

FROM_RUN_TO_RUN = {
    "EventId",
    "EventTimestamp",
    "ScheduledEndTimestamp",
    "NextAttemptDelaySeconds",
    "CallbackId",
    "DurableExecutionArn",
}
"""What is never the same twice."""
OURS_ALONE = {"StackTrace"}
"""What our core tells and AWS's SDK does not."""
NOT_KEPT_BY_THE_EMULATOR = {
    ("StepSucceeded", "RetryDetails"),
    ("WaitForCondition", "Result"),
    ("ContextFailed", "Truncated"),
    ("ChainedInvokeStarted", "ExecutedVersion"),
}
"""The table above, by event or sub type and member."""


def asks(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    return context.wait_for_callback(lambda callback_id, _: effect(callback_id) and None, name="approval")


def polls(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    config = sdk.WaitForConditionConfig(
        wait_strategy=lambda state, _attempt: (
            sdk.WaitForConditionDecision.stop_polling()
            if state == 3
            else sdk.WaitForConditionDecision.continue_waiting(sdk.Duration(1))
        ),
        initial_state=0,
    )
    return context.wait_for_condition(lambda state, _: state + 1, config, name="poll")


def invokes(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    return context.invoke("trebling:$LATEST", {"n": 7}, name="trebled")


def trebling(_sdk: SimpleNamespace, context: Any, event: Any) -> object:
    return context.step(lambda _: event["n"] * 3, name="treble")


ALL: dict[str, Program] = {**PROGRAMS, "asks": asks, "polls": polls, "invokes": invokes}


def making(sdk: Sdk, program: Program) -> MakeHandler:
    """A handler of a program, whose only effect outside is to answer callbacks."""
    names = sdk.names

    def make(client: Any) -> Any:
        def effect(what: str) -> str:
            if program is asks:
                client.send_durable_execution_callback_success(CallbackId=what, Result=b"granted")
            return what

        return sdk.durable_execution(lambda _event, context: program(names, context, effect), boto3_client=client)

    return make


def making_trebling(sdk: Sdk) -> MakeHandler:
    names = sdk.names
    return lambda client: sdk.durable_execution(
        lambda event, context: trebling(names, context, event), boto3_client=client
    )


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def services() -> Iterator[list[Service]]:
    with our_runtime() as ours, emulator() as theirs:
        yield [ours, theirs]


Ran = tuple[tuple[str, Any, Json | None], dict[str, list[Json]]]


@pytest.fixture(scope="module")
def matrix(services: list[Service]) -> Any:
    """The results and histories of a program in all four places, by SDK and service."""

    @cache
    def run(name: str) -> dict[tuple[str, str], Ran]:
        ran = {}
        for sdk in (OURS, OFFICIAL):
            for service in services:
                service.host("trebling", making_trebling(sdk))
                arn = service.run(f"{name}-{sdk.root[:4]}", making(sdk, ALL[name]))
                ran[sdk.root, type(service).__name__] = outcome(service, arn), by_operation(events(service, arn))
        return ran

    return run


@pytest.mark.parametrize("name", ALL)
def test_a_program_ends_alike_on_both_sdks_and_both_services(matrix: Any, name: str) -> None:
    (first, *others) = [(place, ended) for place, (ended, _) in matrix(name).items()]

    for place, ended in others:
        assert ended == first[1], f"{place} is not {first[0]}"


@pytest.mark.parametrize("name", ALL)
def test_a_program_leaves_the_same_history_on_both_sdks_and_both_services(matrix: Any, name: str) -> None:
    (first, *others) = [(place, history) for place, (_, history) in matrix(name).items()]

    for place, history in others:
        assert history == first[1], f"{place} is not {first[0]}"


def by_operation(history: list[Json]) -> dict[str, list[Json]]:
    """What happened to each operation, in order; the execution is one, invocations are none."""
    told: dict[str, list[Json]] = {}
    for event in history:
        kind = event["EventType"]
        if kind.startswith("Execution"):
            own = {member: value for member, value in event.items() if member not in {"Id", "Name"}}
            told.setdefault("execution", []).append(compared(own, {kind}))
        elif kind != "InvocationCompleted":
            told.setdefault(event["Id"], []).append(compared(event, {kind, event["SubType"]}))
    return told


def compared(value: Any, kinds: set[str]) -> Any:
    """What of an event is the same everywhere."""
    if not isinstance(value, dict):
        return value
    dropped = FROM_RUN_TO_RUN | OURS_ALONE | {member for kind, member in NOT_KEPT_BY_THE_EMULATOR if kind in kinds}
    return {member: compared(each, kinds) for member, each in value.items() if member not in dropped}


@pytest.mark.parametrize(("kind", "member"), sorted(NOT_KEPT_BY_THE_EMULATOR))
def test_our_runtime_tells_what_the_emulator_does_not(services: list[Service], kind: str, member: str) -> None:
    (ours, _) = services

    told = [
        event
        for name in ("failures", "polls", "invokes")
        for event in events(ours, ours.run(f"told-{name}", making(OURS, ALL[name])))
        if kind in {event["EventType"], event.get("SubType")}
    ]

    assert told
    assert f'"{member}": ' in json.dumps(told, default=str)
