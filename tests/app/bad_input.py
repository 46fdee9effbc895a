"""Bad input of one data type, and what the pipeline says to it."""

from dataclasses import dataclass

MANY = 10_000
UNKNOWN = "is in a field that this data type does not know"
HEADER = b"sku,name,category,price,stock\n"


@dataclass(frozen=True, slots=True)
class BadInput:
    """A document or page, how many records come of it, and what is said of the rest: of each row, or of the whole."""

    name: str
    data_type: str
    body: bytes
    stored: int = 0
    rejected: tuple[str, ...] = ()
    failure: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def outcome(self) -> str:
        """What the docs say of it."""
        if self.failure:
            return f"the branch fails: `{self.failure}`"
        if self.rejected:
            return f"rejected: `{'`, `'.join(self.rejected)}`"
        return "kept" if self.stored else "no rows"


def order(**members: str) -> str:
    """An order's row, with members in JSON's spelling in place of the good ones."""
    lines = '[{"sku":"tea-01","quantity":2,"unit_price":1.50}]'
    good = {"id": '"o-2"', "customer_id": '"c-1"', "lines": lines, "total": "3.00"}
    return "{" + ",".join(f'"{name}":{value}' for name, value in {**good, **members}.items()) + "}"


def line(**members: str) -> str:
    """An order whose one line has these members in place of the good ones."""
    good = {"sku": '"tea-01"', "quantity": "2", "unit_price": "1.50"}
    return order(lines="[{" + ",".join(f'"{name}":{value}' for name, value in {**good, **members}.items()) + "}]")


def customer(**members: str) -> str:
    good = {"id": '"c-2"', "name": '"Ada"', "email": '"ada@example.com"', "country": '"SE"'}
    return "{" + ",".join(f'"{name}":{value}' for name, value in {**good, **members}.items()) + "}"


def in_order(name: str, row: str | bytes, rejected: str = "") -> BadInput:
    """A row between two good orders."""
    raw = row if isinstance(row, bytes) else row.encode()
    body = b"\n".join([order(id='"o-1"').encode(), raw, order(id='"o-3"').encode()])
    return BadInput(name, "orders", body, 2 if rejected else 3, (rejected,) if rejected else ())


def in_product(name: str, row: str | bytes, *rejected: str) -> BadInput:
    """A record between two good products."""
    raw = row if isinstance(row, bytes) else row.encode()
    body = HEADER + b"tea-01,Assam,tea,4.10,7\n" + raw + b"\ntea-03,Sencha,tea,5,0\n"
    return BadInput(name, "products", body, 2 if rejected else 3, rejected)


def in_customer(name: str, row: str | bytes, rejected: str = "") -> BadInput:
    """A row between two good customers on one page."""
    raw = row if isinstance(row, bytes) else row.encode()
    body = b"[" + customer(id='"c-1"').encode() + b"," + raw + b"," + customer(id='"c-3"').encode() + b"]"
    return BadInput(name, "customers", body, 2 if rejected else 3, (rejected,) if rejected else ())
