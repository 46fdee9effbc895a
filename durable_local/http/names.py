"""A function's name as callers may give it: bare, with a qualifier, or as a whole or partial ARN."""

import re
from dataclasses import dataclass

from durable_local.errors import InvalidParameterValueError

FUNCTION_NAME = (
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?"
    r"(?:(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-[0-9]:)?"
    r"(?:[0-9]{12}:)?(?:function:)?([a-zA-Z0-9_.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?"
)
"""What a function's name may be, by the Lambda API model; its groups are the bare name and the qualifier."""


@dataclass(frozen=True, slots=True)
class FunctionName:
    """Which function is meant, and which version or alias of it if that is said."""

    name: str
    qualifier: str | None = None


def function_named(given: str, qualifier: str | None = None) -> FunctionName:
    """Take a name apart. Raises InvalidParameterValueError if it says another qualifier than the one beside it."""
    parts = re.fullmatch(FUNCTION_NAME, given)
    if parts is None:
        raise InvalidParameterValueError(f"FunctionName {given!r} is neither a name nor an ARN of a function")
    name, named = parts.groups()
    if qualifier and named not in {None, qualifier}:
        raise InvalidParameterValueError(
            f"FunctionName {given} names the qualifier {named}, but Qualifier is {qualifier}"
        )
    return FunctionName(name, qualifier or named)
