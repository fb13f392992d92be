"""Redis only wakes the worker sooner: without it she is still heard, and still hears."""

import pytest

from tests.support.browser.received_mail import text_of
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack


def test_with_redis_stopped_the_request_is_accepted_and_its_message_arrives(visit, stack):
    woman = visit()

    stack.hold("redis")
    try:
        reference = ask_for_a_walk(woman, "noredis@example.com", unused_date())
        message = stack.wait_for_mail(to="noredis@example.com")
    finally:
        stack.release("redis")

    assert reference in text_of(message)
