"""AWS as the tests know it: a server on loopback, spoken to over real HTTP."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from app.adapters.storage.s3 import s3_client
from app.adapters.technologies.aws import aws_client

CREDENTIALS: dict[str, Any] = {
    "aws_access_key_id": "testing",
    "aws_secret_access_key": "testing",
    "region_name": "us-east-1",
}


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """The address of a server that behaves like AWS."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3(aws: str) -> Iterator[Any]:
    """A client of S3."""
    client = s3_client(endpoint_url=aws, **CREDENTIALS)
    yield client
    client.close()


@pytest.fixture
def dynamodb(aws: str) -> Iterator[Any]:
    """A client of DynamoDB."""
    client = aws_client("dynamodb", endpoint_url=aws, **CREDENTIALS)
    yield client
    client.close()


@pytest.fixture
def ledger_table(dynamodb: Any) -> str:
    """The name of a new, empty table for sample charges and parcels, keyed as the one in the template."""
    name = f"ledger-{uuid4()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return name


@pytest.fixture
def sns(aws: str) -> Iterator[Any]:
    """A client of SNS."""
    client = aws_client("sns", endpoint_url=aws, **CREDENTIALS)
    yield client
    client.close()


@pytest.fixture
def sqs(aws: str) -> Iterator[Any]:
    """A client of SQS."""
    client = aws_client("sqs", endpoint_url=aws, **CREDENTIALS)
    yield client
    client.close()


@pytest.fixture
def bucket(s3: Any) -> str:
    """The name of a new, empty bucket."""
    name = f"test-{uuid4()}"
    s3.create_bucket(Bucket=name)
    return name
