"""Refusals: why an order goes no further, or a decision on one does not count. Who refuses has done nothing."""

from app.domain.errors import DomainError


class OrderRefusedError(DomainError):
    """Somebody whom an order needs has refused it; to ask again would change nothing."""


class CardDeclinedError(OrderRefusedError):
    """The card's bank does not pay."""


class InvalidCardError(OrderRefusedError):
    """There is no such card, or it has expired."""


class OutOfStockError(OrderRefusedError):
    """There is less in stock than the order wants."""


class UnknownSkuError(OrderRefusedError):
    """The order wants something that the shop does not have."""


class OrderUndoneError(OrderRefusedError):
    """What the order did was undone before, and stays so: its idempotency keys are used up."""


class NotApprovedError(OrderRefusedError):
    """The fraud review has not approved the order."""


class DecisionRefusedError(DomainError):
    """A decision on an order does not count."""


class NotAllowedError(DecisionRefusedError):
    """This person may not decide on this order."""


class ApprovalNotFoundError(DecisionRefusedError):
    """There is no approval with this id."""


class AlreadyDecidedError(DecisionRefusedError):
    """The approval was decided on before; it is for a single use."""


class ApprovalClosedError(DecisionRefusedError):
    """The deadline has passed, or the execution waits for the approval no more."""
