"""The requester's own page, and the base classes of its buttons, which lead back to it."""

import datetime
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.decisions.flow import DecisionButton, Form
from bookings.events import decision_note, outcome_reason
from bookings.manage.decision_pages import RequesterDecision, RequesterFormPage
from bookings.manage.officer_checks import checks_of_tonight, officer_checks
from bookings.manage.page_access import has_given_pin, is_shown_details
from bookings.manage.security_history import security_history
from bookings.manage.told_us import told_us_rows
from bookings.manage.who_looked import who_looked
from bookings.models.bookings import Booking
from bookings.models.events import NOT_UNDONE, Event
from bookings.models.offers import accepted_offer, open_offers
from bookings.notices import threads
from bookings.notices.walk_card import WalkCard, finding_officer, is_finding_officer
from bookings.permissions import (
    RequesterAction,
    awaits_new_address,
    can_ask_again,
    may_be_asked_about_walk,
    requester_actions,
)
from bookings.sharing import describe_companions, is_shared_walk, open_sharing_questions
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message, MessageQuerySet
from outbox.statuses import State
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walks.models.walks import officers_on
from walks.statuses import WalkStatus

PLAN_EVENTS = (EventKind.SCHEDULED, EventKind.CHANGED, EventKind.CHANGE_REQUESTED, EventKind.CHANGE_DECLINED)
HEADLINES = {
    Status.WAITING: gettext_lazy("We have your request"),
    Status.OFFERED: gettext_lazy("We have your request"),
    Status.SCHEDULED: gettext_lazy("Your appointment is booked"),
    Status.COMPLETED: gettext_lazy("Your appointment is over"),
    Status.DECLINED: gettext_lazy("We can’t arrange this"),
    Status.PASSED_TO_OTHER_FORCE: gettext_lazy("We’ve passed your request on"),
    Status.CANCELLED_BY_REQUESTER: gettext_lazy("You’ve cancelled"),
    Status.CANCELLED_BY_US: gettext_lazy("Your appointment is cancelled. Please do not go"),
    Status.REQUESTER_ABSENT: gettext_lazy("We didn’t meet"),
    Status.OFFICERS_ABSENT: gettext_lazy("We’re sorry we weren’t there"),
    Status.NOT_MINE: gettext_lazy("This request was stopped"),
    Status.EXPIRED: gettext_lazy("This request has expired"),
}
WALK_HEADLINES = HEADLINES | {
    Status.SCHEDULED: gettext_lazy("Your walk is booked"),
    Status.COMPLETED: gettext_lazy("Your walk is over"),
    Status.DECLINED: gettext_lazy("We can’t arrange this walk"),
    Status.CANCELLED_BY_US: gettext_lazy("Your walk is cancelled. Please do not go"),
}
"""The headlines of the public host, which may name a walk."""
NOBODY_CAME = gettext_lazy("We’re sorry that nobody came")
CUT_SHORT = gettext_lazy("We’re sorry we had to stop early")
NOT_ANSWERED = gettext_lazy("We’re sorry we didn’t answer")

DID_NOT_ARRIVE = (State.FAILED, State.BOUNCED)


