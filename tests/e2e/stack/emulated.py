"""The stack on this machine: what SAM has built in processes, and AWS's other services by servers on loopback."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml
from moto.server import ThreadedMotoServer

from app.ports.reports import Report
from durable_local.template.document import load
from tests.app.adapters.reports.conftest import RECIPIENT, SENDER
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import started
from tests.e2e.stack.deployed import described
from tests.e2e.stack.stack import Stack
from tests.fakes.converse import MODEL, Converse, conversing, message, tool_use

EMULATED = ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SNS::Topic", "AWS::SQS::Queue")
GIVEN = {
    "AnalystModel": MODEL,
    "ReportSender": SENDER,
    "ReportRecipient": RECIPIENT,
    "Reviewers": "user/rita",
}
REPORT = Report("Customers", "Three of them")
SCRIPT = (
    message(tool_use("execute_sql", "t1", statement="SELECT name FROM customers LIMIT 3"), stop="tool_use"),
    message(tool_use("send_report_email", "t2", subject=REPORT.subject, text=REPORT.text), stop="tool_use"),
    message({"text": "These three"}),
)
"""What the model says: it asks for rows, reports, and answers."""


@dataclass(frozen=True)
class EmulatedStack(Stack):
    """A stack whose model's part and whose mail can be looked at too."""

    model: Converse = field(kw_only=True)

    def tell(self, kind: str, detail: object) -> None:
        """Do as well what Lambda does for a queue: give its messages to the starter, and delete those that it took."""
        super().tell(kind, detail)
        sqs, url = self.client("sqs"), self.ids["EventsQueue"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        records = [
            {"messageId": each["MessageId"], "body": each["Body"], "eventSource": "aws:sqs"} for each in messages
        ]
        assert self.call("StarterFunction", {"Records": records}) == {"batchItemFailures": []}
        for each in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])


@contextmanager
def emulated(template: Path, python: Path, folder: Path) -> Iterator[EmulatedStack]:
    """The stack of a template that SAM has built, with nothing in it."""
    with ExitStack() as servers:
        aws, model = servers.enter_context(moto()), servers.enter_context(conversing(*SCRIPT, *SCRIPT))
        told = load(template)
        parameters, ids = created(told, aws)
        addresses = {"AWS_ENDPOINT_URL": aws, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": model.url}
        (folder / "local.yaml").write_text(yaml.safe_dump(overriding(told, ids, addresses)))
        options: list[str | Path] = ["--template", template, "--host", "processes", "--python", python]
        served = servers.enter_context(started(Shop(folder), *options, errors=folder / "errors.txt"))

        @cache
        def client(service: str) -> Any:
            return served.client() if service == "lambda" else boto3.client(service, endpoint_url=aws)

        yield EmulatedStack(parameters, ids, client, model=model)


@contextmanager
def moto() -> Iterator[str]:
    """The address of a server that behaves like AWS's services; Lambda is not among them."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def created(template: Mapping[str, Any], aws: str) -> tuple[Mapping[str, str], dict[str, str]]:
    """Create what functions use, as the template says; the parameters, and the physical ids by the logical ones.

    A function is known here by its logical id.
    """
    resources = {id_: each for id_, each in template["Resources"].items() if each["Type"] in EMULATED}
    kept = {name: template.get(name, {}) for name in ("Parameters", "Conditions")}
    client = boto3.client("cloudformation", endpoint_url=aws)
    client.create_stack(
        StackName="hexagon",
        TemplateBody=json.dumps({**kept, "Resources": resources}),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in GIVEN.items()],
    )
    boto3.client("sesv2", endpoint_url=aws).create_email_identity(EmailIdentity=SENDER)
    parameters, made = described("hexagon", client)
    return parameters, {id_: id_ for id_ in functions(template)} | made


def functions(template: Mapping[str, Any]) -> list[str]:
    return [id_ for id_, each in template["Resources"].items() if each["Type"] == "AWS::Serverless::Function"]


def overriding(
    template: Mapping[str, Any], ids: Mapping[str, str], variables: Mapping[str, str]
) -> dict[str, Mapping[str, str]]:
    """What `durable start` is told beside the template: what a deployment would know, and where AWS is."""
    resources = {id_: physical for id_, physical in ids.items() if id_ not in functions(template)}
    return {"Parameters": GIVEN | resources, **dict.fromkeys(functions(template), variables)}
