"""Notices: what people outside are told."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text for one recipient, who is named by an id: whoever delivers it knows the address."""

    recipient: str
    subject: str
    text: str


class NoticeReceipt(TypedDict):
    """Proof that a notice was handed over: its id or its address at whoever delivers it."""

    id: str
