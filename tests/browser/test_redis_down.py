"""Redis only wakes the worker sooner. Without it requests are accepted and messages are sent."""

import pytest

from tests.support.browser.received_mail import get_text
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack


def test_request_is_accepted_and_its_message_sent_without_redis(visit, stack):
    woman = visit()

    stack.hold("redis")
    try:
        reference = ask_for_a_walk(woman, "noredis@example.com", unused_date())
        message = stack.wait_for_mail(to="noredis@example.com")
    finally:
        stack.release("redis")

    assert reference in get_text(message)
