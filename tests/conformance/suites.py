"""The suites, one module each."""

import importlib

NAMES = (
    "step",
    "wait",
    "child",
    "callback",
    "invoke",
    "wait_for_condition",
    "wait_for_callback",
    "parallel",
    "map",
    "plugin",
)


def load() -> None:
    """Have every suite register its handlers."""
    for name in NAMES:
        importlib.import_module(f"tests.conformance.{name}")
