"""Customers: people with an address to write to."""

import re
from dataclasses import dataclass

from app.domain.errors import RowRejectedError

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; the e-mail is kept in one spelling, so that one mailbox is one customer."""

    id: str
    name: str
    email: str
    country: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise RowRejectedError("name", "is blank; a customer has a name")
        object.__setattr__(self, "email", normalised_email(self.email))


def normalised_email(text: str) -> str:
    """The address trimmed and in lower case."""
    email = text.strip().lower()
    if not EMAIL.fullmatch(email):
        raise RowRejectedError("email", f"{text[:80]!r} is not an e-mail address; expected name@host.domain")
    return email
