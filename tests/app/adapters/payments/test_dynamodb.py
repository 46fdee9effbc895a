from decimal import Decimal
from typing import Any

import pytest

from app.adapters.payments.dynamodb import DynamoPayments
from app.ports.payments import PaymentsError, PaymentsUnavailableError

AMOUNT = Decimal("48.35")


class SlowFinder(DynamoPayments):
    """Looks for a charge before another call has made it, and keeps its own after that."""

    def _find(self, key: str) -> None:
        return None


def test_two_calls_of_one_key_at_once_make_one_charge(dynamo: DynamoPayments, dynamodb: Any, ledger_table: str) -> None:
    dynamo.charge("card-7", AMOUNT, "order-1")

    with pytest.raises(PaymentsUnavailableError, match=f"charges in table {ledger_table}"):
        SlowFinder(dynamodb, ledger_table).charge("card-8", Decimal("1.00"), "order-1")

    assert dynamo.refund("order-1") == {"refunded": "48.35"}


def test_the_table_holds_no_card(dynamo: DynamoPayments, dynamodb: Any, ledger_table: str) -> None:
    dynamo.charge("card-7", AMOUNT, "order-1")

    assert "card-7" not in str(dynamodb.scan(TableName=ledger_table)["Items"])


def test_a_missing_table_is_a_final_error(dynamodb: Any) -> None:
    with pytest.raises(PaymentsError, match="Cannot use charges in table no-such-table: ") as refused:
        DynamoPayments(dynamodb, "no-such-table").refund("order-1")

    assert not isinstance(refused.value, PaymentsUnavailableError)
