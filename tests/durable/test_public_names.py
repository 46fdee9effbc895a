"""The names that a handler written for the official SDK imports, by module, and how its positional calls are read."""

import importlib
import inspect

import pytest

import durable
from durable.exceptions import wire_name

OFFICIAL = "aws_durable_execution_sdk_python"
WHY_SKIPPED = "compares with the official SDK: install aws-durable-execution-sdk-python"

TOP_LEVEL = """
    BatchCompletionError BatchItemStatus BatchResult CallbackError CallbackExternalError CallbackSubmitterError
    CallbackTimeoutError ChildContextError CompletionDecision CompletionItemStatus CompletionOutcome
    CompletionStatus DurableContext DurableExecutionsError DurableOperationError ExecutionError InvocationError
    InvokeError ParallelBranch PluginLoadError RetryableSerDesError SerDesError StepContext StepError
    ValidationError WaitForConditionError WithRetryConfig __version__ complete_batch continue_batch
    durable_execution durable_parallel_branch durable_step durable_wait_for_callback durable_with_child_context
    with_retry
"""

OF_MODULES = {
    "config": """
        Duration NestingType BatchItemStatus CompletionOutcome CompletionDecision continue_batch complete_batch
        CompletionItemStatus CompletionStatus CompletionConfig ParallelConfig ParallelBranch StepSemantics StepConfig
        ChildConfig MapConfig InvokeConfig CallbackConfig WaitForCallbackConfig JitterStrategy Numeric
    """,
    "context": """
        DurableContext Callback ExecutionContext durable_step durable_with_child_context durable_parallel_branch
        durable_wait_for_callback PASS_THROUGH_SERDES
    """,
    "retries": """
        RetryDecision RetryStrategyConfig LinearRetryStrategyConfig create_retry_strategy
        create_linear_retry_strategy RetryPresets WithRetryConfig with_retry
    """,
    "waits": "WaitStrategyConfig WaitForConditionDecision create_wait_strategy WaitForConditionConfig",
    "exceptions": """
        DurableExecutionsError PluginLoadError ValidationError InvalidStateError OrderedLockError SerDesError
        UnrecoverableError ExecutionError NonDeterministicExecutionError InvocationError BotoClientError
        CheckpointError GetExecutionStateError StepInterruptedError RetryableSerDesError DurableOperationError
        StepError InvokeError ChildContextError WaitForConditionError CallbackError CallbackExternalError
        CallbackTimeoutError CallbackSubmitterError SuspendExecution TimedSuspendExecution BackgroundThreadError
        OrphanedChildException TerminationReason DurableApiErrorCategory CheckpointErrorCategory AwsErrorObj
        AwsErrorMetadata register_operation_error BAD_REQUEST_ERROR TOO_MANY_REQUESTS_ERROR SERVICE_ERROR
        INVALID_PARAMETER_VALUE_EXCEPTION INVALID_CHECKPOINT_TOKEN_PREFIX
    """,
    "types": """
        LoggerInterface OperationContext StepContext WaitForCallbackContext WaitForConditionCheckContext Callback
        BatchResult DurableContext LambdaContext SummaryGenerator DurableExecutionArn
    """,
    "plugin": """
        DurableInstrumentationPlugin DurableInstrumentationPluginFactory InvocationStartInfo InvocationEndInfo
        InvocationInfo OperationInfo OperationStartInfo OperationEndInfo OperationChangeInfo UserFunctionStartInfo
        UserFunctionEndInfo UserFunctionOutcome PropagationInput PropagationMetadata InvocationStatus OperationType
    """,
    "serdes": """
        SerDes SerDesContext PassThroughSerDes JsonSerDes ExtendedTypeSerDes DEFAULT_JSON_SERDES
        EXTENDED_TYPES_SERDES
    """,
    "concurrency.models": "BatchResult BatchItem CompletionReason BatchCompletionError",
    "lambda_service": """
        OperationAction OperationStatus OperationType OperationSubType CallbackTimeoutType InvocationStatus
        ErrorObject Operation OperationUpdate DurableServiceClient LambdaClient
    """,
}

EVERY_NAME = [(module, name) for module, names in OF_MODULES.items() for name in names.split()]

ERRORS = [
    (module, name)
    for module, name in EVERY_NAME
    if module in {"exceptions", "concurrency.models"} and name.endswith(("Error", "Exception", "SuspendExecution"))
]

_OPERATION = "operation_id operation_type sub_type name parent_id start_time is_replayed status"
_BY_NAME = "*attempt *end_time *error *result"
_INVOCATION = "request_id execution_arn is_first_invocation execution_start_time"

