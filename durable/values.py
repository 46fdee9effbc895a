"""What no type can say: the values of user code, and JSON."""

from collections.abc import Callable
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""Whatever user code gives or takes."""

Json: TypeAlias = Any
"""Whatever JSON can say."""

SummaryGenerator: TypeAlias = Callable[[Value], str]
"""Makes the text that is recorded in place of a result too large for a checkpoint."""
