import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from decimal import Decimal
from pathlib import Path

import pytest
from dependency_injector import providers
from pydantic import HttpUrl

import app
import app.adapters.data_types
import app.adapters.tools
from app.adapters.approvals.dynamodb import DynamoApprovals
from app.adapters.approvals.sqlite import SqliteApprovals
from app.adapters.carts.dynamodb import DynamoCarts
from app.adapters.carts.sqlite import SqliteCarts
from app.adapters.chat_model.bedrock import BedrockChatModel
from app.adapters.chat_model.scripted import ScriptedChatModel
from app.adapters.inventory.dynamodb import DynamoInventory
from app.adapters.inventory.sqlite import SqliteInventory
from app.adapters.metrics.powertools import PowertoolsMetrics
from app.adapters.metrics.silent import SilentMetrics
from app.adapters.notifier.documents import DocumentNotifier
from app.adapters.notifier.sns import SnsNotifier
from app.adapters.payments.dynamodb import DynamoPayments
from app.adapters.payments.http import HttpPayments
from app.adapters.payments.ledger import LedgerPayments
from app.adapters.reports.document import DocumentReports
from app.adapters.reports.ses import SesReports
from app.adapters.shipping.dynamodb import DynamoShipping
from app.adapters.shipping.http import HttpShipping
from app.adapters.shipping.ledger import LedgerShipping
from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage
from app.adapters.tracer.powertools import PowertoolsTracer
from app.adapters.tracer.silent import SilentTracer
from app.container import Container, build_container
from app.domain.fulfilment import Reviewers
from app.domain.starting import BEGINNINGS
from app.ports.data_source import SourceError
from app.settings import Settings

S3 = Settings(
    storage="s3",
    bucket="bucket",
    customers_url=HttpUrl("https://shop.example/customers"),
    carts_table="carts",
    reminders_topic="arn:aws:sns:us-east-1:123456789012:reminders.fifo",
    payments_url=HttpUrl("https://payments.example"),
    payments_secret="payments",
    shipping_url=HttpUrl("https://shipping.example"),
    inventory_table="inventory",
    approvals_table="approvals",
    bedrock_model="eu.example.model-v1:0",
    report_sender="reports@example.com",
    report_recipient="chief@example.com",
)
SAMPLES = Settings(
    storage="s3",
    bucket="bucket",
    customers_function="SampleCustomers:live",
    payments_function="SamplePayments:live",
    shipping_function="SampleShipping:live",
    ledger_table="ledger",
)
EVERY_SETTING = [Settings(), Settings(storage="memory"), S3, SAMPLES]


@pytest.fixture(params=EVERY_SETTING, ids=lambda settings: str(settings.storage))
def container(request: pytest.FixtureRequest) -> Iterator[Container]:
    container = build_container(request.param)
    yield container
    aws = (container.s3, container.dynamodb, container.sns, container.lambda_api, container.secrets_manager)
    for client in (container.http, container.customers_client, container.bedrock, container.ses, *aws):
        client().close()


def test_every_provider_resolves(container: Container) -> None:
    for name, provider in container.providers.items():
        assert provider() is not None, name


def test_every_module_of_a_data_type_is_wired_under_its_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(app.adapters.data_types.__path__) if not module.ispkg}

    unwired = modules.difference(Container.data_types.kwargs)

    assert not unwired, f"No line in app/container.py for the data types {sorted(unwired)}"


@pytest.mark.parametrize(
    ("settings", "kind"),
    list(zip(EVERY_SETTING, [FilesystemStorage, MemoryStorage, S3Storage, S3Storage], strict=True)),
)
def test_settings_choose_the_storage(settings: Settings, kind: type[object]) -> None:
    container = build_container(settings)

    assert isinstance(container.storage(), kind)


@pytest.mark.parametrize(
    ("settings", "kinds"), [(Settings(), (SqliteCarts, DocumentNotifier)), (S3, (DynamoCarts, SnsNotifier))]
)
def test_settings_choose_where_carts_are_kept_and_who_tells_customers(
    settings: Settings, kinds: tuple[type[object], type[object]]
) -> None:
    container = build_container(settings)

    assert (type(container.carts()), type(container.notifier())) == kinds
    container.dynamodb().close()
    container.sns().close()


def test_settings_choose_who_takes_money_and_ships_and_where_stock_and_approvals_are_kept() -> None:
    here, deployed = build_container(Settings()), build_container(S3)

    assert [type(port()) for port in (here.payments, here.inventory, here.shipping, here.approvals)] == [
        LedgerPayments,
        SqliteInventory,
        LedgerShipping,
        SqliteApprovals,
    ]
    assert [
        type(port()) for port in (deployed.payments, deployed.inventory, deployed.shipping, deployed.approvals)
    ] == [
        HttpPayments,
        DynamoInventory,
        HttpShipping,
        DynamoApprovals,
    ]
    deployed.dynamodb().close()


