"""Everything that can happen to a booking or a walk. Each function is one event."""

from bookings.actions.alerts import alert_go_there, alert_not_ended, escalate_answer
from bookings.actions.arranging import Arranged
from bookings.actions.company import answer_company, ask_company
from bookings.actions.contacting import give_new_address, leave_inbox, resume_messages, send_again
from bookings.actions.duty import DutyWord, set_duty_days, set_weekly_duty
from bookings.actions.equality import count_equality
from bookings.actions.feeds import AskedTooOften, make_feed, open_feed, revoke_feed
from bookings.actions.forgetting import forget_booking, forget_walk
from bookings.actions.guests import answer_guest, invite_guest, withdraw_guest
from bookings.actions.handing_over import hand_over_booking
from bookings.actions.handling import pass_on_booking
from bookings.actions.her_word import reach_booking, say_nobody_came, see_news, stop_messages
from bookings.actions.leaving import withdraw_officer
from bookings.actions.moves import BookingError, MoveNotAllowed, OfficerTaken
from bookings.actions.offers import (
    MOST_AT_ONCE,
    PLACE_IS_GONE,
    OfferedTime,
    accept_offer,
    lapse_offers,
    offer_times,
    refuse_offers,
    withdraw_offers,
)
from bookings.actions.on_the_walk import arrive, call_away, come_after_all, miss_her, set_off
from bookings.actions.one_officer import ENDED, answer_about_one, ask_about_one, why_not_to_ask
from bookings.actions.pins import choose_pin, give_first_pin, reset_pin
from bookings.actions.places import accept_place, offer_place, release_walk
from bookings.actions.reminding import ask_whether_her, list_tonight, remind_of_walk, tell_team_of_request
from bookings.actions.requests import (
    Taken,
    TooManyRequests,
    confirm_booking,
    confirm_by_phone,
    disown_booking,
    expire_booking,
    request_booking,
    send_link_again,
    write_down,
)
from bookings.actions.returning import PIN_GOOD_FOR, PinPaused, PinWrong, ask_for_link, open_by_pin, open_by_reference
from bookings.actions.safeguarding import close_safeguarding, stop_at_triage, stop_on_walk
from bookings.actions.schedules import (
    WalkPlan,
    asks_needs_again,
    cancel_booking_by_her,
    cancel_booking_by_us,
    cancel_walk_of,
    change_walk,
    decline_booking,
    schedule_booking,
)
from bookings.actions.settling import close_walk, settle_booking
from bookings.actions.standing import (
    StandingPlan,
    change_standing_walk,
    make_standing_walk,
    offer_standing_walk,
    pause_standing_walk,
)
from bookings.actions.taking import note_for_colleagues, put_back, read_booking, take_booking
from bookings.actions.telling import correct_address, see_to_staff_news, send_news_again, send_staff_news_again
from bookings.actions.walks import end_walk, leave_walk, read_phone, read_women, start_walk
from bookings.actions.wishes import apologise, change_wish, keep_plan

__all__ = [
    "ENDED",
    "MOST_AT_ONCE",
    "PIN_GOOD_FOR",
    "PLACE_IS_GONE",
    "Arranged",
    "AskedTooOften",
    "BookingError",
    "DutyWord",
    "MoveNotAllowed",
    "OfferedTime",
    "OfficerTaken",
    "PinPaused",
    "PinWrong",
    "StandingPlan",
    "Taken",
    "TooManyRequests",
    "WalkPlan",
    "accept_offer",
    "accept_place",
    "alert_go_there",
    "alert_not_ended",
    "answer_about_one",
    "answer_company",
    "answer_guest",
    "apologise",
    "arrive",
    "ask_about_one",
    "ask_company",
    "ask_for_link",
    "ask_whether_her",
    "asks_needs_again",
    "call_away",
    "cancel_booking_by_her",
    "cancel_booking_by_us",
    "cancel_walk_of",
    "change_standing_walk",
    "change_walk",
    "change_wish",
    "choose_pin",
    "close_safeguarding",
    "close_walk",
    "come_after_all",
    "confirm_booking",
    "confirm_by_phone",
    "correct_address",
    "count_equality",
    "decline_booking",
    "disown_booking",
    "end_walk",
    "escalate_answer",
    "expire_booking",
    "forget_booking",
    "forget_walk",
    "give_first_pin",
    "give_new_address",
    "hand_over_booking",
    "invite_guest",
    "keep_plan",
    "lapse_offers",
    "leave_inbox",
    "leave_walk",
    "list_tonight",
    "make_feed",
    "make_standing_walk",
    "miss_her",
    "note_for_colleagues",
    "offer_place",
    "offer_standing_walk",
    "offer_times",
    "open_by_pin",
    "open_by_reference",
    "open_feed",
    "pass_on_booking",
    "pause_standing_walk",
    "put_back",
    "reach_booking",
    "read_booking",
    "read_phone",
    "read_women",
    "refuse_offers",
    "release_walk",
    "remind_of_walk",
    "request_booking",
    "reset_pin",
    "resume_messages",
    "revoke_feed",
    "say_nobody_came",
    "schedule_booking",
    "see_news",
    "see_to_staff_news",
    "send_again",
    "send_link_again",
    "send_news_again",
    "send_staff_news_again",
    "set_duty_days",
    "set_off",
    "set_weekly_duty",
    "settle_booking",
    "start_walk",
    "stop_at_triage",
    "stop_messages",
    "stop_on_walk",
    "take_booking",
    "tell_team_of_request",
    "why_not_to_ask",
    "withdraw_guest",
    "withdraw_offers",
    "withdraw_officer",
    "write_down",
]
