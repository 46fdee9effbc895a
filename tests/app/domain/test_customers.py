import pytest

from app.domain.customers import Customer
from app.domain.errors import RowRejectedError


def test_an_email_is_kept_in_one_spelling() -> None:
    customer = Customer("c-1", "Ada Lovelace", "  Ada.Lovelace@Example.COM ", "SE")

    assert customer.email == "ada.lovelace@example.com"


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.com", "ada@example", "a da@example.com", "a@b@c.de"])
def test_what_is_no_email_is_refused_and_quoted(email: str) -> None:
    with pytest.raises(RowRejectedError, match="email: ") as refused:
        Customer("c-1", "Ada Lovelace", email, "SE")

    assert repr(email) in refused.value.reason


def test_a_customer_without_a_name_is_refused() -> None:
    with pytest.raises(RowRejectedError, match=r"name: ' \\t' is blank"):
        Customer("c-1", " \t", "ada@example.com", "SE")
