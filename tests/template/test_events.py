"""What begins executions, and what becomes of events that begin nothing."""

import json

from app.domain.starting import BEGINNINGS, BusinessEvent, start_of
from app.settings import PREFIX
from tests.template.document import Template

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
ASIDE = {"Fn::GetAtt": ["DeadLetters", "Arn"]}


def test_the_starter_knows_the_function_of_everything_that_an_event_begins(template: Template) -> None:
    variables = template.variables("StarterFunction")
    named = {f"{PREFIX}{each.workflow}_function".upper().replace("-", "_") for each in BEGINNINGS.values()}

    started = {variables[name].split(":")[-2] for name in named & set(variables)}
    assert len(started) == len({each.workflow for each in BEGINNINGS.values()})
    assert started <= set(template.durable)


def test_the_starter_takes_every_event_that_begins_something(template: Template) -> None:
    events = template.functions["StarterFunction"]["Events"]

    assert set(events["Happened"]["Properties"]["Pattern"]["detail-type"]) == set(BEGINNINGS)
    assert events["Posted"]["Properties"]["Path"] == "/events/{kind}"


def test_nobody_calls_without_having_signed_the_request(template: Template) -> None:
    apis = template.of_type("AWS::Serverless::HttpApi")
    routes = [
        event["Properties"]
        for each in template.functions.values()
        for event in each.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]

    assert {(each["Auth"]["EnableIamAuthorizer"], each["Auth"]["DefaultAuthorizer"]) for each in apis.values()} == {
        (True, "AWS_IAM")
    }
    assert {each["ApiId"]["Ref"] for each in routes} == set(apis)
    assert [each for each in routes if "Auth" in each] == []


def test_the_api_tells_who_has_called_and_nothing_of_what(template: Template) -> None:
    (logged,) = (each["AccessLogSettings"] for each in template.of_type("AWS::Serverless::HttpApi").values())
    members = set(json.loads(logged["Format"]).values())

    assert logged["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
    assert {"$context.identity.userArn", "$context.routeKey", "$context.status"} <= members
    assert {each for each in members if not each.startswith("$context.")} == set()


def test_no_function_has_an_address_of_its_own(template: Template) -> None:
    assert [name for name, each in template.functions.items() if "FunctionUrlConfig" in each] == []
    assert template.of_type("AWS::Lambda::Url") == template.of_type("AWS::Lambda::Permission") == {}


def test_the_api_does_not_take_more_than_the_service_starts(template: Template) -> None:
    (limits,) = (each["DefaultRouteSettings"] for each in template.of_type("AWS::Serverless::HttpApi").values())

    assert 1 <= limits["ThrottlingRateLimit"] <= limits["ThrottlingBurstLimit"] <= 300


def test_a_schedule_begins_the_pipeline_once_for_each_time(template: Template) -> None:
    event = template.functions["StarterFunction"]["Events"]["Scheduled"]["Properties"]
    told = json.loads(event["Input"])

    first, again, other = (
        start_of(BusinessEvent(told["detail-type"], json.loads(json.dumps(told["detail"]).replace(SCHEDULED_TIME, at))))
        for at in ("2026-11-21T04:00:00Z", "2026-11-21T04:00:00Z", "2026-11-22T04:00:00Z")
    )
    assert first == again
    assert first.name != other.name
    assert (first.workflow, set(first.payload["event_contexts"])) == ("pipeline", {"customers", "products", "orders"})


def test_a_schedule_runs_if_it_is_asked_for(template: Template) -> None:
    event = template.functions["StarterFunction"]["Events"]["Scheduled"]["Properties"]

    schedule = template.given.get("Schedule")
    assert event["State"] == ("ENABLED" if schedule else "DISABLED")
    assert template.text(event["ScheduleExpression"]) == (schedule or "rate(1 day)")


def test_an_order_closes_its_cart(template: Template) -> None:
    event = template.functions["CheckoutFunction"]["Events"]["CartCheckedOut"]["Properties"]

    assert event["Pattern"] == {"source": ["shop"], "detail-type": ["cart-checked-out"]}


def test_a_message_that_fails_comes_again_alone_and_in_the_end_is_put_aside(template: Template) -> None:
    queue = template.of_type("AWS::SQS::Queue")["EventsQueue"]
    starter = template.functions["StarterFunction"]

    assert starter["Events"]["Queued"]["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["VisibilityTimeout"] >= 6 * starter["Timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == ASIDE


def test_an_event_that_cannot_be_delivered_or_is_not_taken_is_put_aside(template: Template) -> None:
    invoked = {name: each for name, each in template.functions.items() if "Events" in each}
    delivered = [
        event["Properties"]
        for each in invoked.values()
        for event in each["Events"].values()
        if event["Type"] in {"EventBridgeRule", "ScheduleV2"}
    ]

    assert {str(each["DeadLetterConfig"]["Arn"]) for each in delivered} == {str(ASIDE)}
    for name in ("StarterFunction", "CheckoutFunction"):
        failure = invoked[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert failure == {"Type": "SQS", "Destination": ASIDE}
