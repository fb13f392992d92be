"""An officer offers her place on a walk to a colleague, who takes it or says no (docs/rules.md#taking-over-a-walk)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_scheduled_bookings
from bookings.notices.card_updates import notify_requesters_of_change
from bookings.notices.officer_emails import send_officer_assigned, send_officer_released, send_officer_walk_changed
from bookings.on_the_day.takeover import emails
from bookings.statuses import EventKind, Status
from bookings.transitions import reset_one_officer_consent
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_officers, lock_walk, raise_officer_not_available, set_lock_timeout
from walks.models.takeovers import Takeover, TakeoverQuerySet
from walks.models.walks import START_OPEN_BEFORE, Assignment, Walk
from walks.permissions import can_be_assigned, can_use_walk_actions
from walks.phrases import generate_phrases
from walks.planning.availability import Availability
from walks.planning.plans import assign_officers
from walks.planning.suggestions import Slot, Team
from walks.statuses import TakeoverAnswer, WalkStatus

MAY_BE_ASKED = frozenset({Availability.ON_DUTY, Availability.UNKNOWN})
INSPECTOR_DECIDES = "Your inspector has to change the officers of this walk. Ring the duty number."
ENDED = "This question has been answered or withdrawn, or the walk has changed. See your walks below."


def find_free_colleagues(walk: Walk) -> list[Officer]:
    """Return the colleagues who could take a place on the walk, by name. Nobody reads here why another one can't."""
    slot = Slot(start_at=walk.start_at, minutes=walk.minutes)
    suggestions = Team.load(walk.bcu, slot=slot, except_walk=walk).suggest(slot, ward_ids=())
    not_asked = walk.unavailable_officer_ids() | {officer.pk for officer in walk.live_officers()}
    free = [
        suggestion.officer
        for suggestion in suggestions
        if suggestion.is_free and suggestion.availability in MAY_BE_ASKED and suggestion.officer.pk not in not_asked
    ]
    return sorted(free, key=lambda officer: (officer.name, officer.pk))


def reason_not_to_offer(walk: Walk) -> str:
    """Return why officers can't change places by themselves, or "". It never says what a requester needs.

    The inspector confirms each adjustment again when an officer leaves, and a requester who agreed to one officer
    agreed to that one.
    """
    if walk.status != WalkStatus.SCHEDULED or walk.start_at - START_OPEN_BEFORE <= timezone.now():
        return "You can only do this until an hour before the walk. If you can’t come, press “I can’t make it”."
    bookings = walk.bookings.filter(status=Status.SCHEDULED).select_related("contact")
    have_needs = any(booking.contact.has_needs or booking.adjustments.exists() for booking in bookings)
    if have_needs or walk.is_short or walk.one_officer_agreed_at is not None:
        return INSPECTOR_DECIDES
    return ""


