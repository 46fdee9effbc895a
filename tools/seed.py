"""Put the sample data where the deployed stack looks for it: make seed."""

import csv
import sys
from typing import Any

from tools.stack import ROOT, Stack, deployed

SOURCES = ("products.csv", "orders.jsonl")
STOCK = "stock.csv"
NEW = "attribute_not_exists(id)"


def main() -> int:
    """Put the sources into the bucket, and the first stock into its table."""
    with deployed() as stack:
        upload(stack)
        fill(stack)
    print("Next: make invoke")
    return 0


def upload(stack: Stack) -> None:
    """Put the sources of products and orders into the bucket; customers come from an API."""
    bucket, s3 = stack.outputs["Bucket"], stack.client("s3")
    for name in SOURCES:
        s3.put_object(Bucket=bucket, Key=f"sources/{name}", Body=(ROOT / "data" / name).read_bytes())
        print(f"s3://{bucket}/sources/{name}")


def fill(stack: Stack) -> None:
    """Put the stock into its table; what is there already stays as it is."""
    table, dynamodb = stack.outputs["InventoryTable"], stack.client("dynamodb")
    with (ROOT / "data" / STOCK).open(newline="") as document:
        new = sum(_is_put(dynamodb, table, row) for row in csv.DictReader(document))
    print(f"{table}: the stock of {new} products that were not there")


def _is_put(dynamodb: Any, table: str, row: dict[str, str]) -> bool:
    item = {"id": {"S": f"stock#{row['sku']}"}, "available": {"N": row["available"]}}
    try:
        dynamodb.put_item(TableName=table, Item=item, ConditionExpression=NEW)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
