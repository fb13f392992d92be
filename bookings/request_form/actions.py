"""Make a booking from the requester's answers, and tell the team about it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.limits import RateLimit
from accounts.models import RateCount
from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.acknowledgements import Acknowledgement
from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import Draft
from bookings.models.equality import EqualityCount
from bookings.models.preferred_times import PreferredTime
from bookings.models.response_targets import ResponseTarget
from bookings.permissions import can_take_phone_bookings
from bookings.read_log import record_call_answered
from bookings.request_form import emails
from bookings.request_form.booking_request import BookingRequest
from bookings.response_targets import first_read_due_at
from bookings.statuses import Channel, EventKind, PhoneRule, StaffBookingMethod
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact
from walkandtalk.lib import london, tokens
from walkandtalk.lib.errors import ActionError, require

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LATE_SAVES = datetime.timedelta(minutes=1)
ROBOT_PRESSES_AN_HOUR = 5
TOO_MANY = gettext_lazy("We can’t take any more requests right now. Call the team instead.")


class TooManyRequests(ActionError):
    """More requests than one person could need. Nothing is saved, and the answers are unchanged."""


@dataclass(frozen=True, kw_only=True)
class PhoneBooking:
    """The inspector who makes a phone booking, and how she took it from the requester."""

    by: Officer
    how: StaffBookingMethod
    spoken: bool  # face to face, or on a number we may call: this confirms the request

    def may_confirm(self, request: BookingRequest) -> bool:
        on_her_number = bool(request.phone) and PhoneRule.CALL in request.phone_rules
        return self.spoken and (self.how == StaffBookingMethod.MET or on_her_number)

    def must_follow_rules(self, request: BookingRequest, bcu: BoroughCommandUnit) -> bool:
        """Return whether the BCU's notice and hours apply. An inspector may waive only those of her own BCU."""
        return request.restricted or bcu.pk != self.by.bcu_id


@transaction.atomic
def request_booking(
    draft: Draft, *, request: BookingRequest, network: str = "", phone_booking: PhoneBooking | None = None
) -> Booking:
    """Make the booking from this draft. Return the existing booking if the requester presses twice.

    `network` is the requester's network, for the rate limit. It is empty for a phone booking.
    """
    if phone_booking is not None:
        require(can_take_phone_bookings(phone_booking.by) and draft.by_id == phone_booking.by.pk)
    # A second press at the same moment waits here, and then finds the booking.
    if not draft.clear_answers() and (existing := Booking.objects.filter(draft_uuid=draft.pk).first()):
        return existing
    if network:
        stay_within_limits(network, email=request.email)
    booking = _create_booking(draft, request, phone_booking)
    preferred_times = _create_preferred_times(booking, request)
    _record_request(booking, request, phone_booking)
    emails.send_request_received(booking, preferred_times=preferred_times)
    return booking


def _record_request(booking: Booking, request: BookingRequest, phone_booking: PhoneBooking | None) -> None:
    if phone_booking is None:
        record(EventKind.REQUESTED, booking=booking, to_status=booking.status)
        return
    record(EventKind.REQUESTED, booking=booking, to_status=booking.status, by=phone_booking.by, code=phone_booking.how)
    record_call_answered(booking, by=phone_booking.by)
    if phone_booking.may_confirm(request):
        record(EventKind.CONFIRMED, booking=booking, by=phone_booking.by)


def stay_within_limits(network: str, *, email: str, what: str = "request") -> None:
    """Count what people send us from one network, and all that leads to messages to one address.

    Each kind of sending has its own limit of a network, so that a flood of one doesn't shut the other.
    """
    limits = {"network": RateLimit(f"{what} from {network}", HOUR, settings.REQUESTS_PER_NETWORK_AN_HOUR)}
    if email:
        limits["email"] = limit_for_email(email)
    if RateCount.objects.increment_all(**limits):
        raise TooManyRequests(TOO_MANY)


