import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from durable.model import ErrorObject
from durable_local.hosts import InvocationFailedError
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import PlainFunction, ThreadHost
from durable_local.invocations import Invocation

INVOCATION = Invocation("arn", "f", "request-1", 1, "token", (), None, ())
CONTEXT = LambdaContext("f", "$LATEST", "arn:f", "request-1", timeout_seconds=86_400)


def answer_of(handler: Handler) -> object:
    return ThreadHost(warm(handler), lambda invocation: invocation.arn).invoke(INVOCATION, CONTEXT)


def test_a_handler_gets_its_event_and_context_and_its_answer_is_handed_on() -> None:
    assert answer_of(lambda event, context: (event, context)) == ("arn", CONTEXT)


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (ValueError("boom"), ErrorObject("boom", "ValueError")),
        (SystemExit(3), ErrorObject("Runtime exited with error: exit status 3", "Runtime.ExitError")),
        (SystemExit("so"), ErrorObject("Runtime exited with error: exit status 1", "Runtime.ExitError")),
        (SystemExit(), ErrorObject("Runtime exited without providing a reason", "Runtime.ExitError")),
    ],
)
def test_a_handler_that_raises_has_not_answered(raised: BaseException, error: ErrorObject) -> None:
    def handler(_event: object, _context: object) -> object:
        raise raised

    with pytest.raises(InvocationFailedError) as caught:
        answer_of(handler)

    assert (caught.value.error.message, caught.value.error.type) == (error.message, error.type)
    assert bool(caught.value.error.stack_trace) is isinstance(raised, ValueError)


def test_an_interrupt_is_not_the_handlers_failure_where_somebody_may_have_interrupted() -> None:
    def handler(_event: object, _context: object) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer_of(handler)


@pytest.mark.parametrize(
    ("raised", "error_type"), [(KeyboardInterrupt("enough"), "KeyboardInterrupt"), (SystemExit(3), "Runtime.ExitError")]
)
def test_what_a_handler_raises_for_a_worker_is_its_own_failure(raised: BaseException, error_type: str) -> None:
    def handler(_event: object, _context: object) -> object:
        raise raised

    with ThreadPoolExecutor(1) as workers:
        failure = workers.submit(answer_of, handler).exception()

    assert isinstance(failure, InvocationFailedError)
    assert failure.error.type == error_type


def test_a_handler_that_takes_too_long_fails_at_its_deadline_and_not_when_it_returns() -> None:
    released, returned = threading.Event(), threading.Event()

    def handler(_event: object, _context: object) -> None:
        released.wait()
        returned.set()

    host = ThreadHost(warm(handler), lambda invocation: invocation.arn)
    context = LambdaContext("f", "$LATEST", "arn:f", "request-1", timeout_seconds=0.05)

    with pytest.raises(InvocationFailedError) as caught:
        host.invoke(INVOCATION, context)

    assert caught.value.error == ErrorObject("Task timed out after 0.05 seconds", "Sandbox.Timedout")
    assert not returned.is_set()
    released.set()
    assert returned.wait(10)


def test_a_timeout_that_the_handler_raises_is_its_own() -> None:
    def handler(_event: object, _context: object) -> object:
        raise TimeoutError("the bank does not answer")

    with pytest.raises(InvocationFailedError, match="TimeoutError: the bank does not answer"):
        answer_of(handler)


def test_a_handler_sees_the_context_variables_of_who_invokes_it() -> None:
    tenant = contextvars.ContextVar("tenant", default="nobody")
    tenant.set("somebody")

    assert answer_of(lambda event, context: tenant.get()) == "somebody"


def test_the_remaining_time_counts_down_from_the_timeout_to_nothing() -> None:
    begun = LambdaContext("f", "1", "arn:f", "r", timeout_seconds=30)
    first = begun.get_remaining_time_in_millis()

    assert 29_000 < first <= 30_000
    assert begun.get_remaining_time_in_millis() <= first
    assert LambdaContext("f", "1", "arn:f", "r", timeout_seconds=0).get_remaining_time_in_millis() == 0


@pytest.mark.parametrize(("payload", "answer"), [('{"n": 1}', '[{"n": 1}, "request-1"]'), (None, '[{}, "request-1"]')])
def test_a_plain_function_answers_json_for_json(payload: str | None, answer: str) -> None:
    function = PlainFunction(warm(lambda event, context: (event, context.aws_request_id)))

    assert function.call(payload, CONTEXT) == answer


def test_a_plain_function_answers_no_more_than_lambda_hands_on() -> None:
    largest = 6 * 1024 * 1024 + 98  # with its two quotes as long as Lambda allows

    assert len(PlainFunction(warm(lambda event, context: "x" * largest)).call(None, CONTEXT)) == largest + 2
    with pytest.raises(InvocationFailedError, match=r"Function\.ResponseSizeTooLarge"):
        PlainFunction(warm(lambda event, context: "x" * (largest + 1))).call(None, CONTEXT)


def test_a_plain_function_is_not_called_with_what_is_no_json() -> None:
    function = PlainFunction(warm(lambda event, context: event))

    with pytest.raises(InvocationFailedError, match="InvalidRequestContentException: Could not parse"):
        function.call("no json", CONTEXT)
