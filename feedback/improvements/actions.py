"""Actions of an inspector on improvements: make one, let concerns join, say what came of it, and hand it over."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.locks import PageOutOfDate
from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer
from feedback.improvements import emails
from feedback.improvements.ending import end_referrals
from feedback.improvements.transitions import record_note, reopen, transition_improvement
from feedback.locks import (
    lock_booking_of,
    lock_concerns,
    lock_improvement,
    lock_improvement_row,
    lock_recipients_of,
)
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.models.improvements import Improvement, ImprovementEvent
from feedback.models.places import ReportedPlace
from feedback.permissions import can_approve_words, can_change_improvement, can_join, can_write_words
from feedback.statuses import CLOSED_STATES, State
from feedback.transitions import transition_concern
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

OWNER_WAS_THERE = "The inspector who looks after the improvement was on this walk, so keep them apart."
ALREADY_JOINED = "This concern has joined an improvement since."


@dataclass(frozen=True, kw_only=True)
class ImprovementDetails:
    """One change to one place, in words that partners and the public may read."""

    change: str
    where: str
    kind: str
    light: str
    lamp_number: str
    review_date: datetime.date


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The new state of a concern or an improvement, and our words to the women who told us."""

    to: State
    words: str
    done_date: datetime.date | None = None
    review_date: datetime.date | None = None


# --- Making and joining -----------------------------------------------------------------------------------------------


@transaction.atomic
def make_improvement(
    details: ImprovementDetails,
    *,
    borough: Borough,
    place: ReportedPlace | None,
    concerns: Sequence[Concern],
    by: Officer,
    version: int,
) -> Improvement:
    """Begin an improvement for these accepted concerns, which the inspector looks after from now on.

    `version` is the number of events and corrections of the first concern that the inspector has read. Raise
    ActionError if one of the concerns can't join.
    """
    first = concerns[0]
    improvement = Improvement(
        bcu=first.bcu,
        nominated_inspector=first.nominated_inspector,
        borough=borough,
        place=place,
        state=first.state,
        owner=by,
        made_by=by,
        **vars(details),
    )
    require(can_change_improvement(by, improvement))
    lock_recipients_of(*concerns)
    lock_concerns(*concerns)
    _check_version(first, version)
    improvement.save(force_insert=True)
    ImprovementEvent.objects.record(improvement, by=by, to_state=State(improvement.state))
    for concern in concerns:
        _join(concern, improvement, by=by)
    return improvement


@transaction.atomic
def join_improvement(concern: Concern, improvement: Improvement, *, by: Officer, version: int) -> None:
    """Let an accepted concern join an improvement. Its requester hears how that stands.

    `version` is the number of the concern's events and corrections that the inspector has read. An inspector who is
    writing an answer to the improvement must know that one more woman will read it, so it gets a new version.
    """
    lock_booking_of(concern)
    lock_improvement_row(improvement)
    lock_concerns(concern)
    _check_version(concern, version)
    _join(concern, improvement, by=by)
    record_note(improvement, "A concern joined it.", by=by)


def _check_version(concern: Concern, version: int) -> None:
    if concern.version != version:
        message = "Something new was said or done since you opened this. Read it first."
        raise PageOutOfDate(message, version=concern.version)


def _join(concern: Concern, improvement: Improvement, *, by: Officer) -> None:
    """Let a locked concern join a locked improvement."""
    require(can_join(by, concern, improvement))
    if concern.improvement_id is not None:
        raise TransitionNotAllowed(ALREADY_JOINED)
    if not improvement.is_active:
        was = improvement.get_state_display().lower()
        raise TransitionNotAllowed(f"The improvement is now “{was}”, so nothing can join it.")
    if improvement.owner in concern.officers_of_the_walk():
        raise ActionError(OWNER_WAS_THERE)
    changes = {"improvement": improvement, "review_date": improvement.review_date}
    note, state = f"Joined {improvement.reference}.", State(improvement.state)
    if concern.state == state:
        save_changes(concern, owner=improvement.owner, **changes)
        ConcernEvent.objects.record(concern, by=by, from_state=state, to_state=state, internal=note)
        return
    save_changes(concern, owner=improvement.owner)
    transition_concern(
        concern,
        state,
        by=by,
        to_requester=_latest_words(improvement),
        internal=note,
        done_date=improvement.target_date if state == State.PLANNED else None,
        changes=changes,
    )


