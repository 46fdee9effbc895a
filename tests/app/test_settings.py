from pathlib import Path

import pytest

from app.domain.limits import Limits
from app.settings import Settings, SettingsError, load_settings

S3 = {"APP_STORAGE": "s3", "APP_BUCKET": "bucket", "APP_CUSTOMERS_URL": "https://shop.example/customers"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"APP_{name.upper()}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_without_an_environment_the_application_runs_on_this_machine() -> None:
    settings = load_settings()

    assert (settings.storage, settings.customers) == ("filesystem", "sample")
    assert (settings.carts, settings.notifier, settings.database) == (
        "sqlite",
        "documents",
        Path(".durable/app.sqlite"),
    )
    assert settings.storage_root == Path(".durable/storage")
    assert settings.source_root == Path("data")


def test_the_default_limits_are_the_domains_own() -> None:
    settings = load_settings()

    assert Limits() == Limits(
        settings.operations,
        settings.reserve_percent,
        settings.page_rows,
        settings.page_bytes,
        settings.batch_pages,
        settings.inline_bytes,
        settings.concurrency,
    )


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **S3, APP_PAGE_ROWS="50")

    settings = load_settings()

    assert (settings.storage, settings.bucket, settings.page_rows) == ("s3", "bucket", 50)
    assert (settings.sources_prefix, settings.results_prefix) == ("sources/", "pipeline/")
    assert settings.customers == "api"


def test_a_table_and_a_topic_take_the_place_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_CARTS_TABLE="carts", APP_REMINDERS_TOPIC="arn:aws:sns:us-east-1:123456789012:r.fifo")

    settings = load_settings()

    assert (settings.carts, settings.notifier) == ("dynamodb", "sns")


def test_a_day_passes_before_a_reminder() -> None:
    assert load_settings().remind_after_seconds == 86_400


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("APP_STORAGE", "floppy"),
        ("APP_CUSTOMERS_URL", "not a url"),
        ("APP_CUSTOMERS_URL", "ftp://shop.example"),
        ("APP_CUSTOMERS_FUNCTION", "unqualified"),
        ("APP_PAYMENTS_FUNCTION", "unqualified"),
        ("APP_SHIPPING_FUNCTION", "unqualified"),
        ("APP_RESULTS_PREFIX", "../elsewhere/"),
        ("APP_SOURCES_PREFIX", "no-slash-at-the-end"),
        ("APP_OPERATIONS", "3001"),
        ("APP_OPERATIONS", "many"),
        ("APP_RESERVE_PERCENT", "-1"),
        ("APP_PAGE_ROWS", "0"),
        ("APP_PAGE_BYTES", "1.5"),
        ("APP_BATCH_PAGES", "0"),
        ("APP_INLINE_BYTES", "1000000"),
        ("APP_CONCURRENCY", "0"),
        ("APP_PAYMENTS_URL", "teacup"),
        ("APP_SHIPPING_URL", "ftp://shipping.example"),
        ("APP_SENIOR_ABOVE", "-1"),
        ("APP_REMIND_AFTER_SECONDS", "0"),
        ("APP_REMIND_AFTER_SECONDS", "2592001"),
        ("APP_CART_REMINDER_FUNCTION", "CartReminderFunction"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    given(monkeypatch, **{variable: value})

    with pytest.raises(SettingsError, match=f"^{variable}: "):
        load_settings()


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_PAGE_ROWS="0", APP_CONCURRENCY="none")

    with pytest.raises(SettingsError, match=r"APP_PAGE_ROWS: .*; APP_CONCURRENCY: "):
        load_settings()


@pytest.mark.parametrize("empty", [True, False])
def test_s3_needs_a_bucket(monkeypatch: pytest.MonkeyPatch, *, empty: bool) -> None:
    given(monkeypatch, **S3)
    if empty:
        given(monkeypatch, APP_BUCKET="")
    else:
        monkeypatch.delenv("APP_BUCKET")

    with pytest.raises(SettingsError, match=r"^APP_BUCKET is not set"):
        load_settings()


