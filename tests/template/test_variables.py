"""The environment: what the settings know, nothing that they lack, and of each what fits."""

import pytest

from app.settings import PREFIX, Settings
from tests.template.document import EVERYTHING, FIRST_USE, Template

HERE_ALONE = {
    "storage_root": "documents lie in the bucket",
    "source_root": "the sample customers lie in the artifact, where its default looks",
    "database": "what it would hold lies in tables",
    "first_stock": "the stock lies in a table, which make seed fills",
    "readiness": "the tour's sample is always ready",
    "remind_after_seconds": "a day, unless the event says otherwise",
    "sources_prefix": "the permissions name the default",
    "results_prefix": "the permissions name the default",
    "senior_above": "a rule of the business; its default is what the parameter's description says",
    "reply_tokens": "a limit with a default",
    "model_calls": "a limit with a default",
    "tokens": "a limit with a default",
    "operations": "a limit with a default",
    "reserve_percent": "a limit with a default",
    "page_rows": "a limit with a default",
    "page_bytes": "a limit with a default",
    "batch_pages": "a limit with a default",
    "inline_bytes": "a limit with a default",
    "concurrency": "a limit with a default",
}
"""Settings that the template leaves alone, with the reason."""
EXPECTED = {
    "first use": {
        "PipelineFunction": {"customers": "function"},
        "FulfilmentFunction": {"payments": "function", "shipping": "function"},
        "AnalystFunction": {"chat_model": "bedrock", "reports": "documents"},
        "SamplePaymentsFunction": {"ledger": "dynamodb"},
        "SampleShippingFunction": {"ledger": "dynamodb"},
    },
    "everything": {
        "PipelineFunction": {"customers": "api"},
        "FulfilmentFunction": {"payments": "http", "shipping": "http"},
        "AnalystFunction": {"chat_model": "bedrock", "reports": "ses"},
    },
}
BOTH = {
    "CartReminderFunction": {"carts": "dynamodb", "notifier": "sns"},
    "CheckoutFunction": {"carts": "dynamodb"},
    "FulfilmentFunction": {"inventory": "dynamodb", "approvals": "dynamodb", "notifier": "sns"},
    "ApprovalsFunction": {"approvals": "dynamodb"},
}


def settings_of(template: Template, function: str) -> Settings:
    """What a function reads from its environment; empty variables count as unset."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in template.variables(function).items():
            environment.setenv(name, value)
        return Settings()


def test_every_variable_is_a_setting(template: Template) -> None:
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    given = {name for function in template.functions for name in template.variables(function)}

    assert given - known == set()


def test_every_setting_has_a_variable_or_a_reason_to_have_none(template: Template) -> None:
    given = {
        name
        for deployment in (FIRST_USE, EVERYTHING)
        for deployed in [Template(template.document, deployment)]
        for function in deployed.functions
        for name in deployed.variables(function)
    }

    unset = {name for name in Settings.model_fields if f"{PREFIX}{name}".upper() not in given}

    assert unset == set(HERE_ALONE)


def test_nothing_on_the_disk_of_a_sandbox_is_relied_on(template: Template) -> None:
    chosen = {name: settings_of(template, name) for name in template.functions}
    deployment = "first use" if "CustomersUrl" not in template.given else "everything"

    assert {(each.storage, each.bucket) for each in chosen.values()} == {("s3", template.text({"Ref": "Bucket"}))}
    for expected in (BOTH, EXPECTED[deployment]):
        for function, choices in expected.items():
            assert {name: getattr(chosen[function], name) for name in choices} == choices


def test_prefixes_are_those_that_the_permissions_name(template: Template) -> None:
    folders = {
        each.resource.split(":::")[1].split("/")[1]
        for name in template.functions
        for each in template.permissions(name)
        if each.action in {"s3:GetObject", "s3:PutObject"}
    }
    named = {str(Settings.model_fields[name].default).rstrip("/") for name in ("sources_prefix", "results_prefix")}

    assert folders == named


def test_a_function_is_named_with_its_alias(template: Template) -> None:
    named = {
        value
        for function in template.functions
        for name, value in template.variables(function).items()
        if name.endswith("_FUNCTION") and value
    }

    assert named == {each for each in named if each.endswith(":live")}
