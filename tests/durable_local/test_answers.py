import pytest

from durable.model import ErrorObject, InvocationStatus
from durable_local.answers import Answer, parse
from durable_local.limits import EXECUTION_PAYLOAD_BYTES


@pytest.mark.parametrize(
    ("answer", "parsed"),
    [
        ({"Status": "SUCCEEDED", "Result": "1"}, Answer(InvocationStatus.SUCCEEDED, "1")),
        ({"Status": "SUCCEEDED"}, Answer(InvocationStatus.SUCCEEDED)),
        ({"Status": "PENDING"}, Answer(InvocationStatus.PENDING)),
        ({"Status": "FAILED"}, Answer(InvocationStatus.FAILED)),
        (
            {"Status": "FAILED", "Error": {"ErrorMessage": "boom", "ErrorType": "ValueError"}},
            Answer(InvocationStatus.FAILED, error=ErrorObject("boom", "ValueError")),
        ),
    ],
)
def test_an_envelope_by_the_rules_is_taken_as_it_is(answer: object, parsed: Answer) -> None:
    assert parse(answer) == parsed


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "an object, not NoneType"),
        ("done", "an object, not str"),
        ({}, "not None"),
        ({"Status": "RETRY"}, "not 'RETRY'"),
        ({"Status": "SUCCEEDED", "Error": {}}, "without an Error"),
        ({"Status": "FAILED", "Result": "1"}, "without a Result"),
        ({"Status": "SUCCEEDED", "Result": 1}, "as text, not int"),
        ({"Status": "SUCCEEDED", "Result": "x" * (EXECUTION_PAYLOAD_BYTES + 1)}, "at most"),
    ],
)
def test_an_envelope_against_the_rules_fails_the_execution(answer: object, told: str) -> None:
    parsed = parse(answer)

    assert parsed.status is InvocationStatus.FAILED
    assert parsed.error
    assert parsed.error.type == "InvalidParameterValueException"
    assert told in (parsed.error.message or "")
