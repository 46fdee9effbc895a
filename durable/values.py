"""What no type can say: the values of user code, and JSON."""

from collections.abc import Callable
from types import GenericAlias
from typing import Any, ClassVar, TypeAlias

Value: TypeAlias = Any
"""Whatever user code gives or takes."""

Json: TypeAlias = Any
"""Whatever JSON can say."""

SummaryGenerator: TypeAlias = Callable[[Value], str]
"""Makes the text that is recorded in place of a result too large for a checkpoint."""


def byte_count(text: str) -> int:
    """The bytes of a text in UTF-8; text that is ASCII, as most is, need not be encoded to know."""
    return len(text) if text.isascii() else len(text.encode())


class Subscriptable:
    """A class that code written for AWS's SDK may subscript with types: `ChildConfig[str](...)`."""

    __slots__ = ()
    __class_getitem__: ClassVar[Any] = classmethod(GenericAlias)
