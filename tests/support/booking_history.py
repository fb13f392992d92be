"""The history of a booking: its events, and the messages about it."""

from bookings.notices import threads
from outbox.models import Message


def event_kinds(booking):
    return [event.kind for event in booking.events.all()]


def messages_to_requester(booking):
    return Message.objects.in_thread(threads.requester_thread(booking))


def message_kinds(booking):
    """Return the kinds of the messages to the requester, oldest first."""
    return [message.kind for message in messages_to_requester(booking)]


def messages_to_team(booking):
    return list(Message.objects.in_thread(threads.team_booking_thread(booking)))
