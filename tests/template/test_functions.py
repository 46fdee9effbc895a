"""The functions: durable where they should be, within the service's limits, and made of this code."""

from importlib import import_module

from app.domain.carts import LONGEST_WAIT_SECONDS
from app.workflows.analyst import HOURS_TO_ANSWER
from app.workflows.fulfilment import FOR_A_DAY, REVIEW
from app.workflows.tour import CALLBACK
from tests.template.document import ROOT, Template

DURABLE = {"AnalystFunction", "CartReminderFunction", "FulfilmentFunction", "PipelineFunction", "TourFunction"}
SUPPORTED = {"python3.13", "python3.14"}
"""Runtimes with durable execution."""
LONGEST_EXECUTION, LONGEST_INVOCATION = 31_622_400, 900
"""Seconds: 366 days, and a quarter of an hour."""
LONGEST_RETENTION = 90
"""Days."""
A_DAY = 86_400
CODE = ("app", "data", "durable", "requirements.txt")
BUILT = "knowledge.sqlite"
"""By make knowledge."""


def test_five_functions_are_durable(template: Template) -> None:
    assert set(template.durable) == DURABLE


def test_every_function_is_called_by_an_alias_that_follows_every_change(template: Template) -> None:
    followed = {
        name: (each.get("AutoPublishAlias"), each.get("AutoPublishAliasAllProperties"))
        for name, each in template.functions.items()
    }

    assert set(followed.values()) == {("live", True)}, followed


def test_a_changed_parameter_can_be_published_though_a_value_alone_is_not(template: Template) -> None:
    marks = [each.get("Tags", {}).get("configuration") for each in template.functions.values()]

    assert all(isinstance(each, str) and each == marks[0] for each in marks), marks  # a text, and no intrinsic function


def test_versions_outlive_a_deployment_for_the_executions_that_began_on_them(template: Template) -> None:
    policies = {each.get("VersionDeletionPolicy", "Retain") for each in template.functions.values()}

    assert policies == {"Retain"}


def test_times_are_within_the_limits_of_the_service(template: Template) -> None:
    for each in template.functions.values():
        assert 1 <= each["Timeout"] <= LONGEST_INVOCATION
    for each in template.durable.values():
        assert each["Timeout"] <= each["DurableConfig"]["ExecutionTimeout"] <= LONGEST_EXECUTION
        assert 1 <= each["DurableConfig"]["RetentionPeriodInDays"] <= LONGEST_RETENTION


def test_the_runtime_has_durable_execution(template: Template) -> None:
    assert {each["Runtime"] for each in template.functions.values()} <= SUPPORTED


def test_every_handler_is_in_the_application_and_no_two_functions_have_the_same(template: Template) -> None:
    handlers = [each["Handler"].rpartition(".") for each in template.functions.values()]
    there = {path.stem for path in (ROOT / "app/entrypoints").glob("*.py")}

    known = [module for module, _, name in handlers if module.rpartition(".")[2] in there and name == "handler"]
    assert sorted({module for module, _, _ in handlers}) == sorted(known)
    assert all(callable(import_module(module).handler) for module in known)


def test_every_entrypoint_is_a_function_of_a_first_use(template: Template) -> None:
    there = {path.stem for path in (ROOT / "app/entrypoints").glob("[a-z]*.py")}
    first = Template(template.document)

    assert {each["Handler"].split(".")[2] for each in first.functions.values()} == there


def test_executions_outlast_what_they_may_wait_for(template: Template) -> None:
    seconds = {name: each["DurableConfig"]["ExecutionTimeout"] for name, each in template.durable.items()}

    assert seconds["TourFunction"] > CALLBACK.timeout_seconds
    assert seconds["CartReminderFunction"] > LONGEST_WAIT_SECONDS
    assert seconds["AnalystFunction"] > HOURS_TO_ANSWER * 3_600
    undone = 3 * FOR_A_DAY.max_attempts * FOR_A_DAY.max_delay.to_seconds()
    assert seconds["FulfilmentFunction"] > REVIEW.timeout_seconds + undone


def test_the_event_of_an_execution_that_fails_is_put_aside(template: Template) -> None:
    queues = {name: each.get("DeadLetterQueue") for name, each in template.durable.items()}

    assert set(map(str, queues.values())) == {str({"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}})}


def test_sandboxes_stand_ready_where_that_is_asked_for_and_paid_for(template: Template) -> None:
    ready = {name for name, each in template.functions.items() if "ProvisionedConcurrencyConfig" in each}

    assert ready == (DURABLE if "ProvisionedConcurrency" in template.given else set())


def test_tracing_is_what_the_parameter_says(template: Template) -> None:
    modes = {template.text(each["Tracing"]) for each in template.functions.values()}
    told = {template.variables(name)["APP_TRACING"] for name in template.functions}

    assert (modes, told) == (({"Active"}, {"true"}) if "Tracing" in template.given else ({"Disabled"}, {"false"}))


def test_every_function_logs_json_into_a_group_of_the_stack(template: Template) -> None:
    logging = {name: each["LoggingConfig"] for name, each in template.functions.items()}
    groups = set(template.of_type("AWS::Logs::LogGroup")) - {"ApiLogs"}

    assert {each["LogFormat"] for each in logging.values()} == {"JSON"}
    assert {each["LogGroup"]["Ref"] for each in logging.values()} == groups


def test_the_code_is_what_a_function_needs_and_nothing_else(template: Template) -> None:
    folders = {ROOT / each["CodeUri"] for each in template.functions.values()}

    there = {path for folder in folders for path in folder.iterdir() if path.name != BUILT}

    assert len(folders) == 1
    assert {path.name: path.resolve() for path in there} == {name: ROOT / name for name in CODE}
