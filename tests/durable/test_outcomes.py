import pytest

from durable.outcomes import (
    AwsErrorMetadata,
    AwsErrorObj,
    CheckpointErrorCategory,
    DurableApiErrorCategory,
    TerminationReason,
    category_of,
)

INVOCATION, EXECUTION = DurableApiErrorCategory.INVOCATION, DurableApiErrorCategory.EXECUTION
INVALID = "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("status", "code", "message", "category"),
    [
        (400, INVALID, "Name is not allowed", EXECUTION),
        (400, INVALID, "Invalid checkpoint token", INVOCATION),
        (400, INVALID, "Invalid checkpoint token: superseded", INVOCATION),
        (400, INVALID, "An invalid checkpoint token", EXECUTION),
        (400, "ValidationException", "Invalid checkpoint token", EXECUTION),
        (403, "AccessDeniedException", "Not authorized", EXECUTION),
        (404, "ResourceNotFoundException", "No such execution", EXECUTION),
        (429, "TooManyRequestsException", "Rate exceeded", INVOCATION),
        (499, "ClientClosedRequest", "", EXECUTION),
        (500, "ServiceException", "Internal error", INVOCATION),
        (503, "ServiceUnavailable", "", INVOCATION),
        (302, "Found", "", INVOCATION),
        (502, "KMSAccessDeniedException", "", EXECUTION),
        (502, "KMSDisabledException", "", EXECUTION),
        (502, "KMSInvalidStateException", "", EXECUTION),
        (502, "KMSNotFoundException", "", EXECUTION),
        (502, "KMSThrottlingException", "", INVOCATION),
    ],
)
def test_a_failed_call_ends_the_execution_only_if_no_further_one_can_succeed(
    status: int, code: str, message: str, category: DurableApiErrorCategory
) -> None:
    assert category_of({"Code": code, "Message": message}, {"HTTPStatusCode": status}) is category


@pytest.mark.parametrize(
    ("details", "metadata", "category"),
    [
        (None, None, INVOCATION),
        ({}, {}, INVOCATION),
        (None, {"HTTPStatusCode": 400}, INVOCATION),
        ({"Code": "AccessDeniedException"}, None, INVOCATION),
        ({"Code": "AccessDeniedException"}, {"HTTPStatusCode": 403}, EXECUTION),
        ({"Code": INVALID}, {"HTTPStatusCode": 400}, EXECUTION),
        ({"Code": "KMSDisabledException"}, None, EXECUTION),
    ],
)
def test_a_call_that_does_not_say_how_it_failed_may_pass(
    details: AwsErrorObj | None, metadata: AwsErrorMetadata | None, category: DurableApiErrorCategory
) -> None:
    assert category_of(details, metadata) is category


def test_the_category_has_its_older_name_too() -> None:
    assert CheckpointErrorCategory is DurableApiErrorCategory


def test_a_reason_has_its_official_value() -> None:
    assert [reason.value for reason in TerminationReason] == [
        "UNHANDLED_ERROR",
        "INVOCATION_ERROR",
        "EXECUTION_ERROR",
        "CHECKPOINT_FAILED",
        "NON_DETERMINISTIC_EXECUTION",
        "STEP_INTERRUPTED",
        "SERIALIZATION_ERROR",
    ]
