"""What she says on her page about her walk: that she has seen the news, that nobody came, that we stop writing."""

import datetime

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings import actions
from bookings.models import Link
from bookings.reaching import messages_to_her
from bookings.statuses import NEWS, WALKED, CancelReason, Channel, EventKind, RangHer, Status, WalkStatus
from bookings.views.staff import queue
from feedback.actions import invite_to_tell_us
from feedback.jobs import invite_after_walks
from outbox.models import Message, State
from tests.support.factories import BookingFactory, WalkFactory, in_days, needs_hold, scheduled_booking
from tests.support.feedback_factories import walked_booking
from tests.support.query_counts import queries_of
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PIN = "402817"
QUEUE = "/staff/bookings/"


def page_of(booking):
    expires_at = timezone.now() + datetime.timedelta(days=30)
    return reverse("my_walk:page", args=[Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=expires_at)])


def kinds(booking):
    return [event.kind for event in booking.events.all()]


@pytest.fixture
def booked(southwark, team):
    return scheduled_booking(team, borough=southwark)


@pytest.fixture
def begun(southwark, team):
    """Her walk began ten minutes ago."""
    ten_minutes_ago = timezone.now() - datetime.timedelta(minutes=10)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=ten_minutes_ago)
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def cancelled(booked, inspector):
    actions.cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")
    return booked


# --- I have seen this ------------------------------------------------------------------------------------------------


def test_seen_is_kept_with_its_event_and_shown_to_her(client, booked):
    page = page_of(booked)

    before = client.get(page)
    response = client.post(f"{page}seen/", {"version": before.context["booking"].version})
    after = client.get(page)

    booked.refresh_from_db()
    assert response["Location"] == f"{page}#seen"
    assert kinds(booked) == [EventKind.SEEN]
    assert "Have you seen this?" in before.text
    assert "Have you seen this?" not in after.text
    assert f"You told us that you have seen this: {london.clock(booked.seen_at)}" in after.text


def test_seen_acts_on_no_get_and_without_a_version(client, booked):
    page = page_of(booked)

    answers = [client.get(f"{page}seen/"), *(client.post(f"{page}seen/", data) for data in ({}, {"version": "x"}))]

    assert [response.status_code for response in answers] == [302, 302, 302]
    booked.refresh_from_db()
    assert booked.seen_at is None


def test_seen_says_nothing_of_news_that_came_after_the_page_was_shown(client, booked, inspector):
    page = page_of(booked)
    version = booked.version
    actions.cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")

    response = client.post(f"{page}seen/", {"version": version})

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "There is newer news" in response.text
    assert "Please do not go to" in response.text
    assert booked.seen_at is None


def test_seen_twice_is_one_event(booked):
    for _ in range(2):
        actions.see_news(booked, version=booked.version)

    assert kinds(booked) == [EventKind.SEEN]


@pytest.mark.parametrize("status", sorted(set(Status) - NEWS))
def test_seen_is_asked_only_of_what_she_must_know_before_she_leaves(status, client, booked):
    booked.status = status
    booked.outcome_code = "other" if status == Status.DECLINED else ""
    booked.save()

    actions.see_news(booked, version=booked.version)

    assert booked.seen_at is None
    assert "Have you seen this?" not in client.get(page_of(booked)).text


def test_seen_begins_anew_with_every_card(booked, inspector, team, plan):
    actions.see_news(booked, version=booked.version)

    later = actions.WalkPlan(**{**vars(plan), "minutes": 45})
    actions.change_walk(booked.walk, by=inspector, version=1, plan=later, officers=team, arranged=needs_hold(booked))

    booked.refresh_from_db()
    assert booked.seen_at is None


def test_seen_begins_anew_with_a_cancellation(booked, inspector):
    actions.see_news(booked, version=booked.version)
    booked.reached_at = timezone.now()
    booked.save()

    actions.cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")

    booked.refresh_from_db()
    assert (booked.seen_at, booked.reached_at) == (None, None)


def test_seen_begins_anew_when_a_walk_is_scheduled(southwark, inspector, team, plan):
    booking = BookingFactory(borough=southwark, seen_at=timezone.now())

    actions.schedule_booking(booking, by=inspector, version=1, plan=plan, officers=team)

    booking.refresh_from_db()
    assert booking.seen_at is None


