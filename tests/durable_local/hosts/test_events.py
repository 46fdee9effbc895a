import functools

from aws_durable_execution_sdk_python import durable_execution as official_durable_execution

from durable import durable_execution
from durable_local.hosts.events import takes_the_service


def program(event: object, _context: object) -> object:
    return event


def test_a_handler_of_our_core_takes_the_service() -> None:
    assert takes_the_service(durable_execution(program))


def test_a_handler_of_awss_sdk_a_wrapped_one_and_an_object_get_json() -> None:
    @functools.wraps(program)
    def wrapped(event: object, context: object) -> object:
        return durable_execution(program)(event, None)

    assert not takes_the_service(official_durable_execution(program))
    assert not takes_the_service(wrapped)
    assert not takes_the_service(functools.partial(program))
