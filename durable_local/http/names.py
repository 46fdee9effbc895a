"""A function's name as callers may give it: bare, with a qualifier, or as a whole or partial ARN."""

import re
from dataclasses import dataclass

from durable_local.errors import InvalidParameterValueError

_PARTS = re.compile(
    r"(?:(?:arn:[a-zA-Z-]*:lambda:)?(?:[a-z0-9-]+-[0-9]:)?(?:[0-9]{12}:)?function:|[0-9]{12}:)?"
    r"(?P<name>[a-zA-Z0-9_.-]+)(?::(?P<qualifier>[a-zA-Z0-9_$.-]+))?"
)


@dataclass(frozen=True, slots=True)
class FunctionName:
    """Which function is meant, and which version or alias of it if that is said."""

    name: str
    qualifier: str | None = None


def function_named(given: str, qualifier: str | None = None) -> FunctionName:
    """Take a name apart. Raises InvalidParameterValueError if it says another qualifier than the one beside it."""
    parts = _PARTS.fullmatch(given)
    if parts is None:
        raise InvalidParameterValueError(f"FunctionName {given!r} is neither a name nor an ARN of a function")
    if qualifier and parts["qualifier"] not in {None, qualifier}:
        raise InvalidParameterValueError(
            f"FunctionName {given} names the qualifier {parts['qualifier']}, but Qualifier is {qualifier}"
        )
    return FunctionName(parts["name"], qualifier or parts["qualifier"])
