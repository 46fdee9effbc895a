"""Charges of a ledger: what is known of one, and what its key, and the card, allow."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.fulfilment import ChargeReceipt
from app.domain.refusals import CardDeclinedError, InvalidCardError, OrderUndoneError
from app.ports.payments import PaymentsError

CARD, DECLINED = "card-", "card-declined"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a ledger keeps under a key; the amount of one that was refunded before it was made is 0.00."""

    key: str
    amount: str
    refunded: bool = False

    def receipt(self, amount: Decimal) -> ChargeReceipt:
        """The proof of a charge of that amount; refused if this is not one."""
        if self.refunded:
            raise OrderUndoneError(f"the charge {self.key} was refunded before")
        if self.amount != str(amount):
            raise PaymentsError(
                f"{self.key} has charged {self.amount} before, not {amount}; another charge needs another key"
            )
        return ChargeReceipt(charge_id=f"charge-{self.key}", amount=self.amount)


def new_charge(card: str, amount: Decimal, key: str) -> Charge:
    """A charge of a card: `card-declined` is declined, and any other begins with `card-`."""
    if not card.startswith(CARD):
        raise InvalidCardError(f"{card} is no card")
    if card == DECLINED:
        raise CardDeclinedError(f"the bank of {card} does not pay")
    return Charge(key, str(amount))