POSITIONAL = {
    "config.StepConfig": "retry_strategy step_semantics serdes *sub_type",
    "config.CallbackConfig": "timeout heartbeat_timeout serdes *sub_type",
    "config.WaitForCallbackConfig": "timeout heartbeat_timeout serdes retry_strategy *sub_type",
    "config.InvokeConfig": "serdes_payload serdes_result tenant_id",
    "config.ChildConfig": "serdes sub_type summary_generator is_virtual",
    "config.MapConfig": (
        "max_concurrency completion_config serdes item_serdes summary_generator nesting_type item_namer"
    ),
    "config.ParallelConfig": "max_concurrency completion_config serdes item_serdes summary_generator nesting_type",
    "config.ParallelBranch": "func name",
    "config.CompletionConfig": ("min_successful tolerated_failure_count tolerated_failure_percentage should_complete"),
    "config.CompletionStatus": "success_count failure_count completed_count total_count items",
    "config.CompletionItemStatus": "index name status",
    "config.CompletionDecision": "complete outcome",
    "config.Duration": "seconds",
    "retries.RetryStrategyConfig": (
        "max_attempts initial_delay max_delay backoff_rate jitter_strategy retryable_errors retryable_error_types"
    ),
    "retries.LinearRetryStrategyConfig": (
        "max_attempts initial_delay increment max_delay jitter_strategy retryable_errors retryable_error_types"
    ),
    "retries.RetryDecision": "should_retry delay",
    "retries.WithRetryConfig": "retry_strategy wrap_with_run_in_child_context child_context_config",
    "waits.WaitStrategyConfig": (
        "should_continue_polling max_attempts initial_delay max_delay backoff_rate jitter_strategy"
    ),
    "waits.WaitForConditionConfig": "wait_strategy initial_state serdes",
    "waits.WaitForConditionDecision": "should_continue delay",
    "plugin.OperationInfo": f"{_OPERATION} {_BY_NAME}",
    "plugin.OperationStartInfo": f"{_OPERATION} {_BY_NAME}",
    "plugin.OperationEndInfo": f"{_OPERATION} {_BY_NAME}",
    "plugin.UserFunctionStartInfo": f"{_OPERATION} is_replay_children {_BY_NAME}",
    "plugin.UserFunctionEndInfo": f"{_OPERATION} is_replay_children outcome {_BY_NAME}",
    "plugin.InvocationInfo": f"{_INVOCATION} *execution_input *operations",
    "plugin.InvocationStartInfo": f"{_INVOCATION} *execution_input *operations *updated_operations",
    "plugin.InvocationEndInfo": f"{_INVOCATION} error *execution_input *execution_result *operations *status",
}


def ours(module: str, name: str) -> object:
    return getattr(importlib.import_module(f"durable.{module}"), name)


def theirs(module: str, name: str) -> object:
    pytest.importorskip(OFFICIAL, reason=WHY_SKIPPED)
    return getattr(importlib.import_module(f"{OFFICIAL}.{module}"), name)


def parameters(of: object) -> list[str]:
    """The parameters in the order of a call, those by name alone last, by name and with a star."""
    assert callable(of)
    found = inspect.signature(of).parameters.values()
    positional = [each.name for each in found if each.kind is not each.KEYWORD_ONLY]
    return positional + sorted(f"*{each.name}" for each in found if each.kind is each.KEYWORD_ONLY)


def test_the_top_level_has_exactly_the_official_names() -> None:
    assert sorted(durable.__all__) == sorted(TOP_LEVEL.split())
    assert len(durable.__all__) == 36
    assert all(hasattr(durable, name) for name in durable.__all__)


def test_the_top_level_of_the_official_package_has_these_names_too() -> None:
    official = pytest.importorskip(OFFICIAL, reason=WHY_SKIPPED)

    assert sorted(official.__all__) == sorted(durable.__all__)


@pytest.mark.parametrize(("module", "name"), EVERY_NAME)
def test_a_name_is_there_to_be_imported(module: str, name: str) -> None:
    assert ours(module, name) is not None


@pytest.mark.parametrize(("module", "name"), EVERY_NAME)
def test_the_official_package_has_the_name_in_the_same_module_for_the_same_kind(module: str, name: str) -> None:
    found, official = ours(module, name), theirs(module, name)

    assert callable(found) is callable(official)


@pytest.mark.parametrize(("module", "name"), ERRORS)
def test_an_error_is_recorded_under_its_official_dotted_name(module: str, name: str) -> None:
    error = ours(module, name)

    assert isinstance(error, type)
    assert wire_name(error) == f"{OFFICIAL}.{module}.{name}"


@pytest.mark.parametrize(("module", "name"), ERRORS)
def test_the_official_package_gives_an_error_the_same_dotted_name(module: str, name: str) -> None:
    error = theirs(module, name)

    assert isinstance(error, type)
    assert f"{error.__module__}.{error.__qualname__}" == f"{OFFICIAL}.{module}.{name}"


@pytest.mark.parametrize(("path", "order"), POSITIONAL.items())
def test_settings_are_taken_in_their_order(path: str, order: str) -> None:
    module, _, name = path.rpartition(".")

    assert parameters(ours(module, name)) == order.split()


@pytest.mark.parametrize("path", POSITIONAL)
def test_the_official_package_takes_settings_in_the_same_order(path: str) -> None:
    module, _, name = path.rpartition(".")

    assert parameters(theirs(module, name)) == parameters(ours(module, name))
