"""Carts in a DynamoDB table."""

from collections.abc import Callable, Mapping

from app.adapters.technologies.aws import Client, Members, port_errors, whole
from app.domain.carts import Cart
from app.ports.carts import Carts, CartsError, CartsUnavailableError

MEMBERS = ("cart_id", "customer_id", "added_at", "order_id", "checked_out_at")
ADD = "SET customer_id = if_not_exists(customer_id, :customer), added_at = if_not_exists(added_at, :at)"
CLOSE = "SET order_id = :order, checked_out_at = if_not_exists(checked_out_at, :at)"
OPEN_OR_OF_THE_SAME_ORDER = "attribute_not_exists(order_id) OR order_id = :order"


class _RefusedError(Exception):
    """The item does not meet the condition."""


class DynamoCarts(Carts):
    """Keeps each cart in an item under its id; conditions let no write undo another one."""

    def __init__(self, client: Client, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, cart_id: str, customer_id: str, at: str) -> Cart:
        return self._update(cart_id, {":customer": customer_id, ":at": at}, UpdateExpression=ADD)

    def find(self, cart_id: str) -> Cart | None:
        answer = self._call(self._client.get_item, cart_id, ConsistentRead=True)
        return _cart(answer["Item"]) if "Item" in answer else None

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        values = {":order": order_id, ":at": at}
        try:
            return self._update(cart_id, values, UpdateExpression=CLOSE, ConditionExpression=OPEN_OR_OF_THE_SAME_ORDER)
        except _RefusedError:
            cart = self.find(cart_id) or Cart(cart_id)
            return cart.checked_out(order_id, at)  # which the domain refuses, and says why

    def _update(self, cart_id: str, values: Mapping[str, str], **expressions: str) -> Cart:
        answer = self._call(
            self._client.update_item,
            cart_id,
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
            ReturnValues="ALL_NEW",
            **expressions,
        )
        return _cart(answer["Attributes"])

    def _call(self, operation: Callable[..., Members], cart_id: str, **members: object) -> Members:
        named = {"ConditionalCheckFailedException": _RefusedError}
        with port_errors(f"carts in table {self._table}", CartsError, CartsUnavailableError, named):
            return whole(operation(TableName=self._table, Key={"cart_id": {"S": cart_id}}, **members))


def _cart(item: Members) -> Cart:
    return Cart(**{member: item[member]["S"] for member in MEMBERS if member in item})
