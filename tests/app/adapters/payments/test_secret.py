from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters.payments.secret import SecretsManagerCredential
from app.adapters.technologies.aws import aws_client
from app.ports.payments import PaymentsError, PaymentsUnavailableError
from tests.app.conftest import CREDENTIALS
from tests.fakes.http_server import serving


@pytest.fixture
def secrets(aws: str) -> Iterator[Any]:
    """A client of Secrets Manager."""
    client = aws_client("secretsmanager", endpoint_url=aws, **CREDENTIALS)
    yield client
    client.close()


def test_the_secret_is_fetched_once(secrets: Any) -> None:
    arn = secrets.create_secret(Name="payments", SecretString="s3cret")["ARN"]
    credential = SecretsManagerCredential(lambda: secrets, arn)

    first = credential()
    secrets.put_secret_value(SecretId=arn, SecretString="another")

    assert (first, credential()) == ("s3cret", "s3cret")
    assert SecretsManagerCredential(lambda: secrets, arn)() == "another"


def test_nothing_is_asked_before_the_secret_is_needed() -> None:
    asked = list[str]()

    SecretsManagerCredential(lambda: asked.append("client"), "payments")

    assert asked == []


def test_a_secret_is_not_shown(secrets: Any) -> None:
    arn = secrets.create_secret(Name="shown", SecretString="s3cret")["ARN"]
    credential = SecretsManagerCredential(lambda: secrets, arn)

    credential()

    assert "s3cret" not in f"{credential} {credential!r}"


def test_a_secret_that_is_missing_is_named(secrets: Any) -> None:
    with pytest.raises(PaymentsError, match="Cannot use secret absent: ") as refused:
        SecretsManagerCredential(lambda: secrets, "absent")()

    assert not isinstance(refused.value, PaymentsUnavailableError)


def test_a_secret_of_bytes_is_refused(secrets: Any) -> None:
    arn = secrets.create_secret(Name="bytes", SecretBinary=b"s3cret")["ARN"]

    with pytest.raises(PaymentsError, match="has no text"):
        SecretsManagerCredential(lambda: secrets, arn)()


def test_a_fetch_that_failed_is_tried_again_when_it_is_next_needed(secrets: Any) -> None:
    arn = secrets.create_secret(Name="later", SecretString="s3cret")["ARN"]
    with serving() as gone:
        unreachable = aws_client("secretsmanager", attempts=1, endpoint_url=gone.url, **CREDENTIALS)
    clients = [unreachable, secrets]
    credential = SecretsManagerCredential(lambda: clients.pop(0), arn)

    with pytest.raises(PaymentsUnavailableError, match="Cannot reach secret"):
        credential()

    assert credential() == "s3cret"
    unreachable.close()
