"""Demo people, bookings and walks, made with the same actions that people use."""

import datetime
import uuid
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.request_form.actions import request_booking
from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import Channel, DayPart
from boroughs.geography.places import meeting_places
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer, Rank
from feedback.reports.actions import ReportSubmission, submit_report
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails

Role = Officer.Role


@transaction.atomic
def load() -> bool:
    """Make the demo data, unless it exists. Return whether it was made."""
    if Officer.objects.filter(email="admin@example.com").exists():
        return False
    people = {code: _create_team(code) for code in ("AS", "CN")}
    BoroughCommandUnit.objects.filter(code="AS").update(nominated_inspector=people["CN"][0])
    BoroughCommandUnit.objects.filter(code="CN").update(nominated_inspector=people["AS"][0])
    _person("lead@example.com", "Lorna Lead", role=Role.LEAD, rank=Rank.SUPERINTENDENT)
    _person("admin@example.com", "Adele Administrator", role=Role.ADMINISTRATOR)
    _person("admin2@example.com", "Amir Administrator", role=Role.ADMINISTRATOR)
    _person("auditor@example.com", "Ada Auditor", role=Role.AUDITOR)
    _person("control@example.com", "Connie Control", role=Role.CONTROL_ROOM)
    for code, borough in (("AS", "southwark"), ("CN", "camden")):
        _create_bookings(borough, inspector=people[code][0], officers=people[code][1:])
    return True


def _create_team(code: str) -> list[Officer]:
    """Make an inspector and three officers who lead walks."""
    bcu = BoroughCommandUnit.objects.get(code=code)
    low = code.lower()
    inspector = _person(
        f"inspector.{low}@example.com", "Ingrid Inspector", role=Role.INSPECTOR, rank=Rank.INSPECTOR, bcu=bcu
    )
    names = {f"officer.{low}": "Olive Officer", f"officer2.{low}": "Petra Partner", f"officer3.{low}": "Sara Okafor"}
    officers = [
        _person(f"{user}@example.com", name, bcu=bcu, leads_walks=True, shoulder_number=f"{number}{code}")
        for number, (user, name) in enumerate(names.items(), start=101)
    ]
    return [inspector, *officers]


def _person(email: str, name: str, **fields: object) -> Officer:
    """Make someone with the demo's password, which nobody may choose, so that there is no invitation to answer."""
    person = Officer.objects.create_user(email, None, name=name, **fields)
    person.password = _hash_password(settings.DEMO_PASSWORD)
    person.save(update_fields=["password"])
    record_security_event(SecurityEventKind.ACCOUNT_CREATED, subject=person, change=f"> {person.role}")
    return person


@cache
def _hash_password(password: str) -> str:
    """Hash the password once for everyone, because it is slow and `make run` should be quick."""
    return make_password(password)


def _create_bookings(borough: str, *, inspector: Officer, officers: list[Officer]) -> None:
    place = Borough.objects.get(slug=borough)
    request = _build_request(place, name="Maya", days=9, meeting_place="The station, main entrance")
    waiting = _book(request)
    confirm_booking(waiting)
    _book(
        replace(
            request,
            name="Joan",
            email="joan@example.com",
            preferred_times=_preferred_times(25),
            needs=("bsl", "step_free"),
        )
    )
    _book(replace(request, name="Ruth", channel=Channel.DISCREET, email="ruth@example.com", pin="402817"))
    _book(replace(request, name="Edith", email="edith@example.com", restricted=True))
    scheduled = _book(replace(request, name="Anouk", email="anouk@example.com", preferred_times=_preferred_times(7)))
    start_at = london.to_instant(scheduled.preferred_times.all()[0].date, datetime.time(18, 30))
    _schedule(scheduled, inspector, officers[:2], start_at=start_at)
    _complete_walk(_book(replace(request, name="Grace", email="grace@example.com")), inspector, officers[:2])


def _build_request(borough: Borough, *, name: str, days: int, meeting_place: str) -> BookingRequest:
    return BookingRequest(
        borough_gss=borough.gss,
        ward_gss="",
        meeting_place=meeting_place,
        preferred_times=_preferred_times(days),
        weekday_evenings=True,
        weekends=False,
        name=name,
        channel=Channel.FULL,
        email=f"{name.lower()}@example.com",
        phone="",
        phone_rules=(),
        phone_times="",
        pin="",
        needs=(),
        needs_details="",
    )


def _preferred_times(days: int) -> tuple[RequestedTime, ...]:
    first = london.today() + datetime.timedelta(days=days)
    second = first + datetime.timedelta(days=1)
    return (
        RequestedTime(date=first, start=datetime.time(18, 30)),
        RequestedTime(date=second, start=datetime.time(7), part=DayPart.MORNING),
    )


def _book(asked: BookingRequest) -> Booking:
    draft, _ = Draft.objects.start()
    return request_booking(draft, request=asked)


def _schedule(booking: Booking, by: Officer, officers: list[Officer], *, start_at: datetime.datetime) -> Walk:
    confirm_booking(booking)
    station = meeting_places(booking.borough.gss)[0]
    plan = WalkDetails(
        start_at=start_at,
        minutes=booking.team.walk_minutes,
        meeting_place=f"{station}, main entrance, by the clock",
        map_coordinates=[station.lat, station.lon],
        finish_place="Back at the start",
        duty_number=booking.team.duty_number,
    )
    return schedule_booking(booking, Schedule(plan=plan, officers=officers), by=by, version=booking.version)


def _complete_walk(booking: Booking, by: Officer, officers: list[Officer]) -> None:
    """Make a walk that has ended, and the requester's report about it."""
    walk = _schedule(booking, by, officers, start_at=_two_minutes_from_now())
    start_walk(walk, by=officers[0])
    end_walk(walk, by=officers[0])
    report = ReportSubmission(
        kinds=("lighting", "followed"),
        place="The path behind the station",
        text="The lamps have been out since October.",
        safe_place="The café on the corner",
        light="dark",
        time_of_day="evening",
        how_often="often",
        consent=True,
        before=2,
        after=4,
    )
    booking.refresh_from_db()
    submit_report(booking, report, submission=uuid.uuid4())


def _two_minutes_from_now() -> datetime.datetime:
    return timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=2)
