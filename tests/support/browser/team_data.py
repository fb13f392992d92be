"""Create the rows for `team.py` in the stack's shell, with the same actions that the pages call."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.drafts import Draft
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.models.read_log import ReadLog
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
from tests.support.superuser import as_superuser
from walkandtalk.lib import london
from walks.models.duties import DutyDay, WeeklyDuty
from walks.models.recurring_walks import RecurringWalk, RecurringWalkEvent
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails

HOURS = range(9, 23, 2)


def create_team_data(**options):
    _delete_history()
    return _create(**options)


def create_requests(count, *, names=("Maya",)):
    """Make more requests to the same team, assigned to nobody, each for a time of its own: seven a day."""
    bookings = []
    for number in range(count):
        day, place = divmod(number, len(HOURS))
        when = {"days": DAYS_AHEAD + 1 + day, "start": datetime.time(HOURS[place])}
        bookings.append(_book(names[number % len(names)], "", **when))
    return [str(booking.pk) for booking in bookings]


def _delete_history():
    """Delete the history of earlier tests, which no role of the service may delete."""
    ours = Q(bcu__code__in=["SE", "SN"])
    bookings, walks = Booking.objects.filter(ours), Walk.objects.filter(ours)
    with as_superuser():
        Event.objects.filter(Q(booking__in=bookings) | Q(walk__in=walks)).delete()
        ReadLog.objects.filter(booking__in=bookings).delete()
        RecurringWalkEvent.objects.filter(recurring_walk__in=RecurringWalk.objects.filter(ours)).delete()


@transaction.atomic
def _create(*, name="Maya", pin="", booking_count=1, with_walk=False, in_minutes=None, one_cannot_come=False):
    bcu, other_bcu = (BoroughCommandUnit.objects.get(code=code) for code in ("SE", "SN"))
    for model in (Booking, Walk, RecurringWalk):
        model.objects.filter(bcu__in=[bcu, other_bcu]).delete()
    inspector, *officers = _create_officers(bcu, other_bcu)
    bookings = [_book(name, pin) for _ in range(booking_count)]
    Claim.objects.bulk_create(Claim(booking=booking, officer=inspector) for booking in bookings)
    team = {
        "reference": bookings[0].spoken_reference,
        "booking": str(bookings[0].pk),
        "page": _create_page_path(bookings[0]),
        "email": bookings[0].contact.email,
    }
    if with_walk:
        walk = _schedule(bookings, inspector, officers[:2], in_minutes)
        team["walk"] = str(walk.pk)
        if one_cannot_come:
            withdraw_from_walk(walk, by=officers[1])
    return team


def _create_officers(bcu, other_bcu):
    password = Officer.objects.get(email="inspector.as@example.com").password
    inspector_fields = {"password": password, "role": "inspector", "rank": "inspector"}
    officer_fields = {"password": password, "bcu": bcu, "leads_walks": True}
    officers = {
        "inspector.sn": {"name": "Nadia Noor", "bcu": other_bcu, **inspector_fields},
        "inspector2.se": {"name": "Grace Boateng", "bcu": bcu, **inspector_fields},
        "inspector.se": {"name": "Imogen Ives", "bcu": bcu, **inspector_fields},
        "officer.se": {"name": "Rosa Reed", "shoulder_number": "601SE", **officer_fields},
        "officer2.se": {"name": "Tamsin Tull", "shoulder_number": "602SE", **officer_fields},
        "officer3.se": {"name": "Una Usher", "shoulder_number": "603SE", **officer_fields},
    }
    for model in (DutyDay, WeeklyDuty):
        model.objects.filter(officer__bcu=bcu).delete()
    saved = [
        Officer.objects.update_or_create(email=f"{user}@example.com", defaults=fields)[0]
        for user, fields in officers.items()
    ]
    bcu.nominated_inspector = saved[0]
    bcu.save()
    return saved[2:]


def _book(name, pin, *, days=DAYS_AHEAD, start=datetime.time(18, 30)):
    date = london.today() + datetime.timedelta(days=days)
    request = BookingRequest(
        borough_gss=Borough.objects.get(slug="greenwich").gss,
        ward_gss="",
        meeting_place="Greenwich station",
        preferred_times=(RequestedTime(date=date, start=start),),
        weekday_evenings=True,
        weekends=False,
        name=name,
        channel=Channel.FULL,
        email=f"{uuid.uuid4().hex}@example.com",
        phone=PHONE,
        phone_rules=("call",),
        phone_times="",
        pin=pin,
        needs=(),
        needs_details="",
    )
    booking = request_booking(Draft.objects.start()[0], request=request)
    confirm_booking(booking)
    return booking


def _create_page_path(booking):
    token = Link.objects.create_token(
        booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30)
    )
    return f"/my-walk/{token}/"


def _schedule(bookings, inspector, officers, in_minutes):
    first, *other_bookings = bookings
    plan = WalkDetails(
        start_at=first.walk_needed_at,
        minutes=60,
        meeting_place=MEETING_PLACE,
        finish_place="Back at the start",
        duty_number="020 7946 0601",
    )
    walk = schedule_now(first, inspector, plan=plan, officers=officers)
    for booking in other_bookings:
        assign_booking_to_walk(booking, walk, by=inspector)
    if in_minutes is not None:  # the action would refuse such a time
        walk.start_at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=in_minutes)
        walk.save(update_fields=["start_at"])
        walk.assignments.update(period=walk.period())
    return walk
