from pathlib import Path
from typing import Any

import pytest

from durable_local.template.document import load
from durable_local.template.errors import TemplateError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("!Ref Bucket", {"Ref": "Bucket"}),
        ("!Condition IsProd", {"Condition": "IsProd"}),
        ("!GetAtt Bucket.Arn", {"Fn::GetAtt": ["Bucket", "Arn"]}),
        ("!GetAtt [Bucket, Arn]", {"Fn::GetAtt": ["Bucket", "Arn"]}),
        ("!Sub ${A}-b", {"Fn::Sub": "${A}-b"}),
        ("!Join ['-', [a, !Ref B]]", {"Fn::Join": ["-", ["a", {"Ref": "B"}]]}),
        ("!Sub [x, {A: !Ref B}]", {"Fn::Sub": ["x", {"A": {"Ref": "B"}}]}),
        ("!Transform {Name: x}", {"Fn::Transform": {"Name": "x"}}),
        ("5", 5),
    ],
)
def test_short_tags_are_read_as_their_long_forms(tmp_path: Path, written: str, read: Any) -> None:
    (tmp_path / "template.yaml").write_text(f"Value: {written}\n")

    assert load(tmp_path / "template.yaml") == {"Value": read}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read: No such file"),
        ("a: [", "is not YAML"),
        ("- a", "holds no mapping"),
        ("a: !!python/object/apply:os.getcwd []", "is not YAML"),
    ],
)
def test_a_file_that_is_no_template_is_named(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "template.yaml"
    if text:
        path.write_text(text)

    with pytest.raises(TemplateError, match=told) as caught:
        load(path)
    assert str(path) in str(caught.value)
