"""She asks, and says that it was her."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Limit, RateCount
from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import Draft
from bookings.models.equality import EqualityCount
from bookings.models.preferred_times import Wish
from bookings.permissions import can_take_bookings
from bookings.request_form import emails
from bookings.request_form.booking_request import BookingRequest
from bookings.response_targets import first_read_due_at
from bookings.statuses import Channel, EventKind, PhoneRule, TakenHow
from boroughs.help_contacts import help_lines
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact
from walkandtalk.lib import london, tokens
from walkandtalk.lib.errors import BookingError, require

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


class TooManyRequests(BookingError):
    """More than anybody asks for. Nothing is made and nothing is lost: her answers stay as they were."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An inspector makes the booking for a woman who rings her, or whom she meets."""

    by: Officer
    how: TakenHow
    spoken: bool  # on a number that she allows us to call, or face to face: so it was her

    def may_confirm(self, request: BookingRequest) -> bool:
        on_her_number = bool(request.phone) and PhoneRule.CALL in request.phone_rules
        return self.spoken and (self.how == TakenHow.MET or on_her_number)

    def keeps_rules(self, request: BookingRequest, bcu: BoroughCommandUnit) -> bool:
        """The notice and hours of her own BCU are hers to give away, and nobody else's."""
        return request.restricted or bcu.pk != self.by.bcu_id


@transaction.atomic
def request_booking(draft: Draft, *, request: BookingRequest, network: str = "", taken: Taken | None = None) -> Booking:
    """Make the booking of this draft, or return the one it has made: pressing twice asks once.

    `network` is hers, to be counted. Whoever asks for her from within has none.
    """
    if taken is not None:
        require(can_take_bookings(taken.by) and draft.by_id == taken.by.pk)
    draft.empty()  # who presses at the same moment waits here, and then finds the booking
    if made := Booking.objects.filter(draft_uuid=draft.pk).first():
        return made
    if network:
        _stay_within_limits(network, email=request.email)
    booking = _create_booking(draft, request, taken)
    wishes = _create_wishes(booking, request)
    _record_request(booking, request, taken)
    emails.request_received(booking, wishes=wishes)
    return booking


def _record_request(booking: Booking, request: BookingRequest, taken: Taken | None) -> None:
    if taken is None:
        record(EventKind.REQUESTED, booking=booking, to=booking.status)
        return
    record(EventKind.REQUESTED, booking=booking, to=booking.status, by=taken.by, code=taken.how)
    if taken.may_confirm(request):
        record(EventKind.CONFIRMED, booking=booking, by=taken.by)


def _stay_within_limits(network: str, *, email: str) -> None:
    limits = {"network": Limit(f"request from {network}", HOUR, settings.REQUESTS_PER_NETWORK_AN_HOUR)}
    if email:
        limits["email"] = Limit(f"request of {email.strip().lower()}", DAY, _most_of(email))
    if RateCount.objects.take(**limits):
        raise TooManyRequests(_("More requests have come than we can take. Call the team instead."))


def _most_of(email: str) -> int:
    """A few more than the setting, differently for each address: who tries somebody else's cannot count back from the
    refusal to whether she has asked."""
    least: int = settings.REQUESTS_PER_ADDRESS_A_DAY
    return least + int(tokens.index_hmac(f"limit of {email}")[:2], 16) % 4


