"""Clearing a day: each walk gets other officers, another time or a cancellation, and each requester is told once."""

import pytest

from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.statuses import Channel, Status
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.clear_a_day import (
    CANCEL,
    CLEAR,
    DAYS,
    LEAVE,
    NO_NEEDS,
    address,
    chosen_on,
    messages_to,
    officers_of,
    press,
    results,
    way,
)
from tests.support.duties import make_duty_entry
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.preferred_times import make_preferred_time_request
from tests.support.query_counts import count_queries
from tests.support.shared_walks import consent_to_sharing
from walks.duties.actions import set_duty_days
from walks.models.duties import DutyDay
from walks.models.walks import Walk
from walks.statuses import DutyKind, WalkStatus

pytestmark = pytest.mark.django_db


def test_officer_is_replaced_and_each_is_told_once(as_inspector, make, officer, third):
    bookings = [make(12), make(18)]

    page = press(as_inspector, address(officer), off_duty="")

    assert [officers_of(booking) for booking in bookings] == [{"Petra Partner", "Thea Third"}] * 2
    assert [done for done, _words in results(page)] == [True, True]
    assert [messages_to(booking) for booking in bookings] == [["changed"]] * 2
    assert [message.recipient for message in Message.objects.all()].count(officer.email) == 2
    assert page.context["walks"] == []
    assert "No walks left." in page.text


def test_officer_is_entered_as_off_duty_if_that_stays_ticked(as_inspector, make, officer, third):
    booking = make()

    press(as_inspector, address(officer))

    assert DutyDay.objects.get(officer=officer).kind == DutyKind.OFF
    assert DutyDay.objects.get(officer=officer).date == booking.walk.date


def test_leave_stays_leave(as_inspector, make, officer, third, inspector):
    booking = make()
    date = booking.walk.date
    set_duty_days([make_duty_entry(officer, date, DutyKind.LEAVE)], by=inspector)

    press(as_inspector, address(officer, third), **way(booking, LEAVE))

    kinds = DutyDay.objects.filter(date=date).values_list("officer__name", "kind")
    assert set(kinds) == {(officer.name, DutyKind.LEAVE), (third.name, DutyKind.OFF)}


def test_officer_who_stops_leading_walks_meanwhile_loses_no_answers(as_inspector, make, officer, third):
    booking = make()
    answers = chosen_on(as_inspector.get(address(officer, third))) | way(booking, CANCEL) | {"reason": "illness"}
    Officer.objects.filter(pk=third.pk).update(leads_walks=False)

    done = as_inspector.post(address(officer, third), answers)
    refused = as_inspector.post(address(third), answers)

    assert results(done)[0] == (True, "Cancelled. We’re emailing her.")
    assert refused.status_code == 422
    assert "These officers no longer lead walks. Choose others" in refused.text


def test_reason_that_may_be_untrue_is_not_chosen_already(as_inspector, make, officer, team):
    make()
    addresses = [address(officer), address(*team), address()]

    reasons = [chosen_on(as_inspector.get(each)).get("reason") for each in addresses]

    assert reasons == [["illness"], None, ["called_away"]]


def test_team_is_moved_cancelled_and_left(as_inspector, make):
    moved, cancelled, left = make(10), make(14), make(18)
    other_time = as_inspector.get(address()).context["walks"][0].proposals[0].code

    page = press(
        as_inspector,
        address(),
        **way(moved, other_time),
        **way(cancelled, CANCEL),
        **way(left, LEAVE),
        reason="called_away",
        words="So sorry.",
    )

    dates = {booking.pk: Walk.objects.get(pk=booking.walk_id).date for booking in (moved, left)}
    assert dates[moved.pk] != left.walk.date == dates[left.pk]
    assert Booking.objects.get(pk=cancelled.pk).status == Status.CANCELLED_BY_US
    assert "So sorry." in Message.objects.get(kind="cancelled_by_us").text
    assert [messages_to(booking) for booking in (moved, cancelled, left)] == [["changed"], ["cancelled_by_us"], []]
    assert [row.walk.pk for row in page.context["walks"]] == [left.walk_id]


def test_every_requester_on_a_shared_walk_is_told(as_inspector, make, southwark, inspector):
    first = make(14)
    second = BookingFactory(
        borough=southwark, walk=first.walk, status=Status.SCHEDULED, walk_needed_at=first.walk.start_at, **NO_NEEDS
    )
    ClaimFactory(booking=second, officer=inspector)
    for booking in (first, second):
        consent_to_sharing(booking)

    press(as_inspector, address(), **way(first, CANCEL))

    assert {booking.status for booking in Booking.objects.all()} == {Status.CANCELLED_BY_US}
    assert [messages_to(booking) for booking in (first, second)] == [["cancelled_by_us"]] * 2


def test_woman_to_whom_we_do_not_write_is_on_the_list_of_those_to_ring(as_inspector, make):
    silent = make(14, channel=Channel.NONE)

    page = press(as_inspector, address(), **way(silent, CANCEL))

    silent = Booking.objects.get(pk=silent.pk)
    assert "Ring her if she allows it" in results(page)[0][1]
    assert messages_to(silent) == []
    assert silent.cancellation_unacknowledged


# --- What is not done, and why ----------------------------------------------------------------------------------------


