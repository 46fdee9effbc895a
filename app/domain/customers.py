"""Customers: people with an address to write to."""

import re
from dataclasses import dataclass

from app.domain.errors import RowRejectedError, shown
from app.domain.texts import check_text

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; the e-mail is kept in one spelling, so that one mailbox is one customer."""

    id: str
    name: str
    email: str
    country: str

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_text("name", self.name)
        check_text("country", self.country)
        object.__setattr__(self, "email", normalised_email(self.email))


def normalised_email(text: str) -> str:
    """The address trimmed and in lower case."""
    email = text.strip().lower()
    if not EMAIL.fullmatch(email):
        raise RowRejectedError("email", f"{shown(text)} is not an e-mail address; expected name@host.domain")
    check_text("email", email)
    return email
