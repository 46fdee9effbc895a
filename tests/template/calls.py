"""What the functions of a deployment really call: every one is run on servers that behave like AWS."""

import json
import queue
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import boto3
import httpx
import pytest
from botocore.client import BaseClient
from dependency_injector import providers

from durable import DurableContext, durable_execution
from durable.model import Operation, OperationStatus
from durable_local import starting
from durable_local.clock import SystemClock
from durable_local.hosts.loading import Handler, load
from durable_local.testing import DurableFunctionTestRunner
from tests.durable_local.http.serving import PATIENCE, Served, serving
from tests.fakes import http_server
from tests.fakes.converse import conversing, message, tool_use
from tests.fakes.providers import payment_provider, shipping_provider
from tests.fakes.providers import serving as serving_provider
from tests.template.document import ACCOUNT, ROOT, Permission, Template
from tests.template.needs import needed

USED = ("dynamodb", "s3", "secretsmanager", "sesv2", "sns")
CUSTOMER = '[{"id": "c-1", "name": "Ada Lovelace", "email": "ada@example.com", "country": "SE"}]'
ORDER = json.loads((ROOT / "events/fulfilment.json").read_text())
BEGINNINGS = {
    "cart-added": {"cart_id": "c-1", "customer_id": "ada"},
    "order-placed": ORDER,
    "data-requested": {"run": "nightly", "event_contexts": ["orders"]},
    "tour-requested": {"run": "nightly"},
}
SCRIPT = (
    message(tool_use("execute_sql", "t1", statement="SELECT name FROM products LIMIT 3"), stop="tool_use"),
    message(tool_use("send_report_email", "t2", subject="Teas", text="Three"), stop="tool_use"),
    message({"text": "These three"}),
)


@durable_execution
def waiting_for_ever(event: Any, context: DurableContext) -> Any:
    return context.create_callback("never").result()


@dataclass(frozen=True)
class Account:
    """A deployment's functions, with their variables, on loopback; and what each has called."""

    template: Template
    servers: Mapping[str, str]
    """Where AWS is, and the providers, by the variable that says so."""
    served: Served
    open: ExitStack
    """Closes the connections that functions keep."""
    called: dict[str, set[Permission]] = field(default_factory=dict)
    containers: dict[str, Any] = field(default_factory=dict)

    def load(self, function: str, **variables: str) -> Handler:
        """A function's handler in a sandbox that has just begun, watched."""
        path = str(self.template.functions[function]["Handler"])
        module = path.rpartition(".")[0]
        before = sys.modules.pop(module, None)
        known = self.template.variables(function)
        told = {name: value for name, value in self.servers.items() if name.startswith("AWS") or name in known}
        with pytest.MonkeyPatch.context() as environment:
            for name, value in (known | told | variables).items():
                environment.setenv(name, value)
            handler = load(path)
            container = vars(sys.modules.pop(module)).get("container")
            self.containers[function] = container
            for client in clients(container):
                self.open.callback(client.close)
                if isinstance(client, BaseClient):
                    self._watch(client, self.called.setdefault(function, set()), known)
        if before:
            sys.modules[module] = before
        return handler

    def run(self, function: str, event: object, name: str, ends: str = "SUCCEEDED", **variables: str) -> None:
        """One execution to its end; a callback is answered with yes, and what it invokes counts as called."""
        with DurableFunctionTestRunner(self.load(function, **variables)) as runner:
            runner.register_function("GreetingFunction", self.load("GreetingFunction"))
            arn = runner.run_async(event, name, function)
            if runner.halt_at_callback(arn):
                runner.send_callback_success(runner.wait_for_callback(arn), "yes")
            result = runner.wait_for_result(arn)
        for each in result.history:
            if invoked := each.get("ChainedInvokeStartedDetails", {}).get("FunctionName"):
                self.called[function].add(
                    Permission("lambda:InvokeFunction", invoked.replace(starting.ACCOUNT, ACCOUNT))
                )
        assert result.status == ends, result.error

    def _watch(self, client: Any, called: set[Permission], variables: Mapping[str, str]) -> None:
        def ask(params: Mapping[str, Any], model: Any, **_: object) -> None:
            called.update(needed(model.service_model.service_name, model.name, params))

        def answer(parsed: Mapping[str, Any], **_: object) -> None:
            if parsed["ResponseMetadata"]["HTTPStatusCode"] == 404:
                called.add(Permission("s3:ListBucket", f"arn:aws:s3:::{variables['APP_BUCKET']}"))

        client.meta.events.register("provide-client-params", ask)
        client.meta.events.register("after-call.s3.GetObject", answer)


def clients(container: Any) -> list[Any]:
    """The clients that a container has, of AWS and of HTTP; they are made here."""
    singletons = container.providers.values() if container else ()
    made = [each() for each in singletons if isinstance(each, providers.ThreadSafeSingleton)]
    return [each for each in made if isinstance(each, BaseClient | httpx.Client)]


def observed(template: Template, aws: str) -> dict[str, set[Permission]]:
    """What each function calls, in runs that leave out nothing that they do outside."""
    httpx.post(f"{aws}/moto-api/reset").raise_for_status()  # what another deployment has left
    with ExitStack() as stack:
        served = stack.enter_context(serving(SystemClock()))
        shop = stack.enter_context(http_server.serving())
        shop.answer("*", http_server.Answer(CUSTOMER))
        model = stack.enter_context(conversing(*SCRIPT))
        payments = stack.enter_context(serving_provider(payment_provider()))
        shipping = stack.enter_context(serving_provider(shipping_provider()))
        servers = {
            "AWS_ENDPOINT_URL": aws,
            "AWS_ENDPOINT_URL_LAMBDA": served.server.url,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": model.url,
        }
        if template.given.get("CustomersUrl"):
            servers |= {"APP_CUSTOMERS_URL": shop.url, "APP_PAYMENTS_URL": payments, "APP_SHIPPING_URL": shipping}
        account = Account(template, servers, served, stack)
        aws_clients = {name: boto3.client(name, endpoint_url=aws) for name in USED}
        for client in aws_clients.values():
            stack.callback(client.close)
        create(template, aws_clients)
        use(account, aws_clients)
        return {function: account.called.get(function, set()) for function in template.functions}