def test_seen_asks_for_the_pin_and_then_is_kept_on_the_neutral_host(client, booked):
    booked.channel = Channel.DISCREET
    booked.save()
    path = reverse("my_walk:seen", urlconf="walkandtalk.discreet_urls", args=[page_of(booked).split("/")[2]])
    headers = {"host": settings.DISCREET_HOST}

    asked = client.post(path, {"version": booked.version}, headers=headers)
    client.post(path, {"version": booked.version, "pin": PIN}, headers=headers)

    booked.refresh_from_db()
    assert "What is your PIN?" in asked.text
    assert booked.seen_at is not None


def test_booking_page_of_staff_says_whether_she_has_seen_it(as_inspector, booked):
    address = reverse("staff:booking", args=[booked.pk])

    before = as_inspector.get(address).text
    actions.see_news(booked, version=booked.version)
    after = as_inspector.get(address).text

    assert "Not seen yet" in before
    assert f"She has seen the news, {london.clock(booked.seen_at)}" in after


# --- Cancelled by us, not known whether she knows --------------------------------------------------------------------


def test_queue_keeps_a_cancelled_walk_until_she_has_seen_it(as_inspector, cancelled):
    before = as_inspector.get(QUEUE)
    actions.see_news(cancelled, version=cancelled.version)
    after = as_inspector.get(QUEUE)

    assert "Cancelled by us, not known whether she knows</h2>" in before.text
    assert list(before.context["not_known"]) == [cancelled]
    assert list(after.context["not_known"]) == []


def test_queue_keeps_a_cancelled_walk_until_somebody_has_reached_her(as_inspector, cancelled, inspector):
    address = reverse("staff:booking", args=[cancelled.pk])

    before = as_inspector.get(address)
    as_inspector.post(reverse("staff:reached", args=[cancelled.pk]), {"version": cancelled.version})
    after = as_inspector.get(address)

    cancelled.refresh_from_db()
    last = cancelled.events.last()
    assert (last.kind, last.by) == (EventKind.REACHED, inspector)
    assert list(as_inspector.get(QUEUE).context["not_known"]) == []
    assert "I have spoken with her, or she was met" in before.text
    assert "I have spoken with her, or she was met" not in after.text
    assert "Spoken with, or met, " in after.text


def test_queue_shows_no_cancelled_walk_of_another_bcu(client, stranger, cancelled):
    client.force_login(stranger)

    assert list(client.get(QUEUE).context["not_known"]) == []


def test_queue_lists_walks_to_come_before_old_ones_and_all_of_them_elsewhere(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(queue, "ALERTS_SHOWN", 1)
    off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness"}
    BookingFactory(**off, needed_at=in_days(-9), contact__name="Old")
    BookingFactory(**off, needed_at=in_days(3), contact__name="Later")
    BookingFactory(**off, needed_at=in_days(1), contact__name="Tomorrow")

    first = as_inspector.get(QUEUE)
    whole = as_inspector.get(QUEUE, {"state": "not_known"})

    assert [booking.contact.name for booking in first.context["not_known"]] == ["Tomorrow", "Later"]
    assert "Later" not in first.text
    assert '<a class="govuk-link" href="?state=not_known">All of them</a>' in first.text
    assert [row.booking.contact.name for row in whole.context["rows"]] == ["Old", "Tomorrow", "Later"]


def test_reach_booking_is_for_the_inspector_of_her_bcu(cancelled, stranger, officer):
    for person in (stranger, officer):
        with pytest.raises(PermissionDenied):
            actions.reach_booking(cancelled, by=person, version=cancelled.version)

    cancelled.refresh_from_db()
    assert cancelled.reached_at is None


def test_reach_booking_does_nothing_where_nobody_has_to_be_reached(booked, inspector):
    actions.reach_booking(booked, by=inspector, version=booked.version)

    assert (booked.reached_at, kinds(booked)) == (None, [])


# --- Nobody came -----------------------------------------------------------------------------------------------------


def test_nobody_came_tells_the_team_and_shows_her_whom_to_call(client, begun):
    page = page_of(begun)

    before = client.get(page)
    client.post(f"{page}nobody-came/")
    after = client.get(page)

    message = Message.objects.get()
    assert message.recipient == "as@example.com"
    assert f"/staff/walks/{begun.walk.pk}/" in message.text
    assert kinds(begun) == [EventKind.NOBODY_CAME]
    assert "Nobody there?</h2>" in before.text
    assert "We are sorry that nobody came" in after.text
    assert (
        '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:02079460101">020 7946 0101</a></p>' in after.text
    )
    assert '<p class="govuk-heading-xl"><a class="govuk-link" href="tel:999">999</a></p>' in after.text


def test_nobody_came_twice_tells_the_team_once(begun):
    for _ in range(2):
        actions.say_nobody_came(begun)

    assert Message.objects.count() == 1
    assert kinds(begun) == [EventKind.NOBODY_CAME]


def test_nobody_came_has_to_be_answered_even_where_she_was_reached_before(begun):
    begun.reached_at = timezone.now()
    begun.save()

    actions.say_nobody_came(begun)

    begun.refresh_from_db()
    assert begun.is_left_waiting


def test_nobody_came_stops_what_says_that_we_waited_for_her(begun, officer):
    actions.miss_her(begun, by=officer, waited=15, rang=RangHer.MAY_NOT)

    actions.say_nobody_came(begun)

    assert Message.objects.get(kind="missed_by_her").state == State.SUPERSEDED


def test_nobody_came_acts_on_no_get(client, begun):
    response = client.get(f"{page_of(begun)}nobody-came/")

    begun.refresh_from_db()
    assert response.status_code == 302
    assert begun.nobody_came_at is None


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_asked"),
    [(8, 18, 29, False), (8, 18, 30, True), (8, 23, 0, True), (9, 23, 59, True), (10, 0, 0, False)],
)
def test_nobody_came_may_be_said_from_the_start_until_the_next_evening_is_over(day, hour, minute, is_asked, bcu):
    walk = WalkFactory(bcu=bcu, start_at=london.to_instant(datetime.date(2026, 12, 8), datetime.time(18, 30)))

    now = london.to_instant(datetime.date(2026, 12, day), datetime.time(hour, minute))

    assert walk.may_be_missed(now) is is_asked


