"""Notices by SNS."""

import json

from app.adapters.technologies.aws import Client, port_errors, whole
from app.domain.notices import Notice, NoticeReceipt
from app.ports.notifier import Notifier, NotifierError, NotifierUnavailableError


class SnsNotifier(Notifier):
    """Publishes each notice to a FIFO topic, whose subscribers deliver it.

    SNS drops a message whose key it has seen in the last five minutes. A step is tried again within seconds.
    """

    def __init__(self, client: Client, topic: str) -> None:
        self._client = client
        self._topic = topic

    def notify(self, notice: Notice, key: str) -> NoticeReceipt:
        message = {"recipient": notice.recipient, "subject": notice.subject, "text": notice.text}
        with port_errors(f"topic {self._topic}", NotifierError, NotifierUnavailableError):
            published = self._client.publish(
                TopicArn=self._topic,
                Message=json.dumps(message),
                MessageGroupId=key,
                MessageDeduplicationId=key,
            )
            return NoticeReceipt(id=whole(published)["MessageId"])
