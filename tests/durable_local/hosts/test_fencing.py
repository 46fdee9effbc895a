"""A thread that is late goes on after its invocation has failed, but it can record nothing."""

import threading

from durable import DurableContext, durable_execution
from durable_local import history
from durable_local.clock import SkippingClock
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database


def test_the_checkpoints_of_a_thread_that_is_late_are_refused() -> None:
    runtime = LocalRuntime(Database(IN_MEMORY), SkippingClock())
    released, refused = threading.Event(), threading.Event()
    invocations: list[str] = []

    @durable_execution
    def handler(_event: object, context: DurableContext) -> str:
        invocations.append("begun")
        if len(invocations) > 1:
            return context.step(lambda _: "in time", name="charge")
        released.wait()
        try:
            return context.step(lambda _: "late", name="charge")
        except BaseException:
            refused.set()
            raise

    host = ThreadHost(warm(handler), with_service(runtime.service))
    runtime.functions["f"] = Function(host, invocation_timeout_seconds=0.05)
    arn = runtime.start("f", "{}")
    runtime.invoke(arn, "f", 0)

    released.set()
    assert refused.wait(10)
    runtime.functions["f"] = Function(host)
    execution = runtime.run(arn)

    assert execution.result == '"in time"'
    events = [history.shown(event, number) for number, event in runtime.executions.history(arn)]
    assert [event["EventType"] for event in events] == [
        "ExecutionStarted",
        "InvocationCompleted",
        "StepStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    assert events[1]["InvocationCompletedDetails"]["Error"]["Payload"]["ErrorType"] == "Sandbox.Timedout"
