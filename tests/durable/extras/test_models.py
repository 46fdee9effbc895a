"""Models and dataclasses come back as they were, or are refused with the field's name."""

import json
import math
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from durable.exceptions import SerDesError
from durable.extras.models import ModelSerDes
from durable.serdes import SerDesContext
from tests.durable.extras.orders import ORDER, ORDERS, Card, Customer, GiftLine, Hidden, Invoice, Line, Loose, Order
from tests.durable.extras.sdks import Sandbox, ended

HERE = SerDesContext("operation-1", "arn:execution-1")


@given(ORDERS)
def test_every_order_comes_back(order: Order) -> None:
    serdes = ModelSerDes(Order)

    assert serdes.deserialize(serdes.serialize(order, HERE), HERE) == order


@pytest.mark.parametrize("value", [ORDER, None])
def test_an_optional_value_comes_back(value: Order | None) -> None:
    serdes = ModelSerDes(Order | None)

    assert serdes.deserialize(serdes.serialize(value, HERE), HERE) == value


def test_a_collection_of_a_union_comes_back() -> None:
    serdes = ModelSerDes(dict[str, list[Line | Card | Invoice]])
    value: dict[str, list[Line | Card | Invoice]] = {"a": [Line("bolt", Decimal("1.10")), Card(digits="12")]}

    again = serdes.deserialize(serdes.serialize(value, HERE), HERE)

    assert again == value
    assert [type(each) for each in again["a"]] == [Line, Card]


def test_the_text_is_the_fields_and_nothing_else() -> None:
    customer = Customer(id=UUID(int=7), customerName="Ada", payment=Card(digits="12"))

    text = ModelSerDes(Customer).serialize(customer, HERE)

    assert json.loads(text) == {"id": str(UUID(int=7)), "name": "Ada", "payment": {"kind": "card", "digits": "12"}}


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        (Line, GiftLine("bolt", Decimal(1), wish="red"), "changed in wish"),
        (tuple[Line, ...], (GiftLine("bolt", Decimal(1), wish="red"),), "changed;"),
        (Loose, Loose((1, 2)), "changed in anything;"),
        (Loose, Loose(None, math.nan), "ratio: "),
        (Loose, Loose(None, math.inf), "ratio: "),
        (Loose, Loose(object()), "<class 'object'>"),
        (Hidden, Hidden(number=1, secret="kept out"), "changed in secret;"),
        (Line, Line(7, Decimal(1)), "field_name='sku'"),  # type: ignore[arg-type]
        (Line, {"sku": "bolt", "price": "1"}, "Expected `Line`"),
        (list[Line], [Line("bolt", Decimal("NaN"))], "0.price: "),
        (bytes, b"\xff", "utf-8"),
        (Line, Line("\ud800", Decimal(1)), "surrogates"),
        (Decimal | str, "5", "changed;"),
    ],
)
def test_what_would_come_back_changed_is_refused(kind: Any, value: object, field: str) -> None:
    with pytest.raises(SerDesError) as refused:
        ModelSerDes(kind).serialize(value, HERE)

    assert "of operation operation-1" in str(refused.value)
    assert field in str(refused.value)


def test_a_value_that_is_only_equal_to_one_of_the_type_is_refused() -> None:
    with pytest.raises(SerDesError, match="The float of operation operation-1 would come back changed"):
        ModelSerDes(float).serialize(True, HERE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"sku": "bolt"}', "price: Field required"),
        ('{"sku": 7, "price": "1"}', "sku: Input should be a valid string"),
        ('{"sku": "bolt", "price": "1", "amounts": [1, "x"]}', "amounts.1: Input should be a valid integer"),
        ("[]", "value: Input should be an object"),
        ("{", "value: Invalid JSON"),
        ("{}", "sku: Field required; price: Field required"),
    ],
)
def test_recorded_text_that_does_not_fit_names_operation_and_field(text: str, fault: str) -> None:
    with pytest.raises(SerDesError) as refused:
        ModelSerDes(Line).deserialize(text, HERE)

    assert str(refused.value).startswith(f"The Line of operation operation-1 does not fit: {fault}")


def test_an_error_names_a_few_fields_and_no_recorded_value() -> None:
    lines = [{"sku": "secret", "price": "secret"}] * 100

    with pytest.raises(SerDesError) as refused:
        ModelSerDes(list[Line]).deserialize(json.dumps(lines), HERE)

    assert "4.price" in str(refused.value)
    assert "5.price" not in str(refused.value)
    assert "secret" not in str(refused.value)


def orders(sdk: SimpleNamespace, context: Any) -> object:
    """An order from a step, a child context and a map's items, each compared after a replay."""
    serdes = sdk.models.ModelSerDes(Order)
    step = context.step(lambda _: ORDER, name="step", config=sdk.StepConfig(serdes=serdes))
    child = context.run_in_child_context(lambda _: ORDER, name="child", config=sdk.ChildConfig(serdes=serdes))
    config = sdk.MapConfig(item_serdes=serdes, serdes=sdk.models.ModelSerDes(sdk.BatchResult[Order]))
    batch = context.map([1, 2], lambda *_: ORDER, name="map", config=config)
    firsts = context.step(lambda _: [order == ORDER for order in [step, child, *batch.get_results()]], name="firsts")
    context.wait(sdk.Duration.from_minutes(1))
    return [firsts, step == ORDER, child == ORDER, batch.get_results()[0] == ORDER]


def test_orders_survive_replay(sandbox: Sandbox) -> None:
    execution = sandbox.run(orders)

    assert json.loads(ended(execution).result or "") == [[True] * 4, True, True, True]
    assert ended(execution).invocations == 2
