"""Payments in a ledger of DynamoDB, where nobody's money moves either: what the sample provider keeps."""

from collections.abc import Callable
from decimal import Decimal

from app.adapters.payments.charges import Charge, new_charge
from app.adapters.technologies.aws import Client, Members, port_errors, whole
from app.domain.fulfilment import ChargeReceipt, RefundReceipt
from app.ports.payments import Payments, PaymentsError, PaymentsUnavailableError

NEW = "attribute_not_exists(id)"
REFUND = "SET refunded = :true, amount = if_not_exists(amount, :nothing)"


class DynamoPayments(Payments):
    """Keeps each charge in an item `charge#...`, with its refund. The table holds nothing of the card."""

    def __init__(self, client: Client, table: str) -> None:
        self._client = client
        self._table = table

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        charge = self._find(key) or self._keep(new_charge(card, amount, key))
        return charge.receipt(amount)

    def refund(self, key: str) -> RefundReceipt:
        values = {":true": {"BOOL": True}, ":nothing": {"S": "0.00"}}
        answer = self._call(
            self._client.update_item,
            Key=_id(key),
            UpdateExpression=REFUND,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        return RefundReceipt(refunded=answer["Attributes"]["amount"]["S"])

    def _find(self, key: str) -> Charge | None:
        item = self._call(self._client.get_item, Key=_id(key), ConsistentRead=True).get("Item")
        return Charge(key, item["amount"]["S"], item["refunded"]["BOOL"]) if item else None

    def _keep(self, charge: Charge) -> Charge:
        item = {**_id(charge.key), "amount": {"S": charge.amount}, "refunded": {"BOOL": charge.refunded}}
        self._call(self._client.put_item, Item=item, ConditionExpression=NEW)
        return charge

    def _call(self, operation: Callable[..., Members], **members: object) -> Members:
        # Another call of the same key was in between; after it, this one finds what that has kept.
        named = {"ConditionalCheckFailedException": PaymentsUnavailableError}
        with port_errors(f"charges in table {self._table}", PaymentsError, PaymentsUnavailableError, named):
            return whole(operation(TableName=self._table, **members))


def _id(key: str) -> Members:
    return {"id": {"S": f"charge#{key}"}}
