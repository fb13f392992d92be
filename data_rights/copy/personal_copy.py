"""Everything that we hold about one requester and may give her, as one structure. Page and JSON are made from it.

Beside the type of each field is the label that the page shows. The JSON uses the name of the field.
"""

import datetime
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class RequestCopy:
    reference: Annotated[str, _("Reference")]
    asked_at: Annotated[datetime.datetime, _("You asked")]
    how: Annotated[str, _("How you asked")]
    poster: Annotated[str, _("Poster you scanned")]
    area: Annotated[str, _("Area")]
    team: Annotated[str, _("Team")]
    confirmed_at: Annotated[datetime.datetime | None, _("You confirmed that it was you")]
    answer_due_at: Annotated[datetime.datetime, _("We said we’d answer by")]
    status: Annotated[str, _("Status")]
    reason: Annotated[str, _("Our reason")]
    alternatives: Annotated[list[str], _("What else you can do")]
    times_passed_at: Annotated[datetime.datetime | None, _("We said sorry that your times had passed")]
    change_requested_at: Annotated[datetime.datetime | None, _("You asked to change your walk")]
    kept_until: Annotated[str, _("We have to keep your details, at the latest until")]


@dataclass(frozen=True, kw_only=True)
class ContactCopy:
    name: Annotated[str, _("Name")]
    email: Annotated[str, _("Email address")]
    address_unconfirmed_since: Annotated[datetime.datetime | None, _("You haven’t confirmed this address since")]
    email_choice: Annotated[str, _("How we may write to you")]
    language: Annotated[str, _("Language of our messages")]
    phone: Annotated[str, _("Phone number")]
    phone_choices: Annotated[list[str], _("What we may use it for")]
    phone_times: Annotated[str, _("When we may call")]
    has_pin: Annotated[bool, _("You’ve set a PIN")]
    has_one_time_pin: Annotated[bool, _("We made you a PIN that works once")]
    inbox_unsafe_at: Annotated[datetime.datetime | None, _("You said your inbox isn’t safe")]
    messages_stopped_at: Annotated[datetime.datetime | None, _("You asked us to stop writing")]


@dataclass(frozen=True, kw_only=True)
class WishesCopy:
    meeting_place: Annotated[str, _("Where to meet")]
    previous_meeting_place: Annotated[str, _("Where you wanted to meet before")]
    map_point: Annotated[str, _("Your point on the map")]
    route: Annotated[str, _("Where to go, or what to see")]
    about: Annotated[list[str], _("What it’s about")]
    companions: Annotated[int, _("People who come with you")]
    accompanied: Annotated[bool, _("A parent, adult sister or guardian comes with you")]
    may_share_with_partners: Annotated[bool | None, _("We may pass it on without your name")]
    needs: Annotated[list[str], _("What you need")]
    needs_details: Annotated[str, _("More about what you need")]
    weekday_evenings: Annotated[bool, _("You could also do weekday evenings")]
    weekends: Annotated[bool, _("You could also do weekends")]


@dataclass(frozen=True, kw_only=True)
class PreferredTimeCopy:
    when: Annotated[str, _("Time")]
    round: Annotated[int, _("Set of times")]


@dataclass(frozen=True, kw_only=True)
class AdjustmentCopy:
    need: Annotated[str, _("Need")]
    how: Annotated[str, _("What was arranged")]
    agreed_otherwise: Annotated[bool, _("You agreed to something else instead")]
    at: Annotated[datetime.datetime, _("When we noted it")]


@dataclass(frozen=True, kw_only=True)
class OfferCopy:
    when: Annotated[str, _("Time that we offered")]
    place: Annotated[str, _("Place")]
    offered_at: Annotated[datetime.datetime, _("When we offered it")]
    expires_at: Annotated[datetime.datetime, _("You could answer until")]
    answer: Annotated[str, _("How it ended")]
    answered_at: Annotated[datetime.datetime | None, _("When it ended")]


@dataclass(frozen=True, kw_only=True)
class WalkCopy:
    when: Annotated[str, _("When")]
    meeting_place: Annotated[str, _("Where to meet")]
    finish_place: Annotated[str, _("Where it ends")]
    map_point: Annotated[str, _("Meeting point on the map")]
    officers: Annotated[list[str], _("Officers")]
    officers_phrase: Annotated[str, _("What the officers say")]
    requester_phrase: Annotated[str, _("What you reply")]
    card: Annotated[list[str], _("Your walk card")]
    set_off_at: Annotated[datetime.datetime | None, _("Officers set off")]
    arrived_at: Annotated[datetime.datetime | None, _("Officers arrived")]
    started_at: Annotated[datetime.datetime | None, _("It started")]
    ended_at: Annotated[datetime.datetime | None, _("It ended")]
    acknowledged_at: Annotated[datetime.datetime | None, _("You told us that you’d seen the news")]
    informed_at: Annotated[datetime.datetime | None, _("A colleague told you the news")]
    contacted_at: Annotated[datetime.datetime | None, _("We spoke with you or met you")]
    nobody_came_reported_at: Annotated[datetime.datetime | None, _("You told us that nobody came")]


