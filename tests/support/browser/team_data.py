"""Create the rows for `team.py` in the stack's shell, by the same actions that the pages call."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.request_form.actions import request_booking
from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.schedule.actions import assign_booking_to_walk
from bookings.statuses import Channel
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from tests.support.browser.team import DAYS_AHEAD, MEETING_PLACE, PHONE
from tests.support.decisions import schedule_now
from walkandtalk.lib import london
from walks.models.duties import DutyDay, WeeklyDuty
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails


@transaction.atomic
def create_team_data(*, name="Maya", women=1, with_walk=False, in_minutes=None, one_cannot_come=False):
    ours, others = (BoroughCommandUnit.objects.get(code=code) for code in ("SE", "SN"))
    for model in (Booking, Walk, RecurringWalk):
        model.objects.filter(bcu__in=[ours, others]).delete()
    inspector, *officers = _people(ours, others)
    bookings = [_book(name) for _ in range(women)]
    made = {"reference": bookings[0].spoken_reference, "booking": str(bookings[0].pk), "page": _page_of(bookings[0])}
    if with_walk:
        walk = _schedule(bookings, inspector, officers[:2], in_minutes)
        made["walk"] = str(walk.pk)
        if one_cannot_come:
            withdraw_from_walk(walk, by=officers[1])
    return made


def _people(ours, others):
    password = Officer.objects.get(email="inspector.as@example.com").password
    decides = {"password": password, "role": "inspector", "rank": "inspector"}
    walks = {"password": password, "bcu": ours, "leads_walks": True}
    people = {
        "inspector.sn": {"name": "Nadia Noor", "bcu": others, **decides},
        "inspector.se": {"name": "Imogen Ives", "bcu": ours, **decides},
        "officer.se": {"name": "Rosa Reed", "shoulder_number": "601SE", **walks},
        "officer2.se": {"name": "Tamsin Tull", "shoulder_number": "602SE", **walks},
        "officer3.se": {"name": "Una Usher", "shoulder_number": "603SE", **walks},
    }
    for model in (DutyDay, WeeklyDuty):
        model.objects.filter(officer__bcu=ours).delete()
    made = [
        Officer.objects.update_or_create(email=f"{user}@example.com", defaults=fields)[0]
        for user, fields in people.items()
    ]
    return made[1:]


def _book(name):
    date = london.today() + datetime.timedelta(days=DAYS_AHEAD)
    asked = BookingRequest(
        borough_gss=Borough.objects.get(slug="greenwich").gss,
        ward_gss="",
        meeting_place="Greenwich station",
        preferred_times=(RequestedTime(date=date, start=datetime.time(18, 30)),),
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
    booking = request_booking(Draft.objects.start()[0], request=asked)
    confirm_booking(booking)
    return booking


def _page_of(booking):
    token = Link.objects.create_token(
        booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30)
    )
    return f"/my-walk/{token}/"


def _schedule(bookings, inspector, officers, in_minutes):
    first, *others = bookings
    plan = WalkDetails(
        start_at=first.walk_needed_at,
        minutes=60,
        meeting_place=MEETING_PLACE,
        finish_place="Back at the start",
        duty_number="020 7946 0601",
    )
    walk = schedule_now(first, inspector, plan=plan, officers=officers)
    for each in others:
        assign_booking_to_walk(each, walk, by=inspector)
    if in_minutes is not None:  # the action refuses a walk so soon, or in the past
        walk.start_at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=in_minutes)
        walk.save(update_fields=["start_at"])
        walk.assignments.update(period=walk.period())
    return walk
