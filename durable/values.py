"""What no type can say: the values of user code, and JSON."""

from typing import Any, TypeAlias

Value: TypeAlias = Any
"""Whatever user code gives or takes."""

Json: TypeAlias = Any
"""Whatever JSON can say."""
