"""Storage in an S3 bucket."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from app.adapters.technologies.aws import Client, Members, aws_client
from app.domain.keys import check_key
from app.domain.pipeline import Receipt
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError

MOST_CONNECTIONS = 64
"""Branches times concurrency stays below this, so that threads do not wait for each other's connections."""

MISSING = {"NoSuchKey", "404"}
UNREACHABLE = (EndpointConnectionError, HTTPClientError, IncompleteReadError, FlexibleChecksumError)
MAY_PASS = {"RequestTimeout", "SlowDown", "Throttling", "TooManyRequests"}


def s3_client(attempts: int = 3, **options: Any) -> Client:
    """A client of S3, which may take longer than other services and is asked from many threads."""
    return aws_client("s3", attempts, read_timeout=30, connections=MOST_CONNECTIONS, **options)


class S3Storage(Storage):
    """Keeps documents as objects below a prefix; a copy happens inside S3."""

    def __init__(self, client: Client, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def put(self, key: str, body: bytes) -> Receipt:
        place = self._place(key)
        with self._port_errors(key):
            self._client.put_object(**place, Body=body)
        return Receipt(key=key, size=len(body))

    def get(self, key: str) -> bytes:
        with self.open(key) as stream:
            return stream.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        place = self._place(key)
        with self._port_errors(key):
            answer = self._client.get_object(**place)
            with io.BufferedReader(answer["Body"]) as stream:
                self._length(key, answer)
                yield stream

    def copy(self, source: str, key: str) -> Receipt:
        original, place = self._place(source), self._place(key)
        with self._port_errors(source):
            size = self._length(source, self._client.head_object(**original))
            self._client.copy_object(**place, CopySource=original)
        return Receipt(key=key, size=size)

    def keys(self, folder: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._port_errors(folder):
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._prefix}{check_key(folder)}/"):
                yield from (found["Key"].removeprefix(self._prefix) for found in page.get("Contents", []))

    def locate(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{check_key(key)}"

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + check_key(key)}

    def _length(self, key: str, answer: Members) -> int:
        """The document's length; an answer that ends in its head, before the length, looks like an empty document."""
        try:
            return int(answer["ContentLength"])
        except KeyError:
            raise StorageUnavailableError(f"Cannot reach {self.locate(key)}: the answer ended in its head") from None

    @contextmanager
    def _port_errors(self, key: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._port_error(key, error) from error
        except UNREACHABLE as error:
            raise StorageUnavailableError(f"Cannot reach {self.locate(key)}: {error}") from error
        except BotoCoreError as error:
            raise StorageError(f"Cannot use {self.locate(key)}: {error}") from error

    def _port_error(self, key: str, error: ClientError) -> StorageError:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code in MISSING:
            return DocumentNotFoundError(f"No document at {self.locate(key)}")
        kind = StorageUnavailableError if code in MAY_PASS or status in {408, 429} or status >= 500 else StorageError
        return kind(f"Cannot use {self.locate(key)}: {error}")
