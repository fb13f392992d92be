"""Calendar feeds: an officer's walks at a secret address."""

import datetime
import logging

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boroughs.models.officers import Officer
from tests.support.factories import WalkFactory, in_days, scheduled_booking
from walkandtalk.lib import london
from walkandtalk.lib.monitoring.masking import HidePersonalDetails
from walks.feeds import actions
from walks.feeds import actions as feeds_actions
from walks.models.feeds import CalendarFeed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def get(client, token):
    return client.get(reverse("calendar-feed", args=[token]))


def events(response):
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def starts(response):
    return [event.decoded("dtstart") for event in events(response)]


def test_feed_has_times_and_no_personal_details(client, officer, second_officer, settings):
    booking = scheduled_booking([officer, second_officer])
    walk = booking.walk

    response = get(client, actions.create_feed(officer))

    (event,) = events(response)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]
    assert event["summary"] == "Walk"
    assert event["url"] == f"{settings.PUBLIC_URL}/staff/walks/{walk.pk}/"
    assert event["uid"].startswith(str(walk.pk))
    text = response.content.decode()
    for said in ("Peckham", "Maya", "Olive", "Petra", "11AS", "lantern", "7946", booking.reference, "Southwark"):
        assert said not in text.replace("\r\n ", "")
    assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "URL", "CLASS"}


@pytest.mark.parametrize(
    ("date", "offset"), [(datetime.date(2026, 10, 24), "+0100"), (datetime.date(2026, 10, 26), "+0000")]
)
def test_feed_keeps_london_time_across_a_clock_change(date, offset, client, officer, monkeypatch):
    start_at = london.to_instant(date, datetime.time(18, 30))
    WalkFactory(bcu=officer.bcu, officers=[officer], start_at=start_at)
    token = actions.create_feed(officer)
    monkeypatch.setattr("walks.feeds.views.timezone.now", lambda: start_at)

    response = get(client, token)

    (start,) = starts(response)
    assert f"DTSTART;TZID=Europe/London:{date:%Y%m%d}T183000" in response.content.decode()
    assert "BEGIN:VTIMEZONE" in response.content.decode()
    assert start.strftime("%H:%M%z") == f"18:30{offset}"


def test_feed_has_the_right_end_in_an_ambiguous_hour(client, officer, monkeypatch):
    start_at = london.to_instant(datetime.date(2026, 10, 25), datetime.time(0, 30))
    walk = WalkFactory(bcu=officer.bcu, officers=[officer], start_at=start_at, minutes=120)
    token = actions.create_feed(officer)
    monkeypatch.setattr("walks.feeds.views.timezone.now", lambda: start_at)

    (event,) = events(get(client, token))

    assert event.decoded("dtend").astimezone(datetime.UTC) == walk.end_at


def test_feed_has_an_officers_own_walks_or_an_inspectors_bcu(client, officer, second_officer, inspector, stranger):
    own_walk = WalkFactory(bcu=officer.bcu, officers=[officer])
    other = WalkFactory(bcu=officer.bcu, officers=[second_officer], start_at=in_days(11))
    cancelled = WalkFactory(bcu=officer.bcu, officers=[officer], start_at=in_days(12), status=WalkStatus.CANCELLED)

    feeds = {who.name: starts(get(client, actions.create_feed(who))) for who in (officer, inspector, stranger)}

    assert Walk.objects.count() == 3
    assert cancelled.start_at not in feeds[inspector.name]
    assert feeds == {
        officer.name: [own_walk.start_at],
        inspector.name: [own_walk.start_at, other.start_at],
        stranger.name: [],
    }


def test_restricted_walk_is_only_in_the_nominated_inspectors_feed(client, inspector, stranger):
    walk = WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger)
    colleague = Officer.objects.create_user(
        "c@example.com", name="C", bcu=stranger.bcu, role=Officer.Role.INSPECTOR, rank="inspector"
    )

    feeds = [starts(get(client, actions.create_feed(who))) for who in (stranger, colleague, inspector)]

    assert feeds == [[walk.start_at], [], []]


def test_token_is_stored_as_a_hash_and_shown_once(client, officer):
    client.force_login(officer)
    address = reverse("walks:calendar_feed")

    response = client.post(address)
    again = client.get(address)

    feed_address = response.context["feed_address"]
    token = feed_address.rsplit("/", 1)[1].removesuffix(".ics")
    assert feed_address in response.text
    assert token not in again.text
    assert token not in str(dict(client.session))
    assert token not in str(CalendarFeed.objects.values().get())
    assert get(client, token).status_code == 200


@pytest.mark.parametrize("how", ["replaced", "revoked", "inactive", "a lead now"])
def test_closed_feed_is_not_found(how, client, officer):
    token = actions.create_feed(officer)
    previous_status = get(client, token).status_code

    if how == "replaced":
        actions.create_feed(officer)
    elif how == "revoked":
        client.force_login(officer)
        client.post(reverse("walks:revoke_calendar_feed"))
    elif how == "inactive":
        Officer.objects.update(is_active=False)
    else:
        Officer.objects.update(role=Officer.Role.LEAD, leads_walks=False)

    assert (previous_status, get(client, token).status_code) == (200, 404)
    assert CalendarFeed.objects.count() == (0 if how == "revoked" else 1)


def test_feed_limits_requests_by_one_calendar(client, officer, monkeypatch):
    monkeypatch.setattr(feeds_actions, "FEED_REQUESTS_PER_HOUR", 2)
    token = actions.create_feed(officer)

    answers = [get(client, token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "3600"
    assert not answers[2].content


def test_feed_limits_guesses_from_one_network(client, officer, monkeypatch):
    monkeypatch.setattr(feeds_actions, "NETWORK_REQUESTS_PER_HOUR", 2)

    answers = [get(client, f"guess-{n}").status_code for n in range(3)]

    assert answers == [404, 404, 429]


def test_log_has_no_feed_token(officer):
    token = actions.create_feed(officer)
    record = logging.LogRecord("django", logging.WARNING, "", 0, "Not Found: %s", (f"/feed/{token}.ics",), None)

    HidePersonalDetails().filter(record)

    assert token not in record.getMessage()
    assert record.getMessage() == "Not Found: /feed/….ics"


def test_neutral_host_has_no_feed(client, officer, settings):
    token = actions.create_feed(officer)

    response = client.get(f"/feed/{token}.ics", headers={"host": settings.DISCREET_HOST})

    assert response.status_code == 404


def test_feed_takes_no_more_queries_for_more_walks(client, officer, bcu, django_assert_max_num_queries):
    token = actions.create_feed(officer)

    def counted():
        with django_assert_max_num_queries(6) as captured:
            get(client, token)
        return len(captured)

    WalkFactory(bcu=bcu, officers=[officer])
    get(client, token)
    one = counted()
    for day in range(11, 14):
        WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(day))

    assert counted() == one
    assert len(starts(get(client, token))) == 4
    assert timezone.now() < starts(get(client, token))[0]


def test_new_address_asks_to_confirm_first(client, officer):
    client.force_login(officer)
    assert client.get("/staff/calendar/feed/").status_code == 200
    session = client.session
    session["proved_at"] -= 11 * 60
    session.save()

    asked = client.post("/staff/calendar/feed/")

    assert asked["Location"] == "/staff/confirm/password/?next=%2Fstaff%2Fcalendar%2Ffeed%2F"
    assert not CalendarFeed.objects.exists()
    assert client.get("/staff/calendar/feed/").status_code == 200