@transaction.atomic
def ask_colleague(walk: Walk, *, by: Officer, colleague: Officer) -> Takeover:
    """Ask the colleague to take this officer's place. The walk doesn't change until she accepts."""
    lock_officers([by, colleague])
    lock_walk(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if reason := reason_not_to_offer(walk):
        raise ActionError(reason)
    if colleague not in find_free_colleagues(walk):
        raise ActionError("This officer is no longer free then. Choose someone else.")
    now = timezone.now()
    unanswered = Takeover.objects.filter(walk=walk, asked_by=by, answer="")
    if unanswered.open(now).exists():
        raise TransitionNotAllowed("You’ve already asked a colleague. Withdraw that first.")
    unanswered.update(answer=TakeoverAnswer.EXPIRED, answered_at=now)
    takeover = Takeover.objects.create(walk=walk, asked_by=by, colleague=colleague, start_at=walk.start_at)
    record(EventKind.TAKEOVER_ASKED, walk=walk, by=by, note=f"{colleague.display_name}.")
    emails.send_officer_takeover_question(takeover)
    return takeover


def accept_takeover(takeover: Takeover, *, by: Officer) -> None:
    """Put the colleague in the place of the officer who asked. Each requester gets the walk card again, once.

    Raise OfficerNotAvailable if the colleague has been assigned to another walk first.
    """
    with raise_officer_not_available(), transaction.atomic():
        set_lock_timeout()
        walk = takeover.walk
        locked_officers = {officer.pk: officer for officer in lock_officers([by, *walk.live_officers()])}
        lock_walk(walk)
        bookings = lock_scheduled_bookings(walk)
        require(takeover.colleague_id == by.pk)
        _lock_open(takeover)
        if reason := reason_not_to_offer(walk):
            raise TransitionNotAllowed(reason)
        if by in walk.live_officers() or not can_be_assigned(locked_officers[by.pk], walk.bcu):
            raise TransitionNotAllowed(ENDED)
        if Assignment.objects.filter(officer=by, is_live=True, period__overlap=walk.period()).exists():
            raise ActionError("You’re on another walk at that time.")
        _change_places(walk, takeover.asked_by, by)
        _answer(takeover, TakeoverAnswer.ACCEPTED, EventKind.TAKEOVER_ACCEPTED, by=by)
        notify_requesters_of_change(walk, bookings, by=by, changes=[_("The officers and the phrase have changed.")])
        _tell_officers(walk, takeover)


def _change_places(walk: Walk, leaving: Officer, joining: Officer) -> None:
    officers_phrase, requester_phrase = generate_phrases()
    walk.assignments.filter(officer=leaving, is_live=True).update(is_live=False, left_reason="replaced")
    assign_officers(walk, [joining])
    reset_one_officer_consent(walk)
    save_changes(walk, officers_phrase=officers_phrase, requester_phrase=requester_phrase, version=walk.version + 1)


def _tell_officers(walk: Walk, takeover: Takeover) -> None:
    send_officer_released(walk, takeover.asked_by)
    for officer in Walk.objects.get(pk=walk.pk).live_officers():
        if officer == takeover.colleague:
            send_officer_assigned(walk, officer)
        else:
            send_officer_walk_changed(walk, officer, changes=["The officers and the phrase have changed."])


@transaction.atomic
def decline_takeover(takeover: Takeover, *, by: Officer) -> None:
    """Record that the colleague can't, and tell the officer who asked."""
    require(takeover.colleague_id == by.pk)
    _leave_as_it_is(takeover, TakeoverAnswer.DECLINED, EventKind.TAKEOVER_DECLINED, by=by)
    emails.send_officer_takeover_declined(takeover)


@transaction.atomic
def end_questions_to(colleague: Officer, *, by: Officer) -> None:
    """Say no for someone who may no longer walk there, so that the officers who asked can ask someone else."""
    for takeover in open_questions_to(colleague).select_related("walk__bcu", "asked_by").order_by("walk", "pk"):
        if can_be_assigned(colleague, takeover.walk.bcu):
            continue
        takeover.colleague = colleague
        _leave_as_it_is(takeover, TakeoverAnswer.DECLINED, EventKind.TAKEOVER_DECLINED, by=by)
        emails.supersede_question(takeover)
        emails.send_officer_takeover_declined(takeover)


def open_questions_to(colleague: Officer) -> TakeoverQuerySet:
    return Takeover.objects.open(timezone.now()).filter(colleague=colleague)


@transaction.atomic
def withdraw_takeover(takeover: Takeover, *, by: Officer) -> None:
    """Withdraw the question. The officer who asked stays on the walk."""
    require(takeover.asked_by_id == by.pk)
    _leave_as_it_is(takeover, TakeoverAnswer.WITHDRAWN, EventKind.TAKEOVER_WITHDRAWN, by=by)
    emails.supersede_question(takeover)


def _leave_as_it_is(takeover: Takeover, answer: TakeoverAnswer, kind: EventKind, *, by: Officer) -> None:
    lock_walk(takeover.walk)
    _lock_open(takeover)
    _answer(takeover, answer, kind, by=by)


def _lock_open(takeover: Takeover) -> None:
    """Lock the question. Raise TransitionNotAllowed if it can't be answered any more."""
    rows = Takeover.objects.open(timezone.now()).filter(pk=takeover.pk)
    if not rows.select_for_update(of=("self",), no_key=True).exists():
        raise TransitionNotAllowed(ENDED)


def _answer(takeover: Takeover, answer: TakeoverAnswer, kind: EventKind, *, by: Officer) -> None:
    save_changes(takeover, answer=answer, answered_at=timezone.now())
    other = takeover.asked_by if by == takeover.colleague else takeover.colleague
    record(kind, walk=takeover.walk, by=by, note=f"{other.display_name}.")
