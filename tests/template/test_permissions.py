"""What the functions may do: what they call, and nothing else."""

import re

import boto3

from tests.template.conftest import Calls
from tests.template.document import Template, listed
from tests.template.needs import allows

OF_IAM = {"s3:ListBucket", "lambda:InvokeFunction", "bedrock:InvokeModel", "kms:GenerateDataKey"}
"""IAM's own names, for ListObjectsV2, Invoke and Converse."""
NARROW = re.compile(
    r"arn:aws:("
    r"s3:::[\w-]+((/[a-z]+)+/\*)?"
    r"|lambda:us-east-1:\d{12}:function:\w+:(live|\*)"
    r"|(bedrock|dynamodb|kms|secretsmanager|ses|sns):us-east-1:(\d{12})?:[^*?]+"
    r")"
)


def test_every_permission_exists(template: Template) -> None:
    actions = {action for statement in template.statements() for action in listed(statement["Action"])} - OF_IAM
    services = {action.partition(":")[0] for action in actions}
    known = {
        f"{service}:{operation}"
        for service in services
        for operation in boto3.client(service).meta.service_model.operation_names
    }

    assert actions - known == set()


def test_no_permission_is_wider_than_a_folder_or_the_versions_of_a_function(template: Template) -> None:
    resources = {template.text(each) for statement in template.statements() for each in listed(statement["Resource"])}

    assert {each for each in resources if not NARROW.fullmatch(each)} == set()


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


def test_the_pipeline_reads_what_it_has_staged_and_writes_beside_nobody_elses(template: Template) -> None:
    allowed = {(each.action, each.resource.partition("/")[2]) for each in template.permissions("PipelineFunction")}
    read = {folder for action, folder in allowed if action == "s3:GetObject"}
    written = {folder for action, folder in allowed if action == "s3:PutObject"}

    assert read == {"sources/*", "pipeline/staged/*"}
    assert written == {f"pipeline/{folder}/*" for folder in ("staged", "documents", "rejected")}


def test_reports_go_to_one_recipient_and_lists_show_stored_documents_alone(template: Template) -> None:
    allowed = {each.action: each.condition for each in template.permissions("AnalystFunction")}

    assert allowed["s3:ListBucket"] == {"StringLike": {"s3:prefix": "pipeline/documents/*"}}
    if "ReportSender" in template.given:
        recipients = {"ForAllValues:StringEquals": {"ses:Recipients": [{"Ref": "ReportRecipient"}]}}
        assert allowed["ses:SendEmail"] == recipients
