"""Payments by an HTTP API."""

from collections.abc import Callable
from decimal import Decimal

import httpx

from app.adapters.payments.api import REFUSALS
from app.adapters.technologies.json_api import JsonApi
from app.domain.fulfilment import ChargeReceipt, RefundReceipt
from app.ports.payments import Payments, PaymentsError, PaymentsUnavailableError


class HttpPayments(Payments):
    """Asks a payment provider: `POST charges` and `POST refunds`, each with its idempotency key.

    The provider keeps a refund of a charge that it does not know, and refuses that charge with 409 if it comes later.
    Without a credential it knows us by other means.
    """

    def __init__(
        self, address: str, client: Callable[[], httpx.Client], credential: Callable[[], str] | None = None
    ) -> None:
        headers = (lambda: {"Authorization": f"Bearer {credential()}"}) if credential else dict
        self._api = JsonApi(address, client, PaymentsError, PaymentsUnavailableError, headers)

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        body = {"card": card, "amount": str(amount)}
        charge_id = self._api.post("charges", body, key, "charge_id", REFUSALS)
        return ChargeReceipt(charge_id=charge_id, amount=str(amount))

    def refund(self, key: str) -> RefundReceipt:
        return RefundReceipt(refunded=self._api.post("refunds", {"charge": key}, f"refund-{key}", "refunded", {}))
