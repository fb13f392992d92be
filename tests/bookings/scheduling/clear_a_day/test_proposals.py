"""Each walk of a day that can't go ahead gets proposals, best first. None moves it to a time for which nobody asked."""

import datetime

import pytest
from django.utils import timezone

from bookings.statuses import DayPart
from outbox.models import Message
from tests.support.clear_a_day import DAYS, NO_NEEDS, address, chosen_on, messages_to, officers_of, press, proposals
from tests.support.factories import (
    ClaimFactory,
    OfficerFactory,
    PreferredTimeFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.page_text import page_text
from walkandtalk.lib import london
from walks.models.duties import DutyDay
from walks.models.walks import CANNOT_MAKE_IT, Assignment, Walk
from walks.statuses import DutyKind

pytestmark = pytest.mark.django_db


def test_free_officer_is_proposed_first_and_is_chosen_already(as_inspector, make, officer, third):
    booking = make()

    page = as_inspector.get(address(officer))

    best, *others = proposals(page)[booking.walk_id]
    assert best == "PC Petra Partner and PC Thea Third walk instead"
    assert others[-2:] == ["Cancel it, and tell everyone now", "Leave it as it is for now"]
    assert chosen_on(page)[f"way_{booking.walk_id.hex}"][0].startswith("officers:")


def on_leave(officer, date, inspector):
    DutyDay.objects.create(officer=officer, date=date, kind=DutyKind.LEAVE, set_by=inspector, set_at=timezone.now())


def test_nobody_is_proposed_twice_for_the_same_time(as_inspector, make, bcu, southwark, inspector):
    others = [OfficerFactory(bcu=bcu, name="Una Usual"), OfficerFactory(bcu=bcu, name="Vera Usual")]
    make(18)
    walk = WalkFactory(bcu=bcu, officers=others, start_at=in_days(DAYS, hour=18))
    scheduled_booking(others, borough=southwark, walk=walk, **NO_NEEDS)
    for officer in others:
        on_leave(officer, in_days(DAYS + 1).date(), inspector)

    page = as_inspector.post(address(), {"why": "cover"}, follow=True)

    days = sorted(london.local(row.proposals[0].start_at).date() for row in page.context["walks"])
    assert days == [in_days(DAYS + 1).date(), in_days(DAYS + 2).date()]


@pytest.mark.parametrize("minutes_later", [0, 65])  # the second within the gap after the first
def test_one_free_officer_is_not_proposed_for_two_walks(
    minutes_later, as_inspector, make, bcu, southwark, inspector, officer
):
    others = [OfficerFactory(bcu=bcu, name=name) for name in ("Una Usual", "Vera Usual")]
    for name in ("Xena Free", "Yara Free"):
        OfficerFactory(bcu=bcu, name=name)
    make(18)
    start_at = in_days(DAYS, hour=18) + datetime.timedelta(minutes=minutes_later)
    walk = WalkFactory(bcu=bcu, officers=others, start_at=start_at)
    ClaimFactory(booking=scheduled_booking(others, borough=southwark, walk=walk, **NO_NEEDS), officer=inspector)

    press(as_inspector, address(officer, others[0]))

    walking = [{each.name for each in walk.live_officers()} for walk in Walk.objects.order_by("start_at", "pk")]
    assert set.union(*walking) == {"Petra Partner", "Vera Usual", "Xena Free", "Yara Free"}
    assert len(walking[0] & walking[1]) == 0


@pytest.mark.parametrize("is_on_leave", [True, False])
def test_officer_on_leave_and_one_who_withdrew_are_not_proposed(
    is_on_leave, as_inspector, make, bcu, officer, third, inspector
):
    booking = make()
    if is_on_leave:
        on_leave(third, booking.walk.date, inspector)
    else:
        Assignment.objects.create(
            walk=booking.walk, officer=third, period=booking.walk.period(), is_live=False, left_reason=CANNOT_MAKE_IT
        )

    labels = proposals(as_inspector.get(address(officer)))[booking.walk_id]
    assert not [label for label in labels if "Thea" in label and "instead" in label]


def test_team_gets_another_time_of_hers_and_no_other_officers(as_inspector, make):
    booking = make()
    hers = in_days(DAYS + 3, hour=12)
    PreferredTimeFactory(booking=booking, rank=2, date=hers.date(), start=datetime.time(12))

    best = as_inspector.get(address()).context["walks"][0].proposed

    assert (london.local(best.start_at).date(), london.local(best.start_at).hour) == (hers.date(), 12)
    assert best.why == "A time she asked for"


def test_same_hour_within_her_part_of_the_day_is_a_time_she_asked_for(as_inspector, make):
    booking = make()
    PreferredTimeFactory(
        booking=booking, rank=2, date=in_days(DAYS + 1).date(), start=datetime.time(17), part=DayPart.EVENING
    )

    best, first_minute, *_others = as_inspector.get(address()).context["walks"][0].proposals

    assert [best.start_at, best.why] == [in_days(DAYS + 1), "A time she asked for"]
    assert [london.local(first_minute.start_at).hour, first_minute.why] == [17, "A time she asked for"]


def test_time_that_she_did_not_ask_for_says_so_and_is_not_chosen_already(as_inspector, make):
    booking = make()

    page = as_inspector.get(address())
    pressed = press(as_inspector, address())

    row = page.context["walks"][0]
    assert row.proposals[0].why == "Not a time she asked for: the same hour on another day"
    assert f"way_{booking.walk_id.hex}" not in chosen_on(page)
    assert "Select what should happen to the walk at 6:30pm" in pressed.text
    assert not Message.objects.exists()


def test_page_says_why_no_other_officers_are_suggested_for_a_whole_team(as_inspector, make, third, officer):
    make()
    why = "so we can’t suggest other officers"

    assert why in as_inspector.get(address()).text
    assert why not in as_inspector.get(address(officer)).text


def test_walk_for_which_too_few_others_are_free_says_so(as_inspector, make, team, third):
    make()

    assert "Too few other officers are free then" in as_inspector.get(address(*team)).text


def test_pair_that_cannot_walk_is_replaced_by_another_pair(as_inspector, make, bcu, team, third):
    OfficerFactory(bcu=bcu, name="Flora Fourth")
    booking = make()

    page = as_inspector.get(address(*team))
    done = press(as_inspector, address(*team))

    assert len(page.context["walks"]) == 1
    assert proposals(page)[booking.walk_id][0] == "PC Flora Fourth and PC Thea Third walk instead"
    assert officers_of(booking) == {"Flora Fourth", "Thea Third"}
    assert messages_to(booking) == ["changed"]
    assert "PC Olive Officer, 11AS and PC Petra Partner, 12AS are now marked as off duty" in page_text(done.text)
    assert {day.officer for day in DutyDay.objects.all()} == set(team)


def test_officer_who_cannot_walk_is_not_proposed_for_the_walk_of_another(as_inspector, make, bcu, officer, third):
    WalkFactory(bcu=bcu, officers=[third], start_at=in_days(DAYS, hour=10))
    booking = make(18)

    labels = proposals(as_inspector.get(address(officer, third)))[booking.walk_id]

    assert not [label for label in labels if "instead" in label]