def test_nobody_came_is_refused_before_the_start(client, booked):
    response = client.post(f"{page_of(booked)}nobody-came/")

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "from the start of the walk until the next evening" in response.text
    assert booked.nobody_came_at is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("status", sorted(set(Status) - WALKED))
def test_nobody_came_is_refused_where_no_walk_was_to_take_place(status, begun):
    begun.status = status
    begun.save()

    with pytest.raises(actions.MoveNotAllowed):
        actions.say_nobody_came(begun)


def test_nobody_came_may_be_said_though_an_officer_pressed_that_it_ended(client, southwark, officer):
    booking = walked_booking([officer], borough=southwark, start_at=timezone.now() - datetime.timedelta(hours=2))

    response = client.get(page_of(booking))

    assert "Nobody there?</h2>" in response.text
    assert "You do not have to wait." in response.text


def test_nobody_came_is_first_in_the_queue_until_she_is_reached(as_inspector, begun, inspector):
    actions.say_nobody_came(begun)

    before = as_inspector.get(QUEUE)
    flagged = as_inspector.get(reverse("staff:booking", args=[begun.pk]))
    actions.reach_booking(begun, by=inspector, version=begun.version)
    after = as_inspector.get(QUEUE)

    assert "She says that nobody came</h2>" in before.text
    assert before.context["rows"][0].flags[0].text == "She says nobody came"
    assert f"She says that nobody came, {london.clock(begun.nobody_came_at)}" in flagged.text
    assert list(after.context["left_waiting"]) == []


def test_nobody_came_is_shown_to_the_officers_on_the_walk(client, begun, officer):
    client.force_login(officer)
    actions.say_nobody_came(begun)

    response = client.get(reverse("staff:walk", args=[begun.walk.pk]))

    assert f"Nobody came, {london.clock(begun.nobody_came_at)}" in response.text


def test_nobody_came_is_not_said_of_a_walk_that_was_moved_to_another_day(client, begun, inspector, team, plan):
    actions.say_nobody_came(begun)

    actions.change_walk(begun.walk, by=inspector, version=1, plan=plan, officers=team, arranged=needs_hold(begun))

    begun.refresh_from_db()
    assert not begun.says_nobody_came
    assert "We are sorry that nobody came" not in client.get(page_of(begun)).text
    assert begun.is_left_waiting