def test_functions_that_stand_for_providers_are_spoken_to_as_those_are_and_keep_their_ledgers_in_a_table() -> None:
    container = build_container(SAMPLES)

    assert (type(container.payments()), type(container.shipping())) == (HttpPayments, HttpShipping)
    assert type(container.payments_api().payments) is DynamoPayments
    assert type(container.shipping_api().shipping) is DynamoShipping
    container.dynamodb().close()


def test_where_nobody_tells_of_customers_that_is_said_when_they_are_asked_for() -> None:
    container = build_container(Settings(storage="s3", bucket="bucket"))

    with pytest.raises(SourceError, match="Neither APP_CUSTOMERS_URL nor APP_CUSTOMERS_FUNCTION is set"):
        next(iter(container.data_types()["customers"].source.fetch()))
    container.s3().close()
    container.http().close()


def test_settings_choose_whom_the_analyst_asks_and_how_its_reports_go_out() -> None:
    here, deployed = build_container(Settings()), build_container(S3)

    assert [type(port()) for port in (here.chat_model, here.reports)] == [ScriptedChatModel, DocumentReports]
    assert [type(port()) for port in (deployed.chat_model, deployed.reports)] == [BedrockChatModel, SesReports]
    deployed.bedrock().close()
    deployed.ses().close()


def test_settings_choose_who_counts_and_who_traces() -> None:
    here, deployed = build_container(Settings()), build_container(Settings(metrics_namespace="Shop", tracing=True))

    assert [type(port()) for port in (here.metrics, here.tracer)] == [SilentMetrics, SilentTracer]
    assert [type(port()) for port in (deployed.metrics, deployed.tracer)] == [PowertoolsMetrics, PowertoolsTracer]


def test_every_module_of_a_tool_is_in_the_analysts_hands() -> None:
    modules = {module.name for module in pkgutil.iter_modules(app.adapters.tools.__path__)}
    tools = build_container(Settings()).analyst_workflow().tools

    assert {type(tool).__module__.rpartition(".")[2] for tool in tools} == modules


def test_reviewers_come_from_the_settings() -> None:
    settings = Settings(reviewers=frozenset({"rita"}), senior_reviewers=frozenset({"sven"}))

    reviewers = build_container(settings).approving().reviewers

    assert reviewers == Reviewers(frozenset({"rita"}), frozenset({"sven"}), Decimal("1000.00"))


def test_every_workflow_that_an_event_begins_has_a_function() -> None:
    begun = {beginning.workflow for beginning in BEGINNINGS.values()}

    assert begun == set(Container.starter.kwargs["functions"].kwargs)


def test_results_and_source_documents_lie_apart() -> None:
    container = build_container(S3)

    assert container.storage().locate("orders.jsonl") == "s3://bucket/pipeline/orders.jsonl"
    assert container.documents().locate("orders.jsonl") == "s3://bucket/sources/orders.jsonl"
    container.s3().close()


def test_the_customers_api_of_the_settings_is_asked_where_there_is_one() -> None:
    assert build_container(S3).customers_address()() == "https://shop.example/customers"


def test_workflows_are_new_for_every_invocation(container: Container) -> None:
    workflows = {
        name: provider
        for name, provider in container.providers.items()
        if isinstance(provider, providers.Factory) and name.endswith("_workflow")
    }

    assert [name for name in container.providers if name.endswith("_workflow")] == list(workflows)
    assert all(provider() is not provider() for provider in workflows.values())


def test_two_workflows_share_nothing_but_ports(container: Container) -> None:
    first, second = container.pipeline_workflow(), container.pipeline_workflow()

    shared = {field.name for field in fields(first) if getattr(first, field.name) is getattr(second, field.name)}

    assert shared <= {"storage"}
    assert first.data_types is not second.data_types


@pytest.mark.parametrize("name", [name for name in Container.providers if name.endswith("_workflow")])
def test_workflows_cannot_be_assigned_to(name: str) -> None:
    workflow = build_container(Settings(storage="memory")).providers[name]()

    with pytest.raises(FrozenInstanceError):
        setattr(workflow, fields(workflow)[0].name, None)
    assert not hasattr(workflow, "__dict__")


def test_building_the_container_imports_no_aws_client() -> None:
    script = "import sys, app.container; app.container.build_container(); sys.exit('boto3' in sys.modules)"

    subprocess.run([sys.executable, "-c", script], cwd=Path(app.__path__[0]).parent, check=True)
