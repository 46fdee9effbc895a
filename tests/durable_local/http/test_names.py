import pytest

from durable_local.errors import InvalidParameterValueError
from durable_local.http.names import FunctionName, function_named

ARN = "arn:aws:lambda:eu-central-1:123456789012:function"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("orders", FunctionName("orders")),
        ("orders:live", FunctionName("orders", "live")),
        ("orders:$LATEST", FunctionName("orders", "$LATEST")),
        ("orders:$LATEST.PUBLISHED", FunctionName("orders", "$LATEST.PUBLISHED")),
        (f"{ARN}:orders", FunctionName("orders")),
        (f"{ARN}:orders:7", FunctionName("orders", "7")),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:orders:7", FunctionName("orders", "7")),
        ("123456789012:function:orders", FunctionName("orders")),
        ("123456789012:orders", FunctionName("orders")),
        ("123456789012:orders:live", FunctionName("orders", "live")),
        ("function:orders", FunctionName("orders")),
        ("function", FunctionName("function")),
    ],
)
def test_a_function_is_named_in_many_ways(given: str, named: FunctionName) -> None:
    assert function_named(given) == named


@pytest.mark.parametrize("given", ["", "a b", "arn:aws:s3:::bucket", "orders:live:live", "orders/live"])
def test_what_names_no_function_is_refused(given: str) -> None:
    with pytest.raises(InvalidParameterValueError, match="neither a name nor an ARN of a function"):
        function_named(given)


def test_a_qualifier_may_stand_beside_the_name() -> None:
    assert function_named("orders", "live") == function_named("orders:live", "live") == FunctionName("orders", "live")


def test_a_qualifier_beside_the_name_must_be_the_same() -> None:
    with pytest.raises(InvalidParameterValueError, match="orders:1 names the qualifier 1, but Qualifier is 2"):
        function_named("orders:1", "2")
