"""Tell the team which message did not arrive."""

from bookings.models.bookings import Booking
from bookings.notices.message_files import Context
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from bookings.notices.walk_card import when_in_words
from outbox.models import Message
from walkandtalk.lib import london


def team_message_undelivered(booking: Booking, message: Message) -> None:
    """What we wrote to her did not arrive. Once a message, and never too late: she has to hear some other way."""
    values: Context = {
        "written": london.clock(message.created_at),
        "written_on": london.long_date(message.created_at),
        "when": when_in_words(booking.walk) if booking.walk else "",
    }
    write_to_team_of_booking(
        booking, "team_message_undelivered", values, key=message_key(booking, "team_message_undelivered", message.pk)
    )


def is_team_notified_of(booking: Booking, message: Message) -> bool:
    """Whether the team was told that this message did not arrive."""
    return Message.objects.filter(dedupe_key=message_key(booking, "team_message_undelivered", message.pk)).exists()
