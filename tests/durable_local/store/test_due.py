from datetime import timedelta

import pytest

from durable_local.answers import parse
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import PlainFunction
from durable_local.invocations import Invocations
from durable_local.runtime import LocalRuntime
from durable_local.store import calls, due
from durable_local.store.due import GRACE_MILLISECONDS
from tests.durable_local import updates
from tests.durable_local.conftest import Caller
from tests.fakes.clock import START

GRACE = timedelta(milliseconds=GRACE_MILLISECONDS)


@pytest.mark.parametrize("is_durable", [True, False])
def test_what_is_invoked_lets_the_invocation_that_has_invoked_it_suspend_first(
    runtime: LocalRuntime, caller: Caller, *, is_durable: bool
) -> None:
    database = runtime.journals.database
    runtime.functions["g"] = runtime.functions["f"] if is_durable else PlainFunction(warm(lambda event, context: None))

    def begins() -> list[timedelta]:
        moments = (
            [each.at for each in due.invocations(database, "g", 9)]
            if is_durable
            else [call.asked_at for _, call in calls.asked(database, "g", 9)]
        )
        return [moment - START for moment in moments]

    caller.send(updates.invoke(target="g"))

    assert begins() == [GRACE]
    Invocations(runtime.journals).answered(caller.invocation.arn, caller.invocation.fence, parse({"Status": "PENDING"}))
    assert begins() == [timedelta()]


def test_what_nobody_has_invoked_waits_for_nothing(runtime: LocalRuntime) -> None:
    runtime.start("f", "{}")

    assert [each.at for each in due.invocations(runtime.journals.database, "f", 9)] == [START]
