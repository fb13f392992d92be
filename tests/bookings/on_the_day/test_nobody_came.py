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
from tests.support.booking_history import event_kinds
from tests.support.decisions import change_now
from tests.support.factories import WalkFactory, confirmed_adjustments, scheduled_booking
from tests.support.feedback_factories import make_completed_booking
from tests.support.query_counts import count_queries
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def begun(southwark, team):
    """A booking with a walk that began ten minutes ago."""
    ten_minutes_ago = timezone.now() - datetime.timedelta(minutes=10)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=ten_minutes_ago)
    return scheduled_booking(team, borough=southwark, walk=walk)


def test_nobody_came_tells_the_team_and_shows_whom_to_call(client, begun):
    page = create_page_link(begun)

    before = client.get(page)
    client.post(f"{page}nobody-came/")
    after = client.get(page)

    message = Message.objects.get()
    assert message.recipient == "as@example.com"
    assert f"/staff/walks/{begun.walk.pk}/" in message.text
    assert event_kinds(begun) == [EventKind.NOBODY_CAME_REPORTED]
    assert "Nobody there?</h2>" in before.text
    assert "We are sorry that nobody came" in after.text
    assert (
        '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:02079460101">020 7946 0101</a></p>' in after.text
    )
    assert '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:999">999</a></p>' in after.text


def test_nobody_came_twice_tells_the_team_once(begun):
    for _ in range(2):
        report_nobody_came(begun)

    assert Message.objects.count() == 1
    assert event_kinds(begun) == [EventKind.NOBODY_CAME_REPORTED]


def test_nobody_came_has_to_be_answered_even_where_she_was_reached_before(begun):
    begun.acknowledgement.contacted_at = timezone.now()
    begun.save()

    report_nobody_came(begun)

    begun.refresh_from_db()
    assert begun.nobody_came_not_contacted


def test_nobody_came_stops_what_says_that_we_waited_for_her(begun, officer):
    record_no_show(begun, NoShow(waited_minutes=15, call_outcome=CallOutcome.MAY_NOT), by=officer)

    report_nobody_came(begun)

    assert Message.objects.get(kind="requester_absent").state == State.SUPERSEDED


def test_nobody_came_needs_a_post(client, begun):
    response = client.get(f"{create_page_link(begun)}nobody-came/")

    begun.refresh_from_db()
    assert response.status_code == 302
    assert begun.acknowledgement.nobody_came_reported_at is None


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_asked"),
    [(8, 18, 29, False), (8, 18, 30, True), (8, 23, 0, True), (9, 23, 59, True), (10, 0, 0, False)],
)
def test_nobody_came_is_allowed_until_the_next_evening_is_over(day, hour, minute, is_asked, bcu):
    walk = WalkFactory(bcu=bcu, start_at=london.to_instant(datetime.date(2026, 12, 8), datetime.time(18, 30)))

    now = london.to_instant(datetime.date(2026, 12, day), datetime.time(hour, minute))

    assert walk.may_be_reported_missed(now) is is_asked


def test_nobody_came_refused_before_the_start(client, booked):
    response = client.post(f"{create_page_link(booked)}nobody-came/")

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "from the start of the walk until the next evening" in response.text
    assert booked.acknowledgement.nobody_came_reported_at is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("status", sorted(set(Status) - REPORTABLE_STATUSES))
def test_nobody_came_refused_without_a_walk(status, begun):
    begun.status = status
    begun.save()

    with pytest.raises(TransitionNotAllowed):
        report_nobody_came(begun)


def test_nobody_came_is_allowed_although_an_officer_ended_the_walk(client, southwark, officer):
    booking = make_completed_booking(
        [officer], borough=southwark, start_at=timezone.now() - datetime.timedelta(hours=2)
    )

    response = client.get(create_page_link(booking))

    assert "Nobody there?</h2>" in response.text
    assert "You do not have to wait." in response.text


def test_nobody_came_is_first_in_the_queue_until_a_contact(as_inspector, begun, inspector):
    report_nobody_came(begun)

    before = as_inspector.get(QUEUE)
    flagged = as_inspector.get(reverse("triage:booking", args=[begun.pk]))
    record_contact(begun, by=inspector, version=begun.version)
    after = as_inspector.get(QUEUE)

    assert "She says that nobody came</h2>" in before.text
    assert before.context["rows"][0].flags[0].text == "She says nobody came"
    assert f"She says that nobody came, {london.clock(begun.acknowledgement.nobody_came_reported_at)}" in flagged.text
    assert list(after.context["nobody_came"]) == []


def test_nobody_came_is_shown_to_the_officers(client, begun, officer):
    client.force_login(officer)
    report_nobody_came(begun)

    response = client.get(reverse("on_the_day:walk", args=[begun.walk.pk]))

    assert f"Nobody came, {london.clock(begun.acknowledgement.nobody_came_reported_at)}" in response.text


def test_nobody_came_does_not_apply_to_a_walk_moved_to_another_day(client, begun, inspector, team, plan):
    report_nobody_came(begun)

    change_now(begun.walk, inspector, plan=plan, officers=team, arranged=confirmed_adjustments(begun))

    begun.refresh_from_db()
    assert not begun.reported_nobody_came
    assert "We are sorry that nobody came" not in client.get(create_page_link(begun)).text
    assert begun.nobody_came_not_contacted


def test_nobody_came_survives_the_pin_page_on_the_neutral_host(client, begun):
    assert '<input type="hidden" name="pressed" value="nobody-came">' in client.get(create_page_link(begun)).text
    begun.channel = Channel.DISCREET
    begun.save()
    token = create_page_link(begun).split("/")[2]
    path = reverse("manage:report_nobody_came", urlconf="walkandtalk.discreet_urls", args=[token])
    headers = {"host": settings.DISCREET_HOST}

    client.post(path, {"pressed": "nobody-came"}, headers=headers)
    pressed = client.post(path, {"pressed": "nobody-came", "pin": PIN}, headers=headers)
    page = client.get(pressed["Location"], headers=headers)

    begun.refresh_from_db()
    assert begun.acknowledgement.nobody_came_reported_at is not None
    assert "020 7946 0101" in page.text
    assert settings.PUBLIC_URL not in page.text


def test_requester_page_takes_the_same_queries_after_every_report(client, begun):
    page = create_page_link(begun)
    before = count_queries(client, page)
    acknowledge_news(begun, version=begun.version)
    report_nobody_came(begun)
    stop_messages(begun)

    assert count_queries(client, page) == before <= 13
