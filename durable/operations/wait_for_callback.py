"""A callback, the step that hands out its id, and its answer: one child context."""

from collections.abc import Callable
from typing import NoReturn

from durable.config import StepConfig, WaitForCallbackConfig
from durable.exceptions import CallbackError, CallbackSubmitterError, ChildContextError, StepError
from durable.types import DurableContext, StepContext, WaitForCallbackContext
from durable.values import Value

Submitter = Callable[[str, WaitForCallbackContext], Value]


def callback_body(
    submitter: Submitter, name: str | None, config: WaitForCallbackConfig
) -> Callable[[DurableContext], Value]:
    """What the child context does."""
    prefix = f"{name} " if name else ""

    def body(context: DurableContext) -> Value:
        callback = context.create_callback(f"{prefix}create callback id", config)

        def submit(step: StepContext) -> Value:
            return submitter(callback.callback_id, WaitForCallbackContext(step.logger))

        context.step(submit, f"{prefix}submitter", StepConfig(config.retry_strategy, serdes=config.serdes))
        return callback.result()

    return body


def raise_callback_error(error: ChildContextError) -> NoReturn:
    """Raise what failed inside: the callback, or the step that hands out its id."""
    cause = error.__cause__
    if isinstance(cause, CallbackError):
        raise cause
    if isinstance(cause, StepError):
        message = cause.message or "Callback submitter failed"
        raise CallbackSubmitterError(message, data=cause.data, stack_trace=cause.stack_trace) from cause
    raise error
