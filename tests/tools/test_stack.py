"""What is told where there is no stack, or nobody is signed in."""

from pathlib import Path

import pytest

from tests.tools.conftest import Deployed
from tools import seed
from tools.stack import deployed as deployed_stack


def test_a_stack_that_is_not_there_is_to_be_deployed_first(aws_alone: str) -> None:
    with pytest.raises(SystemExit, match=r"no stack hexagon-\w+ in us-east-1; deploy first: sam build && sam deploy"):
        seed.main()


def test_the_stack_is_found_by_the_name_that_is_told_for_all_commands(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STACK")

    with deployed_stack() as stack:
        assert stack.name == "durable-hexagon"


def test_nobody_signed_in_is_told_how(aws_alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(SystemExit, match="no AWS credentials here; sign in"):
        seed.main()


def test_a_profile_that_is_not_there_is_told(aws_alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(SystemExit, match=r"AWS cannot be asked: .*nobody.*; sign in again, or name another profile"):
        seed.main()


def test_an_unknown_region_is_asked_for(aws_alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(SystemExit, match="in which region the stack is: AWS_REGION="):
        seed.main()


def test_the_region_may_be_named_as_lambda_names_it(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    with deployed_stack() as stack:
        assert stack.outputs == deployed.outputs


def test_the_region_that_was_deployed_to_goes_before_the_one_of_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings = tmp_path / "samconfig.toml"
    settings.write_text('[default.deploy.parameters]\nstack_name = "here"\nregion = "eu-central-1"\n')

    with deployed_stack(settings) as stack:
        assert stack.session.region_name == "eu-central-1"


def test_aws_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(SystemExit, match=r"AWS cannot be reached: .*127\.0\.0\.1:9"):
        seed.main()


def test_what_is_refused_is_told_with_aws_own_words(deployed: Deployed) -> None:
    s3 = deployed.client("s3")
    s3.delete_bucket(Bucket=deployed.outputs["Bucket"])

    with pytest.raises(SystemExit, match=r"AWS refuses: .*NoSuchBucket"):
        seed.main()


def test_tools_are_run_from_anywhere(deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert seed.main() == 0
