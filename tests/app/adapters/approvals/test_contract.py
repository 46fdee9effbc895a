"""What every place for approvals promises; each test runs on all adapters, and on callbacks of the local runtime."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from app.domain.fulfilment import Decision
from app.domain.refusals import AlreadyDecidedError, ApprovalClosedError, ApprovalNotFoundError
from app.ports.approvals import Approvals, ApprovalsUnavailableError
from tests.app.adapters.approvals.conftest import MakeApprovals, Waiting
from tests.durable_local.http.serving import Served, lambda_client
from tests.fakes.http_server import serving

APPROVE = Decision(decision="approve", decided_by="rita")
REJECT = Decision(decision="reject", decided_by="sven", reason="stolen card")

Begin = Callable[[], Waiting]


class LostAnswers:
    """A client of the Lambda API whose calls are heard, and whose answers never come."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send_durable_execution_callback_success(self, **members: Any) -> None:
        self._client.send_durable_execution_callback_success(**members)
        raise ReadTimeoutError(endpoint_url=f"http://lambda/{members['CallbackId']}/succeed")


@pytest.fixture
def client(served: Served) -> Iterator[Any]:
    client = served.client()
    yield client
    client.close()


@pytest.fixture
def approvals(approvals_with: MakeApprovals, client: Any) -> Approvals:
    return approvals_with(client)


def test_what_is_kept_is_found(approvals: Approvals, begin: Begin) -> None:
    waiting = begin()

    kept = approvals.keep(waiting.approval, waiting.callback_id)

    assert kept == approvals.find(waiting.approval.approval_id) == waiting.approval


def test_what_is_kept_already_stays_as_it_is(approvals: Approvals, begin: Begin) -> None:
    waiting = begin()
    approvals.keep(waiting.approval, waiting.callback_id)

    again = approvals.keep(replace(waiting.approval, deadline="2027-01-01T00:00:00.000+00:00"), waiting.callback_id)

    assert again == waiting.approval


@pytest.mark.parametrize("decision", [APPROVE, REJECT])
def test_a_decision_arrives_at_the_execution_that_waits(approvals: Approvals, begin: Begin, decision: Decision) -> None:
    waiting, other = begin(), begin()
    for each in (waiting, other):
        approvals.keep(each.approval, each.callback_id)

    approvals.decide(waiting.approval.approval_id, decision)

    # Read without a serdes, the answer comes as the text that was sent.
    assert json.loads(json.loads(waiting.result())) == decision
    assert approvals.find(other.approval.approval_id) == other.approval
    approvals.decide(other.approval.approval_id, decision)


@pytest.mark.parametrize("second", [APPROVE, REJECT])
def test_an_approval_is_for_a_single_use(approvals: Approvals, begin: Begin, second: Decision) -> None:
    waiting = begin()
    approvals.keep(waiting.approval, waiting.callback_id)
    approvals.decide(waiting.approval.approval_id, APPROVE)

    with pytest.raises(AlreadyDecidedError, match=waiting.approval.approval_id):
        approvals.decide(waiting.approval.approval_id, second)

    assert json.loads(json.loads(waiting.result())) == APPROVE


def test_an_unknown_id_is_told(approvals: Approvals) -> None:
    with pytest.raises(ApprovalNotFoundError, match="There is no approval 'absent'"):
        approvals.find("absent")
    with pytest.raises(ApprovalNotFoundError, match="There is no approval 'absent'"):
        approvals.decide("absent", APPROVE)


def test_a_decision_that_could_not_be_sent_may_be_repeated_but_not_changed(
    approvals_with: MakeApprovals, client: Any, begin: Begin
) -> None:
    waiting = begin()
    approvals_with(client).keep(waiting.approval, waiting.callback_id)
    with serving() as gone:
        unreachable = lambda_client(gone.url)

    with pytest.raises(ApprovalsUnavailableError, match="Cannot reach approval") as troubled:
        approvals_with(unreachable).decide(waiting.approval.approval_id, APPROVE)
    with pytest.raises(AlreadyDecidedError):
        approvals_with(client).decide(waiting.approval.approval_id, REJECT)
    approvals_with(client).decide(waiting.approval.approval_id, APPROVE)

    assert json.loads(json.loads(waiting.result())) == APPROVE
    assert told(troubled.value).isdisjoint(spellings(waiting.callback_id))
    unreachable.close()


def test_an_answer_that_arrived_although_nobody_was_told_so_is_not_given_twice(
    approvals_with: MakeApprovals, client: Any, begin: Begin
) -> None:
    waiting = begin()
    approvals_with(client).keep(waiting.approval, waiting.callback_id)

    with pytest.raises(ApprovalsUnavailableError) as lost:
        approvals_with(LostAnswers(client)).decide(waiting.approval.approval_id, APPROVE)
    assert told(lost.value).isdisjoint(spellings(waiting.callback_id))
    with pytest.raises(ApprovalClosedError):
        approvals_with(client).decide(waiting.approval.approval_id, APPROVE)

    assert json.loads(json.loads(waiting.result())) == APPROVE


def test_a_decision_after_the_time_is_over_says_so_and_names_no_callback(
    approvals_with: MakeApprovals, silence: Waiting
) -> None:
    client = silence.served.client()
    approvals = approvals_with(client)
    approvals.keep(silence.approval, silence.callback_id)

    with pytest.raises(ApprovalClosedError) as closed:
        approvals.decide(silence.approval.approval_id, APPROVE)

    assert silence.result() == '"silence"'
    assert told(closed.value).isdisjoint(spellings(silence.callback_id))
    client.close()


def told(error: BaseException) -> set[str]:
    """Every word of an error and of whatever would be logged with it."""
    words = set[str]()
    each: BaseException | None = error
    while each:
        words |= {*str(each).replace("/", " ").replace('"', " ").split()}
        each = each.__cause__ or each.__context__
    return words


def spellings(callback_id: str) -> set[str]:
    """A callback's id as it is, and in addresses."""
    return {callback_id, callback_id.replace("=", "%3D")}
