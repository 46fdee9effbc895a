"""The table of calls beside the Lambda API model that boto3 ships: nothing of it may differ."""

import json
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, get_args

import pytest
from botocore.model import OperationModel, Shape
from botocore.session import get_session

from durable_local.clock import SkippingClock
from durable_local.dispatcher import Dispatcher
from durable_local.errors import ServiceError
from durable_local.http.api import DurableApi
from durable_local.http.errors import refused
from durable_local.http.invoking import Invoking
from durable_local.http.members import Place, part_of
from durable_local.http.operations import ApiOperation, api_operations
from durable_local.http.schemas import Member, members, required
from durable_local.runtime import LocalRuntime
from durable_local.store.database import IN_MEMORY, Database

MODEL = get_session().get_service_model("lambda")
RUNTIME = LocalRuntime(Database(IN_MEMORY), SkippingClock())
OPERATIONS = {each.name: each for each in api_operations(DurableApi(RUNTIME), Invoking(RUNTIME, Dispatcher(RUNTIME)))}
NOT_OFFERED = {
    "DeleteDurableExecution",
    "PauseDurableExecution",
    "ResumeDurableExecution",
}
NOT_READ = {"Invoke": {"LogType", "ClientContext"}}
"""Members that change nothing here: there is no log to send back, and no mobile client to tell the function of."""
NOT_TOLD = {
    "GetDurableExecutionResponse": {"PauseDetails", "TraceHeader"},
    "DurableConfig": {"KMSKeyArn"},
    "Execution": {"KMSKeyArn"},
}
"""Members, by their shapes, of what there is not here: paused executions, traces and keys."""
PLACES = {"uri": Place.PATH, "querystring": Place.QUERY, "header": Place.HEADER}
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "timestamp": datetime,
    "blob": str,
}


def test_all_calls_that_concern_durable_executions_are_offered() -> None:
    durable = {name for name in MODEL.operation_names if "Durable" in name} | {"Invoke"}

    assert set(OPERATIONS) == durable - NOT_OFFERED


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_has_the_models_method_path_and_members(operation: ApiOperation) -> None:
    model = model_of(operation)
    inside = {each.name: each for each in members(operation.request)}

    assert (operation.method, operation.path) == (model.http["method"], model.http["requestUri"])
    assert set(inside) == set(model.input_shape.members) - NOT_READ.get(operation.name, set())
    assert set(required(members(operation.request))) == set(model.input_shape.required_members)
    for name, member in inside.items():
        assert part_of(member).place is place_in(model, name), name
        check_member(member, model.input_shape.members[name])


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_answers_the_models_members(operation: ApiOperation) -> None:
    shape = model_of(operation).output_shape
    if operation.response is None:
        assert shape.serialization["payload"] == "Payload"
        return

    check_structure(operation.response, shape)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_calls_errors_are_the_models(operation: ApiOperation) -> None:
    model = {shape.name: shape for shape in model_of(operation).error_shapes}
    # The model gives the calls of running functions no error for an execution that is gone; here they hear of it.
    known = model | {"ResourceNotFoundException": shape_of_error("ResourceNotFoundException")}

    for error in operation.errors:
        shape = known[error.code]
        assert error.status == shape.metadata["error"]["httpStatusCode"]


@pytest.mark.parametrize("error", [each for each in ServiceError.__subclasses__() if each.code in MODEL.shape_names])
def test_a_refusal_has_the_members_of_its_shape(error: type[ServiceError]) -> None:
    shape = shape_of_error(error.code)

    response = refused(error("why"))

    told = parsed(response.body)
    assert told.keys() <= shape.members.keys()
    assert [value for name, value in told.items() if name.lower() == "message"] == ["why"]
    assert response.status_code == shape.metadata["error"]["httpStatusCode"]
    assert response.headers["x-amzn-errortype"] == error.code


def model_of(operation: ApiOperation) -> OperationModel:
    return MODEL.operation_model(operation.name)


def shape_of_error(code: str) -> Shape:
    return MODEL.shape_for(code)


def parsed(body: bytes | memoryview) -> dict[str, Any]:

    told: dict[str, Any] = json.loads(bytes(body))
    return told


def place_in(model: OperationModel, name: str) -> Place:
    shape = model.input_shape
    if shape.serialization.get("payload") == name:
        return Place.PAYLOAD
    return PLACES.get(shape.members[name].serialization.get("location", ""), Place.BODY)


def check_member(member: Member, shape: Shape) -> None:
    """The limits are the model's too; its patterns are compared by what they say of some texts elsewhere."""
    part = part_of(member)
    if part.place is Place.HEADER:
        assert part.name == shape.serialization["name"]
    limits = dict(part.limits)
    lowest, highest = ("minimum", "maximum") if shape.type_name == "integer" else ("minLength", "maxLength")
    if shape.type_name == "list":
        lowest, highest = "minItems", "maxItems"
    if part.place is not Place.PAYLOAD:
        assert limits.get(lowest) == shape.metadata.get("min"), member.name
        assert limits.get(highest) == shape.metadata.get("max"), member.name
        assert ("pattern" in limits) == ("pattern" in shape.metadata), member.name
    check_type(member, shape)


def check_type(member: Member, shape: Shape) -> None:
    if isinstance(member.type, type) and issubclass(member.type, Enum):
        assert {each.value for each in member.type} == set(shape.enum), member.name
    elif shape.type_name in TYPES:
        assert member.type is TYPES[shape.type_name], member.name
    elif is_dataclass(element_of(member.type)):
        check_structure(element_of(member.type), shape.member if shape.type_name == "list" else shape)


def check_structure(element: type, shape: Shape) -> None:
    inside = {each.name: each for each in members(element)}
    assert set(inside) == set(shape.members) - NOT_TOLD.get(shape.name, set()), shape.name
    for name, member in inside.items():
        check_type(member, shape.members[name])


def element_of(hint: Any) -> Any:
    """What a list consists of; anything else is itself."""
    (element,) = get_args(hint) or (hint,)
    return element
