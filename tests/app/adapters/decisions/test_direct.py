import pytest

from app.adapters.decisions.direct import DirectDecisions
from app.domain.fulfilment import Decision


def test_the_event_is_the_request() -> None:
    event = {"approval_id": "a1b2", "decision": "approve", "decided_by": "rita"}

    answer = DirectDecisions().answer(event, lambda request: Decision(decision="approve", decided_by=str(request)))

    assert answer == {"decision": "approve", "decided_by": str(event)}


@pytest.mark.parametrize("other", [None, [], {}, {"requestContext": {"http": {}}}, "approval_id"])
def test_other_deliveries_are_not_its_own(other: object) -> None:
    assert not DirectDecisions().delivers(other)
