"""The button with which a requester reports that nobody came."""

import datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bookings.manage.contact.actions import stop_messages
from bookings.notices.acknowledgements import acknowledge_news, record_contact
from bookings.on_the_day.actions import NoShow, record_no_show, report_nobody_came
from bookings.statuses import REPORTABLE_STATUSES, CallOutcome, Channel, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.alerts import rows_alerted
from tests.support.booking_history import event_kinds
from tests.support.decisions import change_now
from tests.support.factories import WalkFactory, confirmed_adjustments, scheduled_booking
from tests.support.feedback_factories import make_completed_booking
from tests.support.query_counts import count_queries
from tests.support.requester_pages import PIN, create_page_link
from tests.support.spoken_with import IN_PERSON
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def missed_booking(southwark, team):
    """A booking with a walk that was due to start ten minutes ago."""
    ten_minutes_ago = timezone.now() - datetime.timedelta(minutes=10)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=ten_minutes_ago)
    return scheduled_booking(team, borough=southwark, walk=walk)


def test_nobody_came_tells_the_team_and_shows_a_number_to_call(client, missed_booking):
    page = create_page_link(missed_booking)

    previous_response = client.get(page)
    client.post(f"{page}nobody-came/")
    after = client.get(page)

    message = Message.objects.get()
    assert message.recipient == "as@example.com"
    assert f"/staff/walks/{missed_booking.walk.pk}/" in message.text
    assert event_kinds(missed_booking) == [EventKind.NOBODY_CAME_REPORTED]
    assert "Nobody there?</h2>" in previous_response.text
    assert "We’re sorry that nobody came" in after.text
    assert (
        '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:02079460101">020 7946 0101</a></p>' in after.text
    )
    assert '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:999">999</a></p>' in after.text


def test_nobody_came_twice_tells_the_team_once(missed_booking):
    for _ in range(2):
        report_nobody_came(missed_booking)

    assert Message.objects.count() == 1
    assert event_kinds(missed_booking) == [EventKind.NOBODY_CAME_REPORTED]


def test_nobody_came_needs_an_answer_despite_an_earlier_contact(missed_booking):
    missed_booking.acknowledgement.contacted_at = timezone.now()
    missed_booking.save()

    report_nobody_came(missed_booking)

    missed_booking.refresh_from_db()
    assert missed_booking.nobody_came_not_contacted


def test_nobody_came_supersedes_the_no_show_message(missed_booking, officer):
    record_no_show(missed_booking, NoShow(waited_minutes=15, call_outcome=CallOutcome.MAY_NOT), by=officer)

    report_nobody_came(missed_booking)

    assert Message.objects.get(kind="requester_absent").state == State.SUPERSEDED


def test_nobody_came_needs_a_post(client, missed_booking):
    response = client.get(f"{create_page_link(missed_booking)}nobody-came/")

    missed_booking.refresh_from_db()
    assert response.status_code == 302
    assert missed_booking.acknowledgement.nobody_came_reported_at is None


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_asked"),
    [(8, 18, 29, False), (8, 18, 30, True), (8, 23, 0, True), (9, 23, 59, True), (10, 0, 0, False)],
)
def test_nobody_came_is_allowed_until_the_end_of_the_next_day(day, hour, minute, is_asked, bcu):
    walk = WalkFactory(bcu=bcu, start_at=london.to_instant(datetime.date(2026, 12, 8), datetime.time(18, 30)))

    now = london.to_instant(datetime.date(2026, 12, day), datetime.time(hour, minute))

    assert walk.may_be_reported_missed(now) is is_asked


def test_nobody_came_refused_before_the_start(client, booked):
    response = client.post(f"{create_page_link(booked)}nobody-came/")

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "between the start of the walk and the next evening" in response.text
    assert booked.acknowledgement.nobody_came_reported_at is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("status", sorted(set(Status) - REPORTABLE_STATUSES))
def test_nobody_came_refused_without_a_walk(status, missed_booking):
    missed_booking.status = status
    missed_booking.save()

    with pytest.raises(TransitionNotAllowed):
        report_nobody_came(missed_booking)


def test_nobody_came_is_allowed_after_an_officer_ended_the_walk(client, southwark, officer):
    booking = make_completed_booking(
        [officer], borough=southwark, start_at=timezone.now() - datetime.timedelta(hours=2)
    )

    response = client.get(create_page_link(booking))

    assert "Nobody there?</h2>" in response.text
    assert "You don’t have to wait." in response.text


def test_nobody_came_is_first_in_the_queue_until_a_contact(as_inspector, missed_booking, inspector):
    report_nobody_came(missed_booking)

    before = rows_alerted(as_inspector, "nobody_came")
    queue = as_inspector.get(QUEUE, {"state": "nobody_came"})
    flagged = as_inspector.get(reverse("triage:booking", args=[missed_booking.pk]))
    record_contact(missed_booking, IN_PERSON, by=inspector, version=missed_booking.version)

    assert before == [str(missed_booking.pk)]
    assert queue.context["rows"][0].flags[0].text == "She says nobody came"
    assert (
        f"She says nobody came, {london.clock(missed_booking.acknowledgement.nobody_came_reported_at)}" in flagged.text
    )
    assert rows_alerted(as_inspector, "nobody_came") == []


def test_nobody_came_is_shown_to_the_officers(client, missed_booking, officer):
    client.force_login(officer)
    report_nobody_came(missed_booking)

    response = client.get(reverse("on_the_day:walk", args=[missed_booking.walk.pk]))

    assert f"Nobody came, {london.clock(missed_booking.acknowledgement.nobody_came_reported_at)}" in response.text


def test_nobody_came_does_not_apply_to_a_walk_moved_to_another_day(client, missed_booking, inspector, team, plan):
    report_nobody_came(missed_booking)

    change_now(missed_booking.walk, inspector, plan=plan, officers=team, arranged=confirmed_adjustments(missed_booking))

    missed_booking.refresh_from_db()
    assert not missed_booking.reported_nobody_came
    assert "We’re sorry that nobody came" not in client.get(create_page_link(missed_booking)).text
    assert missed_booking.nobody_came_not_contacted


def test_nobody_came_survives_the_pin_page_on_the_neutral_host(client, missed_booking):
    assert (
        '<input type="hidden" name="pressed" value="nobody-came">' in client.get(create_page_link(missed_booking)).text
    )
    missed_booking.channel = Channel.DISCREET
    missed_booking.save()
    token = create_page_link(missed_booking).split("/")[2]
    path = reverse("manage:report_nobody_came", urlconf="walkandtalk.discreet_urls", args=[token])
    headers = {"host": settings.DISCREET_HOST}

    client.post(path, {"pressed": "nobody-came"}, headers=headers)
    pressed = client.post(path, {"pressed": "nobody-came", "pin": PIN}, headers=headers)
    page = client.get(pressed["Location"], headers=headers)

    missed_booking.refresh_from_db()
    assert missed_booking.acknowledgement.nobody_came_reported_at is not None
    assert "020 7946 0101" in page.text
    assert settings.PUBLIC_URL not in page.text


def test_requester_page_takes_the_same_queries_after_every_report(client, missed_booking):
    page = create_page_link(missed_booking)
    previous_count = count_queries(client, page)
    acknowledge_news(missed_booking, version=missed_booking.version)
    report_nobody_came(missed_booking)
    stop_messages(missed_booking)

    assert count_queries(client, page) == previous_count <= 14