def _create_booking(draft: Draft, request: BookingRequest, taken: Taken | None) -> Booking:
    borough, ward = _find_area(request)
    if borough.bcu is None:
        raise BookingError("Another police force looks after that area, so we cannot take a request for it.")
    _check_company(request, borough.bcu)
    handler = Officer.objects.handler_for(borough.bcu) if request.restricted else None
    if request.restricted and handler is None:
        number = help_lines()[HelpContact.Purpose.COMPLAIN].number
        said = _("Nobody outside that team can take your request now. Call %(number)s instead.")
        raise BookingError(said % {"number": number})
    now = timezone.now()
    needed_at = min(london.to_instant(wish.date, wish.start) for wish in request.wishes)
    by_rule = taken is None or taken.keeps_rules(request, borough.bcu)
    if needed_at <= now or (by_rule and not _takes_all(borough.bcu, request)):
        raise BookingError(_("One of the times that you chose is not possible any more. Choose when again."))
    due = borough.bcu.answer_due_at(now, needed_at)
    booking = Booking.objects.create(
        draft_uuid=draft.pk,
        bcu=borough.bcu,
        borough=borough,
        ward=ward,
        handler=handler,
        asked_at=now,
        unconfirmed_since=now,
        answer_due_at=due,
        first_due_at=due,
        first_read_due_at=first_read_due_at(now),
        needed_at=needed_at,
        channel=request.channel,
        # Without email there is no address to doubt: whoever reads our answer has her PIN.
        confirmed_at=now if request.channel == Channel.NONE or (taken and taken.may_confirm(request)) else None,
        taken_how=taken.how if taken else "",
        # Whoever of its own team wrote it down has read it.
        first_read_at=None if by_rule else now,
        weekday_evenings=request.weekday_evenings,
        weekends=request.weekends,
        source=draft.source,
    )
    _create_contact(booking, request)
    return booking


def _takes_all(bcu: BoroughCommandUnit, request: BookingRequest) -> bool:
    today, interpreted = london.today(), request.with_interpreter
    return all(bcu.takes(wish.date, wish.start, today=today, with_interpreter=interpreted) for wish in request.wishes)


def _check_company(request: BookingRequest, bcu: BoroughCommandUnit) -> None:
    """The rules of the BCU may have changed since she answered."""
    if request.accompanied and not bcu.accepts_16_17:
        raise BookingError(_("Walks here are now for women aged 18 or over. Call 101 and ask for your local team."))
    if request.companions > bcu.max_companions:
        raise BookingError(_("So many people cannot come with you here. Change how many there are, or remove them."))


def _find_area(request: BookingRequest) -> tuple[Borough, Ward | None]:
    wards = Ward.objects.select_related("borough__bcu").filter(borough__gss=request.borough_gss)
    if request.ward_gss and (ward := wards.filter(gss=request.ward_gss).first()):
        return ward.borough, ward
    return Borough.objects.select_related("bcu").get(gss=request.borough_gss), None


def _create_contact(booking: Booking, request: BookingRequest) -> None:
    email = "" if request.channel == Channel.NONE else request.email
    BookingContact.objects.create(
        booking=booking,
        name=request.name,
        email=email,
        email_hmac=tokens.index_hmac(email) if email else "",
        phone=request.phone,
        phone_rules=list(request.phone_rules),
        phone_times=request.phone_times,
        meeting_place=request.meeting_place,
        pin=request.spot,
        needs=list(request.needs),
        needs_details=request.needs_details,
        route=request.route,
        about=list(request.about),
        companions=request.companions,
        may_pass_on=request.may_pass_on,
        accompanied=request.accompanied,
        pin_hmac=tokens.pin_hmac(booking.pk, request.pin) if request.pin else "",
    )


def _create_wishes(booking: Booking, request: BookingRequest) -> list[Wish]:
    return Wish.objects.bulk_create(
        Wish(booking=booking, rank=rank, date=wish.date, start=wish.start)
        for rank, wish in enumerate(request.wishes, start=1)
    )


def count_equality(draft: Draft, *, answers: Mapping[str, str], today: datetime.date) -> None:
    """Count her answers, once a draft.

    Two transactions on purpose: rows written by one and the same could be told to belong together, and the draft leads
    to her booking for an hour. If the second fails she is not counted, which harms nobody.
    """
    if answers and draft.count_once():
        EqualityCount.objects.add(answers, month=today)


@transaction.atomic
def tell_team_of_request(booking: Booking) -> None:
    """Somebody has asked: the inbox of the team hears within a minute, and she never waits for that mail."""
    lock_booking(booking)
    if booking.awaits_decision:
        emails.team_new_request(booking)
