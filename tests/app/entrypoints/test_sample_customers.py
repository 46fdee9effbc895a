import json

import pytest

from durable_local.hosts.loading import load
from tests.app.entrypoints.conftest import ROOT


@pytest.mark.usefixtures("modules", "results")
def test_the_first_page_has_the_first_of_the_sample_customers() -> None:
    handler = load("app.entrypoints.sample_customers.handler")

    answer = handler({"rawPath": "/", "rawQueryString": "", "headers": {}}, None)

    assert answer["headers"]["link"] == '</?start=15>; rel="next"'
    assert json.loads(answer["body"]) == json.loads((ROOT / "data/customers.json").read_text())[:15]
