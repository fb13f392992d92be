"""Recurring walks: created once, offered in two taps, and a walk for each date only once a place is offered."""

import dataclasses
import datetime

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.scheduling import jobs
from bookings.scheduling.offers.actions import decline_offers
from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.scheduling.recurring_walks.actions import RecurringWalkOffer, offer_recurring_walk
from bookings.scheduling.recurring_walks.dates import suitable_dates
from bookings.scheduling.shared_walks.places import accept_place
from bookings.statuses import Channel, Status
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    PreferredTimeFactory,
    RecurringWalkFactory,
    WalkFactory,
    scheduled_booking,
)
from tests.support.form_data import recurring_walk_data
from tests.support.preferred_times import make_preferred_time_request
from tests.support.query_counts import count_queries
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walks.locks import OfficerNotAvailable
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.recurring.actions import (
    RecurringWalkDetails,
    change_recurring_walk,
    create_recurring_walk,
    pause_recurring_walk,
)
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def recurring_walk(bcu, team):
    return RecurringWalkFactory(bcu=bcu, officers=team)


def dates(recurring_walk):
    first = london.today() + datetime.timedelta(days=2)
    return list(recurring_walk.dates(first, first + datetime.timedelta(days=40)))


def offer(booking, recurring_walk, inspector, date, **more):
    booking.refresh_from_db()
    decision = RecurringWalkOffer(recurring_walk=recurring_walk, date=date, **more)
    return offer_recurring_walk(booking, decision, by=inspector, version=booking.version)


# --- Dates


def test_dates_are_its_weekday_within_its_range_unless_paused(recurring_walk):
    start = london.today()
    recurring_walk.from_date, recurring_walk.until_date = (
        start + datetime.timedelta(days=8),
        start + datetime.timedelta(days=29),
    )

    found_dates = list(recurring_walk.dates(start, start + datetime.timedelta(days=60)))
    recurring_walk.paused_at = timezone.now()

    assert len(found_dates) == 3 + (found_dates[0] - recurring_walk.from_date < datetime.timedelta(days=1))
    assert {date.weekday() for date in found_dates} == {3}
    assert found_dates[0] >= recurring_walk.from_date
    assert list(recurring_walk.dates(start, start + datetime.timedelta(days=60))) == []


def test_dates_keep_7pm_over_a_clock_change(recurring_walk):
    before, after = datetime.date(2027, 3, 25), datetime.date(2027, 4, 1)

    assert [recurring_walk.start_at(day).astimezone(datetime.UTC).hour for day in (before, after)] == [19, 18]


def test_suitable_dates_put_the_preferred_time_first(southwark, recurring_walk):
    second = dates(recurring_walk)[1]
    booking = BookingFactory(borough=southwark, preferred_time=None)
    PreferredTimeFactory(booking=booking, date=second, start=datetime.time(18, 30))

    found_dates = suitable_dates(booking, [recurring_walk], timezone.now())

    assert found_dates[0].date == second
    assert found_dates[0].why.startswith("The day and time she asked for")
    assert [one.date for one in found_dates[1:]] == sorted(one.date for one in found_dates[1:])


def test_suitable_dates_leave_out_full_walks(southwark, recurring_walk, inspector):
    first = dates(recurring_walk)[0]
    walk = offer(BookingFactory(borough=southwark), recurring_walk, inspector, first)
    for _ in range(recurring_walk.capacity):
        scheduled_booking([], walk=walk, borough=southwark)

    found_dates = suitable_dates(BookingFactory(borough=southwark), [recurring_walk], timezone.now())

    assert found_dates
    assert first not in [one.date for one in found_dates]


# --- History


def get_details(recurring_walk, **other):
    names = [field.name for field in dataclasses.fields(RecurringWalkDetails)]
    return RecurringWalkDetails(**{name: getattr(recurring_walk, name) for name in names} | other)


def test_history_names_the_authors_of_changes_without_repeats(recurring_walk, inspector, team, client):
    weekly_walk = create_recurring_walk(by=inspector, plan=get_details(recurring_walk), officers=team)
    colleague = InspectorFactory(bcu=inspector.bcu, name="Clara Colleague")
    for _ in range(2):
        later = get_details(recurring_walk, start=datetime.time(20))
        change_recurring_walk(weekly_walk, by=colleague, plan=later, officers=team[:1])
        pause_recurring_walk(weekly_walk, by=inspector, paused=True)
    pause_recurring_walk(weekly_walk, by=colleague, paused=False)
    client.force_login(inspector)

    history = client.get(reverse("walks:recurring_walk", args=[weekly_walk.pk])).context["history"]

    assert [(event.get_kind_display(), event.by, event.note) for event in history] == [
        ("Recurring walk resumed", colleague, ""),
        ("Recurring walk paused", inspector, ""),
        ("Recurring walk changed", colleague, "Changed: the start, the usual officers."),
        ("Recurring walk created", inspector, ""),
    ]