def show_page(
    request: HttpRequest, booking: Booking, token: str, *, refused: ActionError | None = None
) -> HttpResponse:
    now = timezone.now()
    is_hers, may = is_shown_details(request, booking), requester_actions(booking, now)
    messages = list(_requester_messages(booking)) if is_hers else []
    team_messages = _sent_team_messages(booking, now) if is_hers else []
    outcome = outcome_reason(booking)
    preferred_times = booking.current_preferred_times() if is_hers and booking.erased_at is None else []
    shows_card = booking.status == Status.SCHEDULED and booking.walk is not None and booking.confirmed_at is not None
    plan_events: list[Event] = []
    if shows_card:
        prefetch_related_objects([booking], officers_on("walk__assignments"))
        plan_events = list(booking.events.filter(NOT_UNDONE, kind__in=PLAN_EVENTS))
    checks = officer_checks(booking, is_neutral=request.discreet) if is_hers else []  # type: ignore[attr-defined]
    context = {
        "booking": booking,
        "token": token,
        "is_hers": is_hers,
        "card": _card(booking, token, plan_events, is_hers=is_hers) if shows_card else None,
        "headline": _headline(booking, now, is_neutral=request.discreet),  # type: ignore[attr-defined]
        "officers_status": _officers_status(booking) if shows_card else "",
        "preferred_times": preferred_times,
        "told_us": told_us_rows(booking, preferred_times) if preferred_times else [],
        "one_officer_question": shows_card and booking.one_officer_questions.open().exists(),
        **_companions_context(booking),
        "accepted_offer": accepted_offer(booking) if is_hers and booking.awaits_decision else None,
        "outcome": outcome,
        # A requester who gets no details by email can read them only here.
        "words": decision_note(booking) if outcome else "",
        "is_declined": booking.status == Status.DECLINED,
        "change_declined": _latest_change_declined(plan_events) if is_hers else None,
        "cancelled_walk": booking.walk_as_last_notified if booking.status == Status.CANCELLED_BY_US else None,
        "requester_messages": messages,
        "security_history": security_history(booking) if is_hers else [],
        "officer_checks": checks,
        "checks_of_tonight": checks_of_tonight(checks, now) if shows_card else [],
        **_who_looked_context(request, booking),
        **_actions_context(booking, may, messages),
        "may_message_team": is_hers and RequesterAction.MESSAGE_TEAM in may,
        "can_download": shows_card and is_hers,
        "is_waiting": booking.awaits_decision,
        "offer_report": _is_over(booking) and booking.status not in (Status.NOT_MINE, Status.EXPIRED),
        "may_be_asked_about_walk": may_be_asked_about_walk(booking),
        "can_ask_again": is_hers and can_ask_again(booking),
        "has_messages": booking.channel != Channel.NONE,
        "error_summary": [{"text": str(refused)}] if refused else [],
        "team_messages": team_messages,
        "has_unread_team_message": any(not message.read for message in team_messages),
        "shows_duty_number": _has_reported_nobody_came_tonight(booking, now),
    }
    return render(request, "bookings/manage/page.html", context, status=409 if refused else 200)


def _who_looked_context(request: HttpRequest, booking: Booking) -> dict[str, object]:
    """Return who opened her details. Nobody reads it before she has confirmed, or by a link alone if she has a PIN."""
    contact = booking.contact
    is_she = has_given_pin(request, booking) if contact.pin_hmac else contact.address_unconfirmed_since is None
    if not is_she or booking.confirmed_at is None or booking.erased_at is not None:
        return {"shows_who_looked": False}
    return {"shows_who_looked": True, "who_looked": who_looked(booking)}


def _actions_context(booking: Booking, may: frozenset[RequesterAction], messages: list[Message]) -> dict[str, object]:
    """Return which buttons the page offers, and which questions it asks, for what the requester may do now."""
    may_correct_address = RequesterAction.CORRECT_ADDRESS in may
    may_acknowledge = RequesterAction.ACKNOWLEDGE in may
    return {
        "may_correct_address": may_correct_address,
        "may_be_wrong_address": may_correct_address and any(each.state in DID_NOT_ARRIVE for each in messages),
        "asks_to_confirm": RequesterAction.CONFIRM in may,
        "confirms_address": awaits_new_address(booking) and booking.confirmed_at is not None,
        "may_report_not_mine": RequesterAction.REPORT_NOT_MINE in may,
        "can_cancel": RequesterAction.CANCEL in may,
        "can_change": RequesterAction.REQUEST_OTHER_TIMES in may,
        "offer_stop_messages": RequesterAction.STOP_MESSAGES in may and booking.confirmed_at is not None,
        "offer_data_rights": RequesterAction.GET_COPY in may,
        "asks_to_acknowledge": may_acknowledge,
        "has_acknowledged": booking.acknowledgement.is_needed and not may_acknowledge,
        "asks_whether_anybody_came": RequesterAction.REPORT_NOBODY_CAME in may,
    }


def _companions_context(booking: Booking) -> dict[str, object]:
    """Return our open offers, the other people on the walk offered, and our questions about sharing her own walk."""
    offers = open_offers(booking)
    walk = offers[0].walk if offers else None
    return {
        "open_offers": offers,
        "companions": describe_companions(walk, besides=booking) if walk is not None else "",
        "sharing_questions": open_sharing_questions(booking),
        "is_continuing": booking.status == Status.CANCELLED_BY_US and is_shared_walk(booking),
    }