@dataclass(frozen=True, kw_only=True)
class QuestionCopy:
    question: Annotated[str, _("What we asked you")]
    asked_at: Annotated[datetime.datetime, _("When")]
    answer: Annotated[str, _("Your answer")]
    answered_at: Annotated[datetime.datetime | None, _("When you answered")]


@dataclass(frozen=True, kw_only=True)
class EventCopy:
    at: Annotated[datetime.datetime, _("When")]
    what: Annotated[str, _("What happened")]
    words: Annotated[str, _("Our words to you")]


@dataclass(frozen=True, kw_only=True)
class MessageCopy:
    subject: Annotated[str, _("Subject")]
    created_at: Annotated[datetime.datetime, _("Written")]
    state: Annotated[str, _("Whether we sent it")]
    text: Annotated[str, _("Text")]


@dataclass(frozen=True, kw_only=True)
class ConcernCopy:
    reported_at: Annotated[datetime.datetime, _("When")]
    noted_by_officer: Annotated[bool, _("An officer noted it for you")]
    kind: Annotated[str, _("What it’s about")]
    place: Annotated[str, _("Place")]
    text: Annotated[str, _("In your words")]
    light: Annotated[str, _("Light")]
    time_of_day: Annotated[str, _("Time of day")]
    how_often: Annotated[str, _("How often")]
    consent: Annotated[bool, _("We may pass it on without your name")]
    felt_before: Annotated[str, _("How you felt before the walk")]
    felt_after: Annotated[str, _("How you felt after the walk")]
    corrections: Annotated[list[str], _("Your corrections")]
    state: Annotated[str, _("Where it stands")]
    answers: Annotated[list[str], _("Our answers to you")]
    is_better: Annotated[list[str], _("Whether it is better")]
    feels_now: Annotated[list[str], _("How you felt there later")]


@dataclass(frozen=True, kw_only=True)
class AgreedNoteCopy:
    at: Annotated[datetime.datetime, _("When")]
    agreed: Annotated[str, _("What was agreed with you")]


@dataclass(frozen=True, kw_only=True)
class TeamMessageCopy:
    at: Annotated[datetime.datetime, _("When")]
    words: Annotated[str, _("What you wrote")]
    read_at: Annotated[datetime.datetime | None, _("Read by the team")]


@dataclass(frozen=True, kw_only=True)
class PersonalCopy:
    """All that we may give the requester. `left_out` says what is missing, and how she can ask for it."""

    made_at: datetime.datetime
    request: Annotated[RequestCopy, _("Your request")]
    contact: Annotated[ContactCopy, _("You, and how to contact you")]
    wishes: Annotated[WishesCopy, _("What you asked for")]
    preferred_times: Annotated[list[PreferredTimeCopy], _("Times that you chose")]
    adjustments: Annotated[list[AdjustmentCopy], _("What was arranged for you")]
    offers: Annotated[list[OfferCopy], _("Times that we offered")]
    walk: Annotated[WalkCopy | None, _("Your walk")]
    questions: Annotated[list[QuestionCopy], _("Questions that we asked you")]
    concerns: Annotated[list[ConcernCopy], _("What worried you")]
    agreed_notes: Annotated[list[AgreedNoteCopy], _("What officers noted for you")]
    events: Annotated[list[EventCopy], _("What happened")]
    team_messages: Annotated[list[TeamMessageCopy], _("What you wrote to the team")]
    messages: Annotated[list[MessageCopy], _("Our messages to you")]
    left_out: Annotated[list[str], _("What this copy leaves out")]


@dataclass(frozen=True, kw_only=True)
class StaffNoteCopy:
    at: datetime.datetime
    what: str
    by: str
    words: str


@dataclass(frozen=True, kw_only=True)
class StaffNotes:
    """Everything we hold about the requester that her copy leaves out. Two inspectors decide whether she gets it."""

    assigned_to: str
    kept_from: str
    nominated_inspector: str
    safeguarding: list[StaffNoteCopy]
    history: list[StaffNoteCopy]
    concerns: list[StaffNoteCopy]
    walk_notes: list[StaffNoteCopy]
