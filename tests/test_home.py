"""The home page: two ways in, what is true for every BCU, and what came of walks once there is something to show."""

import datetime

import pytest

from boroughs.models.texts import Statement
from feedback.models.improvements import Improvement
from feedback.statuses import State
from tests.support.feedback_factories import ImprovementFactory
from tests.support.published import make_snapshot
from tests.support.query_counts import count_queries
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

FIX = "The council mended four lamps behind the station."
NOVEMBER = london.to_instant(datetime.date(2026, 11, 20), datetime.time(12))


def test_asking_and_ringing_are_buttons_of_the_same_kind(client):
    page = client.get("/").text

    assert 'href="/request/" role="button"' in page
    assert 'class="govuk-button ways__ring" href="tel:02079460100"' in page
    assert "18001 020 7946 0100" in page


def test_promise_is_that_of_the_slowest_bcu(client, southwark):
    southwark.bcu.answer_working_days = 5
    southwark.bcu.save()

    assert "We answer within 5 working days" in client.get("/").text


def test_recording_is_in_the_words_of_the_statements(client):
    Statement.objects.create(code="cameras", text="Cameras are on in the street.")
    Statement.objects.create(code="crimes", text="")

    page = client.get("/").text

    assert "<p>Cameras are on in the street.</p>" in page
    assert "they must record them" not in page


# --- What came of it --------------------------------------------------------------------------------------------------


def test_nothing_is_shown_while_there_is_nothing(client):
    assert "You said, we did" not in client.get("/").text


@pytest.fixture
def done(southwark, inspector, lead):
    """An improvement that was made, with words for everyone that a lead agreed to."""
    improvement = ImprovementFactory(borough=southwark, state=State.RESOLVED, done_date=NOVEMBER.date())
    words = {"public_words": FIX, "words_by": inspector, "approved_by": lead, "approved_at": NOVEMBER}
    Improvement.objects.filter(pk=improvement.pk).update(**words)
    return improvement


def test_words_for_the_public_are_shown_and_nothing_else_of_the_improvement(client, done):
    page = client.get("/").text

    assert FIX in page
    assert [words for words in (done.change, done.where, done.owner.name) if words in page] == []


@pytest.mark.parametrize("change", ["not approved", "kept from the BCU", "open again", "refused"])
def test_improvement_that_may_not_be_public_is_never_shown(client, done, stranger, change):
    changes = {
        "not approved": {"approved_by": None, "approved_at": None},
        "kept from the BCU": {"nominated_inspector": stranger},
        "open again": {"state": State.ACCEPTED},
        "refused": {"state": State.NO_ACTION},
    }
    Improvement.objects.filter(pk=done.pk).update(**changes[change])

    assert FIX not in client.get("/").text


@pytest.mark.parametrize(
    ("walks", "shown"),
    [
        ([45, 50, 400, 1000], "1,500"),
        ([45, 50, 400, 100], "595"),
        ([45, 50, 400], None),
        ([45, 50, None, 1000], None),
        ([], None),
    ],
)
def test_walks_of_a_year_are_the_sum_of_four_published_quarters(client, walks, shown):
    for number, held in enumerate(walks):
        make_snapshot(datetime.date(2025, 1 + 3 * number, 1), LONDON={"walks_held": held})

    page = client.get("/").text

    assert f"<strong>{shown}</strong> walks in a year" in page or shown is None
    assert ("You said, we did" in page) is (shown is not None)


def test_home_takes_three_queries(client, done):
    make_snapshot(datetime.date(2025, 1, 1), LONDON={"walks_held": 45})

    assert count_queries(client, "/") <= 3
