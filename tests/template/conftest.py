"""The template as it is deployed for a first use, and with every parameter given."""

from collections.abc import Callable, Mapping

import pytest

from tests.app.conftest import aws
from tests.template.calls import observed
from tests.template.document import EVERYTHING, FIRST_USE, Permission, Template

__all__ = ["aws"]

Calls = Callable[[Template], Mapping[str, set[Permission]]]

DEPLOYMENTS = {"first use": FIRST_USE, "everything": EVERYTHING}


@pytest.fixture(params=DEPLOYMENTS)
def template(request: pytest.FixtureRequest) -> Template:
    """A deployment; a test that asks for it runs once for each."""
    return Template(given=DEPLOYMENTS[request.param])


@pytest.fixture(scope="session")
def calls(aws: str) -> Calls:
    """What the functions of a deployment call, as they are in this repository's template."""
    seen: dict[str, dict[str, set[Permission]]] = {}

    def called(template: Template) -> dict[str, set[Permission]]:
        (name,) = (name for name, given in DEPLOYMENTS.items() if given == template.given)
        if name not in seen:
            seen[name] = observed(Template(given=template.given), aws)
        return seen[name]

    return called