def _latest_words(improvement: Improvement) -> str:
    """Return what the women heard last of the state that it is in now."""
    for event in improvement.events.order_by("-at", "-pk").select_related("written_texts"):
        if event.to_state != improvement.state:
            break
        if event.texts.to_requesters:
            return event.texts.to_requesters
    return ""


@transaction.atomic
def leave_improvement(concern: Concern, *, by: Officer | None) -> None:
    """Take a concern out of an improvement that it does not belong to. It goes on alone, and nobody is written to.

    If a partner has the improvement, it hasn't this concern any more.
    """
    improvement = concern.improvement
    if improvement is None:
        return
    lock_improvement_row(improvement)
    lock_concerns(concern)
    if by is not None:
        require(can_change_improvement(by, improvement))
    if concern.state == State.REFERRED:
        transition_concern(concern, State.IN_PROGRESS, by=by, notify_requester=False, changes={"improvement": None})
    elif concern.state == State.NOT_OURS:
        raise TransitionNotAllowed("It ended with the improvement. Open the improvement again first.")
    else:
        save_changes(concern, improvement=None)
    record_note(improvement, "A concern was taken out.", by=by)


@transaction.atomic
def change_details(improvement: Improvement, details: ImprovementDetails, *, by: Officer, version: int) -> None:
    """Correct what partners and the public read of an open improvement, or its review date. Nobody is written to.

    Another kind needs another agreement of a lead, because the open data say it.
    """
    concerns = lock_and_check_version(improvement, version=version, by=by)
    if not improvement.is_active:
        raise TransitionNotAllowed("This improvement has ended. Open it again first.")
    again = {"approved_by": None, "approved_at": None} if details.kind != improvement.kind else {}
    save_changes(improvement, **vars(details), **again)
    for concern in concerns:
        save_changes(concern, review_date=details.review_date)
    record_note(improvement, "Corrected what it says.", by=by)


@transaction.atomic
def reopen_improvement(improvement: Improvement, *, because: str, by: Officer, version: int) -> None:
    """Open an improvement that has ended again, with its concerns. Colleagues read why."""
    concerns = lock_and_check_version(improvement, version=version, by=by)
    if improvement.is_active:
        raise TransitionNotAllowed("This improvement is open already.")
    reopen(improvement, concerns, review_date=london.today(), because=because, by=by)


# --- Answers ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer_improvement(improvement: Improvement, answer: Answer, *, by: Officer, version: int) -> None:
    """Tell every woman who waits for it what was done or what happens next, each once.

    `version` is the number of events that the inspector has read.
    """
    concerns = lock_and_check_version(improvement, version=version, by=by)
    if answer.to == State.NOT_OURS and not improvement.is_acknowledged:
        raise TransitionNotAllowed("Nobody has said yet that it is theirs.")
    changes: dict[str, object] = {"review_date": answer.review_date or improvement.review_date}
    if answer.to == State.PLANNED:
        changes["target_date"] = answer.done_date
    elif answer.done_date:
        changes["done_date"] = answer.done_date
    # What a partner has answered is passed on now. Once the improvement has ended, the partner owes us nothing more.
    improvement.referrals.waiting().update(has_news=False)
    if answer.to in CLOSED_STATES:
        end_referrals(improvement)
        if improvement.shown_until is not None:  # the words and the day are of what was done before
            not_yet = {"shown_until": None, "approved_by": None, "approved_at": None}
            changes = {"done_date": None, **not_yet, **changes}
    transition_improvement(
        improvement,
        answer.to,
        concerns=concerns,
        by=by,
        to_requesters=answer.words,
        date=answer.done_date,
        changes=changes,
    )


