"""Payments as an API: the other end of `HttpPayments`."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.adapters.technologies.function_api import Body, Statuses, served
from app.domain.refusals import CardDeclinedError, InvalidCardError, OrderUndoneError
from app.ports.payments import Payments, PaymentsError, PaymentsUnavailableError

REFUSALS = {402: CardDeclinedError, 409: OrderUndoneError, 422: InvalidCardError}
STATUSES: Statuses = {
    **{refusal: status for status, refusal in REFUSALS.items()},
    PaymentsUnavailableError: 503,
    PaymentsError: 400,
    InvalidOperation: 400,  # of an amount that is no number
}


@dataclass(frozen=True, slots=True)
class PaymentsApi:
    """Serves payments to whoever may invoke the function that it is in; their calls are told as a sample's."""

    payments: Payments

    def answer(self, delivery: Any) -> Any:
        """What the API says to a request."""
        routes = {"/charges": self._charge, "/refunds": self._refund}
        return served("Sample payments, nobody's money", delivery, routes, STATUSES)

    def _charge(self, body: Body, key: str) -> tuple[int, Body]:
        return 201, self.payments.charge(str(body["card"]), Decimal(body["amount"]), key)

    def _refund(self, body: Body, _key: str) -> tuple[int, Body]:
        return 200, self.payments.refund(str(body["charge"]))