def _headline(booking: Booking, now: datetime.datetime, *, is_neutral: bool) -> str:
    if _has_reported_nobody_came_tonight(booking, now):
        return str(NOBODY_CAME)
    if booking.have_all_times_passed:
        return str(NOT_ANSWERED)
    if booking.is_open and booking.confirmed_at is None:  # whether a walk is booked is for the requester alone
        return str(HEADLINES[Status.WAITING])
    headlines = HEADLINES if is_neutral else WALK_HEADLINES
    return str(CUT_SHORT if booking.has_priority else headlines[Status(booking.status)])


def _officers_status(booking: Booking) -> str:
    """Say where the officers are, as they last recorded before the walk, or that one of them is missing."""
    walk = booking.walk
    if walk is None or booking.status != Status.SCHEDULED or walk.status != WalkStatus.SCHEDULED:
        return ""
    if is_finding_officer(walk):
        return finding_officer()
    if walk.arrived_at is not None:
        return _("They’ve been at the meeting place since %(time)s.") % {"time": london.clock(walk.arrived_at)}
    if walk.set_off_at is not None:
        return _("They’re on their way. They set off at %(time)s.") % {"time": london.clock(walk.set_off_at)}
    return ""


def _has_reported_nobody_came_tonight(booking: Booking, now: datetime.datetime) -> bool:
    return booking.reported_nobody_came and booking.walk is not None and booking.walk.may_be_reported_missed(now)


def _requester_messages(booking: Booking) -> MessageQuerySet:
    """Return the messages to the requester, without those of undone decisions and those that she stopped herself."""
    messages = Message.objects.in_thread(threads.requester_thread(booking)).exclude(state=State.UNDONE)
    if booking.contact.messages_stopped_at is None:
        return messages
    return messages.exclude(state=State.SUPERSEDED, superseded_at__gte=booking.contact.messages_stopped_at)


def _is_over(booking: Booking) -> bool:
    """Return whether the booking has ended, its walk is past its end time, or its walk was cut short."""
    walk_is_past = booking.walk is not None and booking.walk.end_at <= timezone.now()
    return not booking.is_open or walk_is_past or booking.has_priority


def _card(booking: Booking, token: str, plan_events: list[Event], *, is_hers: bool) -> WalkCard:
    changed = [event for event in plan_events if event.kind == EventKind.CHANGED]
    changes = changed[-1].note.splitlines() if changed else []
    return WalkCard.of(booking, token=token, changes=changes, is_opened_by_pin=is_hers)


def _latest_change_declined(plan_events: list[Event]) -> Event | None:
    """Return the event if we declined the requester's change request and nothing has changed since."""
    last = plan_events[-1] if plan_events else None
    return last if last is not None and last.kind == EventKind.CHANGE_DECLINED else None


class SentTeamMessage(NamedTuple):
    """When the requester wrote to the team, and when the team read it. Her words are not repeated on her page."""

    sent: str
    read: str


def _sent_team_messages(booking: Booking, now: datetime.datetime) -> list[SentTeamMessage]:
    return [
        SentTeamMessage(_moment(message.at, now), _moment(message.read_at, now) if message.read_at else "")
        for message in booking.team_messages.in_order()
    ]


def _moment(at: datetime.datetime, now: datetime.datetime) -> str:
    """Return the time, with its date unless it is today."""
    return london.clock(at) if london.local(at).date() == london.local(now).date() else london.time_and_date(at)


class OnRequesterPage(RequesterDecision[Booking]):
    """A decision on the requester's page. A refusal shows that page with the reason above the present state."""

    def find(self) -> Booking:
        return self.booking

    def show_refusal(self, error: ActionError) -> HttpResponse:
        self.booking.refresh_from_db()
        return show_page(self.request, self.booking, self.token, refused=error)


class RequesterButton(OnRequesterPage, DecisionButton[Booking]):
    """A button on the requester's page. A GET only shows that page, so a scanner that follows a link does nothing."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back()

    def refused(self, error: ActionError) -> HttpResponse:
        return self.show_refusal(error)


class RequesterAnswerPage(OnRequesterPage, RequesterFormPage[Form]):
    """A page with a question for the requester, which may have been withdrawn before she answers."""

    def refused(self, booking: Booking, form: Form, error: ActionError) -> HttpResponse:
        return self.show_refusal(error)
