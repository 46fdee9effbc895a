"""Providers on loopback that behave like those whom the shop pays for payments and parcels, over real HTTP."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.listening import address, listening

Answer = tuple[int, Mapping[str, Any]]
Route = Callable[[Mapping[str, Any], str], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a provider has seen."""

    path: str
    key: str
    authorization: str


@dataclass(slots=True)
class Provider:
    """What a provider does at each path, given the body and the idempotency key."""

    routes: Mapping[str, Route]
    asked: list[Asked] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Paths whose next answers get lost after what was asked for was done."""


@contextmanager
def serving(provider: Provider) -> Iterator[str]:
    """The address of a provider, until the end of the block."""
    with listening() as http:
        http.RequestHandlerClass = _handler(provider)
        yield address(http)


def payment_provider() -> Provider:
    """Charges cards: `card-declined` is declined, `card-...` pays, and anything else is no card."""
    charges = dict[str, str]()
    refunded = set[str]()

    def charge(body: Mapping[str, Any], key: str) -> Answer:
        if key in refunded:
            return 409, {"reason": "the charge was refunded before"}
        if charges.get(key, body["amount"]) != body["amount"]:
            return 400, {"reason": "the key has charged another amount"}
        if not body["card"].startswith("card-"):
            return 422, {"reason": "there is no such card"}
        if body["card"] == "card-declined":
            return 402, {"reason": "the bank does not pay"}
        charges[key] = body["amount"]
        return 201, {"charge_id": f"ch-{key}", "amount": body["amount"]}

    def refund(body: Mapping[str, Any], _key: str) -> Answer:
        refunded.add(body["charge"])
        return 200, {"refunded": charges.get(body["charge"], str(Decimal("0.00")))}

    return Provider({"/charges": charge, "/refunds": refund})


def shipping_provider() -> Provider:
    """Makes parcels up, and lets them go."""
    parcels = dict[str, str]()

    def ship(_body: Mapping[str, Any], key: str) -> Answer:
        parcels.setdefault(key, f"track-{key}")
        return 201, {"tracking_id": parcels[key]}

    def confirm(body: Mapping[str, Any], _key: str) -> Answer:
        found = parcels.get(body["shipment"])
        return (200, {"tracking_id": found}) if found else (404, {"reason": "there is no such parcel"})

    return Provider({"/shipments": ship, "/confirmations": confirm})


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            provider.asked.append(Asked(self.path, key, self.headers.get("Authorization", "")))
            status, members = provider.routes[self.path](body, key)
            if self.path in provider.lost:
                provider.lost.remove(self.path)
                self.close_connection = True
            else:
                self._send(status, json.dumps(members).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    return Handler
