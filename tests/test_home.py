"""The home page: two ways in, what is true for every BCU, and what came of walks once there is something to show."""

import datetime

import pytest
import time_machine

from bookings.models.bookings import Booking
from boroughs.models.texts import Statement
from feedback.models.events import ConcernEvent
from feedback.statuses import State
from figures import published
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
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
    assert "What came of it" not in client.get("/").text


@pytest.fixture
def resolved(officer):
    """A concern that was dealt with, with a text for everyone."""
    concern = ConcernFactory(report__booking=make_completed_booking([officer]), consent=True, state=State.RESOLVED)
    ConcernEvent.objects.record(
        concern, to_state=State.RESOLVED, public=FIX, to_requester="For you: four lamps.", internal="Ticket 7"
    )
    return concern


def test_public_text_of_a_resolved_concern_is_shown_and_no_other_text(client, resolved):
    page = client.get("/").text

    assert FIX in page
    assert "For you" not in page
    assert "Ticket 7" not in page


@pytest.mark.parametrize(
    "change",
    ["no consent", "kept from the BCU", "open again", "erased"],
)
def test_concern_that_may_not_be_public_is_never_shown(client, resolved, stranger, change):
    changes = {
        "no consent": {"consent": False},
        "kept from the BCU": {"nominated_inspector": stranger},
        "open again": {"state": State.WITHDRAWN},
        "erased": {"erased_at": NOVEMBER},
    }
    for name, value in changes[change].items():
        setattr(resolved, name, value)
    resolved.save()

    assert FIX not in client.get("/").text


@time_machine.travel(NOVEMBER, tick=False)
@pytest.mark.parametrize(("walks", "shown"), [(4, None), (5, "5"), (7, "6")])
def test_walks_are_rounded_down_and_shown_from_a_certain_number(client, officer, monkeypatch, walks, shown):
    monkeypatch.setattr(published, "FEWEST", 5)
    monkeypatch.setattr(published, "STEP", 3 if walks == 7 else 5)
    for n in range(walks):
        make_completed_booking([officer], start_at=NOVEMBER - datetime.timedelta(days=40 + n))

    page = client.get("/").text

    assert (f"at least <strong>{shown}</strong> times" in page) is (shown is not None)
    assert ("What came of it" in page) is (shown is not None)


@time_machine.travel(NOVEMBER, tick=False)
def test_walks_of_this_month_and_restricted_ones_are_not_counted(officer, stranger, monkeypatch):
    monkeypatch.setattr(published, "FEWEST", 1)
    monkeypatch.setattr(published, "STEP", 1)
    counted = make_completed_booking([officer], start_at=NOVEMBER - datetime.timedelta(days=40))
    make_completed_booking([officer], start_at=NOVEMBER - datetime.timedelta(days=2))
    make_completed_booking([officer], start_at=NOVEMBER - datetime.timedelta(days=400))
    restricted = make_completed_booking([officer], start_at=NOVEMBER - datetime.timedelta(days=50))
    Booking.objects.filter(pk=restricted.pk).update(nominated_inspector=stranger)

    assert counted.pk
    assert published.walks_completed(NOVEMBER) == 1
