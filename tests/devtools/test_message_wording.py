"""The wording of every kind of message: the news first, and one button."""

import re

import pytest

from devtools.previews.scenes import previews

pytestmark = pytest.mark.django_db

NO_BUTTON = {
    "account-address-changed",  # to the old address, where nobody should sign in
    "officer-released",  # there is nothing to open any more
    "officer-cancelled",
    "officer-tonight",  # a link for each walk
    "team-digest",  # a link for each count
    "account-name-changed",  # the person asks their inspector, and can change nothing
    "team-name-changed",
    "account-powers-changed",  # also to a new address, and to people who can't sign in
    "auditor-booking-frozen",  # the auditor reads the logs, and no booking
    "partner-answer-saved",  # the link to answer is in the message before
    "standards-conduct",  # professional standards have no account
    "standards-conduct-concern",
}
GREETING = re.compile(r"Hello(?: Maya Example)?\. ")
BOILERPLATE = ("This message", "This email", "We are writing", "We’re writing", "Thank you", "Please note", "You are")


@pytest.fixture
def samples(southwark, once=[]):  # noqa: B006  # written once for all tests, which only read
    once[:] = once or previews()
    return once


def test_every_message_has_one_button(samples):
    buttons = {sample.name: sample.message.html.count('class="button"') for sample in samples}

    assert {name for name, number in buttons.items() if number != 1} == NO_BUTTON
    assert {name: buttons[name] for name in NO_BUTTON} == dict.fromkeys(NO_BUTTON, 0)


def test_every_message_begins_with_its_own_news(samples):
    """The first sentence after the greeting belongs to one kind. What many kinds could say is not news."""
    kinds_by_news = {}
    for sample in samples:
        if not sample.name.endswith("-discreet"):
            news = re.split(r"(?<=[.:?])\s", GREETING.sub("", sample.message.text, count=1), maxsplit=1)[0]
            kinds_by_news.setdefault(news, set()).add(sample.message.kind)

    assert {news: kinds for news, kinds in kinds_by_news.items() if len(kinds) > 1} == {}
    assert [news for news in kinds_by_news if news.startswith(BOILERPLATE)] == []
