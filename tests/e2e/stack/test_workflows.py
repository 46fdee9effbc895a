"""All five workflows end to end, with the adapters that are deployed: what holds of a stack, wherever it is."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.adapters.reports.conftest import RECIPIENT, sent
from tests.e2e.conftest import ROOT
from tests.e2e.stack.emulated import REPORT, EmulatedStack
from tests.e2e.stack.inbox import Inbox, inbox
from tests.e2e.stack.stack import Stack

DATA_TYPES = ("customers", "products", "orders")


@pytest.fixture(scope="module")
def notices(stack: Stack) -> Iterator[Inbox]:
    """What customers and reviewers are told."""
    with inbox(stack) as subscribed:
        yield subscribed


@pytest.fixture(scope="module")
def ingested(stack: Stack) -> tuple[str, Any]:
    """The pipeline's execution on the sample data, and its result."""
    for document in ("products.csv", "orders.jsonl"):
        stack.client("s3").upload_file(str(ROOT / "data" / document), stack.ids["Bucket"], f"sources/{document}")
    name = f"ingest-{stack.run}"
    return name, stack.result(stack.begin("PipelineFunction", {"event_contexts": [*DATA_TYPES]}, name))


def test_the_pipeline_leaves_every_row_in_the_bucket(stack: Stack, ingested: tuple[str, Any]) -> None:
    name, counts = ingested

    stored = stack.documents(f"pipeline/documents/{name}/")
    rejected = stack.documents(f"pipeline/rejected/{name}/")

    for data_type in DATA_TYPES:
        assert rows(stored, data_type) == counts[data_type]["stored"] > 0
        assert rows(rejected, data_type) == counts[data_type]["rejected"]


def rows(documents: dict[str, bytes], data_type: str) -> int:
    """How many records lie in the documents of a data type."""
    bodies = [body for key, body in documents.items() if key.startswith(f"{data_type}/")]
    return sum(len(body.splitlines()) for body in bodies)


def test_the_tour_greets_and_reports_once_it_is_answered(stack: Stack) -> None:
    name = f"tour-{stack.run}"

    arn = stack.begin("TourFunction", {"name": "Ada", "items": ["plums", "pears"]}, name)
    stack.answer_callback(arn, "with pleasure")
    stack.result(arn)

    report = stack.documents(f"pipeline/tour/{name}/")["report.txt"].decode()
    assert "with pleasure" in report
    assert "Ada" in report


def test_a_cart_is_reminded_of_once_though_its_event_comes_twice(stack: Stack, notices: Inbox) -> None:
    cart = f"c-{stack.run}"
    detail = {"cart_id": cart, "customer_id": "ada", "remind_after_seconds": 1}

    for _ in range(2):
        stack.tell("cart-added", detail)
    reminder = notices.notice(cart)
    outcome = stack.result(stack.begun("CartReminderFunction", f"cart-reminder-{cart}"))
    notices.receive_the_rest()

    assert (outcome["cart_id"], outcome["outcome"]) == (cart, "reminded")
    assert reminder["recipient"] == "ada"
    assert notices.having(cart) == [reminder]


def test_an_order_is_shipped_once_a_reviewer_approves(stack: Stack, notices: Inbox) -> None:
    order, sku = f"o-{stack.run}", f"tea-{stack.run}"
    keep_in_stock(stack, sku, 5)
    placed = order_of_two(order, sku, "77.05")

    stack.tell("order-placed", placed)
    review = notices.notice(f"{order} waits for your decision")
    decided = stack.call(
        "ApprovalsFunction", {"decision": "approve", **approval(review), "decided_by": reviewer(stack)}
    )
    outcome = stack.result(stack.begun("FulfilmentFunction", f"fulfilment-{order}"))

    assert decided["decision"] == "approve"
    assert (outcome["order_id"], outcome["outcome"]) == (order, "fulfilled")
    assert outcome["tracking_id"] in notices.notice(f"Your order {order} is on its way")["text"]
    assert in_stock(stack, sku) == 3


def test_an_order_that_is_rejected_leaves_nothing(stack: Stack, notices: Inbox) -> None:
    order, sku = f"r-{stack.run}", f"cup-{stack.run}"
    keep_in_stock(stack, sku, 5)
    placed = order_of_two(order, sku, "9.00")

    arn = stack.begin("FulfilmentFunction", placed, f"fulfilment-{order}")
    review = notices.notice(f"{order} waits for your decision")
    stack.call("ApprovalsFunction", {"decision": "reject", **approval(review), "decided_by": reviewer(stack)})
    outcome = stack.result(arn)

    assert (outcome["outcome"], outcome["reason"]) == ("rejected", "not-approved")
    assert in_stock(stack, sku) == 5


def order_of_two(order: str, sku: str, total: str) -> dict[str, Any]:
    lines = [{"sku": sku, "quantity": 2}]
    return {"order_id": order, "customer_id": "c-001", "card": "card-7", "total": total, "lines": lines}


def approval(review: dict[str, str]) -> dict[str, str]:
    (told,) = re.findall(r"approval ([0-9a-f]+)", review["text"])
    return {"approval_id": told}


def reviewer(stack: Stack) -> str:
    """Somebody who may decide, by the stack's parameter."""
    first = stack.parameters["Reviewers"].partition(",")[0].strip()
    assert first, "Nobody may decide on orders: deploy the stack with a parameter Reviewers, as in user/rita"
    return first


def keep_in_stock(stack: Stack, sku: str, available: int) -> None:
    item = {"id": {"S": f"stock#{sku}"}, "available": {"N": str(available)}}
    stack.client("dynamodb").put_item(TableName=stack.ids["InventoryTable"], Item=item)


def in_stock(stack: Stack, sku: str) -> int:
    key = {"id": {"S": f"stock#{sku}"}}
    told = stack.client("dynamodb").get_item(TableName=stack.ids["InventoryTable"], Key=key, ConsistentRead=True)
    return int(told["Item"]["available"]["N"])


def test_the_analyst_answers_from_what_the_pipeline_has_stored(stack: Stack, ingested: tuple[str, Any]) -> None:
    documents, _ = ingested
    question = json.loads((ROOT / "events/analyst.json").read_text())["question"]

    arn = stack.begin("AnalystFunction", {"question": question, "documents": documents}, f"analyst-{stack.run}")
    analysis = stack.result(arn)

    assert (analysis["outcome"], analysis["reason"]) == ("answered", None)
    assert analysis["answer"].strip()
    assert analysis["tokens"] > 0


@pytest.mark.slow
def test_the_model_is_told_the_rows_that_it_asked_for_and_its_report_goes_out_by_mail(
    emulated_stack: EmulatedStack, ingested: tuple[str, Any]
) -> None:
    documents, _ = ingested
    begun, mailed = len(emulated_stack.model.asked), len(sent())

    arn = emulated_stack.begin("AnalystFunction", {"question": "Who?", "documents": documents}, "mails")
    emulated_stack.result(arn)

    _, told, _ = emulated_stack.model.asked[begun:]
    (rows,) = [block["toolResult"] for block in told["messages"][-1]["content"] if "toolResult" in block]
    assert len(json.loads(rows["content"][0]["text"])["rows"]) == 3
    assert sent()[mailed:] == [(RECIPIENT, REPORT)]
