"""Steps of requesters, inspectors and officers in the demo, each by the action that its page calls."""

import datetime
import uuid

from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.request_form.actions import PhoneBooking, request_booking
from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import Channel, DayPart, Need, PhoneRule, StaffBookingMethod
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import meeting_places
from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer
from feedback.models.concerns import Report
from feedback.place_reports.actions import ContactChoice, PlaceReport, submit_place_report
from feedback.reports.actions import ReportSubmission, submit_report
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails

EVENING = datetime.time(18, 30)
PHONE_RULES = (PhoneRule.CALL,)


def build_request(borough: Borough, *, name: str, days: int, start: datetime.time = EVENING) -> BookingRequest:
    return BookingRequest(
        borough_gss=borough.gss,
        ward_gss="",
        meeting_place="The station, main entrance",
        preferred_times=preferred_times(days, start),
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


def preferred_times(days: int, start: datetime.time = EVENING) -> tuple[RequestedTime, ...]:
    first = london.today() + datetime.timedelta(days=days)
    second = first + datetime.timedelta(days=1)
    return (
        RequestedTime(date=first, start=start),
        RequestedTime(date=second, start=datetime.time(7), part=DayPart.MORNING),
    )


def book(asked: BookingRequest) -> Booking:
    draft, _ = Draft.objects.start()
    return request_booking(draft, request=asked)


def book_and_confirm(asked: BookingRequest) -> Booking:
    booking = book(asked)
    confirm_booking(booking)
    return booking


def book_by_phone(asked: BookingRequest, *, by: Officer) -> Booking:
    """Make a booking as an inspector does for a requester who rings. It may be for a day that is sooner than online."""
    draft = Draft.objects.start_phone_booking(uuid.uuid4(), by=by)
    return request_booking(
        draft, request=asked, phone_booking=PhoneBooking(by=by, how=StaffBookingMethod.PHONE, spoken=True)
    )


def schedule(booking: Booking, by: Officer, officers: list[Officer], *, start_at: datetime.datetime) -> Walk:
    station = meeting_places(booking.borough.gss, booking.ward.gss if booking.ward else None)[0]
    plan = WalkDetails(
        start_at=start_at,
        minutes=booking.team.walk_minutes,
        meeting_place=f"{station}, main entrance, by the clock",
        map_coordinates=[station.lat, station.lon],
        finish_place="Back at the start",
        duty_number=booking.team.duty_number,
    )
    arranged = [
        ArrangedAdjustment(need=Need(need), how="Arranged by the team", agreed_otherwise=False)
        for need in booking.contact.needs
    ]
    decision = Schedule(plan=plan, officers=officers, arranged=arranged)
    return schedule_booking(booking, decision, by=by, version=booking.version)


def complete_walk(booking: Booking, by: Officer, officers: list[Officer], *, minutes: int = 2) -> Walk:
    """Make a walk that begins in so many minutes, and has ended. Officers can begin up to an hour before the time."""
    start_at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=minutes)
    walk = schedule(booking, by, officers, start_at=start_at)
    start_walk(walk, by=officers[0])
    end_walk(walk, by=officers[0])
    booking.refresh_from_db()
    return walk


def report(booking: Booking, *, kinds: tuple[str, ...], place: str, text: str, safe_place: str = "") -> Report:
    told = _told(kinds=kinds, place=place, text=text, safe_place=safe_place, after=4)
    return submit_report(booking, told, submission=uuid.uuid4())


def tell_about_place(
    borough: Borough,
    *,
    channel: Channel,
    email: str,
    kinds: tuple[str, ...],
    place: str,
    text: str,
    point: MapPoint | None = None,
) -> Report:
    """Tell us about a place without asking for a walk. The PIN is 402817."""
    contact = ContactChoice(
        channel=channel,
        email="" if channel == Channel.NONE else email,
        pin="" if channel == Channel.FULL else "402817",
    )
    told = _told(kinds=kinds, place=place, text=text, point=point)
    sent = PlaceReport(borough=borough, ward=borough.wards.first(), told=told, contact=contact)
    return submit_place_report(sent, submission=uuid.uuid4(), network=f"demo {uuid.uuid4()}")


def _told(
    *,
    kinds: tuple[str, ...],
    place: str,
    text: str,
    safe_place: str = "",
    point: MapPoint | None = None,
    after: int | None = None,
) -> ReportSubmission:
    return ReportSubmission(
        kinds=kinds,
        place=place,
        text=text,
        safe_place=safe_place,
        light="dark",
        time_of_day="evening",
        how_often="often",
        consent=True,
        point=point,
        before=2,
        after=after,
    )
