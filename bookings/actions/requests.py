"""She asks, and says that it was her."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import emails
from bookings.actions.forgetting import forget_booking
from bookings.actions.meanwhile import check_unchanged
from bookings.actions.moves import BookingError, MoveNotAllowed, lock_booking, move_booking, record, require
from bookings.booking_request import BookingRequest
from bookings.models import Booking, BookingContact, Draft, Limit, RateCount, Wish
from bookings.permissions import can_confirm_by_phone, can_take_bookings
from bookings.promise import first_read_due_at
from bookings.statuses import Channel, EventKind, PhoneRule, Status, TakenHow
from boroughs.help_lines import help_lines
from boroughs.models import Borough, BoroughCommandUnit, HelpContact, Officer, Ward
from outbox.actions import supersede
from walkandtalk.lib import london, tokens

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


def write_down(pk: UUID, *, by: Officer, answers: Mapping[str, object]) -> Draft:
    """Keep what an inspector has been told, for an hour, for her alone. Raises DoesNotExist where it is another's."""
    require(can_take_bookings(by))
    draft = Draft.objects.take_down(pk, by=by)
    draft.keep_all(answers)
    return draft


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


@transaction.atomic
def confirm_booking(booking: Booking) -> None:
    """She said that it was her: by the button, with her PIN, or with her yes to an offer."""
    lock_booking(booking)
    _confirm(booking)


@transaction.atomic
def confirm_by_phone(booking: Booking, *, by: Officer, version: int) -> None:
    """She said so to an inspector who rang the number she gave."""
    lock_booking(booking)
    require(can_confirm_by_phone(by, booking))
    check_unchanged(booking, was_shown=version)
    _confirm(booking, by=by)


def _confirm(booking: Booking, *, by: Officer | None = None) -> None:
    if booking.confirmed_at is not None or not booking.is_open:
        return
    booking.confirmed_at = timezone.now()
    booking.version += 1
    booking.save(update_fields=["confirmed_at", "version"])
    record(EventKind.CONFIRMED, booking=booking, by=by)


@transaction.atomic
def disown_booking(booking: Booking) -> None:
    """Somebody who reads that address did not ask for this. Messages stop; nothing is deleted."""
    lock_booking(booking)
    if booking.confirmed_at is not None:
        raise MoveNotAllowed(_("Somebody has already said that it was her. Cancel it instead."))
    move_booking(booking, Status.NOT_HER, kind=EventKind.DISOWNED)
    supersede(emails.her_thread(booking))


@transaction.atomic
def expire_booking(booking: Booking, *, now: datetime.datetime) -> None:
    """Nobody confirmed it in time, so it goes, and with it at once what is personal in it."""
    lock_booking(booking)
    if Booking.objects.never_confirmed(now).contains(booking):
        move_booking(booking, Status.EXPIRED, kind=EventKind.EXPIRED)
        forget_booking(booking)


@transaction.atomic
def send_link_again(booking: Booking, *, request_id: str) -> None:
    """Send her the way back to her page, to the address on file."""
    lock_booking(booking)  # her address may be forgotten at this very moment
    emails.link_sent_again(booking, request_id=request_id)