def lock_and_check_version(improvement: Improvement, *, version: int, by: Officer) -> list[Concern]:
    """Lock the improvement and its concerns, and return these. A new one makes a new version, so none is missed."""
    concerns = lock_improvement(improvement)
    require(can_change_improvement(by, improvement))
    if improvement.version != version:
        was = improvement.get_state_display().lower()
        message = f"Something new was said since you opened this, and it is now “{was}”. Read it first."
        raise PageOutOfDate(message, version=improvement.version)
    return concerns


# --- Its owner --------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_improvement(improvement: Improvement, *, by: Officer) -> None:
    """Make this inspector the owner of an improvement that is nobody's, and of its concerns."""
    concerns = lock_improvement(improvement)
    require(can_change_improvement(by, improvement))
    owner = improvement.current_owner
    if owner == by:
        return
    if owner is not None:
        raise ActionError(f"{owner.display_name} already owns this. Ask first, then hand it over to yourself.")
    _set_owner(improvement, concerns, by)
    record_note(improvement, f"{by.display_name} took it.", by=by)


@transaction.atomic
def hand_over_improvement(improvement: Improvement, *, to: Officer, by: Officer, version: int) -> None:
    """Make an inspector the owner, also of its concerns, and tell them.

    Raise ActionError unless they can open the improvement and were on none of its walks.
    """
    concerns = lock_and_check_version(improvement, version=version, by=by)
    _set_owner(improvement, concerns, to)
    event = record_note(improvement, f"Handed over to {to.display_name}.", by=by)
    if to != by:
        emails.improvement_owner_chosen(improvement, because=str(event.pk))


def _set_owner(improvement: Improvement, concerns: Sequence[Concern], owner: Officer) -> None:
    if not improvement.possible_owners().contains(owner):
        raise ActionError("Choose an inspector who can open this improvement and wasn’t on the walk of a concern.")
    save_changes(improvement, owner=owner)
    for concern in concerns:
        save_changes(concern, owner=owner)


# --- Words for the public ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicWords:
    """Words that the public may read of an improvement, and the public place that stands for it on the map, if any."""

    words: str
    map_place: str = ""

    @classmethod
    def of(cls, improvement: Improvement) -> "PublicWords":
        return cls(improvement.public_words, improvement.map_place)


@transaction.atomic
def write_public_words(improvement: Improvement, written: PublicWords, *, by: Officer, version: int) -> None:
    """Save what the public may read once a lead agrees. Another text or place needs another agreement."""
    lock_and_check_version(improvement, version=version, by=by)
    require(can_write_words(by, improvement))
    if written == PublicWords.of(improvement):
        return
    save_changes(
        improvement,
        public_words=written.words,
        map_place=written.map_place if written.words else "",
        words_by=by,
        approved_by=None,
        approved_at=None,
        shown_until=None,
        is_on_home_page=False,
    )
    note = "Wrote words for the public." if written.words else "Took the words for the public back."
    record_note(improvement, note, by=by)


@transaction.atomic
def approve_public_words(
    improvement: Improvement, *, read: PublicWords, kind: str, by: Officer, for_home_page: bool = False
) -> None:
    """Agree that everyone may read these words. Raise ActionError if they have changed since the lead read them."""
    lock_improvement_row(improvement)
    require(can_approve_words(by, improvement))
    if (PublicWords.of(improvement), improvement.kind) != (read, kind) or not read.words:
        raise ActionError("These words have changed since you opened the page. Read them again.")
    if improvement.approved_at is not None:
        return
    save_changes(improvement, approved_by=by, approved_at=timezone.now(), is_on_home_page=for_home_page)
    record_note(improvement, f"{by.display_name} agreed to the words for the public.", by=by)
