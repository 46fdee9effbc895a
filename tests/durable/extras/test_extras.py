"""What all extras have in common: each stands alone on public names, and loads nothing that it may not need."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from tests.durable.extras.documents import Documents
from tests.durable.extras.sdks import FOLDER, OFFICIAL, Sandbox, Sdk, ended, load

EXTRAS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_extra_imports_what_aws_s_sdk_has_under_the_same_names(extra: str) -> None:
    moved = load(extra, OFFICIAL)

    assert not re.search(r"^\s*(from|import) durable\.extras", (FOLDER / f"{extra}.py").read_text(), re.MULTILINE)
    assert not [name for name, value in vars(moved).items() if getattr(value, "__module__", "").startswith("durable")]


def test_pydantic_is_imported_only_by_who_uses_it() -> None:
    script = f"import sys\nfrom durable.extras import {', '.join(EXTRAS)}\nassert 'pydantic' not in sys.modules"

    fresh = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert fresh.returncode == 0, fresh.stderr


@dataclass(frozen=True)
class Order:
    number: int
    lines: tuple[str, ...]


def all_extras(sdk: SimpleNamespace, context: Any, documents: Documents) -> object:
    """Each extra once, with a replay after it."""
    models = sdk.StepConfig(serdes=sdk.models.ModelSerDes(Order))
    claims = sdk.StepConfig(serdes=sdk.claim_check.ClaimCheckSerDes(documents, limit=10))
    now = sdk.replay_safe.now(context)
    drawn = str(sdk.replay_safe.uuid(context, "order"))
    seen = context.step(lambda _: [now, drawn], name="seen")
    order = context.step(lambda _: Order(7, ("bolt",)), name="order", config=models)
    text = context.step(lambda _: "a large text", name="text", config=claims)
    context.wait(sdk.Duration.from_minutes(1))
    return [seen == [now, drawn], order == Order(7, ("bolt",)), text]


def test_the_extras_serve_aws_s_sdk_as_they_are() -> None:
    """AWS's SDK asks of a serdes only that it has the two methods."""
    documents, sandbox = Documents(), Sandbox(Sdk(OFFICIAL, extras_root="durable"), is_cold=True)

    execution = sandbox.run(lambda sdk, context: all_extras(sdk, context, documents))

    assert json.loads(ended(execution).result or "") == [True, True, "a large text"]
    assert ended(execution).invocations == 2
