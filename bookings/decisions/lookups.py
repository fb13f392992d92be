"""Find the row that a staff page is about, if this person may see it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.requests import OfficerRequest
from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.permissions import can_decide
from bookings.read_log import open_booking
from bookings.statuses import Channel, ReadReason
from walks.models.walks import Walk
from walks.permissions import can_change_walk


def get_booking_for_decision(request: OfficerRequest, pk: UUID, *, reason: ReadReason | None = None) -> Booking:
    booking = get_unopened_booking(request, pk)
    open_booking(booking, by=request.user, reason=reason)
    return booking


def get_unopened_booking(request: OfficerRequest, pk: UUID) -> Booking:
    """Return a booking of which the response shows no detail, for a button pressed without opening it."""
    return get_decidable(request, pk, Booking.objects.visible_to(request.user).for_decision())


def get_decidable(request: OfficerRequest, pk: UUID, visible: BookingQuerySet) -> Booking:
    booking = get_object_or_404(visible, pk=pk)
    if not can_decide(request.user, booking):
        raise PermissionDenied
    return booking


def get_walk_for_change(request: OfficerRequest, pk: UUID) -> Walk:
    walk = get_object_or_404(Walk.objects.visible_to(request.user).with_bcu_and_officers(), pk=pk)
    if not can_change_walk(request.user, walk):
        raise PermissionDenied
    return walk


def how_requester_is_told(booking: Booking, *, here: bool = True) -> str:
    if booking.contact.messages_stopped_at is not None:
        return "She asked us to stop writing: she reads it on her page. Ring her if she allows it."
    if booking.channel == Channel.NONE:
        return "She has no email from us: she reads it on her page. Ring her if she allows it."
    return "We’re emailing her: see below when it’s sent." if here else "We’re emailing her."
