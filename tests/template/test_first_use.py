"""A first use: samples in place of what nobody has told of, and nothing that would have to be told."""

from tests.template.document import Template

SAMPLES = {
    "SampleCustomersFunction": ("PipelineFunction", "APP_CUSTOMERS_FUNCTION"),
    "SamplePaymentsFunction": ("FulfilmentFunction", "APP_PAYMENTS_FUNCTION"),
    "SampleShippingFunction": ("FulfilmentFunction", "APP_SHIPPING_FUNCTION"),
}


def test_nothing_has_to_be_given(template: Template) -> None:
    assert [name for name, each in template.document["Parameters"].items() if "Default" not in each] == []


def test_a_sample_takes_the_place_of_each_api_that_nobody_has_told_of(template: Template) -> None:
    stands = "CustomersUrl" not in template.given
    asked = {
        name: template.variables(user).get(variable, "").split(":")[-2:] == [name, "live"]
        for name, (user, variable) in SAMPLES.items()
    }

    assert asked == dict.fromkeys(SAMPLES, stands)
    assert {name for name in template.functions if name.startswith("Sample")} == (set(SAMPLES) if stands else set())


def test_each_sample_goes_alone(template: Template) -> None:
    urls = {"CustomersUrl": "Customers", "PaymentsUrl": "Payments", "ShippingUrl": "Shipping"}
    for parameter, name in urls.items():
        given = Template(template.document, {parameter: "https://api.example.com"})

        left = {each for each in given.functions if each.startswith("Sample")}
        assert left == set(SAMPLES) - {f"Sample{name}Function"}


def test_samples_are_called_samples_where_people_look(template: Template) -> None:
    told = {name: template.text(template.outputs[name]["Value"]) for name in ("Customers", "Payments", "Shipping")}
    descriptions = [each["Description"] for name, each in template.functions.items() if name in SAMPLES]

    assert [each for each in descriptions if not each.startswith("Sample; ")] == []
    if "CustomersUrl" in template.given:
        assert set(told.values()) == {template.given[f"{name}Url"] for name in told}
    else:
        assert [each for each in told.values() if "sample" not in each] == []


def test_there_is_a_secret_for_the_credential_of_a_provider_and_for_no_sample(template: Template) -> None:
    secrets = template.of_type("AWS::SecretsManager::Secret")

    assert set(secrets) == ({"PaymentsSecret"} if "PaymentsUrl" in template.given else set())
    assert ("PaymentsSecret" in template.outputs) == bool(secrets)
