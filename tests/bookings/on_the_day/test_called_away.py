"""Officers who are called away from a walk."""

import pytest
from django.urls import reverse

from bookings.notices.acknowledgements import record_contact
from bookings.on_the_day.actions import cut_walk_short, start_walk
from bookings.permissions import needs_contact
from bookings.retention.actions import erase_booking
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import EventKind, Status, Whereabouts
from tests.support.decisions import schedule_now
from tests.support.on_the_day import advance_clock, messages_of_kind, walk_events
from tests.support.requester_pages import create_page_link
from tests.support.spoken_with import IN_PERSON
from tests.support.staff_addresses import staff_address
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


# --- The walk is cut short


def test_cut_short_gives_the_booking_priority(client, walk_tonight, tonight, officer, inspector):
    with advance_clock(50):
        start_walk(walk_tonight, by=officer)
        client.force_login(officer)
        response = client.post(
            staff_address("on_the_day:cut_walk_short", walk_tonight), {"where": "alone"}, follow=True
        )
        client.force_login(inspector)
        queue = client.get(reverse("triage:queue"))
        requester_page = client.get(create_page_link(tonight)).text

    walk_tonight.refresh_from_db()
    tonight.refresh_from_db()
    assert walk_tonight.status == WalkStatus.CUT_SHORT
    assert (tonight.status, tonight.walk, tonight.cut_short_walk) == (Status.WAITING, None, walk_tonight)
    assert tonight.answered_at is None
    assert queue.context["rows"][0].booking == tonight
    assert "Walk cut short: first in line" in queue.text
    assert 'Now ring <a class="govuk-link" href="tel:02079460101">' in response.text
    assert "You’re first in line" in requester_page


def test_cut_short_tells_the_requester_and_the_team(walk_tonight, tonight, officer):
    with advance_clock(50):
        cut_walk_short(walk_tonight, by=officer, where=Whereabouts.NOT_MET)

    team_message, requester_message = messages_of_kind("team_walk_cut_short").get(), messages_of_kind("cut_short").get()
    assert "We haven’t met her" in team_message.text
    assert "ring her now" in team_message.text
    assert "You’re first in line" in requester_message.text
    assert tonight.events.get().code == Whereabouts.NOT_MET


def test_cutting_a_walk_short_twice_has_one_effect(walk_tonight, tonight, team):
    with advance_clock(50):
        for officer in team:
            cut_walk_short(walk_tonight, by=officer, where=Whereabouts.WITH_US)

    assert walk_events(walk_tonight) == [(EventKind.CALLED_AWAY, team[0])]
    assert messages_of_kind("cut_short").count() == 1


def test_cut_short_page_asks_where_the_requester_is(client, walk_tonight, officer):
    with advance_clock(50):
        client.force_login(officer)
        response = client.post(staff_address("on_the_day:cut_walk_short", walk_tonight))

    walk_tonight.refresh_from_db()
    assert response.status_code == 422
    assert "Select where she is now" in response.text
    assert walk_tonight.status == WalkStatus.SCHEDULED


def test_cut_short_refused_before_the_start(client, walk_tonight, officer):
    client.force_login(officer)

    assert client.get(staff_address("on_the_day:cut_walk_short", walk_tonight)).status_code == 302
    assert client.post(staff_address("on_the_day:cut_walk_short", walk_tonight), {"where": "alone"}).status_code == 409


def test_officers_can_still_ring_the_requester_after_a_cut_short_walk(client, walk_tonight, tonight, officer):
    with advance_clock(50):
        cut_walk_short(walk_tonight, by=officer, where=Whereabouts.ALONE)
        client.force_login(officer)
        response = client.post(staff_address("on_the_day:reveal_phone", walk_tonight, tonight))

    assert "07700 900123" in response.text


def test_cut_short_booking_needs_contact_until_it_is_recorded(walk_tonight, tonight, officer, inspector):
    with advance_clock(50):
        cut_walk_short(walk_tonight, by=officer, where=Whereabouts.ALONE)
    tonight.refresh_from_db()
    was_needed = needs_contact(tonight)

    record_contact(tonight, IN_PERSON, by=inspector, version=tonight.version)

    assert (was_needed, needs_contact(tonight)) == (True, False)


def test_next_walk_replaces_the_cut_short_one_in_the_calendar(walk_tonight, tonight, officer, inspector, team, plan):
    with advance_clock(50):
        cut_walk_short(walk_tonight, by=officer, where=Whereabouts.AT_HOME)
    tonight.refresh_from_db()
    previous_sequence = tonight.contact.calendar_sequence

    schedule_now(tonight, inspector, plan=plan, officers=team)

    tonight.refresh_from_db()
    assert tonight.contact.calendar_sequence == previous_sequence + 1


# --- Erasing


def test_cut_short_walk_is_erased_with_its_booking(walk_tonight, tonight, officer):
    with advance_clock(50):
        cut_walk_short(walk_tonight, by=officer, where=Whereabouts.AT_HOME)
    tonight.refresh_from_db()
    cancel_booking_by_requester(tonight)

    erase_booking(tonight)

    walk_tonight.refresh_from_db()
    assert (walk_tonight.meeting_place, walk_tonight.officers_phrase) == ("", "")