# --- Offers in two taps


def test_offer_recurring_walk_creates_the_walk_of_that_date_once(southwark, recurring_walk, inspector, team):
    date = dates(recurring_walk)[0]

    first_offer = offer(BookingFactory(borough=southwark), recurring_walk, inspector, date)
    second_offer = offer(BookingFactory(borough=southwark), recurring_walk, inspector, date)

    assert first_offer == second_offer == Walk.objects.get()
    assert (first_offer.recurring_date, first_offer.start_at, first_offer.capacity) == (
        date,
        recurring_walk.start_at(date),
        4,
    )
    assert first_offer.live_officers() == team
    assert not Message.objects.filter(thread__startswith="officer:").exists()


def test_accepting_a_recurring_walk_assigns_the_booking_and_tells_the_officers(southwark, recurring_walk, inspector):
    booking, date = BookingFactory(borough=southwark), dates(recurring_walk)[0]
    walk = offer(booking, recurring_walk, inspector, date)

    accept_place(booking, offer=booking.offers.open().get().pk)

    assert (booking.status, booking.walk) == (Status.SCHEDULED, walk)
    assert Message.objects.filter(kind="officer_assigned").count() == 2


def test_declined_recurring_walk_frees_the_officers_and_the_date(southwark, recurring_walk, inspector):
    booking, date = BookingFactory(borough=southwark), dates(recurring_walk)[0]
    walk = offer(booking, recurring_walk, inspector, date)

    decline_offers(booking, offer=booking.offers.open().get().pk)
    jobs.cancel_empty_walks(timezone.now())
    again = offer(booking, recurring_walk, inspector, date)

    walk.refresh_from_db()
    assert (walk.status, again.status) == (WalkStatus.CANCELLED, WalkStatus.SCHEDULED)
    assert walk != again
    assert not Message.objects.filter(thread__startswith="officer:").exists()


def test_offer_recurring_walk_refuses_busy_officers_and_accepts_others(southwark, recurring_walk, inspector, team):
    date = dates(recurring_walk)[0]
    WalkFactory(bcu=inspector.bcu, officers=team, start_at=recurring_walk.start_at(date))
    booking = BookingFactory(borough=southwark)
    others = [OfficerFactory(bcu=inspector.bcu) for _ in range(2)]

    with pytest.raises(OfficerNotAvailable):
        offer(booking, recurring_walk, inspector, date)
    walk = offer(booking, recurring_walk, inspector, date, officers=others)

    assert set(walk.live_officers()) == set(others)


@pytest.mark.parametrize("fields", [{"channel": Channel.DISCREET}, {"channel": Channel.NONE}])
def test_offer_recurring_walk_refused_without_private_email(fields, southwark, recurring_walk, inspector):
    with pytest.raises(ActionError, match="can’t share a walk"):
        offer(BookingFactory(borough=southwark, **fields), recurring_walk, inspector, dates(recurring_walk)[0])

    assert not Walk.objects.exists()


def test_offer_recurring_walk_refused_while_paused(southwark, recurring_walk, inspector):
    date = dates(recurring_walk)[0]
    pause_recurring_walk(recurring_walk, by=inspector, paused=True)

    with pytest.raises(ActionError, match="no walk on that day"):
        offer(BookingFactory(borough=southwark), recurring_walk, inspector, date)


def test_offer_recurring_walk_page_preselects_the_best_date(southwark, recurring_walk, inspector, client):
    booking = BookingFactory(borough=southwark)
    client.force_login(inspector)
    page = reverse("scheduling:offer_recurring_walk", args=[booking.pk])

    first_tap = client.get(page)
    form = first_tap.context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    response = client.post(page, fields)

    booking.refresh_from_db()
    assert page in client.get(reverse("triage:booking", args=[booking.pk])).text or booking.status == Status.OFFERED
    assert (response.status_code, booking.status) == (302, Status.OFFERED)


def test_offer_recurring_walk_refused_for_its_officers_still_tells_of_a_change(
    southwark, recurring_walk, team, as_inspector
):
    booking = BookingFactory(borough=southwark, contact__needs=[], contact__needs_details="")
    page = reverse("scheduling:offer_recurring_walk", args=[booking.pk])
    busy, free = dates(recurring_walk)[:2]
    WalkFactory(bcu=southwark.bcu, officers=team, start_at=recurring_walk.start_at(busy))
    shown = {"version": booking.version}
    request_other_times(booking, preferred_time=make_preferred_time_request(12, 13))

    refusals = []
    for date in (busy, free):
        response = as_inspector.post(page, {**shown, "choice": f"{recurring_walk.pk}:{date.isoformat()}"})
        shown = {"version": response.context["form"]["version"].value()}
        refusals.append(response.context["error_summary"][0]["text"])

    booking.refresh_from_db()
    assert "has just been given another walk" in refusals[0]
    assert "Someone has changed this since you opened the page" in refusals[1]
    assert (booking.status, int(shown["version"])) == (Status.WAITING, booking.version)


