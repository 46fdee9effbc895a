"""The client of AWS's SDK whose calls one service in this process answers, whichever execution they are about."""

from durable.lambda_service import DurableServiceClient
from durable_local.testing.delivery import LambdaApi as RoutedLambdaApi


class LambdaApi(RoutedLambdaApi):
    """Takes and gives what boto3 does: dictionaries with wire names, moments as datetimes."""

    def __init__(self, service: DurableServiceClient) -> None:
        super().__init__()
        self._only = service

    def _service(self, arn: str) -> DurableServiceClient:
        return self._only
