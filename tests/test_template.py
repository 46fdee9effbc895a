"""What no linter sees in the SAM template."""

import importlib
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from app.domain.carts import LONGEST_WAIT_SECONDS
from app.domain.starting import BEGINNINGS
from app.settings import PREFIX, Settings
from app.workflows.analyst import HOURS_TO_ANSWER
from app.workflows.fulfilment import FOR_A_DAY, REVIEW
from app.workflows.tour import CALLBACK

ROOT = Path(__file__).parent.parent
BUILT = "knowledge.sqlite"  # by make knowledge
FOLDERS = ("documents", "analyst", "reports")
SUPPORTED = {"python3.13", "python3.14"}  # runtimes with durable execution
LONGEST_EXECUTION = 31_622_400  # seconds: 366 days
LONGEST_RETENTION = 90  # days
LONGEST_INVOCATION = 900  # seconds
NO_OPERATION = {"s3:ListBucket", "lambda:InvokeFunction", "bedrock:InvokeModel"}
"""IAM's own names, for ListObjectsV2, Invoke and Converse."""
NARROW = re.compile(
    r"\$\{Bucket\.Arn}/([a-z]+/)+\*|Bucket\.Arn|[A-Za-z]+Function\.Alias|[A-Za-z]+Table\.Arn|[A-Za-z]+Topic"
    r"|arn:\$\{AWS::Partition}:bedrock:\$\{AWS::Region}::foundation-model/\$\{[A-Za-z]+}"
    r"|arn:\$\{AWS::Partition}:ses:\$\{AWS::Region}:\$\{AWS::AccountId}:identity/\$\{[A-Za-z]+}"
    r"|[A-Za-z]+Secret|\$\{[A-Za-z]+Function\.Arn}:\*"
)

Node = Any


class Loader(yaml.SafeLoader):
    """Reads `!Ref X` as {"Ref": "X"} and `!Sub`, `!GetAtt` alike."""


def intrinsic(loader: Loader, suffix: str, node: yaml.Node) -> Node:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    assert isinstance(node, yaml.SequenceNode)
    return {suffix: loader.construct_sequence(node, deep=True)}


Loader.add_multi_constructor("!", intrinsic)


def load() -> dict[str, Node]:
    template: dict[str, Node] = yaml.load((ROOT / "template.yaml").read_text(), Loader)  # noqa: S506 - a SafeLoader
    return template


