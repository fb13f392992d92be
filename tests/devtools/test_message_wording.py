"""The wording of every kind of message: the news first, one button, and contractions where people speak."""

import re

import pytest

from devtools.previews.scenes import previews

pytestmark = pytest.mark.django_db

TO_STAFF = ("team-", "officer-", "auditor-")
NO_BUTTON = {
    "officer-released",  # there is nothing to open any more
    "officer-cancelled",
    "officer-tonight",  # a link for each walk
    "team-digest",  # a link for each count
    "auditor-booking-frozen",  # the auditor reads the logs, and no booking
}
GREETING = re.compile(r"Hello(?: Maya Example)?\. ")
BOILERPLATE = ("This message", "This email", "We are writing", "We’re writing", "Thank you", "Please note", "You are")
STIFF = re.compile(
    r"\b(?:cannot|(?:do|does|did|is|are|was|were|have|has|will|would|could|should) not"
    r"|(?:I|you|we|they) (?:will|are|have)|(?:it|that|there|what|who) is|let us)\b(?![.,:?!])",
    re.IGNORECASE,
)
ALLOWED = (
    # A missed “not” would send her to a walk that we cancelled.
    "Please do not go to Peckham Rye station, by the flower stall.",
    "The officers will not be there.",
    "Please do not go.",
    "Your appointment is not going ahead.",
    # Nobody contracts these.
    "We have your request",
    "We have to withdraw",
    # Administrators word these statements, and the page of a concern words its state.
    "They will be in uniform.",
    "The officer’s own team does not answer it.",
    "We are looking into it.",
    "We cannot change this.",
)


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


def test_messages_to_requesters_use_contractions(samples):
    for sample in samples:
        if not sample.name.startswith(TO_STAFF):
            text = f"{sample.message.subject}\n{sample.message.text}"
            for allowed in ALLOWED:
                text = text.replace(allowed, "")
            assert STIFF.findall(text) == [], sample.name
