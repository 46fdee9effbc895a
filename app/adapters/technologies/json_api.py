"""APIs that take and give JSON over HTTP, with an idempotency key for each call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

MAY_PASS = {408, 425, 429}
FIRST_OF_THE_SERVER = 500
LONGEST_REASON = 200

Refusals = Mapping[int, type[Exception]]
"""Errors of the domain by the status that an API answers with."""


@dataclass(frozen=True, slots=True)
class JsonApi:
    """An API below an address. Client and headers are asked for with each call, so that building it does no work.

    The headers may hold a credential, so no error tells them.
    """

    address: str
    client: Callable[[], httpx.Client]
    final: type[Exception]
    may_pass: type[Exception]
    headers: Callable[[], Mapping[str, str]] = field(default=dict, repr=False)

    def post(self, path: str, body: Mapping[str, Any], key: str, wanted: str, refusals: Refusals) -> str:
        """Have something done once for the key; the answer is the member that is wanted of what the API says."""
        url = f"{self.address.rstrip('/')}/{path}"
        try:
            answer = self.client().post(url, json=body, headers={**self.headers(), "Idempotency-Key": key})
        except httpx.TransportError as error:
            raise self.may_pass(f"Cannot reach {url}: {error or type(error).__name__}") from error
        self._check(url, answer, refusals)
        value = _members(answer).get(wanted)
        if not isinstance(value, str):
            # What was done was done, so the same call is asked for its answer again.
            raise self.may_pass(f"{url} answered {answer.status_code} without a text as {wanted}")
        return value

    def _check(self, url: str, answer: httpx.Response, refusals: Refusals) -> None:
        if answer.is_success:
            return
        if refusal := refusals.get(answer.status_code):
            reason = _members(answer).get("reason", "no reason told")
            raise refusal(str(reason)[:LONGEST_REASON])
        kind = self.may_pass if _may_pass(answer.status_code) else self.final
        raise kind(f"{url} answered {answer.status_code}")


def _may_pass(status: int) -> bool:
    return status in MAY_PASS or status >= FIRST_OF_THE_SERVER


def _members(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        members = answer.json()
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}
