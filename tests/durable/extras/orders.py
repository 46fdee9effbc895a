"""Models and dataclasses as functions pass them between steps."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, computed_field


class Status(Enum):
    OPEN = "open"
    PAID = "paid"


class Priority(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    price: Decimal
    amounts: tuple[int, ...] = ()


class Card(BaseModel):
    kind: Literal["card"] = "card"
    digits: str


class Invoice(BaseModel):
    kind: Literal["invoice"] = "invoice"
    due: date


class Customer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    name: str = Field(alias="customerName")
    payment: Card | Invoice

    @computed_field  # type: ignore[prop-decorator]
    @property
    def greeting(self) -> str:
        return f"Dear {self.name}"


@dataclass(frozen=True)
class Order:
    customer: Customer
    placed: datetime
    status: Status
    priority: Priority
    lines: tuple[Line, ...]
    patience: timedelta | None = None
    tags: frozenset[str] = frozenset()
    stock: dict[int, Decimal] = field(default_factory=dict)
    note: int | str | None = None


@dataclass(frozen=True)
class GiftLine(Line):
    wish: str = ""


@dataclass(frozen=True)
class Loose:
    anything: Any
    ratio: float = 0.0


class Hidden(BaseModel):
    number: int
    secret: str = Field(default="", exclude=True)


_CUSTOMERS = st.builds(
    lambda identity, name, payment: Customer(id=identity, customerName=name, payment=payment),
    st.uuids(),
    st.text(),
    st.builds(Card, digits=st.text()) | st.builds(Invoice, due=st.dates()),
)

ORDERS = st.builds(
    Order,
    customer=_CUSTOMERS,
    placed=st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30))])),
    lines=st.lists(st.builds(Line, price=st.decimals(allow_nan=False, allow_infinity=False))).map(tuple),
    patience=st.none() | st.timedeltas(),
    stock=st.dictionaries(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)),
)

ORDER = Order(
    Customer(id=UUID(int=7), customerName="Ada", payment=Invoice(due=date(2026, 3, 1))),
    datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - a naive one has to come back naive
    Status.PAID,
    Priority.HIGH,
    (Line("bolt", Decimal("1.10"), (3, 4)),),
    timedelta(hours=72),
    frozenset({"new"}),
    {1: Decimal("0.5")},
    "7",
)