def count_robot_press(*, network: str) -> None:
    """Count a press that looks like a robot's. Raise TooManyRequests if one network goes on like that.

    Other presses from this network are not refused, so a robot can't stop the requesters beside it.
    """
    if RateCount.objects.increment_all(robot=RateLimit(f"robot from {network}", HOUR, ROBOT_PRESSES_AN_HOUR)):
        raise TooManyRequests(TOO_MANY)


def limit_for_email(email: str) -> RateLimit:
    """Return the limit of a day for all that people send to one address, however it is spelt."""
    address = email.strip().lower()
    return RateLimit(f"request of {address}", DAY, _limit_for_email(address))


def _limit_for_email(email: str) -> int:
    """Return a limit a little above the setting, different for each address.

    Otherwise a refusal could tell someone who tries another woman's address that she has made a request.
    """
    minimum: int = settings.REQUESTS_PER_ADDRESS_A_DAY
    return minimum + int(tokens.short_hmac(f"limit of {email}"), 16) % 4


def _create_booking(draft: Draft, request: BookingRequest, phone_booking: PhoneBooking | None) -> Booking:
    borough, ward = _find_area(request)
    if borough.bcu is None:
        raise ActionError("Another police force looks after that area, so we cannot take a request for it.")
    if borough.bcu.awaits_contacts:
        raise ActionError(_("Walks there aren’t open yet, so we can’t take a request."))
    _check_companions(request, borough.bcu)
    nominated_inspector = _find_nominated_inspector(borough.bcu) if request.restricted else None
    now = timezone.now()
    walk_needed_at = min(
        london.to_instant(preferred_time.date, preferred_time.start) for preferred_time in request.preferred_times
    )
    must_follow_rules = phone_booking is None or phone_booking.must_follow_rules(request, borough.bcu)
    if walk_needed_at <= now or (must_follow_rules and not _complies_with_bcu_rules(borough.bcu, request)):
        raise ActionError(_("One of the times you chose isn’t possible any more. Choose again."))
    due = borough.bcu.answer_due_at(now, walk_needed_at)
    booking = Booking.objects.create(
        bcu=borough.bcu,
        borough=borough,
        ward=ward,
        nominated_inspector=nominated_inspector,
        asked_at=now,
        unconfirmed_since=now,
        answer_due_at=due,
        walk_needed_at=walk_needed_at,
        channel=request.channel,
        draft_uuid=draft.pk,
        source=draft.source,
        staff_booking_method=phone_booking.how if phone_booking else "",
        # Without email there is no address to doubt: only the requester's PIN opens our answer.
        confirmed_at=now
        if request.channel == Channel.NONE or (phone_booking and phone_booking.may_confirm(request))
        else None,
    )
    _create_contact(booking, request)
    ResponseTarget.objects.create(
        booking=booking,
        first_answer_due_at=due,
        first_read_due_at=first_read_due_at(now),
        # An inspector of the same team who took the booking has read it.
        first_read_at=None if must_follow_rules else now,
    )
    Acknowledgement.objects.create(booking=booking)
    return booking


def _find_nominated_inspector(bcu: BoroughCommandUnit) -> Officer:
    """Return the inspector of another BCU who decides on a request that is kept from this one."""
    inspector: Officer | None = Officer.objects.nominated_inspector_for(bcu)
    if inspector is None:
        number = help_contacts_by_purpose()[HelpContact.Purpose.COMPLAIN].number
        message = _("Nobody outside that team can take your request now. Call %(number)s instead.")
        raise ActionError(message % {"number": number})
    return inspector


def _complies_with_bcu_rules(bcu: BoroughCommandUnit, request: BookingRequest) -> bool:
    today, interpreted = london.today(), request.with_interpreter
    return all(
        bcu.takes(preferred_time.date, preferred_time.start, today=today, with_interpreter=interpreted)
        for preferred_time in request.preferred_times
    )


