"""The stack that the tests are run on: one on this machine, or one that is deployed."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import boto3
import pytest

from tests.e2e.conftest import HOST_ARCHITECTURE, Build
from tests.e2e.stack.deployed import deployed
from tests.e2e.stack.emulated import EmulatedStack, emulated
from tests.e2e.stack.stack import Stack


@pytest.fixture(scope="module")
def emulated_stack(
    build: Build, bare_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmulatedStack]:
    """What SAM has built, on this machine."""
    template = build(HOST_ARCHITECTURE).parent / "template.yaml"
    with emulated(template, bare_python, tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def deployed_stack() -> Stack:
    """The stack that STACK names, in the account and the region of whoever is signed in."""
    name = os.environ.get("STACK")
    if not name:
        pytest.skip("STACK names no deployed stack; STACK=NAME pytest -m cloud runs these tests on one")
    return deployed(name, cache(boto3.client))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("emulated_stack", marks=pytest.mark.slow),
        pytest.param("deployed_stack", marks=pytest.mark.cloud),
    ],
    ids=["emulated", "deployed"],
)
def stack(request: pytest.FixtureRequest) -> Stack:
    """A stack; a test that asks for it runs once for each, where that is there."""
    found: Stack = request.getfixturevalue(request.param)
    return found
