"""`durable start` on what `sam build` has made, with the Python and the runtime client that Lambda runs it with."""

import json
from pathlib import Path

import pytest

from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import started
from tests.e2e.conftest import HOST_ARCHITECTURE, ROOT, Build

pytestmark = pytest.mark.slow


@pytest.fixture
def template(build: Build) -> Path:
    return build(HOST_ARCHITECTURE).parent / "template.yaml"


def test_the_built_pipeline_runs_in_processes(template: Path, bare_python: Path, tmp_path: Path) -> None:
    overrides = (ROOT / "local.yaml").read_text().replace("${Local::Folder}/data", f"{ROOT}/data")
    (tmp_path / "local.yaml").write_text(overrides)
    options: list[str | Path] = ["--template", template, "--host", "processes", "--python", bare_python]

    with started(Shop(tmp_path), *options, errors=tmp_path / "errors.txt") as served:
        answer = served.client().invoke(
            FunctionName="PipelineFunction:$LATEST",
            Payload=(ROOT / "events/pipeline.json").read_bytes(),
            DurableExecutionName="built",
        )
        result = json.loads(answer["Payload"].read())

    assert "FunctionError" not in answer, result
    assert set(result) == {"customers", "products", "orders"}
    assert len(list(tmp_path.glob(".durable/storage/documents/built/*"))) == 3