def test_nobody_came_is_not_lost_when_her_pin_is_asked_for_first_on_the_neutral_host(client, begun):
    assert '<input type="hidden" name="pressed" value="nobody-came">' in client.get(page_of(begun)).text
    begun.channel = Channel.DISCREET
    begun.save()
    token = page_of(begun).split("/")[2]
    path = reverse("my_walk:nobody_came", urlconf="walkandtalk.discreet_urls", args=[token])
    headers = {"host": settings.DISCREET_HOST}

    client.post(path, {"pressed": "nobody-came"}, headers=headers)
    pressed = client.post(path, {"pressed": "nobody-came", "pin": PIN}, headers=headers)
    page = client.get(pressed["Location"], headers=headers)

    begun.refresh_from_db()
    assert begun.nobody_came_at is not None
    assert "020 7946 0101" in page.text
    assert settings.PUBLIC_URL not in page.text


# --- Stop all messages -----------------------------------------------------------------------------------------------


def test_stop_keeps_back_what_has_not_left_and_is_said_to_her_and_to_staff(client, booked, inspector):
    actions.send_link_again(booked, request_id="1")
    page = page_of(booked)

    asked = client.get(f"{page}stop/")
    client.post(f"{page}stop/")

    after = client.get(page)
    client.force_login(inspector)
    seen_by_staff = client.get(reverse("staff:booking", args=[booked.pk])).text
    booked.refresh_from_db()
    assert "Do you want us to stop writing?" in asked.text
    assert Message.objects.get().state == State.SUPERSEDED
    assert kinds(booked) == [EventKind.STOPPED]
    assert booked.channel == Channel.FULL
    assert "You asked us to stop writing" in after.text
    assert "Messages to you" not in after.text
    assert f"She asked us to stop writing, {london.clock(booked.stopped_at)}" in seen_by_staff
    assert "Stop writing to her" in seen_by_staff
    assert "not sent, because she asked us to stop writing" in seen_by_staff.lower()


def test_stop_acts_on_no_get(client, booked):
    client.get(f"{page_of(booked)}stop/")

    booked.refresh_from_db()
    assert booked.stopped_at is None


def test_stop_is_for_all_news_that_comes_after_it(booked, inspector, team, plan):
    actions.stop_messages(booked)

    later = actions.WalkPlan(**{**vars(plan), "minutes": 45})
    actions.change_walk(booked.walk, by=inspector, version=1, plan=later, officers=team, arranged=needs_hold(booked))
    actions.send_link_again(booked, request_id="1")
    actions.cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")

    assert not Message.objects.filter(thread__startswith="her:").exists()
    assert Message.objects.filter(thread__startswith="officer:").exists()


def test_stop_is_for_the_question_after_the_walk_too(officer):
    booking = walked_booking([officer], start_at=in_days(-1))
    actions.stop_messages(booking)

    invite_after_walks(in_days(0, hour=9))
    is_asked = invite_to_tell_us(booking, now=in_days(0, hour=9))

    assert not is_asked
    assert not Message.objects.exists()


def test_stop_twice_is_one_event(booked):
    for _ in range(2):
        actions.stop_messages(booked)

    assert kinds(booked) == [EventKind.STOPPED]


def test_stop_is_not_offered_where_nothing_is_sent(client, booked):
    booked.channel = Channel.NONE
    booked.save()
    page = page_of(booked)
    client.post(page, {"pin": PIN})

    response = client.get(f"{page}stop/")

    assert response.status_code == 302
    assert "Stop all messages" not in client.get(page).text


def test_stop_leaves_the_reasons_of_older_messages_as_they_are(booked):
    actions.send_link_again(booked, request_id="1")
    Message.objects.update(state=State.SUPERSEDED, superseded_at=timezone.now())
    actions.stop_messages(booked)

    (word,) = messages_to_her(booked)

    assert word.state == "not sent, because a newer message took its place"


# --- All three -------------------------------------------------------------------------------------------------------


def test_queue_asks_as_often_for_three_alerts_as_for_one(as_inspector, southwark, team):
    def alert():
        walk = WalkFactory(bcu=southwark.bcu, status=WalkStatus.CANCELLED)
        off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness", "walk": walk}
        BookingFactory(**off)
        BookingFactory(**off, nobody_came_at=timezone.now())

    alert()
    one = queries_of(as_inspector, QUEUE)
    alert()
    alert()

    assert queries_of(as_inspector, QUEUE) == one <= 15


def test_her_page_asks_as_often_whatever_she_has_said(client, begun):
    page = page_of(begun)
    before = queries_of(client, page)
    actions.see_news(begun, version=begun.version)
    actions.say_nobody_came(begun)
    actions.stop_messages(begun)

    assert queries_of(client, page) == before <= 13