@pytest.mark.parametrize(
    ("variables", "chosen"),
    [
        ({"APP_CUSTOMERS_FUNCTION": "Sample:live"}, "function"),
        ({"APP_CUSTOMERS_FUNCTION": "Sample:live", "APP_CUSTOMERS_URL": "https://shop.example"}, "api"),
        ({"APP_STORAGE": "s3", "APP_BUCKET": "bucket"}, "nobody"),
        ({}, "sample"),
    ],
)
def test_customers_are_asked_for_where_the_settings_say_and_no_sample_is_taken_for_them(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], chosen: str
) -> None:
    given(monkeypatch, **variables)

    assert load_settings().customers == chosen


def test_functions_stand_for_providers_that_nobody_has_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_PAYMENTS_FUNCTION="Pay:live", APP_SHIPPING_FUNCTION="Ship:live", APP_LEDGER_TABLE="ledger")

    settings = load_settings()

    assert (settings.payments, settings.shipping, settings.ledger) == ("function", "function", "dynamodb")


@pytest.mark.parametrize(
    "name", ["GreetingFunction:live", "greeting:$LATEST", "arn:aws:lambda:eu-west-1:123456789012:function:greeting:7"]
)
def test_a_function_is_named_with_its_alias_or_version(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given(monkeypatch, APP_GREETING_FUNCTION=name)

    assert load_settings().greeting_function == name


@pytest.mark.parametrize("name", ["greeting", "arn:aws:lambda:eu-west-1:123456789012:function:greeting"])
def test_a_function_without_one_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given(monkeypatch, APP_GREETING_FUNCTION=name)

    with pytest.raises(SettingsError, match=r"^APP_GREETING_FUNCTION: "):
        load_settings()


def test_without_an_environment_orders_move_nobodys_money_and_nobody_may_decide_on_them() -> None:
    settings = load_settings()

    assert (settings.payments, settings.inventory, settings.shipping) == ("ledger", "sqlite", "ledger")
    assert settings.reviewers == settings.senior_reviewers == frozenset()


def test_reviewers_are_named_with_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_REVIEWERS="user/rita, user/sam,", APP_SENIOR_ABOVE="250.00")

    settings = load_settings()

    assert settings.reviewers == {"user/rita", "user/sam"}
    assert str(settings.senior_above) == "250.00"


def test_a_payment_provider_needs_a_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_PAYMENTS_URL="https://payments.example")

    with pytest.raises(SettingsError, match=r"^APP_PAYMENTS_SECRET is not set"):
        load_settings()


def test_without_an_environment_the_analyst_asks_no_model_and_mails_nobody() -> None:
    settings = load_settings()

    assert (settings.chat_model, settings.reports) == ("scripted", "documents")


def test_the_analyst_asks_the_model_and_mails_from_the_address_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        APP_BEDROCK_MODEL="eu.example.model-v1:0",
        APP_REPORT_SENDER="reports@example.com",
        APP_REPORT_RECIPIENT="chief@example.com",
    )

    settings = load_settings()

    assert (settings.chat_model, settings.reports) == ("bedrock", "ses")


def test_a_sender_of_reports_needs_a_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, APP_REPORT_SENDER="reports@example.com")

    with pytest.raises(SettingsError, match=r"^APP_REPORT_RECIPIENT is not set"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"), [("APP_MODEL_CALLS", "0"), ("APP_MODEL_CALLS", "101"), ("APP_TOKENS", "0")]
)
def test_a_budget_has_limits(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    given(monkeypatch, **{variable: value})

    with pytest.raises(SettingsError, match=f"^{variable}: "):
        load_settings()


def test_without_an_environment_nothing_is_counted_and_nothing_traced() -> None:
    settings = load_settings()

    assert (settings.metrics, settings.tracer) == ("silent", "silent")


def test_a_namespace_has_executions_counted_and_tracing_is_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_METRICS_NAMESPACE", "Shop/Test")
    monkeypatch.setenv("APP_TRACING", "true")

    settings = load_settings()

    assert (settings.metrics, settings.metrics_namespace, settings.tracer) == ("powertools", "Shop/Test", "powertools")


def test_a_namespace_that_cloudwatch_does_not_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_METRICS_NAMESPACE", "our shop")

    with pytest.raises(SettingsError, match=r"^APP_METRICS_NAMESPACE: "):
        load_settings()
