"""A readiness whose answers a test writes down."""

from app.ports.readiness import Readiness


class WrittenReadiness(Readiness):
    """Gives each next answer, or raises it, and the last one for ever."""

    def __init__(self, *answers: bool | Exception) -> None:
        self._answers = list[bool | Exception](answers)
        self.polls: list[tuple[str, int]] = []

    def is_ready(self, execution: str, poll: int) -> bool:
        self.polls.append((execution, poll))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
