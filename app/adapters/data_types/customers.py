"""Customers, from a paginated HTTP API."""

from collections.abc import Callable

import httpx

from app.adapters.data_types.rows.mapper import Row, RowMapper
from app.adapters.data_types.rows.paged_api import PagedApi
from app.domain.customers import Customer
from app.ports.data_type import DataType


class CustomerRow(Row[Customer]):
    """A customer as the API tells it."""

    id: str
    name: str
    email: str
    country: str

    def to_record(self) -> Customer:
        return Customer(id=self.id, name=self.name, email=self.email, country=self.country)


def data_type(address: Callable[[], str], client: Callable[[], httpx.Client]) -> DataType:
    """Customers of the API at that address."""
    return DataType(PagedApi(address, client), RowMapper(CustomerRow, Customer, id_field="id"))
