"""What functions need of AWS to be invoked: servers on loopback stand for it."""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from app.adapters.data_types.rows.sample_api import SampleApi
from durable_local.clock import SystemClock
from durable_local.dispatcher import Dispatcher
from durable_local.http.server import LoopbackServer
from durable_local.runtime import LocalRuntime
from durable_local.store.database import Database

DATA = Path(__file__).parent.parent.parent / "data"
BUCKET, TOPIC = "measured", "measured.fifo"
TABLES = {"carts": "cart_id", "inventory": "id", "approvals": "approval_id", "ledger": "id"}
SKUS = ("tea-01", "tea-02")
SIGNED = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}


@dataclass(frozen=True, slots=True)
class Outside:
    """A runtime that nobody dispatches for, and what functions are told of the rest."""

    runtime: LocalRuntime
    environment: dict[str, str]
    dynamodb: Any


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """The outside, as long as it is needed."""
    with ExitStack() as servers:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # which would tell of every call
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        servers.callback(moto.stop)
        host, port = moto.get_host_and_port()
        address = f"http://{host}:{port}"
        customers = SampleApi(DATA, "customers.json")
        servers.callback(customers.close)
        database = Database(folder / "journal.db")
        servers.callback(database.close)
        runtime = LocalRuntime(database, SystemClock())
        server = servers.enter_context(LoopbackServer(runtime, Dispatcher(runtime)))
        environment = {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_ENDPOINT_URL": address,
            "AWS_ENDPOINT_URL_LAMBDA": server.url,
            "APP_STORAGE": "s3",
            "APP_BUCKET": BUCKET,
            "APP_CUSTOMERS_URL": customers.address(),
            "APP_CARTS_TABLE": "carts",
            "APP_INVENTORY_TABLE": "inventory",
            "APP_APPROVALS_TABLE": "approvals",
            "APP_LEDGER_TABLE": "ledger",
            "APP_REMINDERS_TOPIC": furnish(address),
            "APP_DATABASE": str(folder / "ledgers.sqlite"),
            "APP_REVIEWERS": "rita",
            "APP_KNOWLEDGE_BASE": "knowledge.sqlite",
        }
        yield Outside(runtime, environment, boto3.client("dynamodb", endpoint_url=address, **SIGNED))


def furnish(address: str) -> str:
    """Put there what the stack has: the sample data, tables with some stock, and the topic, which is the answer."""
    s3, dynamodb, sns = (boto3.client(each, endpoint_url=address, **SIGNED) for each in ("s3", "dynamodb", "sns"))
    s3.create_bucket(Bucket=BUCKET)
    for document in ("products.csv", "orders.jsonl"):
        s3.upload_file(str(DATA / document), BUCKET, f"sources/{document}")
    for table, key in TABLES.items():
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
    for sku in SKUS:
        dynamodb.put_item(TableName="inventory", Item={"id": {"S": f"stock#{sku}"}, "available": {"N": "1000"}})
    return str(sns.create_topic(Name=TOPIC, Attributes={"FifoTopic": "true"})["TopicArn"])