def create(template: Template, aws: Mapping[str, Any]) -> None:
    """What the functions use, new."""
    bucket = template.text({"Ref": "Bucket"})
    aws["s3"].create_bucket(Bucket=bucket)
    for table, properties in template.of_type("AWS::DynamoDB::Table").items():
        if table in aws["dynamodb"].list_tables()["TableNames"]:
            aws["dynamodb"].delete_table(TableName=table)
        keys = {name: properties[name] for name in ("KeySchema", "AttributeDefinitions", "BillingMode")}
        aws["dynamodb"].create_table(TableName=table, **keys)
    for line in ORDER["lines"]:
        item = {"id": {"S": f"stock#{line['sku']}"}, "available": {"N": "9"}}
        aws["dynamodb"].put_item(TableName="InventoryTable", Item=item)
    topic = template.text({"Ref": "RemindersTopic"}).rpartition(":")[2]
    aws["sns"].create_topic(Name=topic, Attributes={"FifoTopic": "true"})
    if "PaymentsSecret" in template.resources:
        aws["secretsmanager"].create_secret(Name="PaymentsSecret", SecretString="s3cret")
        aws["sesv2"].create_email_identity(EmailIdentity=template.parameters["ReportSender"])


def use(account: Account, aws: Mapping[str, Any]) -> None:
    """Run every function, so that it does all that it can do outside."""
    every = {"event_contexts": ["customers", "products", "orders"]}
    for function in ("SampleCustomersFunction", "SamplePaymentsFunction", "SampleShippingFunction"):
        if function in account.template.functions:
            account.served.call(function, account.load(function, APP_SOURCE_ROOT=str(ROOT / "data")))
    account.run("PipelineFunction", {"event_contexts": ["products"]}, "without-sources", ends="FAILED")
    for name in ("products.csv", "orders.jsonl"):
        body = (ROOT / "data" / name).read_bytes()
        aws["s3"].put_object(Bucket=account.template.text({"Ref": "Bucket"}), Key=f"sources/{name}", Body=body)
    small = {"APP_OPERATIONS": "60", "APP_PAGE_ROWS": "5", "APP_BATCH_PAGES": "1", "APP_INLINE_BYTES": "0"}
    account.run("PipelineFunction", every, "sample", **small)
    bucket = account.template.text({"Ref": "Bucket"})
    listed = aws["s3"].list_objects_v2(Bucket=bucket, Prefix="pipeline/documents/sample/")["Contents"]
    assert {each["Key"].split("/")[3] for each in listed} == set(every["event_contexts"])
    account.run("TourFunction", {"name": "Ada", "items": ["plums"]}, "tour")
    account.run("CartReminderFunction", BEGINNINGS["cart-added"], "cart")
    asked = {"question": "Which teas?", "documents": "sample"}
    account.run("AnalystFunction", asked, "analyst")
    check_out(account)
    order(account, aws["dynamodb"])
    begin(account)


def check_out(account: Account) -> None:
    """Two orders of one cart, of which the second is refused."""
    handler = account.load("CheckoutFunction")
    handler({"cart_id": "c-9", "order_id": "o-1"}, None)
    with pytest.raises(Exception, match="o-1"):
        handler({"cart_id": "c-9", "order_id": "o-2"}, None)


def order(account: Account, dynamodb: Any) -> None:
    """An order that goes out, and one that is rejected and undone."""
    account.served.host("FulfilmentFunction", account.load("FulfilmentFunction"))
    approvals = account.load("ApprovalsFunction")
    told: queue.SimpleQueue[str] = queue.SimpleQueue()

    def observe(arn: str, changed: list[Operation]) -> None:
        if any(each.name == "fraud-review submitter" and each.status is OperationStatus.SUCCEEDED for each in changed):
            told.put(arn)

    account.served.runtime.journals.observers.append(observe)
    client = account.served.client()
    for decision in ("approve", "reject"):
        named = {
            "FunctionName": "FulfilmentFunction:live",
            "DurableExecutionName": decision,
            "Payload": json.dumps(ORDER | {"order_id": f"o-{decision}"}),
        }
        client.invoke(InvocationType="Event", **named)["Payload"].read()
        told.get(timeout=PATIENCE)
        items = dynamodb.scan(TableName="ApprovalsTable")["Items"]
        (waiting,) = (item["approval_id"]["S"] for item in items if "decision" not in item)
        request = {"approval_id": waiting, "decision": decision, "decided_by": "user/rita"}
        kept = account.containers["FulfilmentFunction"].approvals()
        kept.keep(kept.find(waiting), "callback")  # as a step does that is interrupted and runs again
        approvals(request, None)
        ended = client.invoke(**named)  # the same execution, whose end is waited for
        answer = ended["Payload"].read()  # an answer that nobody reads leaves its connection open
        assert "FunctionError" not in ended, answer
    client.close()
    with pytest.raises(Exception, match="decided"):
        approvals(request, None)


def begin(account: Account) -> None:
    """One event of each kind."""
    for function in account.template.durable:
        account.served.host(function, waiting_for_ever)
    starter = account.load("StarterFunction")
    for kind, detail in BEGINNINGS.items():
        starter({"detail-type": kind, "detail": detail}, None)
