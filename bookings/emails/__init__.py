"""What each email says, and to whom. Actions call these in the transaction of the event that they speak of."""

from bookings.emails.her import (
    booking_called_away,
    booking_cancelled_by_her,
    booking_cancelled_by_us,
    booking_changed,
    booking_declined,
    booking_missed_by_her,
    booking_missed_by_us,
    booking_offer_ended,
    booking_offered,
    booking_scheduled,
    booking_set_off,
    link_sent_again,
    received_subject,
    request_received,
)
from bookings.emails.officers import officer_assigned, officer_released, officer_walk_cancelled, officer_walk_changed
from bookings.emails.team import team_called_away, team_nobody_came, team_offer_answered, team_officer_left
from bookings.emails.threads import her_thread, officer_thread, team_booking_thread, team_thread

__all__ = [
    "booking_called_away",
    "booking_cancelled_by_her",
    "booking_cancelled_by_us",
    "booking_changed",
    "booking_declined",
    "booking_missed_by_her",
    "booking_missed_by_us",
    "booking_offer_ended",
    "booking_offered",
    "booking_scheduled",
    "booking_set_off",
    "her_thread",
    "link_sent_again",
    "officer_assigned",
    "officer_released",
    "officer_thread",
    "officer_walk_cancelled",
    "officer_walk_changed",
    "received_subject",
    "request_received",
    "team_booking_thread",
    "team_called_away",
    "team_nobody_came",
    "team_offer_answered",
    "team_officer_left",
    "team_thread",
]
