"""Carts in a DynamoDB table."""

from collections.abc import Mapping
from typing import Any

from app.adapters.technologies.aws import port_errors, whole
from app.domain.carts import Cart
from app.ports.carts import CartNotFoundError, Carts, CartsError, CartsUnavailableError

MEMBERS = ("cart_id", "customer_id", "added_at", "order_id", "checked_out_at")
NEW = "attribute_not_exists(cart_id)"
OPEN_OR_OF_THE_SAME_ORDER = "attribute_exists(cart_id) AND (attribute_not_exists(order_id) OR order_id = :order)"
CLOSE = "SET order_id = :order, checked_out_at = if_not_exists(checked_out_at, :at)"


class _RefusedError(Exception):
    """The item does not meet the condition."""


class DynamoCarts(Carts):
    """Keeps each cart in an item under its id; conditions let no write undo another one."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, cart: Cart) -> Cart:
        try:
            self._call(self._client.put_item, Item=_item(cart), ConditionExpression=NEW)
        except _RefusedError:
            return self.find(cart.cart_id) or cart
        return cart

    def find(self, cart_id: str) -> Cart | None:
        answer = self._call(self._client.get_item, Key=_key(cart_id), ConsistentRead=True)
        return _cart(answer["Item"]) if "Item" in answer else None

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        try:
            answer = self._call(
                self._client.update_item,
                Key=_key(cart_id),
                UpdateExpression=CLOSE,
                ConditionExpression=OPEN_OR_OF_THE_SAME_ORDER,
                ExpressionAttributeValues={":order": {"S": order_id}, ":at": {"S": at}},
                ReturnValues="ALL_NEW",
            )
        except _RefusedError:
            return self._closed_otherwise(cart_id, order_id, at)
        return _cart(answer["Attributes"])

    def _closed_otherwise(self, cart_id: str, order_id: str, at: str) -> Cart:
        """Why an order was refused: there is no such cart, or the domain refuses it."""
        cart = self.find(cart_id)
        if cart is None:
            raise CartNotFoundError(f"No cart {cart_id!r} in table {self._table}; it has to be added first")
        return cart.checked_out(order_id, at)

    def _call(self, operation: Any, **members: Any) -> Mapping[str, Any]:
        named = {"ConditionalCheckFailedException": _RefusedError}
        with port_errors(f"carts in table {self._table}", CartsError, CartsUnavailableError, named):
            return whole(operation(TableName=self._table, **members))


def _key(cart_id: str) -> dict[str, Any]:
    return {"cart_id": {"S": cart_id}}


def _item(cart: Cart) -> dict[str, Any]:
    values = {member: getattr(cart, member) for member in MEMBERS}
    return {member: {"S": value} for member, value in values.items() if value is not None}


def _cart(item: Mapping[str, Any]) -> Cart:
    return Cart(**{member: item[member]["S"] for member in MEMBERS if member in item})
