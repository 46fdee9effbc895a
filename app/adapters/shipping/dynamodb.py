"""Parcels in a ledger of DynamoDB, which nobody carries either: what the sample provider keeps."""

import json
from collections.abc import Sequence

from app.adapters.technologies.aws import Client, Errors, Members, port_errors, whole
from app.domain.fulfilment import Shipment
from app.domain.placed_orders import Line
from app.ports.shipping import Shipping, ShippingError, ShippingUnavailableError

SHIP = "SET customer_id = if_not_exists(customer_id, :customer), #lines = if_not_exists(#lines, :lines)"
CONFIRM = "SET confirmed = :true"
SHIPPED = "attribute_exists(customer_id)"


class DynamoShipping(Shipping):
    """Keeps each parcel in an item `parcel#...`."""

    def __init__(self, client: Client, table: str) -> None:
        self._client = client
        self._table = table

    def ship(self, customer_id: str, lines: Sequence[Line], key: str) -> Shipment:
        values = {":customer": {"S": customer_id}, ":lines": {"S": json.dumps(lines)}}
        return self._update(key, values, UpdateExpression=SHIP, ExpressionAttributeNames={"#lines": "lines"})

    def confirm(self, key: str) -> Shipment:
        return self._update(key, {":true": {"BOOL": True}}, UpdateExpression=CONFIRM, ConditionExpression=SHIPPED)

    def _update(self, key: str, values: Members, **members: object) -> Shipment:
        missing: Errors = {"ConditionalCheckFailedException": ShippingError}
        what = f"parcel {key} in table {self._table}, which is to be shipped before it is confirmed"
        item = {"id": {"S": f"parcel#{key}"}}
        with port_errors(what, ShippingError, ShippingUnavailableError, missing):
            whole(
                self._client.update_item(TableName=self._table, Key=item, ExpressionAttributeValues=values, **members)
            )
        return Shipment(tracking_id=f"parcel-{key}")
