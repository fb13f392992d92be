"""A team that the demo leaves alone: South East, with an inspector, three officers and whoever asked, as a test needs.

`a_booking` and `a_walk` clear the board and set it anew, so that no test finds what another one left. The rest runs in
the stack, and calls the same actions as people do.
"""

import datetime
import json
import uuid
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from bookings import actions
from bookings.actions.schedules import put_on_walk
from bookings.booking_request import BookingRequest, WishedTime
from bookings.models import Booking, Draft, DutyDay, Link, StandingWalk, Walk, WeeklyDuty
from bookings.statuses import Channel
from boroughs.models import Borough, BoroughCommandUnit, Officer
from walkandtalk.lib import london

SPOT = "Greenwich station, by the clock"
PHONE = "07700 900321"
DAYS_AHEAD = 10


def a_booking(stack, **how):
    """She waits for an answer. What it gives has the `reference`, the id of the `booking` and the `page` of hers."""
    return _set(stack, **how)


def a_walk(stack, **how):
    """She has a walk with the first two officers: in ten days, or `in_minutes`. Has the id of the `walk` too."""
    return _set(stack, with_walk=True, **how)


def _set(stack, **how):
    printed = stack.shell(f"from tests.browser.team import set_the_board; print(set_the_board(**{how!r}))")
    return SimpleNamespace(**json.loads(printed.splitlines()[-1]))


# --- In the stack


@transaction.atomic
def set_the_board(*, name="Maya", women=1, with_walk=False, in_minutes=None):
    bcu = BoroughCommandUnit.objects.get(code="SE")
    for model in (Booking, Walk, StandingWalk):
        model.objects.filter(bcu=bcu).delete()
    inspector, *officers = _people(bcu)
    bookings = [_book(name) for _ in range(women)]
    made = {"reference": bookings[0].spoken_reference, "booking": str(bookings[0].pk), "page": _page_of(bookings[0])}
    if with_walk:
        made["walk"] = str(_schedule(bookings, inspector, officers[:2], in_minutes).pk)
    return json.dumps(made)


def _people(bcu):
    password = Officer.objects.get(email="inspector.as@example.com").password
    leads = {"leads_walks": True}
    people = {
        "inspector.se": {"name": "Imogen Ives", "role": "inspector", "rank": "inspector"},
        "officer.se": {"name": "Rosa Reed", "shoulder_number": "601SE", **leads},
        "officer2.se": {"name": "Tamsin Tull", "shoulder_number": "602SE", **leads},
        "officer3.se": {"name": "Una Usher", "shoulder_number": "603SE", **leads},
    }
    for model in (DutyDay, WeeklyDuty):
        model.objects.filter(officer__bcu=bcu).delete()
    return [
        Officer.objects.update_or_create(
            email=f"{user}@example.com", defaults={"bcu": bcu, "password": password, **fields}
        )[0]
        for user, fields in people.items()
    ]


def _book(name):
    date = london.today() + datetime.timedelta(days=DAYS_AHEAD)
    asked = BookingRequest(
        borough_gss=Borough.objects.get(slug="greenwich").gss,
        ward_gss="",
        meeting_place="Greenwich station",
        wishes=(WishedTime(date=date, start=datetime.time(18, 30)),),
        weekday_evenings=True,
        weekends=False,
        name=name,
        channel=Channel.FULL,
        email=f"{uuid.uuid4().hex}@example.com",
        phone=PHONE,
        phone_rules=("call",),
        phone_times="",
        pin="",
        needs=(),
        needs_details="",
    )
    booking = actions.request_booking(Draft.objects.start()[0], request=asked)
    actions.confirm_booking(booking)
    return booking


def _page_of(booking):
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30))
    return f"/my-walk/{token}/"


def _schedule(bookings, inspector, officers, in_minutes):
    first, *others = bookings
    plan = actions.WalkPlan(
        start_at=first.needed_at,
        minutes=60,
        meeting_place=SPOT,
        finish_place="Back at the start",
        duty_number="020 7946 0601",
    )
    walk = actions.schedule_booking(first, by=inspector, version=first.version, plan=plan, officers=officers)
    for each in others:
        put_on_walk(each, walk, by=inspector)
    if in_minutes is not None:  # nobody can schedule one for so soon, or for the past
        walk.start_at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=in_minutes)
        walk.save(update_fields=["start_at"])
        walk.assignments.update(period=walk.period())
    return walk
