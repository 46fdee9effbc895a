"""What a deployment tells."""

from tests.template.document import Template


def test_a_durable_function_is_named_with_its_alias(template: Template) -> None:
    named = {str(each["Value"].get("Ref")) for each in template.outputs.values() if isinstance(each["Value"], dict)}

    assert named & set(template.functions) == set()
    assert {f"{name}.Alias" for name in template.durable} <= named


def test_what_tools_look_for_is_there(template: Template) -> None:
    needed = {"Bucket", "EventsApi", "InventoryTable", "PipelineFunction", "PipelineLogs"}

    assert needed <= set(template.outputs)