TEMPLATE = load()
SHARED = TEMPLATE["Globals"]["Function"]
FUNCTIONS = {
    name: SHARED | resource["Properties"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}
DURABLE = {name: function for name, function in FUNCTIONS.items() if "DurableConfig" in function}
STATEMENTS = [
    (name, statement)
    for name, function in FUNCTIONS.items()
    for policy in function.get("Policies", [])
    for statement in policy["Statement"]
]

each_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
each_durable_function = pytest.mark.parametrize("function", DURABLE.values(), ids=DURABLE)
each_statement = pytest.mark.parametrize("statement", [s for _, s in STATEMENTS], ids=[s["Sid"] for _, s in STATEMENTS])


def listed(value: Node) -> list[Node]:
    return value if isinstance(value, list) else [value]


def variables(function: dict[str, Node]) -> dict[str, str]:
    """The function's variables, with something that fits in place of each reference."""
    values = {
        "Bucket": "a-bucket",
        "AnalystModel": "eu.example.model-v1:0",
        "ReportSender": "reports@example.com",
        "ReportRecipient": "chief@example.com",
        "CustomersUrl": "https://customers.example/",
        "CartsTable": "carts",
        "RemindersTopic": "arn:aws:sns:us-east-1:123456789012:reminders.fifo",
        "InventoryTable": "inventory",
        "ApprovalsTable": "approvals",
        "PaymentsSecret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:payments",
        "PaymentsUrl": "https://payments.example",
        "ShippingUrl": "https://shipping.example",
        "Reviewers": "user/rita",
        "SeniorReviewers": "user/sven",
        **{f"{name}.Alias": f"arn:aws:lambda:us-east-1:123456789012:function:{name}:live" for name in FUNCTIONS},
    }
    environment = SHARED["Environment"]["Variables"] | function["Environment"]["Variables"]
    return {key: values[value["Ref"]] if isinstance(value, dict) else value for key, value in environment.items()}


def test_the_pipeline_is_a_durable_function() -> None:
    assert "PipelineFunction" in DURABLE


@each_durable_function
def test_a_durable_function_is_called_by_an_alias_that_follows_every_change(function: dict[str, Node]) -> None:
    assert function["AutoPublishAlias"] == "live"
    assert function["AutoPublishAliasAllProperties"] is True


@each_durable_function
def test_the_times_of_a_durable_function_are_within_the_limits_of_the_service(function: dict[str, Node]) -> None:
    durable = function["DurableConfig"]

    assert 1 <= function["Timeout"] <= LONGEST_INVOCATION
    assert function["Timeout"] <= durable["ExecutionTimeout"] <= LONGEST_EXECUTION
    assert 1 <= durable["RetentionPeriodInDays"] <= LONGEST_RETENTION
    assert function["Runtime"] in SUPPORTED


@each_function
def test_the_handler_is_in_the_application(function: dict[str, Node]) -> None:
    module, _, handler = function["Handler"].rpartition(".")

    assert callable(getattr(importlib.import_module(module), handler))


@each_function
def test_every_variable_is_a_setting(function: dict[str, Node]) -> None:
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}

    assert set(variables(function)) <= known


@each_function
def test_the_settings_accept_the_variables_and_miss_none(
    function: dict[str, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in variables(function).items():
        monkeypatch.setenv(key, value)

    settings = Settings()

    assert settings.storage == "s3"
    assert settings.bucket == "a-bucket"


@each_statement
def test_every_permission_exists(statement: dict[str, Node]) -> None:
    for action in set(listed(statement["Action"])) - NO_OPERATION:
        service, _, operation = action.partition(":")
        assert operation in boto3.client(service).meta.service_model.operation_names


@each_statement
def test_no_permission_is_wider_than_a_folder_a_table_a_topic_or_a_function(statement: dict[str, Node]) -> None:
    resources = [next(iter(resource.values())) for resource in listed(statement["Resource"])]

    assert resources
    assert all(NARROW.fullmatch(resource) for resource in resources)


def granted(function: str) -> dict[str, set[str]]:
    """What a function's own policies let it do, and with what."""
    allowed: dict[str, set[str]] = {}
    for statement in (statement for name, statement in STATEMENTS if name == function):
        for action in listed(statement["Action"]):
            resources = {next(iter(resource.values())) for resource in listed(statement["Resource"])}
            allowed[action] = allowed.get(action, set()) | resources
    return allowed


def test_the_pipeline_reads_sources_and_writes_only_where_results_go() -> None:
    sources, results = (
        f"${{Bucket.Arn}}/{Settings.model_fields[field].default}*" for field in ("sources_prefix", "results_prefix")
    )

    assert granted("PipelineFunction") == {
        "s3:GetObject": {sources, results},
        "s3:PutObject": {results},
        "s3:ListBucket": {"Bucket.Arn"},
    }


def test_the_tour_writes_its_own_documents_and_invokes_one_alias() -> None:
    results = Settings.model_fields["results_prefix"].default

    assert granted("TourFunction") == {
        "s3:PutObject": {f"${{Bucket.Arn}}/{results}tour/*"},
        "lambda:InvokeFunction": {"GreetingFunction.Alias"},
    }


def test_the_greeting_is_a_plain_function_that_may_do_nothing() -> None:
    assert "GreetingFunction" not in DURABLE
    assert granted("GreetingFunction") == {}


def test_the_tour_outlasts_its_callback() -> None:
    assert DURABLE["TourFunction"]["DurableConfig"]["ExecutionTimeout"] > CALLBACK.timeout_seconds


def test_the_cart_reminder_keeps_and_looks_up_carts_and_publishes() -> None:
    assert granted("CartReminderFunction") == {
        "dynamodb:GetItem": {"CartsTable.Arn"},
        "dynamodb:UpdateItem": {"CartsTable.Arn"},
        "sns:Publish": {"RemindersTopic"},
    }


def test_the_checkout_may_close_carts_and_nothing_else() -> None:
    assert "CheckoutFunction" not in DURABLE
    assert granted("CheckoutFunction") == {
        "dynamodb:GetItem": {"CartsTable.Arn"},
        "dynamodb:UpdateItem": {"CartsTable.Arn"},
    }


def test_the_analyst_asks_one_model_reads_what_is_stored_and_writes_to_one_recipient() -> None:
    own = [f"${{Bucket.Arn}}/{Settings.model_fields['results_prefix'].default}{name}/*" for name in FOLDERS]
    (sending,) = (each for name, each in STATEMENTS if name == "AnalystFunction" and each["Action"] == "ses:SendEmail")
    listing = next(each for name, each in STATEMENTS if name == "AnalystFunction" and each["Action"] == "s3:ListBucket")

    assert granted("AnalystFunction") == {
        "bedrock:InvokeModel": {"arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${AnalystModel}"},
        "s3:GetObject": {own[0], own[1]},
        "s3:PutObject": {own[1], own[2]},
        "s3:ListBucket": {"Bucket.Arn"},
        "ses:SendEmail": {"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${ReportSender}"},
    }
    assert sending["Condition"] == {"ForAllValues:StringEquals": {"ses:Recipients": [{"Ref": "ReportRecipient"}]}}
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "pipeline/documents/*"}}


