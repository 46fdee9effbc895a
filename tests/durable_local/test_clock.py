import threading
import time
from datetime import timedelta

from durable_local.clock import SkippingClock, SystemClock


def test_thirty_days_pass_at_once_on_the_skipping_clock() -> None:
    clock = SkippingClock()
    moment = clock.now() + timedelta(days=30)
    began = time.monotonic()

    clock.wait_until(moment, threading.Event())

    assert clock.now() >= moment
    assert time.monotonic() - began < 1


def test_a_skip_never_turns_time_back() -> None:
    clock = SkippingClock()
    before = clock.now()

    clock.wait_until(before - timedelta(days=1), threading.Event())

    assert clock.now() >= before


def test_who_is_woken_does_not_skip() -> None:
    clock, woken = SkippingClock(), threading.Event()
    woken.set()

    clock.wait_until(clock.now() + timedelta(days=30), woken)

    assert clock.now() < SystemClock().now() + timedelta(days=1)


def test_the_system_clock_sleeps_until_the_moment() -> None:
    clock = SystemClock()
    moment = clock.now() + timedelta(milliseconds=20)

    clock.wait_until(moment, threading.Event())

    assert clock.now() >= moment


def test_the_system_clock_comes_back_early_to_look_again() -> None:
    clock, woken = SystemClock(), threading.Event()
    woken.set()
    began = time.monotonic()

    clock.wait_until(clock.now() + timedelta(days=400), woken)
    clock.wait_until(clock.now() - timedelta(days=400), threading.Event())

    assert time.monotonic() - began < 1
