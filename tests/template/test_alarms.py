"""What is told when something goes wrong, and to whom."""

from tests.template.document import Node, Template

OF_EXECUTIONS = {
    "ExecutionFailed": ("DurableExecutionFailed", "Sum", 0),
    "ExecutionTimedOut": ("DurableExecutionTimedOut", "Sum", 0),
    "OperationsNearLimit": ("DurableExecutionOperations", "Maximum", 2_700),
    "StorageNearLimit": ("DurableExecutionStorageWrittenBytes", "Maximum", 80_000_000),
}
OF_OTHERS = {
    "RunningNearQuota": ("AWS/Lambda", "ApproximateRunningDurableExecutionsUtilization", 80, None),
    "EventsWaitTooLong": ("AWS/SQS", "ApproximateAgeOfOldestMessage", 900, "EventsQueue"),
    "DeadLettersNotEmpty": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", 0, "DeadLetters"),
}


def test_there_is_an_alarm_for_each_kind_of_trouble(template: Template) -> None:
    assert set(template.of_type("AWS::CloudWatch::Alarm")) == {*OF_EXECUTIONS, *OF_OTHERS}


def test_alarms_of_executions_watch_every_durable_function(template: Template) -> None:
    alarms = template.of_type("AWS::CloudWatch::Alarm")

    for name, (metric, statistic, threshold) in OF_EXECUTIONS.items():
        (combined,) = (each for each in alarms[name]["Metrics"] if "Expression" in each)
        watched = [each["MetricStat"] for each in alarms[name]["Metrics"] if "MetricStat" in each]
        assert combined["Expression"] == f"{statistic[:3].upper()}(FILL(METRICS(), 0))"
        assert {(each["Metric"]["Namespace"], each["Metric"]["MetricName"], each["Stat"]) for each in watched} == {
            ("AWS/Lambda", metric, statistic)
        }
        assert {_function(each["Metric"]) for each in watched} == set(template.durable)
        assert alarms[name]["Threshold"] == threshold


def test_the_other_alarms_watch_the_account_and_the_queues(template: Template) -> None:
    alarms = template.of_type("AWS::CloudWatch::Alarm")

    for name, (namespace, metric, threshold, queue) in OF_OTHERS.items():
        alarm = alarms[name]
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == (namespace, metric, threshold)
        assert [each["Value"]["Fn::GetAtt"][0] for each in alarm.get("Dimensions", [])] == ([queue] if queue else [])


def test_every_alarm_is_told_to_the_topic_and_silence_is_no_trouble(template: Template) -> None:
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()

    assert {str(each["AlarmActions"]) for each in alarms} == {str([{"Ref": "AlarmTopic"}])}
    assert {(each["ComparisonOperator"], each["TreatMissingData"]) for each in alarms} == {
        ("GreaterThanThreshold", "notBreaching")
    }


def test_every_end_but_success_of_every_durable_function_is_told(template: Template) -> None:
    (rule,) = template.of_type("AWS::Events::Rule").values()
    pattern = rule["EventPattern"]

    assert (pattern["source"], pattern["detail-type"]) == (["aws.lambda"], ["Durable Execution Status Change"])
    assert set(pattern["detail"]["status"]) == {"FAILED", "TIMED_OUT", "STOPPED"}
    assert {template.text(each["prefix"]) for each in pattern["detail"]["functionArn"]} == {
        f"arn:aws:lambda:us-east-1:123456789012:function:{name}:" for name in template.durable
    }
    assert [each["Arn"] for each in rule["Targets"]] == [{"Ref": "AlarmTopic"}]


def test_alarms_of_this_account_and_rules_may_tell_the_topic_and_nobody_without_tls(template: Template) -> None:
    (policy,) = template.of_type("AWS::SNS::TopicPolicy").values()
    alarms, rules, denied = policy["PolicyDocument"]["Statement"]

    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert rules["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in rules
    assert {each["Action"] for each in (alarms, rules, denied)} == {"sns:Publish"}
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_somebody_gets_mail_where_an_address_is_given(template: Template) -> None:
    addresses = {template.text(each["Endpoint"]) for each in template.of_type("AWS::SNS::Subscription").values()}

    assert addresses == ({template.given["AlarmEmail"]} if "AlarmEmail" in template.given else set())


def _function(metric: Node) -> str:
    ((dimension),) = metric["Dimensions"]
    assert dimension["Name"] == "FunctionName"
    return str(dimension["Value"]["Ref"])
