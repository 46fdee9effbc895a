from pathlib import Path

import pytest

from durable_local.template.errors import TemplateError
from durable_local.template.function import DurableConfig, TemplateFunction
from durable_local.template.overrides import read_overrides
from durable_local.template.reading import Template, read_template

HEAD = """
Parameters:
  Url: {Type: String}
  Seconds: {Type: Number, Default: 20}
  Most: {Type: Number, Default: 2}
Conditions:
  Never: !Equals [a, b]
Globals:
  Function:
    Runtime: python3.13
    MemorySize: 256
    Environment:
      Variables:
        SHARED: everywhere
        LEVEL: shared
"""
FULL = """
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Pipeline:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${AWS::StackName}-pipeline
      CodeUri: code/
      Handler: shop.handler
      Timeout: !Ref Seconds
      ReservedConcurrentExecutions: !Ref Most
      DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 3}
      LoggingConfig: {LogFormat: JSON, LogGroup: !Ref Logs}
      Environment:
        Variables:
          LEVEL: own
          COUNT: 3
          DEBUG: true
          OTHER: !Ref Plain
  Plain:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: code, Handler: shop.plain}
"""


def function(members: str) -> str:
    return f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {{{members}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    return tmp_path


def read(folder: Path, resources: str, overrides: str | None = None) -> Template:
    (folder / "template.yaml").write_text(HEAD + resources)
    if overrides is not None:
        (folder / "local.yaml").write_text(overrides)
    return read_template(folder / "template.yaml", read_overrides(folder / "local.yaml"))


def test_a_function_is_read_with_what_is_shared_and_resolved(folder: Path) -> None:
    template = read(folder, FULL)

    assert template.functions == [
        TemplateFunction(
            "local-pipeline",
            "shop.handler",
            folder / "code",
            "python3.13",
            timeout_seconds=20,
            memory_mb=256,
            durable=DurableConfig(3600, 3),
            variables={"SHARED": "everywhere", "LEVEL": "own", "COUNT": "3", "DEBUG": "true", "OTHER": "Plain"},
            log_format="JSON",
            concurrency=2,
        ),
        TemplateFunction(
            "Plain",
            "shop.plain",
            folder / "code",
            "python3.13",
            timeout_seconds=3,
            memory_mb=256,
            variables={"SHARED": "everywhere", "LEVEL": "shared"},
        ),
    ]
    assert template.left_out == {}
    assert template.concurrency == {"local-pipeline": 2}


def test_overrides_go_before_the_template_and_null_takes_a_variable_away(folder: Path) -> None:
    variables = "CodeUri: code, Handler: a.b, Environment: {Variables: {WHERE: !Ref Bucket, WHAT: !Ref Url}}"
    overrides = "F:\n  WHERE: !Sub '${Local::Folder}/here'\n  SHARED: null\n  MORE: 1\nParameters:\n  Url: http://u\n"

    (read_function,) = read(folder, function(variables), overrides).functions

    assert read_function.variables == {"WHERE": f"{folder}/here", "WHAT": "http://u", "MORE": "1", "LEVEL": "shared"}


def test_everything_that_only_a_deployment_could_tell_is_named_with_the_lines_to_add(folder: Path) -> None:
    members = (
        "CodeUri: code, Handler: a.b, Timeout: !Ref Url, "
        "Environment: {Variables: {WHERE: !Ref Bucket, WHAT: !Ref Url, OK: !Ref Seconds}}"
    )

    with pytest.raises(TemplateError) as caught:
        read(folder, function(members))

    assert str(caught.value) == (
        f"{folder}/template.yaml leaves to the deployment what its functions need. Add to {folder}/local.yaml:\n\n"
        "Parameters:\n"
        "  Url: VALUE  # Timeout of F needs it\n"
        "F:\n"
        "  WHERE: VALUE  # Bucket exists only where it is deployed\n"
        "  WHAT: VALUE  # parameter Url has no default"
    )


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ("Handler: a.b, Runtime: nodejs24.x", "it runs on nodejs24.x"),
        ("PackageType: Image", "it is a container image"),
        ("Handler: a.b, InlineCode: pass", "its code is inline"),
        (
            "CodeUri: code, Handler: a.b, ReservedConcurrentExecutions: 0",
            "its ReservedConcurrentExecutions is 0, so it may not run at all",
        ),
        ("Handler: a.b, CodeUri: s3://bucket/key", "its code lies in S3"),
        ("Handler: a.b, CodeUri: {Bucket: b, Key: k}", "its code lies in S3"),
    ],
)
def test_a_function_that_cannot_run_here_is_left_out_with_the_reason(folder: Path, members: str, reason: str) -> None:
    assert read(folder, function(members)) == Template([], {"F": reason})


def test_what_a_condition_leaves_out_is_as_if_it_were_not_written(folder: Path) -> None:
    left_out = "!If [Never, 7, !Ref AWS::NoValue]"
    members = f"DurableConfig: {left_out}, ReservedConcurrentExecutions: {left_out}, MemorySize: {left_out}"
    template = read(
        folder,
        function(
            f"CodeUri: code, Handler: a.b, {members},"
            f" Environment: {{Variables: {{LEVEL: {left_out}, SHARED: !If [Never, a, b]}}}}"
        ),
    )

    (read_function,) = template.functions
    assert (read_function.durable, read_function.concurrency, read_function.memory_mb) == (None, None, 128)
    assert read_function.variables == {"SHARED": "b"}


def test_a_function_whose_condition_is_not_met_is_not_there(folder: Path) -> None:
    conditional = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Condition: Never\n    Properties: {}\n"

    assert read(folder, conditional) == Template()


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ("CodeUri: code", "F: Handler must be a text, and is ''"),
        ("CodeUri: nowhere, Handler: a.b", "CodeUri .*nowhere is no folder"),
        ("CodeUri: code, Handler: a.b, Timeout: 901", "F: Timeout is 901; it must lie between 1 and 900"),
        ("CodeUri: code, Handler: a.b, MemorySize: much", "F: MemorySize is 'much'; it must lie between 128 and 10240"),
        ("CodeUri: code, Handler: a.b, DurableConfig: {}", "F: ExecutionTimeout is None; it must lie between 1 and"),
        (
            "CodeUri: code, Handler: a.b, ReservedConcurrentExecutions: -1",
            "ReservedConcurrentExecutions is -1; it must",
        ),
        ("CodeUri: code, Handler: !Ref Bucket", "F: Handler cannot be told here: Bucket exists only where"),
        ("CodeUri: code, Handler: a.b, FunctionName: 'a b'", "FunctionName 'a b' is not allowed"),
    ],
)
def test_a_property_that_cannot_be_is_named(folder: Path, members: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        read(folder, function(members))


@pytest.mark.parametrize(
    ("overrides", "told"),
    [("Other: {A: 1}", "names Other, but the functions of .* are: F"), ("F: 1", "F must hold a mapping of names")],
)
def test_overrides_that_fit_nothing_are_refused(folder: Path, overrides: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        read(folder, function("CodeUri: code, Handler: a.b"), overrides)


def test_the_template_of_this_repository_needs_its_bucket_and_has_samples_of_the_rest(tmp_path: Path) -> None:
    template = Path(__file__).parents[3] / "template.yaml"

    with pytest.raises(TemplateError) as caught:
        read_template(template, read_overrides(tmp_path / "none.yaml"))

    assert "APP_BUCKET: VALUE" in str(caught.value)
    assert "APP_CUSTOMERS" not in str(caught.value)
