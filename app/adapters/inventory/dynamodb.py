"""Stock in a DynamoDB table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from botocore.exceptions import ClientError

from app.adapters.technologies.aws import Client, Members, port_errors, whole
from app.domain.fulfilment import Reservation
from app.domain.placed_orders import Line
from app.domain.refusals import OrderUndoneError, OutOfStockError, UnknownSkuError
from app.ports.inventory import Inventory, InventoryError, InventoryUnavailableError

REFUSED = "ConditionalCheckFailed"
CANCELLED = "TransactionCanceledException"


class CancelledError(Exception):
    """A transaction was refused as a whole; each of its writes has a reason, or none."""

    def __init__(self, reasons: Sequence[Members]) -> None:
        super().__init__(", ".join(str(reason.get("Code")) for reason in reasons))
        self.reasons = reasons

    @property
    def is_refusal(self) -> bool:
        """Whether a condition was not met, so that the same writes would be refused again."""
        return any(reason.get("Code") == REFUSED for reason in self.reasons)


class DynamoInventory(Inventory):
    """Keeps an item for each SKU and for each reservation, `stock#...` and `reservation#...`.

    All writes of a call are one transaction with conditions, so stock never goes below zero and is never lost.
    """

    def __init__(self, client: Client, table: str) -> None:
        self._client = client
        self._table = table

    def reserve(self, lines: Sequence[Line], key: str) -> Reservation:
        with self._port_errors():
            try:
                self._write([self._new(key, lines, "reserved"), *(self._take(line) for line in lines)])
            except CancelledError as cancelled:
                return self._refused(lines, key, cancelled)
        return _reservation(key, lines)

    def release(self, key: str) -> Reservation:
        with self._port_errors():
            kept = self._find(key)
            lines = json.loads(kept["lines"]["S"]) if kept else []
            if not kept or kept["state"]["S"] != "released":
                writes = [self._close(key), *(self._put_back(line) for line in lines)]
                self._write(writes if kept else [self._new(key, [], "released")])
        return _reservation(key, lines)

    def _refused(self, lines: Sequence[Line], key: str, cancelled: CancelledError) -> Reservation:
        if kept := self._find(key):
            if kept["state"]["S"] == "released":
                raise OrderUndoneError(f"the reservation {key} was released before")
            return _reservation(key, json.loads(kept["lines"]["S"]))
        if not cancelled.is_refusal:
            raise cancelled
        found = [
            (line, reason.get("Item"))
            for line, reason in zip(lines, cancelled.reasons[1:], strict=True)
            if reason.get("Code") == REFUSED
        ]
        if unknown := [line["sku"] for line, item in found if not item]:
            raise UnknownSkuError(f"the shop does not have {', '.join(unknown)}")
        told = ", ".join(
            f"{item['available']['N']} of {line['quantity']} {line['sku']}" for line, item in found if item
        )
        raise OutOfStockError(f"in stock are only {told}")

    def _find(self, key: str) -> Members | None:
        answer = self._client.get_item(TableName=self._table, Key=_reservation_id(key), ConsistentRead=True)
        item: Members | None = whole(answer).get("Item")
        return item

    def _write(self, writes: Sequence[Members]) -> None:
        try:
            whole(self._client.transact_write_items(TransactItems=writes))
        except ClientError as error:
            if error.response["Error"]["Code"] != CANCELLED:
                raise
            raise CancelledError(error.response["CancellationReasons"]) from error

    def _new(self, key: str, lines: Sequence[Line], state: str) -> Members:
        item = {**_reservation_id(key), "lines": {"S": json.dumps(lines)}, "state": {"S": state}}
        condition = "attribute_not_exists(id)"
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": condition}}

    def _close(self, key: str) -> Members:
        return self._update(
            _reservation_id(key),
            "SET #state = :released",
            "#state = :reserved",
            {":released": {"S": "released"}, ":reserved": {"S": "reserved"}},
            {"#state": "state"},
        )

    def _take(self, line: Line) -> Members:
        return self._update(
            _stock_id(line),
            "SET available = available - :quantity",
            "available >= :quantity",
            {":quantity": {"N": str(line["quantity"])}},
        )

    def _put_back(self, line: Line) -> Members:
        return self._update(
            _stock_id(line),
            "SET available = available + :quantity",
            "attribute_exists(available)",
            {":quantity": {"N": str(line["quantity"])}},
        )

    def _update(
        self,
        key: Members,
        update: str,
        condition: str,
        values: Members,
        names: Mapping[str, str] | None = None,
    ) -> Members:
        named = {"ExpressionAttributeNames": names} if names else {}
        return {
            "Update": {
                "TableName": self._table,
                "Key": key,
                "UpdateExpression": update,
                "ConditionExpression": condition,
                "ExpressionAttributeValues": values,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                **named,
            }
        }

    @contextmanager
    def _port_errors(self) -> Iterator[None]:
        what = f"the stock in table {self._table}"
        try:
            with port_errors(what, InventoryError, InventoryUnavailableError):
                yield
        except CancelledError as cancelled:  # by another transaction at the same moment: after it, this one may pass
            raise InventoryUnavailableError(f"Cannot use {what}: cancelled by {cancelled}") from cancelled


def _reservation_id(key: str) -> Members:
    return {"id": {"S": f"reservation#{key}"}}


def _stock_id(line: Line) -> Members:
    return {"id": {"S": f"stock#{line['sku']}"}}


def _reservation(key: str, lines: Sequence[Line]) -> Reservation:
    return Reservation(reservation_id=key, pieces=sum(line["quantity"] for line in lines))