def test_suitable_dates_takes_one_query_however_many_walks_there_are(
    southwark, recurring_walk, inspector, django_assert_num_queries
):
    for date in dates(recurring_walk)[:3]:
        offer(BookingFactory(borough=southwark), recurring_walk, inspector, date)
    booking = Booking.objects.for_decision().get(pk=BookingFactory(borough=southwark).pk)
    rows = list(RecurringWalk.objects.for_list_page())

    with django_assert_num_queries(1):
        found_dates = suitable_dates(booking, rows, timezone.now())

    assert len(found_dates) > 3


def test_recurring_walk_cannot_have_two_walks_on_one_date(recurring_walk, inspector):
    date = dates(recurring_walk)[0]
    fields = {"bcu": inspector.bcu, "recurring_walk": recurring_walk, "recurring_date": date}
    WalkFactory(**fields)

    with pytest.raises(IntegrityError, match="recurring_walk_is_created_once_a_date"):
        WalkFactory(**fields)


@pytest.mark.django_db(transaction=True)
def test_offering_the_same_date_concurrently_creates_one_walk(southwark, recurring_walk):
    date = dates(recurring_walk)[0]
    presses = []
    for _ in range(6):
        booking, client = BookingFactory(borough=southwark), Client()
        ClaimFactory(booking=booking, officer=InspectorFactory(bcu=southwark.bcu))
        client.force_login(booking.claim.officer)
        data = {
            "choice": f"{recurring_walk.pk}:{date.isoformat()}",
            "version": booking.version,
            "need_step_free": "arranged",
            "how_step_free": "Walked",
            # Each names other officers, so that no request waits for another's lock.
            "officers": [OfficerFactory(bcu=southwark.bcu).pk for _ in range(2)],
        }
        path = reverse("scheduling:offer_recurring_walk", args=[booking.pk])
        presses.append(lambda client=client, path=path, data=data: client.post(path, data))

    answers = run_concurrently(*presses)

    assert [answer.status_code for answer in answers] == [302] * 6
    assert Walk.objects.filter(recurring_walk=recurring_walk).count() == 1


# --- Pages and briefing


def test_recurring_walk_is_created_changed_and_paused_on_its_pages(inspector, client):
    client.force_login(inspector)

    client.post(reverse("walks:new_recurring_walk"), recurring_walk_data())
    row = RecurringWalk.objects.get()
    page = reverse("walks:recurring_walk", args=[row.pk])
    client.post(page, {**recurring_walk_data(), "start": "8pm"})
    client.post(f"{page}pause/")

    list_page = client.get(reverse("walks:recurring_walks")).text
    assert "Thursdays at 8pm from Peckham Rye station" in list_page
    assert "Paused" in list_page


def test_recurring_walks_list_takes_the_same_queries_for_three_rows_as_for_one(inspector, team, client):
    client.force_login(inspector)
    RecurringWalkFactory(bcu=inspector.bcu, officers=team)
    query_count = count_queries(client, reverse("walks:recurring_walks"))
    for _ in range(2):
        RecurringWalkFactory(bcu=inspector.bcu, officers=team)

    assert count_queries(client, reverse("walks:recurring_walks")) == query_count <= 15


def test_briefing_has_what_officers_need_and_no_phone_number(southwark, officer, second_officer, client):
    walk = WalkFactory(bcu=officer.bcu, officers=[officer, second_officer], start_at=timezone.now())
    scheduled_booking([], walk=walk, borough=southwark, contact__name="Frieda First")
    scheduled_booking([], walk=walk, borough=southwark, contact__name="Wanda Waiting")
    client.force_login(officer)

    sheet = client.get(reverse("on_the_day:briefing", args=[walk.pk])).text

    for word in ("Frieda First", "Wanda Waiting", "green lantern", "silver river", "flower stall", "Step-free"):
        assert word in sheet
    assert "07700" not in sheet


def test_briefing_refused_before_48_hours_and_for_a_restricted_walk(southwark, officer, inspector, client):
    early = WalkFactory(bcu=officer.bcu, officers=[officer])
    restricted_walk = WalkFactory(bcu=officer.bcu, nominated_inspector=inspector)

    client.force_login(officer)
    previous_status = client.get(reverse("on_the_day:briefing", args=[early.pk])).status_code
    client.force_login(inspector)
    restricted = client.get(reverse("on_the_day:briefing", args=[restricted_walk.pk])).status_code

    assert (previous_status, restricted) == (403, 403)
