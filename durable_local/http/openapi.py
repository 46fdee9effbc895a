"""The API described in OpenAPI 3.1, from the same table and shapes by which requests are read."""

from collections.abc import Sequence
from datetime import datetime
from inspect import cleandoc
from typing import Any

from durable_local.errors import RequestTooLargeError, ServiceError
from durable_local.http.errors import (
    ERROR_TYPE,
    ForeignOriginError,
    InvalidRequestContentError,
    MisdirectedError,
    MissingAuthenticationTokenError,
    UnsupportedMediaTypeError,
)
from durable_local.http.members import Place, member_schema, members_at, part_of
from durable_local.http.operations import ApiOperation
from durable_local.http.schemas import Member, Schema, object_schema, required

_JSON = "application/json"
_EVERYWHERE: tuple[type[ServiceError], ...] = (
    InvalidRequestContentError,
    ForeignOriginError,
    MissingAuthenticationTokenError,
    RequestTooLargeError,
    UnsupportedMediaTypeError,
    MisdirectedError,
    ServiceError,
)
_ERROR = {
    "type": "object",
    "properties": {"Type": {"enum": ["User", "Service"]}, "message": {"type": "string"}, "Message": {"type": "string"}},
    "required": ["Type"],
}
_ANYTHING: dict[str, Any] = {_JSON: {"schema": {}}}
_ERROR_HEADERS = {ERROR_TYPE: {"required": True, "schema": {"type": "string"}}}


def document(operations: Sequence[ApiOperation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AWS Lambda durable functions on this machine",
            "version": "2025-12-01",
            "description": "The calls of the Lambda API that concern durable executions, and Invoke.",
        },
        "paths": paths,
        "security": [{"signature": []}, {"token": []}],
        "components": {
            "securitySchemes": {
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "AWS Signature Version 4, with any credentials.",
                },
                "token": {"type": "http", "scheme": "bearer", "description": "The server tells it at its start."},
            }
        },
    }


def _described(operation: ApiOperation) -> dict[str, Any]:
    request = operation.request
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": cleandoc(request.__doc__ or "").splitlines()[0],
        "parameters": [_parameter(member) for member in members_at(request, Place.PATH, Place.QUERY, Place.HEADER)],
        "responses": {**_successes(operation), **_failures(operation)},
    }
    if body := _body(request):
        described["requestBody"] = body
    return described


def _parameter(member: Member) -> dict[str, Any]:
    part = part_of(member)
    # In JSON a moment is a number, elsewhere a text.
    schema = {"type": "string", "format": "date-time"} if member.type is datetime else member_schema(member)
    return {
        "name": part.name or member.name,
        "in": part.place.value,
        "required": member.is_required,
        "schema": schema,
    }


def _body(request: type) -> dict[str, Any] | None:
    """What the body holds: an object of members, or one member that is all of it."""
    for member in members_at(request, Place.PAYLOAD):
        return _content({} if member.type is str else member_schema(member), required=False)
    inside = members_at(request, Place.BODY)
    if not inside:
        return None
    properties = {member.name: member_schema(member) for member in inside}
    return _content({"type": "object", "properties": properties, "required": required(inside)}, required=True)


def _content(schema: Schema, *, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {_JSON: {"schema": schema}}}


def _successes(operation: ApiOperation) -> dict[str, Any]:
    if operation.response is None:
        answered = {
            "description": "What the function answered, or why it has failed.",
            "content": {_JSON: {"schema": {}}},
        }
        return {
            "200": answered,
            "202": {"description": "It is begun, and nobody waits for it."},
            "204": {"description": "It could be invoked."},
        }
    schema: Schema = object_schema(operation.response)
    return {"200": {"description": "It is done.", "content": {_JSON: {"schema": schema}}}}


def _failures(operation: ApiOperation) -> dict[str, Any]:
    codes: dict[int, list[str]] = {}
    for error in (*operation.errors, *_EVERYWHERE):
        codes.setdefault(error.status, []).append(error.code)
    content = {_JSON: {"schema": _ERROR}}
    return {
        str(status): {"description": " or ".join(names), "headers": _ERROR_HEADERS, "content": content}
        for status, names in sorted(codes.items())
    }
