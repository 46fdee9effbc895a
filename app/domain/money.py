"""Amounts that add up exactly."""

from decimal import Decimal

from app.domain.errors import RowRejectedError, shown

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 12
"""Below a trillion, a thousand lines of a million pieces each still fit Decimal's 28 digits."""


def money(field: str, amount: Decimal) -> Decimal:
    """The amount in whole cents; refused when negative, fractions of a cent, a trillion or more, or not a number."""
    if not amount.is_finite():
        raise RowRejectedError(field, f"{shown(amount)} is not an amount; give a finite decimal")
    if amount < 0:
        raise RowRejectedError(field, f"{shown(amount)} is negative; an amount is zero or more")
    if amount >= LIMIT:
        raise RowRejectedError(field, f"{shown(amount)} is too large; amounts are below {LIMIT:,}")
    cents = amount.quantize(CENT)
    if cents != amount:
        raise RowRejectedError(field, f"{shown(amount)} has fractions of a cent; give at most two decimals")
    return cents.copy_abs()
