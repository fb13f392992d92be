"""The schedule page: free officers at each preferred time, suggested officers with reasons, and meeting places."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.preferred_times import PreferredTime
from bookings.scheduling.walk_form.forms import SUGGESTED_OFFICERS
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    OfficerFactory,
    WalkFactory,
    WardFactory,
    in_days,
    scheduled_booking,
)
from tests.support.form_data import schedule_data
from tests.support.page_text import page_text
from tests.support.query_counts import count_queries
from walkandtalk.lib import london
from walks.duties import actions
from walks.models.walks import Assignment
from walks.planning.meeting_places import is_after_dark, suggest_meeting_places
from walks.planning.suggestions import Slot, Team
from walks.statuses import DutyKind

pytestmark = pytest.mark.django_db

LATE = (datetime.time(14), datetime.time(22))


@pytest.fixture
def slot():
    return Slot(start_at=in_days(10), minutes=60)


@pytest.fixture
def set_duty(inspector):
    def act(officer, kind, times=None, *, days=10):
        date = london.today() + datetime.timedelta(days=days)
        actions.set_duty_days([actions.DutyEntry(officer=officer, date=date, kind=kind, times=times)], by=inspector)

    return act


def get_page(booking):
    return reverse("scheduling:schedule", args=[booking.pk])


def test_suggestions_rank_duty_before_skills_before_ward(bcu, southwark, slot, set_duty):
    ward = WardFactory()
    booking = BookingFactory(borough=southwark, contact__needs=["bsl"], contact__needs_details="or Bengali, spoken")
    can = {"Local": {"ward": ward}, "Signs": {"signs_bsl": True}, "Speaks": {"languages": "Urdu, Bengali"}}
    names = ("Leave", "Off", "Local", "Signs", "Speaks", "Early")
    people = {name: OfficerFactory(bcu=bcu, name=name, **can.get(name, {})) for name in names}
    for name in ("Local", "Signs", "Speaks"):
        set_duty(people[name], DutyKind.ON, LATE)
    set_duty(people["Early"], DutyKind.ON, (datetime.time(7), datetime.time(15)))
    set_duty(people["Off"], DutyKind.OFF)
    set_duty(people["Leave"], DutyKind.LEAVE)
    OfficerFactory(bcu=bcu, name="Nobody said")

    suggestions = Team.load(bcu, slot=slot).suggest(slot, ward_ids={ward.pk}, wanted=[booking.contact.skills_wanted()])

    walks = "No walks in the 60 days before"
    assert [(suggestion.officer.name, suggestion.reason) for suggestion in suggestions] == [
        ("Signs", f"Free then · On duty then · Signs BSL · {walks}"),
        ("Speaks", f"Free then · On duty then · Speaks Bengali · {walks}"),
        ("Local", f"Free then · On duty then · Her ward, {ward.name} · {walks}"),
        ("Nobody said", f"Free then · Duty not known: ask her · {walks}"),
        ("Early", f"Free then · On duty at another time, 7am to 3pm · {walks}"),
        ("Off", f"Free then · Not on duty that day · {walks}"),
        ("Leave", f"Free then · On leave · {walks}"),
    ]


def test_short_rest_is_mentioned_but_allowed(as_inspector, southwark, officer, second_officer, set_duty):
    set_duty(officer, DutyKind.ON, (datetime.time(5), datetime.time(13)), days=11)
    booking = BookingFactory(borough=southwark)

    slot = Slot(start_at=in_days(10), minutes=60)
    (suggestion, _other) = Team.load(southwark.bcu, slot=slot).suggest(slot, ward_ids=())
    response = as_inspector.post(get_page(booking), schedule_data([officer, second_officer]))

    assert "Short rest: 9 hours of rest" in suggestion.reason
    assert response.status_code == 302


def test_schedule_page_counts_free_officers_at_each_time(as_inspector, southwark, officer, second_officer, set_duty):
    booking = BookingFactory(borough=southwark)
    second = booking.preferred_times.get().date + datetime.timedelta(days=1)
    PreferredTime.objects.create(booking=booking, rank=2, date=second, start=datetime.time(18, 30))
    set_duty(officer, DutyKind.ON, LATE)
    WalkFactory(bcu=southwark.bcu, officers=[second_officer], start_at=in_days(11))

    response = as_inspector.get(get_page(booking))

    text = page_text(response.text)
    assert "first choice · 1 free, 1 to ask" in text
    assert "second choice · 1 to ask" in text


def test_schedule_page_shows_best_matches_selected_officers_and_all_on_request(as_inspector, southwark):
    booking = BookingFactory(borough=southwark)
    OfficerFactory.create_batch(SUGGESTED_OFFICERS + 1, bcu=southwark.bcu)
    last = OfficerFactory(bcu=southwark.bcu, name="Zoe Zuletzt")

    def get_suggested_count(**query):
        response = as_inspector.post(get_page(booking), schedule_data([last], **query))
        assert response.status_code == 200
        return len(response.context["form"].shown), f"Show all {SUGGESTED_OFFICERS + 2} officers" in response.text

    opened = as_inspector.get(get_page(booking)).context["form"]

    assert (len(opened.shown), last in {suggestion.officer for suggestion in opened.shown}) == (
        SUGGESTED_OFFICERS,
        False,
    )
    assert get_suggested_count(look="yes") == (SUGGESTED_OFFICERS + 1, True)
    assert get_suggested_count(look="everyone") == (SUGGESTED_OFFICERS + 2, False)


def test_schedule_page_offers_alternatives_if_the_officers_are_taken(as_inspector, southwark, officer, second_officer):
    third = OfficerFactory(bcu=southwark.bcu, name="Thea Third")
    scheduled_booking([officer], borough=southwark)
    booking = BookingFactory(borough=southwark)

    response = as_inspector.post(
        get_page(booking), schedule_data([officer, second_officer], how_step_free="Lift, seen today")
    )

    choices = response.context["choices"]
    assert response.status_code == 409
    assert choices["officers"] == [third]
    assert [london.clock(time) for time in choices["times"]] == ["8pm", "5pm", "8:30pm"]
    assert "Lift, seen today" in response.text
    assert Assignment.objects.count() == 1


def test_schedule_page_fills_in_the_suggested_place_and_saves_nothing(as_inspector, southwark, officer):
    booking = BookingFactory(borough=southwark)
    spot = as_inspector.get(get_page(booking)).context["form"].spots[0]

    response = as_inspector.post(get_page(booking), schedule_data([officer], spot=str(spot), start="7pm"))

    booking.refresh_from_db()
    assert response.context["form"]["meeting_place"].value() == str(spot)
    assert response.context["form"]["map_coordinates"].value() == str(spot.point)
    assert f'<option value="{spot.point}" selected>' in response.text
    assert response.context["form"]["start"].value() == "7pm"
    assert (response.status_code, booking.walk) == (200, None)


@pytest.mark.parametrize(
    ("day", "hour", "dark"),
    [((2026, 12, 8), 15, True), ((2026, 12, 8), 13, False), ((2026, 12, 8), 7, True), ((2027, 6, 8), 20, False)],
)
def test_after_dark_depends_on_the_sun_and_not_the_clock(day, hour, dark):
    start_at = london.to_instant(datetime.date(*day), datetime.time(hour))

    assert is_after_dark(Slot(start_at=start_at, minutes=60)) == dark


def test_meeting_places_after_dark_are_lit_ones_first(southwark):
    ward = WardFactory()
    evening = Slot(start_at=london.to_instant(datetime.date(2026, 12, 8), datetime.time(19)), minutes=60)
    noon = Slot(start_at=london.to_instant(datetime.date(2026, 12, 8), datetime.time(12)), minutes=60)

    after_dark, by_day = suggest_meeting_places(southwark, ward, evening), suggest_meeting_places(southwark, ward, noon)

    assert [spot.place.kind for spot in after_dark] == ["station"] * 6
    assert {spot.place.kind for spot in by_day} == {"station", "library", "park"}
    assert after_dark[0].note == "Lit, with people about"


def test_schedule_page_takes_the_same_queries_for_thirty_officers_as_for_one(as_inspector, inspector, southwark):
    booking = BookingFactory(
        borough=southwark, response_target__first_read_at=timezone.now()
    )  # its page links to this page
    ClaimFactory(booking=booking, officer=inspector)
    for number in range(30):
        WalkFactory(bcu=southwark.bcu, officers=[OfficerFactory(bcu=southwark.bcu)], start_at=in_days(number + 2))

    assert count_queries(as_inspector, get_page(booking), {"state": "mine"}) <= 15
