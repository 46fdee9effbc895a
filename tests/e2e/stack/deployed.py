"""A stack as CloudFormation tells of it."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.e2e.stack.stack import Stack

PROVIDERS = ("PaymentsUrl", "ShippingUrl")


class ProvidersError(Exception):
    """Orders of this stack go to somebody who takes money for them."""


def deployed(name: str, client: Callable[[str], Any]) -> Stack:
    """The stack of this name, for tests; `ProvidersError` if their orders would be anything but samples."""
    parameters, ids = described(name, client("cloudformation"))
    if real := {each: parameters[each] for each in PROVIDERS if parameters.get(each)}:
        raise ProvidersError(f"Stack {name} has {real}: name one where both are empty, so that nobody's money moves")
    return Stack(parameters, ids, client)


def described(name: str, cloudformation: Any) -> tuple[Mapping[str, str], dict[str, str]]:
    """A stack's parameters, and its resources' physical ids by their logical ones."""
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return (
        {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())},
        {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
        },
    )
