"""What everybody who sends reports promises; each test runs on all adapters."""

from app.ports.reports import Report
from tests.app.adapters.reports.conftest import RECIPIENT, Delivery

REPORT = Report("Sales in März", "Tea: 77.05\n\nCoffee: none\n<b>not bold</b>")


def test_a_report_reaches_the_one_recipient_as_it_was_written(delivery: Delivery) -> None:
    delivery.reports.send(REPORT, "monday-1-1")

    assert delivery.delivered() == [(RECIPIENT, REPORT)]


def test_each_report_has_an_id_of_its_own(delivery: Delivery) -> None:
    first = delivery.reports.send(REPORT, "monday-1-1")
    second = delivery.reports.send(Report("Again", "Nothing new"), "tuesday-1-1")

    assert first != second
    assert len(delivery.delivered()) == 2
