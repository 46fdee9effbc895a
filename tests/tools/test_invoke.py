import json

import pytest

from tests.template.document import ROOT
from tests.tools.conftest import Deployed
from tools import invoke


def test_one_name_is_one_execution_of_the_sample_event(deployed: Deployed) -> None:
    invoke.main([])
    invoke.main([])

    (only,) = deployed.served.runtime.executions.newest(10)
    assert (only.name, only.function) == ("sample", "PipelineFunction")
    client = deployed.served.client()
    told = client.get_durable_execution(DurableExecutionArn=only.arn)
    client.close()
    assert json.loads(told["InputPayload"]) == json.loads((ROOT / "events/pipeline.json").read_text())


def test_it_tells_what_to_look_at_and_who_tells_of_customers(
    deployed: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke.main(["--name", "first"])

    told = capsys.readouterr().out
    assert "Customers come from: a sample" in told
    assert ".venv/bin/durable show first --endpoint aws --function PipelineFunction" in told
    assert f"s3://{deployed.outputs['Bucket']}/pipeline/documents/first/" in told