def test_the_analyst_outlasts_its_callback_and_its_documents_outlast_it() -> None:
    durable = DURABLE["AnalystFunction"]["DurableConfig"]
    rules = TEMPLATE["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (kept,) = (rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "pipeline/analyst/")

    assert durable["ExecutionTimeout"] > HOURS_TO_ANSWER * 3_600
    assert kept * 86_400 > durable["ExecutionTimeout"] + durable["RetentionPeriodInDays"] * 86_400


def test_the_fulfilment_reads_one_secret_keeps_stock_and_approvals_and_publishes() -> None:
    assert granted("FulfilmentFunction") == {
        "secretsmanager:GetSecretValue": {"PaymentsSecret"},
        "dynamodb:GetItem": {"InventoryTable.Arn", "ApprovalsTable.Arn"},
        "dynamodb:PutItem": {"InventoryTable.Arn", "ApprovalsTable.Arn"},
        "dynamodb:UpdateItem": {"InventoryTable.Arn"},
        "sns:Publish": {"RemindersTopic"},
    }


def test_the_fulfilment_outlasts_its_review_and_the_last_attempts_to_undo_it() -> None:
    seconds = DURABLE["FulfilmentFunction"]["DurableConfig"]["ExecutionTimeout"]

    assert seconds > REVIEW.timeout_seconds + 3 * FOR_A_DAY.max_attempts * FOR_A_DAY.max_delay.to_seconds()


def test_the_approvals_are_a_plain_function_that_may_answer_the_callbacks_of_the_fulfilment_alone() -> None:
    assert "ApprovalsFunction" not in DURABLE
    assert granted("ApprovalsFunction") == {
        "dynamodb:GetItem": {"ApprovalsTable.Arn"},
        "dynamodb:UpdateItem": {"ApprovalsTable.Arn"},
        "lambda:SendDurableExecutionCallbackSuccess": {"${FulfilmentFunction.Arn}:*"},
    }


def test_who_decides_on_an_order_has_signed_the_request() -> None:
    decided = FUNCTIONS["ApprovalsFunction"]["Events"]["Decided"]["Properties"]

    assert (decided["ApiId"], decided["Path"]) == ({"Ref": "EventsApi"}, "/approvals/{approval_id}")


def test_callback_ids_are_forgotten_with_their_approvals() -> None:
    table = TEMPLATE["Resources"]["ApprovalsTable"]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert "PointInTimeRecoverySpecification" not in table


def test_the_starter_may_invoke_the_aliases_of_what_it_starts_and_nothing_else() -> None:
    started = {
        variables(function)[f"{PREFIX}{beginning.workflow}_function".upper().replace("-", "_")].split(":")[-2]
        for function in [FUNCTIONS["StarterFunction"]]
        for beginning in BEGINNINGS.values()
    }

    assert "StarterFunction" not in DURABLE
    assert started <= set(DURABLE)
    assert granted("StarterFunction") == {"lambda:InvokeFunction": {f"{name}.Alias" for name in started}}


def test_the_starter_takes_every_event_that_begins_something_and_signed_requests_alone() -> None:
    events = FUNCTIONS["StarterFunction"]["Events"]
    auth = TEMPLATE["Resources"]["EventsApi"]["Properties"]["Auth"]

    assert set(events["Happened"]["Properties"]["Pattern"]["detail-type"]) == set(BEGINNINGS)
    assert events["Posted"]["Properties"]["Path"] == "/events/{kind}"
    assert (auth["EnableIamAuthorizer"], auth["DefaultAuthorizer"]) == (True, "AWS_IAM")


def test_a_message_that_fails_comes_again_alone_and_in_the_end_is_put_aside() -> None:
    queue = TEMPLATE["Resources"]["EventsQueue"]["Properties"]
    starter = FUNCTIONS["StarterFunction"]

    assert starter["Events"]["Queued"]["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["VisibilityTimeout"] >= 6 * starter["Timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"GetAtt": "DeadLetters.Arn"}


def test_a_reminder_may_wait_as_long_as_an_event_may_say() -> None:
    durable = DURABLE["CartReminderFunction"]["DurableConfig"]

    assert durable["ExecutionTimeout"] > LONGEST_WAIT_SECONDS


def test_carts_are_kept_under_their_ids_and_outlive_the_stack() -> None:
    table = TEMPLATE["Resources"]["CartsTable"]

    assert table["DeletionPolicy"] == "Retain"
    assert table["Properties"]["KeySchema"] == [{"AttributeName": "cart_id", "KeyType": "HASH"}]


def test_the_topic_drops_a_reminder_whose_key_it_has_seen() -> None:
    topic = TEMPLATE["Resources"]["RemindersTopic"]["Properties"]

    assert topic["FifoTopic"] is True
    assert topic["TopicName"]["Sub"].endswith(".fifo")


def test_the_pipeline_may_invoke_itself_by_a_qualified_name_and_nobody_else() -> None:
    (policy,) = (each["Properties"] for each in TEMPLATE["Resources"].values() if each["Type"] == "AWS::IAM::Policy")
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert policy["Roles"] == [{"Ref": "PipelineFunctionRole"}]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == {"Sub": "${PipelineFunction.Arn}:*"}


def test_staged_rows_expire_and_results_do_not() -> None:
    rules = TEMPLATE["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    expiring = [rule.get("Prefix") for rule in rules if "ExpirationInDays" in rule]

    results = Settings.model_fields["results_prefix"].default
    assert expiring == [f"{results}staged/", f"{results}analyst/"]


def test_a_function_is_named_with_its_alias_in_the_outputs() -> None:
    named = {output["Value"].get("Ref") for output in TEMPLATE["Outputs"].values()}

    assert not named & set(DURABLE)
    assert {f"{name}.Alias" for name in DURABLE} <= named


def test_the_code_is_what_a_function_needs_and_nothing_else() -> None:
    artifact = ROOT / SHARED["CodeUri"]

    links = {path.name: path.resolve() for path in artifact.iterdir() if path.name != BUILT}

    assert links == {name: ROOT / name for name in ("app", "data", "durable", "requirements.txt")}
