"""The cart reminder alone, for those who deploy with CDK: the durable function, its alias, its table and its topic."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

BUILT = Path(__file__).parents[2] / ".aws-sam/build/CartReminderFunction"


class CartReminderStack(cdk.Stack):
    """What template.yaml has for the cart reminder, without the starter that begins its executions there."""

    def __init__(self, scope: cdk.App, name: str, artifact: Path) -> None:
        super().__init__(scope, name)
        key = dynamodb.Attribute(name="cart_id", type=dynamodb.AttributeType.STRING)
        carts = dynamodb.TableV2(self, "Carts", partition_key=key)
        reminders = sns.Topic(self, "Reminders", fifo=True)  # it drops a message whose key it has seen
        function = lambda_.Function(
            self,
            "CartReminder",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(artifact)),
            handler="app.entrypoints.cart_reminder.handler",
            memory_size=512,
            timeout=cdk.Duration.seconds(60),  # of one invocation: the wait ends it
            durable_config=lambda_.DurableConfig(
                execution_timeout=cdk.Duration.days(32),  # for a reminder may wait for 30
                retention_period=cdk.Duration.days(14),
            ),
            # An execution that waits goes on with the version that it began on, so a deployment must not delete that.
            current_version_options=lambda_.VersionOptions(removal_policy=cdk.RemovalPolicy.RETAIN),
            environment={"APP_CARTS_TABLE": carts.table_name, "APP_REMINDERS_TOPIC": reminders.topic_arn},
            logging_format=lambda_.LoggingFormat.JSON,
            log_group=logs.LogGroup(self, "Logs", retention=logs.RetentionDays.ONE_MONTH),
        )
        carts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        reminders.grant_publish(function)
        cdk.CfnOutput(self, "StartByThisName", value=function.add_alias("live").function_arn)


if __name__ == "__main__":
    app = cdk.App(analytics_reporting=False)
    built = Path(app.node.try_get_context("artifact") or BUILT)
    if not built.is_dir():
        raise SystemExit(f"{built} is not there; build it first: make build")
    CartReminderStack(app, "cart-reminder", built)
    app.synth()
