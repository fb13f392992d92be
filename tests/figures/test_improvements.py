"""A lead reads what was done, in the words for the public, and nothing of the women who told us."""

import datetime

import pytest
from django.urls import reverse

from feedback.statuses import State
from tests.support.feedback_factories import ConcernFactory, ImprovementFactory
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "figures:improvements"
DONE = {"state": State.RESOLVED, "done_date": datetime.date(2026, 3, 2), "public_words": "There are four new lamps."}


@pytest.fixture
def client(client, lead):
    client.force_login(lead)
    return client


def shown(client):
    return [improvement.public_words for improvement in client.get(reverse(PAGE)).context["improvements"]]


def test_done_improvements_come_newest_first_with_words_agreed_to_or_not(client, southwark, lead, inspector):
    agreed = {"approved_by": lead, "approved_at": "2026-03-03T12:00Z", "words_by": inspector}
    ImprovementFactory(borough=southwark, **DONE, **agreed)
    ImprovementFactory(
        borough=southwark, state=State.PARTLY_RESOLVED, done_date=datetime.date(2026, 4, 1), public_words="Mended."
    )

    page = client.get(reverse(PAGE)).text

    assert shown(client) == ["Mended.", "There are four new lamps."]
    assert page.count("Agree to the words") == 1
    assert "some of it" in page


@pytest.mark.parametrize("other", [{"state": State.ACCEPTED, "done_date": None}, {"public_words": ""}])
def test_open_ones_and_ones_without_words_are_not_listed(other, client, southwark):
    ImprovementFactory(borough=southwark, **DONE | other)

    assert shown(client) == []


def test_places_kept_from_a_bcu_are_not_listed(client, southwark, stranger):
    ImprovementFactory(borough=southwark, nominated_inspector=stranger, **DONE)

    assert shown(client) == []


def test_page_has_no_words_of_the_women(client, southwark):
    improvement = ImprovementFactory(borough=southwark, **DONE)
    concern = ConcernFactory(improvement=improvement, state=State.RESOLVED, text="He waits behind the bins")

    page = client.get(reverse(PAGE)).text

    assert "behind the bins" not in page
    assert concern.report.booking.reference not in page


def test_long_list_has_pages(client, southwark):
    ImprovementFactory.create_batch(51, borough=southwark, **DONE)

    first = client.get(reverse(PAGE))
    second = client.get(reverse(PAGE), {"after": first.context["last"]})

    assert (len(first.context["improvements"]), len(second.context["improvements"])) == (50, 1)
    assert client.get(reverse(PAGE), {"after": "nonsense"}).status_code == 200


def test_list_takes_no_more_queries_for_more_rows(client, southwark):
    ImprovementFactory(borough=southwark, **DONE)
    one = count_queries(client, reverse(PAGE))
    ImprovementFactory.create_batch(3, borough=southwark, **DONE)

    assert count_queries(client, reverse(PAGE)) == one
