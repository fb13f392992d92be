from bookings.models.bookings import Booking
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from bookings.notices.walk_card import when_in_words
from outbox.composing.message_files import Context
from outbox.models import Message
from outbox.statuses import State
from walkandtalk.lib import london


def send_team_message_undelivered(booking: Booking, message: Message) -> None:
    """Tell the team that the requester did not get this message. It never expires: someone must inform her."""
    values: Context = {
        "written": london.clock(message.created_at),
        "written_on": london.long_date(message.created_at),
        "when": when_in_words(booking.walk) if booking.walk else "",
        "may_have_arrived": message.state == State.REVIEW,
    }
    write_to_team_of_booking(
        booking, "team_message_undelivered", values, key=message_key(booking, "team_message_undelivered", message.pk)
    )


def is_team_notified_of(booking: Booking, message: Message) -> bool:
    """Return whether the team has been told that this message was undelivered."""
    return Message.objects.filter(dedupe_key=message_key(booking, "team_message_undelivered", message.pk)).exists()