def test_officer_taken_first_is_reported_and_the_others_are_done(as_inspector, make, bcu, officer, third, southwark):
    taken, free = make(12), make(18)
    form = chosen_on(as_inspector.get(address(officer)))
    other = WalkFactory(bcu=bcu, officers=[third], start_at=in_days(DAYS, hour=12))

    page = as_inspector.post(address(officer), form)

    assert results(page)[0] == (
        False,
        "One of these officers has just been given another walk at that time. Choose other officers or another time.",
    )
    assert officers_of(free) == {"Petra Partner", "Thea Third"}
    assert officers_of(taken) == {"Olive Officer", "Petra Partner"}
    assert [row.walk.pk for row in page.context["walks"]] == [taken.walk_id]
    assert other.status == WalkStatus.SCHEDULED


@pytest.mark.parametrize("code", [CANCEL, None])
def test_walk_that_a_colleague_changed_meanwhile_is_not_touched(code, as_inspector, make, officer, third):
    booking = make()
    form = chosen_on(as_inspector.get(address(officer))) | (way(booking, code) if code else {})
    Walk.objects.filter(pk=booking.walk_id).update(version=5)

    page = as_inspector.post(address(officer), form)

    assert "Someone has changed this since you opened the page" in results(page)[0][1]
    assert Booking.objects.get(pk=booking.pk).status == Status.SCHEDULED
    assert officers_of(booking) == {"Olive Officer", "Petra Partner"}
    assert not Message.objects.exists()


def test_walk_is_not_cancelled_over_news_from_a_requester(as_inspector, make):
    booking = make()
    form = chosen_on(as_inspector.get(address())) | way(booking, CANCEL)
    request_other_times(booking, preferred_time=make_preferred_time_request(14, 15))

    page = as_inspector.post(address(), form)

    assert "“Asked for other times”" in results(page)[0][1]
    assert Booking.objects.get(pk=booking.pk).status == Status.SCHEDULED


def test_second_press_does_nothing_twice(as_inspector, make, officer, third):
    make()
    form = chosen_on(as_inspector.get(address(officer)))

    as_inspector.post(address(officer), form)
    written = Message.objects.count()
    as_inspector.post(address(officer), form)

    assert Message.objects.count() == written


def test_walk_under_review_is_not_cancelled(as_inspector, make):
    booking = make()
    freeze_booking(booking)

    page = press(as_inspector, address(), **way(booking, CANCEL))

    assert "under review" in results(page)[0][1]
    assert Walk.objects.get(pk=booking.walk_id).status == WalkStatus.SCHEDULED


def test_needs_must_be_confirmed_for_the_walk_as_it_will_be(as_inspector, make, officer, third):
    booking = make(contact__needs=["step_free"])
    need = f"need_{booking.pk.hex}_step_free"

    asked = press(as_inspector, address(officer))
    done = press(as_inspector, address(officer), **{need: "holds"})

    assert (asked.status_code, officers_of(booking)) == (422, {"Petra Partner", "Thea Third"})
    assert results(done)[0][0]


# --- Who may, and what is logged --------------------------------------------------------------------------------------


def test_colleagues_bookings_need_one_reason_for_the_day(as_inspector, make, officer, third):
    booking = make(claimed=False, contact__name="Zora Zimmermann")

    asked = as_inspector.get(address(officer))
    lines = ReadLog.objects.count()
    answered = as_inspector.post(address(officer), {"why": "cover"})
    page = as_inspector.get(answered["Location"])

    assert "Why do you need their details?" in asked.text
    assert not [word for word in ["Zora", "flower stall"] if word in asked.text]
    assert lines == 0
    assert "Zora Zimmermann" in page.text
    assert {line.reason for line in ReadLog.objects.filter(booking=booking)} == {"cover"}


def test_without_a_reason_nothing_is_done(as_inspector, make, officer, third):
    booking = make(claimed=False)

    page = as_inspector.post(address(officer), way(booking, CANCEL) | {"reason": "illness"})

    assert page.status_code == 409
    assert Booking.objects.get(pk=booking.pk).status == Status.SCHEDULED


def test_walks_and_officers_of_another_team_are_not_there(as_inspector, camden, make):
    theirs = OfficerFactory(bcu=camden.bcu, name="Nadia North")
    scheduled_booking([theirs], borough=camden, walk=WalkFactory(bcu=camden.bcu, officers=[theirs]))

    assert "No walks to come that day. Choose another day." in as_inspector.get(address()).text
    assert "Nadia" not in as_inspector.get(address(theirs)).text


@pytest.mark.parametrize("person", ["officer", "lead", "administrator", "auditor"])
def test_only_inspectors_clear_a_day(person, client, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(CLEAR).status_code == 403


@pytest.mark.parametrize("date", ["", "2020-01-01", "tomorrow", "9999-12-31"])
def test_day_that_makes_no_sense_shows_only_the_choice(date, as_inspector):
    page = as_inspector.get(f"{CLEAR}?date={date}")

    assert page.status_code == 200
    assert "Choose the day, and the officers who can’t walk" in page.text


def test_number_of_queries_does_not_grow_with_the_walks(as_inspector, make, officer, third):
    make(8)
    few = count_queries(as_inspector, address(officer))
    for hour in (10, 12, 14, 16, 18):
        make(hour)

    assert count_queries(as_inspector, address(officer)) == few <= 15


def test_page_says_whose_day_it_is(as_inspector, make, officer, third):
    make()

    assert "PC Olive Officer, 11AS, " in as_inspector.get(address(officer)).text
    assert "the whole team, " in as_inspector.get(address()).text
