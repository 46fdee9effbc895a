"""The fulfilment as it is on this machine, and as it is deployed."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.technologies.aws import aws_client
from durable_local.hosts.loading import Handler, Loader, cold
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner, assert_replay_safe
from tests.app.conftest import CREDENTIALS
from tests.app.entrypoints.conftest import ROOT
from tests.app.workflows.shops import APPROVE, REJECT, REVIEW
from tests.fakes.providers import Provider, payment_provider, serving, shipping_provider

HANDLER = "app.entrypoints.fulfilment.handler"
ORDER = json.loads((ROOT / "events" / "fulfilment.json").read_text())


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, results: Path, modules: None) -> Path:
    """Where the application, imported after this, keeps its ledgers."""
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))
    monkeypatch.setenv("APP_FIRST_STOCK", str(ROOT / "data" / "stock.csv"))
    return tmp_path / "app.sqlite"


def run(answer: object, loader: Loader | None = None) -> DurableFunctionTestResult:
    """The sample order, resumed by a new sandbox once the fraud review has answered."""
    with DurableFunctionTestRunner(loader=loader or cold(HANDLER)) as runner:
        arn = runner.run_async(ORDER, "first")
        runner.send_callback_success(runner.wait_for_callback(arn, REVIEW), answer)
        return runner.wait_for_result(arn)


def rows(ledger: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(ledger)) as database:
        return list(database.execute(query))


def test_the_sample_order_is_fulfilled(ledger: Path, results: Path) -> None:
    result = run(APPROVE)

    assert result.result["outcome"] == "fulfilled"
    assert rows(ledger, "SELECT key, amount, refunded FROM charges") == [("order-o-1001", "77.05", 0)]
    assert rows(ledger, "SELECT confirmed FROM parcels") == [(1,)]
    assert sorted(path.name for path in (results / "notices").iterdir()) == [
        "outcome-order-o-1001.json",
        "review-order-o-1001.json",
    ]


@pytest.mark.usefixtures("results")
def test_it_resumes_in_a_new_sandbox_wherever_it_crashes(ledger: Path) -> None:
    assert_replay_safe(
        HANDLER,
        ORDER,
        effects=lambda: ledger.exists() and rows(ledger, "SELECT * FROM charges JOIN reservations USING (key)"),
        callbacks={REVIEW: APPROVE},
        most=3,
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What the stack has in AWS, and the providers that it asks."""

    dynamodb: Any
    payments: Provider
    shipping: Provider
    table: str
    containers: list[Any] = field(default_factory=list)

    def run(self, answer: object) -> DurableFunctionTestResult:
        """The sample order, in sandboxes whose connections are closed in the end."""
        load = cold(HANDLER)

        def sandbox() -> Handler:
            handler = load()
            self.containers.append(sys.modules["app.entrypoints.fulfilment"].container)
            return handler

        return run(answer, sandbox)

    def close(self) -> None:
        for container in self.containers:
            for client in (container.http, container.dynamodb, container.sns, container.secrets_manager):
                client().close()

    def available(self, sku: str) -> int:
        item = self.dynamodb.get_item(TableName=self.table, Key={"id": {"S": f"stock#{sku}"}})["Item"]
        return int(item["available"]["N"])


@pytest.fixture
def account(
    monkeypatch: pytest.MonkeyPatch, aws: str, dynamodb: Any, sns: Any, results: Path, modules: None
) -> Iterator[Account]:
    """The application, imported after this, as it is deployed."""
    name, payments, shipping = uuid4().hex, payment_provider(), shipping_provider()
    for table, key in ((f"inventory-{name}", "id"), (f"approvals-{name}", "approval_id")):
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
    for line in ORDER["lines"]:
        item = {"id": {"S": f"stock#{line['sku']}"}, "available": {"N": "9"}}
        dynamodb.put_item(TableName=f"inventory-{name}", Item=item)
    secrets = aws_client("secretsmanager", endpoint_url=aws, **CREDENTIALS)
    with ExitStack() as servers:
        for variable, value in {
            "APP_PAYMENTS_URL": servers.enter_context(serving(payments)),
            "APP_PAYMENTS_SECRET": secrets.create_secret(Name=name, SecretString="s3cret")["ARN"],
            "APP_SHIPPING_URL": servers.enter_context(serving(shipping)),
            "APP_INVENTORY_TABLE": f"inventory-{name}",
            "APP_APPROVALS_TABLE": f"approvals-{name}",
            "APP_REMINDERS_TOPIC": sns.create_topic(Name=f"{name}.fifo", Attributes={"FifoTopic": "true"})["TopicArn"],
            "AWS_ENDPOINT_URL": aws,
        }.items():
            monkeypatch.setenv(variable, value)
        account = Account(dynamodb, payments, shipping, f"inventory-{name}")
        yield account
        account.close()
    secrets.close()


def test_deployed_it_asks_the_providers_and_keeps_the_stock_in_dynamodb(account: Account) -> None:
    result = account.run(APPROVE)

    assert result.result["outcome"] == "fulfilled"
    assert result.result["tracking_id"] == "track-order-o-1001"
    assert [asked.path for asked in account.payments.asked] == ["/charges"]
    assert [asked.path for asked in account.shipping.asked] == ["/shipments", "/confirmations"]
    assert account.available("tea-01") == 8


def test_deployed_a_rejected_order_leaves_nothing(account: Account) -> None:
    result = account.run(REJECT)

    assert result.result["outcome"] == "rejected"
    assert [asked.path for asked in account.payments.asked] == ["/charges", "/refunds"]
    assert account.shipping.asked == []
    assert account.available("tea-01") == 9


def test_the_providers_credential_is_in_its_requests_and_nowhere_else(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    account.payments.lost.append("/charges")

    result = account.run(REJECT)

    logged = [vars(record) for record in caplog.records]
    assert {asked.authorization for asked in account.payments.asked} == {"Bearer s3cret"}
    assert "Order ended" in str(logged)
    assert "s3cret" not in f"{result.history} {result.result} {logged}"