def _check_companions(request: BookingRequest, bcu: BoroughCommandUnit) -> None:
    """Raise ActionError if the BCU's rules have changed since the requester answered."""
    if request.accompanied and not bcu.accepts_16_17:
        raise ActionError(_("Walks here are now for women aged 18 or over. Call 101 and ask for your local team."))
    if request.companions > bcu.max_companions:
        raise ActionError(_("That many people can’t come with you here. Change how many, or remove them."))


def _find_area(request: BookingRequest) -> tuple[Borough, Ward | None]:
    wards = Ward.objects.select_related("borough__bcu").filter(borough__gss=request.borough_gss)
    if request.ward_gss and (ward := wards.filter(gss=request.ward_gss).first()):
        return ward.borough, ward
    return Borough.objects.select_related("bcu").get(gss=request.borough_gss), None


def _create_contact(booking: Booking, request: BookingRequest) -> None:
    email = "" if request.channel == Channel.NONE else request.email
    BookingContact.objects.create(
        booking=booking,
        language=get_language(),
        name=request.name,
        email=email,
        email_hmac=tokens.index_hmac(email) if email else "",
        phone=request.phone,
        phone_rules=list(request.phone_rules),
        phone_times=request.phone_times,
        meeting_place=request.meeting_place,
        map_coordinates=request.map_point,
        needs=list(request.needs),
        needs_details=request.needs_details,
        route=request.route,
        about=list(request.about),
        companions=request.companions,
        may_share_with_partners=request.may_share_with_partners,
        accompanied=request.accompanied,
        pin_hmac=tokens.pin_hmac(booking.pk, request.pin) if request.pin else "",
        weekday_evenings=request.weekday_evenings,
        weekends=request.weekends,
        # A colleague who heard the address can have mistyped it, even if the requester confirmed on the phone.
        address_unconfirmed_since=booking.confirmed_at if email else None,
    )


def _create_preferred_times(booking: Booking, request: BookingRequest) -> list[PreferredTime]:
    return PreferredTime.objects.bulk_create(
        PreferredTime(
            booking=booking,
            rank=rank,
            date=preferred_time.date,
            start=preferred_time.start,
            part=preferred_time.part,
            is_regular=preferred_time.is_regular,
        )
        for rank, preferred_time in enumerate(request.preferred_times, start=1)
    )


def count_equality(draft: Draft, *, answers: Mapping[str, str], today: datetime.date) -> None:
    """Count the requester's answers to the equality questions, once for each draft.

    This takes two transactions on purpose: rows written in one could be linked, and the draft leads to her booking
    for an hour. If the second fails, her answers are not counted, which harms nobody.
    """
    if answers and draft.mark_equality_answered():
        EqualityCount.objects.add(answers, month=today)


@transaction.atomic
def notify_team_of_request(booking: Booking) -> None:
    """Tell the team's inbox about a new request, within a minute. The requester does not wait for that message."""
    lock_booking(booking)
    if booking.awaits_decision:
        emails.send_team_new_request(booking)


@transaction.atomic
def notify_team_of_hour(bcu: BoroughCommandUnit, untold: BookingQuerySet, *, now: datetime.datetime) -> None:
    """Tell the team's inbox how many of these requests it has not been told of, up to the last full hour.

    A message covers whole hours, so the last one says where this one begins. The hour ends a minute late, because a
    request has its time moments before it is saved.
    """
    until = _full_hour(now)
    last = emails.last_hourly_message(bcu)
    new = untold.filter(asked_at__lt=until)
    if last is not None:
        new = new.filter(asked_at__gte=_full_hour(last.created_at))
    first_asked_at = new.aggregate(first=Min("asked_at"))["first"]
    if first_asked_at is not None:
        since = first_asked_at.replace(minute=0, second=0, microsecond=0)
        emails.send_team_new_requests(bcu, new.count(), since=since, until=until)


def _full_hour(moment: datetime.datetime) -> datetime.datetime:
    return (moment - LATE_SAVES).replace(minute=0, second=0, microsecond=0)
