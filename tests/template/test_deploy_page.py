"""docs/deploy.md, beside the template that it is about."""

import json
import re

from tests.template.document import DOCUMENT, ROOT

PAGE = (ROOT / "docs/deploy.md").read_text()


def test_every_parameter_has_its_line() -> None:
    table = PAGE.split("## Parameters")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    assert sorted(name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)) == sorted(
        DOCUMENT["Parameters"]
    )


def test_the_policy_of_a_key_is_json_and_names_services_of_this_account_where_they_tell_theirs() -> None:
    (policy,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    statements = json.loads(policy)

    assert {tuple(each["Principal"]) for each in statements} == {("Service",)}
    conditions = {each["Sid"]: str(each.get("Condition")).count("ACCOUNT") for each in statements}
    assert conditions == {
        "LogsOfThisAccount": 1,
        "ExecutionsOfThisAccount": 1,
        "AlarmsOfThisAccount": 1,
        "Rules": 0,
    }
