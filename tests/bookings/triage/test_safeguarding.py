"""“Stop: this is a crime or a safeguarding matter”, at triage and on the walk."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.safeguarding import SafeguardingFlag
from bookings.notices.acknowledgements import acknowledge_news
from bookings.statuses import EventKind, SafeguardingOutcome, Status
from bookings.triage.safeguarding.actions import (
    close_safeguarding,
    mark_safeguarding_at_triage,
    mark_safeguarding_on_walk,
)
from outbox.models import Message
from tests.support.alerts import TODAY, rows_alerted
from tests.support.decisions import decline_now
from tests.support.factories import (
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


@pytest.fixture
def walk(bcu, team):
    return WalkFactory(bcu=bcu, officers=team, start_at=timezone.now() - datetime.timedelta(minutes=20))


@pytest.fixture
def tonight(southwark, team, walk):
    return scheduled_booking(team, borough=southwark, walk=walk)


def address(name, row):
    return reverse(name, args=[row.pk])


def test_safeguarding_page_says_what_to_do_and_marks_the_booking(client, inspector, booking):
    client.force_login(inspector)

    page = client.get(address("triage:mark_safeguarding", booking))
    client.post(address("triage:mark_safeguarding", booking), follow=True)
    queue, booking_page = client.get(QUEUE, {"state": "safeguarding"}), client.get(address("triage:booking", booking))

    booking.refresh_from_db()
    for words in ("Call 999", "supervisor", "Do not question her further", "your force records it", "020 7946 0101"):
        assert words in page.text
    assert booking.safeguarding_flag.by == inspector
    assert rows_alerted(client, "safeguarding") == [str(booking.pk)]
    assert queue.context["rows"][0].flags[0].text == "Stop: crime or safeguarding"
    assert f"Marked by {inspector.display_name}" in booking_page.text
    assert not Message.objects.exists()


def test_safeguarding_is_among_the_first_alerts(client, inspector, booking, tonight):
    Walk.objects.update(start_at=in_days(-1))
    mark_safeguarding_at_triage(booking, by=inspector)
    client.force_login(inspector)

    kinds = [alert.kind for alert in client.get(TODAY).context["alerts"]]

    assert {"safeguarding", "end_overdue"} <= set(kinds[:3])


def test_safeguarding_stops_a_pending_decision_but_not_an_acknowledgement(inspector, bcu, booking, tonight):
    outdated = Booking.objects.get(pk=booking.pk)
    mark_safeguarding_at_triage(booking, by=InspectorFactory(bcu=bcu, name="Frida First"))
    mark_safeguarding_at_triage(tonight, by=inspector)

    with pytest.raises(TransitionNotAllowed, match="“Marked: a crime or a safeguarding matter” by Inspector Frida"):
        decline_now(outdated, inspector, reason="no_officers")
    acknowledge_news(tonight, version=1)

    assert tonight.acknowledgement.acknowledged_at is not None


def test_safeguarding_on_a_walk_tells_the_team_without_details(client, officer, second_officer, walk, tonight):
    client.force_login(officer)

    page = client.get(address("on_the_day:walk", walk))
    response = client.post(address("on_the_day:mark_safeguarding", walk), follow=True)
    mark_safeguarding_on_walk(walk, [tonight], by=second_officer)

    tonight.refresh_from_db()
    message = Message.objects.get()
    assert address("on_the_day:mark_safeguarding", walk) in page.text
    assert (tonight.safeguarding_flag.by, tonight.status) == (officer, Status.SCHEDULED)
    assert "Now ring" in response.text
    assert (message.kind, message.recipient) == ("team_safeguarding", "as@example.com")
    content = f"{message.subject}{message.text}{message.html}".lower()
    assert not [word for word in ("maya", "crime", "safeguarding", tonight.reference.lower()) if word in content]


def test_safeguarding_on_a_restricted_walk_tells_its_nominated_inspector_only(officer, walk, tonight, stranger):
    Booking.objects.update(nominated_inspector=stranger)
    Walk.objects.update(nominated_inspector=stranger)

    mark_safeguarding_on_walk(Walk.objects.get(), [Booking.objects.get()], by=officer)

    assert Message.objects.get().recipient == stranger.email


def test_safeguarding_on_a_shared_walk_asks_for_the_requester(client, southwark, officer, team, walk, tonight):
    other_booking = scheduled_booking(team, borough=southwark, walk=walk, contact__name="Nia Example")
    client.force_login(officer)

    missing_response = client.post(address("on_the_day:mark_safeguarding", walk))
    client.post(address("on_the_day:mark_safeguarding", walk), {"woman": str(other_booking.pk)})

    marked_ids = [booking.pk for booking in Booking.objects.exclude(safeguarding_flag=None)]
    assert missing_response.context["error_summary"][0]["text"] == "Choose who it is about"
    assert marked_ids == [other_booking.pk]


@pytest.mark.parametrize("person", ["inspector", "stranger", "another"])
def test_safeguarding_on_a_walk_refused_to_other_staff(person, walk, tonight, bcu, request):
    by = OfficerFactory(bcu=bcu) if person == "another" else request.getfixturevalue(person)

    with pytest.raises(PermissionDenied):
        mark_safeguarding_on_walk(walk, [tonight], by=by)


def test_safeguarding_on_a_walk_needs_a_requester_on_it_and_open_details(officer, walk, tonight, booking):
    with pytest.raises(PermissionDenied):
        mark_safeguarding_on_walk(walk, [booking], by=officer)
    walk.start_at = in_days(-9)
    walk.save()
    with pytest.raises(PermissionDenied):
        mark_safeguarding_on_walk(walk, [tonight], by=officer)


def test_close_safeguarding_keeps_the_first_outcome(client, inspector, bcu, booking):
    first = InspectorFactory(bcu=bcu, name="Frida First")
    mark_safeguarding_at_triage(booking, by=inspector)
    close_safeguarding(booking, by=first, outcome=SafeguardingOutcome.REFERRED)
    client.force_login(inspector)

    late = client.post(address("triage:close_safeguarding", booking), {"outcome": "neither"})
    page = client.get(address("triage:booking", booking))

    booking.refresh_from_db()
    assert late.status_code == 409
    assert "“Crime or safeguarding matter closed” by Inspector Frida First" in late.context["error_summary"][0]["text"]
    assert booking.safeguarding_flag.outcome == "referred"
    assert "Referred as a safeguarding matter." in page.text
    assert rows_alerted(client, "safeguarding") == []


def test_closed_safeguarding_can_be_marked_again_and_needs_an_outcome(inspector, booking):
    mark_safeguarding_at_triage(booking, by=inspector)
    close_safeguarding(booking, by=inspector, outcome=SafeguardingOutcome.NEITHER)
    mark_safeguarding_at_triage(booking, by=inspector)

    kinds = [event.kind for event in booking.events.all()]
    with pytest.raises(IntegrityError, match="closed_safeguarding_matter_has_an_outcome"), transaction.atomic():
        SafeguardingFlag.objects.update(closed_at=timezone.now())

    assert booking.has_open_safeguarding
    assert kinds == [EventKind.SAFEGUARDING, EventKind.SAFEGUARDING_CLOSED, EventKind.SAFEGUARDING]


def test_safeguarding_works_on_an_idle_phone_and_names_nobody(client, southwark, officer, team, walk, tonight):
    scheduled_booking(team, borough=southwark, walk=walk, contact__name="Nia Example")
    client.force_login(officer)
    client.get("/staff/walks/")
    session = client.session
    session["seen_at"] = 0
    session.save()

    page = client.get(address("on_the_day:mark_safeguarding", walk))
    client.post(address("on_the_day:mark_safeguarding", walk))

    assert "Example" not in page.text
    assert not Booking.objects.filter(safeguarding_flag=None).exists()
