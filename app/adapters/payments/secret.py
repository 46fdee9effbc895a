"""The credential of a payment provider."""

import threading
from collections.abc import Callable

from app.adapters.technologies.aws import Client, port_errors, whole
from app.ports.payments import PaymentsError, PaymentsUnavailableError


class SecretsManagerCredential:
    """A secret of Secrets Manager, fetched when it is first needed and kept as long as this sandbox lives.

    The client is asked for at that time as well. Nothing that this says of itself holds the secret.
    """

    def __init__(self, client: Callable[[], Client], secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self._fetched: str | None = None
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The secret's text."""
        with self._lock:
            if self._fetched is None:
                self._fetched = self._fetch()
            return self._fetched

    def _fetch(self) -> str:
        with port_errors(f"secret {self._secret_id}", PaymentsError, PaymentsUnavailableError):
            answer = whole(self._client().get_secret_value(SecretId=self._secret_id))
        if not answer.get("SecretString"):
            raise PaymentsError(f"Secret {self._secret_id} has no text; put the provider's credential there")
        return str(answer["SecretString"])
