"""Decide on an order at `durable start`, as a reviewer who has read the notice: make approve."""

import argparse
import json
import re
import sys
from pathlib import Path

import boto3
from botocore.exceptions import EndpointConnectionError

LOCAL = {"region_name": "us-east-1", "aws_access_key_id": "local", "aws_secret_access_key": "local"}
FUNCTION = "ApprovalsFunction:live"


def main() -> int:
    """Read the approval's id from the order's notice, and decide on it."""
    parser = argparse.ArgumentParser(prog="python -m tools.decide", description=__doc__)
    parser.add_argument("order", help="the order's id")
    parser.add_argument("decision", choices=["approve", "reject"])
    parser.add_argument("--by", default="rita", help="the reviewer's name")
    parser.add_argument("--endpoint", default="http://127.0.0.1:9010", help="where durable start listens")
    parser.add_argument("--notices", default=".durable/storage/notices", type=Path, help="where notices lie")
    asked = parser.parse_args()
    request = {
        "approval_id": approval_id(asked.notices, asked.order),
        "decision": asked.decision,
        "decided_by": asked.by,
    }
    client = boto3.client("lambda", endpoint_url=asked.endpoint, **LOCAL)
    try:
        answer = client.invoke(FunctionName=FUNCTION, Payload=json.dumps(request))
    except EndpointConnectionError:
        raise SystemExit(f"No server listens at {asked.endpoint}; start it with: make demo") from None
    told = json.loads(answer["Payload"].read())
    print(told.get("errorMessage") or f"Order {asked.order}: {told['decision']} by {told['decided_by']}")
    return "FunctionError" in answer


def approval_id(notices: Path, order: str) -> str:
    """The id that the fraud review was told."""
    notice = notices / f"review-order-{order}.json"
    if not notice.is_file():
        raise SystemExit(f"Nobody was asked to decide on order {order}: there is no {notice}; begin with make order")
    told = re.search(r"approval ([0-9a-f]+)", json.loads(notice.read_text())["text"])
    if told is None:
        raise SystemExit(f"{notice} names no approval")
    return told.group(1)


if __name__ == "__main__":
    sys.exit(main())
