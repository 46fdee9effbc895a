"""The document describes what is served, and is a valid one."""

import json
from typing import Any

from jsonschema_rs import meta

from durable_local.http.openapi import document
from tests.durable_local.http.serving import Served
from tests.durable_local.http.test_model import OPERATIONS

DOCUMENT = document(list(OPERATIONS.values()))
DESCRIBED = {
    described["operationId"]: (path, method, described)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
}
SCHEMAS = [
    schema
    for _, _, described in DESCRIBED.values()
    for schema in [
        *(parameter["schema"] for parameter in described["parameters"]),
        *(
            content["schema"]
            for part in [described.get("requestBody", {}), *described["responses"].values()]
            for content in part.get("content", {}).values()
        ),
    ]
]


def test_every_call_is_described_where_it_is_served() -> None:
    assert {name: (path, method.upper()) for name, (path, method, _) in DESCRIBED.items()} == {
        operation.name: (operation.path, operation.method) for operation in OPERATIONS.values()
    }


def test_the_document_is_json() -> None:
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT


def test_every_schema_is_one() -> None:
    for schema in SCHEMAS:
        assert meta.is_valid(schema)


def test_a_call_tells_its_parameters_its_body_and_how_it_fails() -> None:
    (_, _, described) = DESCRIBED["CheckpointDurableExecution"]

    body = described["requestBody"]["content"]["application/json"]["schema"]
    assert [parameter["name"] for parameter in described["parameters"]] == ["DurableExecutionArn"]
    assert (list(body["properties"]), body["required"]) == (
        ["CheckpointToken", "Updates", "ClientToken"],
        ["CheckpointToken"],
    )
    assert list(described["responses"]) == ["200", "400", "403", "404", "413", "415", "421", "500"]
    assert "InvalidParameterValueException" in described["responses"]["400"]["description"]


def test_a_moment_is_a_text_in_a_query_and_a_number_in_json() -> None:
    (_, _, described) = DESCRIBED["ListDurableExecutionsByFunction"]

    after = next(each["schema"] for each in described["parameters"] if each["name"] == "StartedAfter")
    listed = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["DurableExecutions"]
    assert after == {"type": "string", "format": "date-time"}
    assert listed["items"]["properties"]["StartTimestamp"] == {"type": "number"}


def test_the_server_serves_the_document(served: Served) -> None:
    with served.http(f"Bearer {served.server.token}") as client:
        told: Any = client.get("/openapi.json").json()

    assert told == DOCUMENT
