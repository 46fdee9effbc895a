"""What the functions may do: what they call, and nothing else."""

import boto3

from tests.template.conftest import Calls
from tests.template.document import Template, listed
from tests.template.needs import allows

OF_IAM = {"s3:ListBucket", "lambda:InvokeFunction", "bedrock:InvokeModel", "kms:GenerateDataKey"}
"""IAM's own names, for ListObjectsV2, Invoke and Converse."""


def test_every_permission_exists(template: Template) -> None:
    actions = {action for statement in template.statements() for action in listed(statement["Action"])} - OF_IAM
    services = {action.partition(":")[0] for action in actions}
    known = {
        f"{service}:{operation}"
        for service in services
        for operation in boto3.client(service).meta.service_model.operation_names
    }

    assert actions - known == set()


def test_no_permission_is_for_whatever_there_is(template: Template) -> None:
    resources = {template.text(each) for statement in template.statements() for each in listed(statement["Resource"])}

    assert {
        each for each in resources if not each.startswith("arn:aws:") or "*" in each.rsplit("/", 1)[0].rsplit(":", 1)[0]
    } == set()
    assert {each for each in resources if each.endswith(":::*") or each.count("*") > 1} == set()


def test_every_function_may_do_what_it_calls(template: Template, calls: Calls) -> None:
    missing = {
        (function, call)
        for function, called in calls(template).items()
        for call in called
        if not any(allows(each, call) for each in template.permissions(function))
    }

    assert missing == set()


def test_no_function_may_do_what_it_does_not_call(template: Template, calls: Calls) -> None:
    unused = {
        (function, each)
        for function, called in calls(template).items()
        for each in template.permissions(function)
        if not each.action.startswith("kms:") and not any(allows(each, call) for call in called)
    }

    assert unused == set()
