"""Scheduling asks once more at a time that is not one of hers, outside the BCU's hours, or within 24 hours."""

import datetime

import pytest
from django.utils import timezone

from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.scheduling.walk_form.unusual_times import find_unusual
from bookings.statuses import DayPart, OfferAnswer, Status
from tests.support.factories import in_days, scheduled_booking
from tests.support.form_data import agreed_data, confirmed_adjustments_data, plan_data, schedule_data
from tests.support.looks import travel_to
from tests.support.page_text import page_text
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

UNTICKED = {"agreed": ""}
SIX_THIRTY = datetime.time(18, 30)


def asked_for(days, start, part=""):
    return PreferredTime(date=london.today() + datetime.timedelta(days=days), start=start, part=part)


def reasons(bcu, *, days, start, asked=(), agreed=(), now=None):
    start_at = london.to_instant(london.today() + datetime.timedelta(days=days), start)
    unusual = find_unusual(start_at, asked=asked, agreed=agreed, bcu=bcu, now=now or timezone.now())
    return unusual.reasons if unusual else []


def test_3am_on_a_day_nobody_asked_for_cannot_be_scheduled_at_once(as_inspector, booking, team):
    data = schedule_data(team, days=12, start="3am", meeting_place="By the flower stall")
    page = staff_address("scheduling:schedule", booking)

    asked = as_inspector.post(page, {**data, **UNTICKED})
    booking.refresh_from_db()
    status_when_asked = booking.status
    answered = as_inspector.post(page, data)

    booking.refresh_from_db()
    text = page_text(asked.text)
    assert (asked.status_code, status_when_asked) == (422, Status.WAITING)
    assert "She didn’t ask for" in text
    assert "Walks of Central South start between 7am and 10pm." in text
    assert "She agreed to" in text
    assert "By the flower stall" in asked.text
    assert asked.context["form"]["officers"].value() == [str(officer.pk) for officer in team]
    assert (answered.status_code, booking.status) == (302, Status.SCHEDULED)


def test_tick_counts_only_for_the_time_that_it_names(as_inspector, booking, team):
    data = {**schedule_data(team, days=12, start="3am"), **agreed_data(days=12, start="4am")}

    response = as_inspector.post(staff_address("scheduling:schedule", booking), data)

    assert response.status_code == 422
    assert not Walk.objects.exists()


def test_one_of_her_times_is_scheduled_with_one_press(as_inspector, booking, team):
    page = staff_address("scheduling:schedule", booking)
    form = as_inspector.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    date = shown.pop("date")
    pressed = shown | {"date_day": date.day, "date_month": date.month, "date_year": date.year}

    response = as_inspector.post(page, pressed)

    booking.refresh_from_db()
    assert response.status_code == 302
    assert booking.walk.start_at == in_days(10)
    assert booking.walk.live_officers() == team


def test_page_never_ticks_an_officer_who_is_not_free(as_inspector, southwark, booking, team, officer):
    scheduled_booking([officer, team[1]], borough=southwark)

    form = as_inspector.get(staff_address("scheduling:schedule", booking)).context["form"]

    assert form["officers"].value() == []


def test_time_in_the_past_is_refused(client, inspector, booking, team):
    with travel_to(london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time(12))):
        client.force_login(inspector)
        data = schedule_data(team, days=0, start="11am")

        response = client.post(staff_address("scheduling:schedule", booking), data)

    assert response.status_code == 409
    assert "The walk must start in the future" in response.text


def test_times_she_asked_for_are_not_unusual(bcu):
    evening = asked_for(10, datetime.time(17), DayPart.EVENING)

    assert reasons(bcu, days=10, start=SIX_THIRTY, asked=[asked_for(10, SIX_THIRTY)]) == []
    assert reasons(bcu, days=10, start=datetime.time(19), asked=[evening]) == []
    assert len(reasons(bcu, days=10, start=datetime.time(16), asked=[evening])) == 1
    assert len(reasons(bcu, days=11, start=SIX_THIRTY, asked=[asked_for(10, SIX_THIRTY)])) == 1


def test_her_own_time_is_unusual_outside_the_hours_or_within_a_day(bcu):
    early = asked_for(10, datetime.time(6))
    soon = asked_for(1, SIX_THIRTY)
    now = london.to_instant(london.today(), datetime.time(20))

    assert reasons(bcu, days=10, start=datetime.time(6), asked=[early]) == [
        "Walks of Central South start between 7am and 10pm."
    ]
    assert reasons(bcu, days=1, start=SIX_THIRTY, asked=[soon], now=now) == ["That’s less than 24 hours from now."]


def test_time_that_she_accepted_is_chosen_and_not_unusual(as_inspector, inspector, booking, team):
    Offer.objects.create(
        booking=booking,
        round=1,
        rank=1,
        start_at=in_days(14),
        place="Peckham Rye",
        by=inspector,
        expires_at=in_days(5),
        answer=OfferAnswer.YES,
        answered_at=timezone.now(),
    )
    page = staff_address("scheduling:schedule", booking)

    form = as_inspector.get(page).context["form"]
    response = as_inspector.post(page, {**schedule_data(team, days=12), **UNTICKED, "time": "accepted"})

    booking.refresh_from_db()
    assert form["time"].value() == "accepted"
    assert (response.status_code, booking.walk.start_at) == (302, in_days(14))


def test_who_is_free_at_another_time_ticks_the_officers_who_are(as_inspector, southwark, booking, team, officer):
    scheduled_booking([officer], borough=southwark)
    data = schedule_data([officer], days=11, look="yes")

    form = as_inspector.post(staff_address("scheduling:schedule", booking), data).context["form"]

    assert set(form["officers"].value()) == {str(person.pk) for person in team}


def test_walk_is_not_moved_to_an_unusual_time_at_once(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    data = {**plan_data(team, days=12), "version": 1, **confirmed_adjustments_data(booking)}
    page = staff_address("scheduling:change_walk", booking.walk)

    asked = as_inspector.post(page, {**data, **UNTICKED})
    answered = as_inspector.post(page, data)

    assert (asked.status_code, answered.status_code) == (422, 302)


def test_change_of_a_walk_that_keeps_its_time_asks_nothing(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    start = london.local(booking.walk.start_at)
    data = {**plan_data(team, days=10), "start": london.clock(start), "version": 1, **UNTICKED}

    response = as_inspector.post(
        staff_address("scheduling:change_walk", booking.walk), {**data, **confirmed_adjustments_data(booking)}
    )

    assert response.status_code == 302
