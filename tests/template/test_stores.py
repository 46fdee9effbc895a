"""What is kept: where, for how long, under which key, and for whom."""

from app.settings import Settings
from tests.template.document import KEY, Template

KEPT = {"Bucket", "CartsTable", "InventoryTable", "DeadLetters"}
RESULTS = Settings.model_fields["results_prefix"].default
A_DAY = 86_400


def test_what_people_keep_outlives_the_stack(template: Template) -> None:
    secret = {"PaymentsSecret"} if "PaymentsUrl" in template.given else set()
    kept = {name for name, each in template.resources.items() if each.get("DeletionPolicy") == "Retain"}

    assert kept == KEPT | secret
    assert kept == {name for name, each in template.resources.items() if each.get("UpdateReplacePolicy") == "Retain"}


def test_the_bucket_is_nobody_elses(template: Template) -> None:
    bucket = template.of_type("AWS::S3::Bucket")["Bucket"]
    policy = template.of_type("AWS::S3::BucketPolicy")["BucketPolicy"]
    (denied,) = policy["PolicyDocument"]["Statement"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket["VersioningConfiguration"]["Status"] == "Enabled"
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "s3:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert {template.text(each) for each in denied["Resource"]} == {
        "arn:aws:s3:::hexagon-bucket",
        "arn:aws:s3:::hexagon-bucket/*",
    }


def test_what_an_execution_alone_needs_expires_after_it_and_results_do_not(template: Template) -> None:
    rules = template.of_type("AWS::S3::Bucket")["Bucket"]["LifecycleConfiguration"]["Rules"]
    expiring = {rule["Prefix"]: rule["ExpirationInDays"] * A_DAY for rule in rules if "ExpirationInDays" in rule}
    durable = template.durable["AnalystFunction"]["DurableConfig"]

    assert set(expiring) == {f"{RESULTS}staged/", f"{RESULTS}analyst/"}
    assert expiring[f"{RESULTS}staged/"] > template.durable["PipelineFunction"]["DurableConfig"]["ExecutionTimeout"]
    lasting = durable["ExecutionTimeout"] + durable["RetentionPeriodInDays"] * A_DAY
    assert expiring[f"{RESULTS}analyst/"] > lasting


def test_old_versions_and_unfinished_uploads_go(template: Template) -> None:
    rules = template.of_type("AWS::S3::Bucket")["Bucket"]["LifecycleConfiguration"]["Rules"]

    (rule,) = (rule for rule in rules if "NoncurrentVersionExpiration" in rule)
    assert (rule["Status"], rule["AbortIncompleteMultipartUpload"]) == ("Enabled", {"DaysAfterInitiation": 1})


def test_tables_have_the_keys_that_adapters_use(template: Template) -> None:
    keys = {name: each["KeySchema"] for name, each in template.of_type("AWS::DynamoDB::Table").items()}
    expected = {"CartsTable": "cart_id", "InventoryTable": "id", "ApprovalsTable": "approval_id", "SampleLedger": "id"}

    assert keys == {name: [{"AttributeName": expected[name], "KeyType": "HASH"}] for name in keys}
    assert set(keys) - {"SampleLedger"} == set(expected) - {"SampleLedger"}


def test_callback_ids_are_forgotten_with_their_approvals(template: Template) -> None:
    table = template.of_type("AWS::DynamoDB::Table")["ApprovalsTable"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert "PointInTimeRecoverySpecification" not in table


def test_carts_and_stock_can_be_recovered(template: Template) -> None:
    tables = template.of_type("AWS::DynamoDB::Table")
    recoverable = {"PointInTimeRecoveryEnabled": True}

    assert tables["CartsTable"]["PointInTimeRecoverySpecification"] == recoverable
    assert tables["InventoryTable"]["PointInTimeRecoverySpecification"] == recoverable


def test_the_topic_drops_a_reminder_whose_key_it_has_seen(template: Template) -> None:
    topic = template.of_type("AWS::SNS::Topic")["RemindersTopic"]

    assert topic["FifoTopic"] is True
    assert template.text(topic["TopicName"]).endswith(".fifo")


def test_everything_that_is_kept_is_encrypted_and_with_ones_own_key_where_there_is_one(template: Template) -> None:
    own = "KeyArn" in template.given
    (rule,) = template.of_type("AWS::S3::Bucket")["Bucket"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    keys = {
        "bucket": rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID"),
        **{
            name: each["SSESpecification"].get("KMSMasterKeyId")
            for name, each in template.of_type("AWS::DynamoDB::Table").items()
        },
        **{name: each.get("KmsMasterKeyId") for name, each in template.of_type("AWS::SQS::Queue").items()},
        **{name: each.get("KmsMasterKeyId") for name, each in template.of_type("AWS::SNS::Topic").items()},
        **{name: each.get("KmsKeyId") for name, each in template.of_type("AWS::Logs::LogGroup").items()},
        **{name: each.get("KmsKeyId") for name, each in template.of_type("AWS::SecretsManager::Secret").items()},
        **{f"{name}'s executions": each["DurableConfig"].get("KMSKeyArn") for name, each in template.durable.items()},
        **{f"{name}'s variables": each.get("KmsKeyArn") for name, each in template.functions.items()},
    }
    told = {name: template.text(key) for name, key in keys.items() if key is not None}

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == ("aws:kms" if own else "AES256")
    assert {each["SSESpecification"]["SSEEnabled"] for each in template.of_type("AWS::DynamoDB::Table").values()} == {
        True
    }
    assert told == (dict.fromkeys(keys, KEY) if own else {"RemindersTopic": "alias/aws/sns"})
    assert {each.get("SqsManagedSseEnabled") for each in template.of_type("AWS::SQS::Queue").values()} == (
        {None} if own else {True}
    )


def test_every_role_may_use_ones_own_key(template: Template) -> None:
    policies = [each for each in template.of_type("AWS::IAM::Policy").values() if each["PolicyName"] == "UseKey"]
    expected = {f"{name}Role" for name in template.functions} | {"StarterFunctionScheduledRole"}

    assert [{role["Ref"] for role in each["Roles"]} for each in policies] == (
        [expected] if "KeyArn" in template.given else []
    )
    statements = [each["PolicyDocument"]["Statement"] for each in policies]
    assert {template.text(each["Resource"]) for (each,) in statements} <= {KEY}


def test_logs_do_not_stay_for_ever(template: Template) -> None:
    days = {template.text(each["RetentionInDays"]) for each in template.of_type("AWS::Logs::LogGroup").values()}

    assert days == {"30"}


def test_only_rules_of_this_stack_put_events_aside(template: Template) -> None:
    (policy,) = template.of_type("AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    rules = [
        f"{function}{name}"
        for function, each in template.functions.items()
        for name, event in each.get("Events", {}).items()
        if event["Type"] == "EventBridgeRule"
    ]

    assert (statement["Principal"], statement["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": [{"Fn::GetAtt": [rule, "Arn"]} for rule in rules]}}
