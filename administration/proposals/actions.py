"""Proposing a change, agreeing to it, refusing and withdrawing it (docs/rules.md#two-administrators)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.limits import RateLimit, note_reached
from accounts.models import RateCount, SecurityEventKind
from accounts.security_log import record_security_event
from administration.handing_on import IN_USE
from administration.models import Answer, Proposal, ProposedChange
from administration.proposals import emails
from administration.proposals.applying import apply
from administration.proposals.validation import check
from administration.proposals.values import Reader, Subject, Values, read
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from partners.models.partners import Partner
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import all_or_in_use, lock_officers

Kind = ProposedChange.Kind
HOUR = datetime.timedelta(hours=1)

WHO = ("name", "rank", "acting", "shoulder_number", "email", "role", "bcu", "is_active")
"""The fields that say who someone is. A proposal is about the person as they were: another name or BCU ends it."""
NOTHING = "You haven’t changed anything. Change something, or go back."
CLOSED = "This account is closed. Let them sign in again first."
NOTHING_TO_CHANGE = "Nothing would change."
OWN_PROPOSAL = "You proposed this yourself. Another administrator has to agree."
OWN_ACCOUNT = "This is about your own account. Another administrator has to agree."
NO_LONGER_ASKED = "Whoever proposed this is no longer an administrator. Refuse it, and propose it again yourself."


@dataclass(frozen=True, kw_only=True)
class Change:
    """The new values that an administrator asks for, of one account, new account, team, borough or partner."""

    kind: ProposedChange.Kind
    subject: Subject | None = None
    after: Values = field(default_factory=dict)


@transaction.atomic
def propose(changes: Sequence[Change], *, by: Officer, reason: str) -> Proposal:
    """Ask another administrator to agree to all of these, within 7 days. Nothing changes before that.

    Raise ActionError if nothing would change, if the result would not be valid, if a change to one of these accounts or
    teams is proposed already, or if this person proposed too much within the hour.
    """
    _lock_subjects(changes, by=by)
    rows = [row for change in changes if (row := _row(change)) is not None]
    if not rows:
        raise ActionError(NOTHING)
    for row in rows:
        _require_alone(row)
        check(row)
    _count_proposal(by)
    proposal = Proposal.objects.create(asked_by=by, reason=reason)
    for row in rows:
        row.proposal = proposal
    ProposedChange.objects.bulk_create(rows)
    _record(SecurityEventKind.PROPOSED, proposal, by=by)
    emails.send_proposal(proposal)
    return proposal


def _count_proposal(by: Officer) -> None:
    """Count one proposal. The caller holds the locks of officers, which come before this one."""
    now = timezone.now()
    limit = RateLimit(f"proposals by {by.pk}", HOUR, settings.PROPOSALS_PER_PERSON_AN_HOUR)
    if RateCount.objects.take([limit], now=now):
        note_reached(limit)
        resumes = london.clock(limit.window_end(now))
        raise ActionError(f"You’ve proposed {limit.limit} times in this hour. You can propose more from {resumes}.")


def reason_against(change: Change) -> str:
    """Return why this change can't be proposed now, in a sentence, or an empty text. It saves nothing."""
    try:
        row = _row(change)
        if row is None:
            raise ActionError(NOTHING_TO_CHANGE)
        _require_alone(row)
        check(row)
    except ActionError as error:
        return str(error)
    return ""


def has_other_administrator(by: Officer) -> bool:
    """Return whether there is anyone to answer what this administrator proposes."""
    others = Officer.objects.filter(role=Officer.Role.ADMINISTRATOR, is_active=True).exclude(pk=by.pk)
    return bool(others.exists())


def agree(proposal: Proposal, *, by: Officer) -> list[str]:
    """Carry out every change of the proposal, or none, and return the addresses of everyone who is told.

    Raise ActionError with the reason if one of them is no longer possible.
    """
    with all_or_in_use(IN_USE):
        _lock_open(proposal)
        changes = list(
            proposal.changes.select_related("person__bcu", "bcu", "borough", "partner").order_by("person", "pk")
        )
        people = [change.person for change in changes if change.person is not None]
        now_as = {officer.pk: officer for officer in lock_officers([by, proposal.asked_by, *people])}
        require(now_as[by.pk].is_staff)
        if by.pk == proposal.asked_by_id:
            raise ActionError(OWN_PROPOSAL)
        if by in people:
            raise ActionError(OWN_ACCOUNT)
        if not now_as[proposal.asked_by_id].is_staff:
            raise ActionError(NO_LONGER_ASKED)
        _answer(proposal, Answer.AGREED, by=by)
        _record(SecurityEventKind.PROPOSAL_AGREED, proposal, by=by)
        reader = Reader()
        notices = [apply(change, by=by, reader=reader) for change in changes]
        emails.send_answer(proposal)
        return emails.send_powers_changed(proposal, notices)


@transaction.atomic
def expire(proposal: Proposal) -> None:
    """Say that nobody answered within 7 days, and tell the administrator who proposed it."""
    rows = Proposal.objects.unanswered(timezone.now()).select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = rows.select_related("asked_by").filter(pk=proposal.pk).first()
    if found is not None:
        save_changes(found, answer=Answer.EXPIRED, answered_at=timezone.now())
        emails.send_unanswered(found)


@transaction.atomic
def refuse(proposal: Proposal, *, by: Officer) -> None:
    """Leave everything as it is. The administrator who proposed it withdraws it instead.

    Nobody refuses what is about their own account: others decide whether they stay what they are.
    """
    _lock_open(proposal)
    by.refresh_from_db(fields=["role", "is_active"])
    require(by.is_staff)
    is_own = by.pk == proposal.asked_by_id
    if not is_own and proposal.changes.filter(person=by).exists():
        raise ActionError(OWN_ACCOUNT)
    _answer(proposal, Answer.WITHDRAWN if is_own else Answer.REFUSED, by=by)
    _record(SecurityEventKind.PROPOSAL_REFUSED, proposal, by=by)
    if not is_own:
        emails.send_answer(proposal)


def _row(change: Change) -> ProposedChange | None:
    """Return the change with the values of now, or None if nothing would change."""
    row = ProposedChange(kind=change.kind, after=dict(change.after), **_subject(change))
    if row.subject is None:
        return row
    row.subject.refresh_from_db()
    if row.person is not None and not row.person.is_active and row.kind != Kind.REOPENING:
        raise ActionError(CLOSED)
    now = read(row.subject, change.after)
    row.after = {name: value for name, value in change.after.items() if value != now[name]}
    row.before = read(row.subject, {*row.after, *(WHO if row.person is not None else ())})
    return row if row.after or row.kind == Kind.SECOND_FACTOR else None


def _lock_subjects(changes: Sequence[Change], *, by: Officer) -> None:
    """Lock everyone and everything that the changes are about, so that of two proposals at once only one is made."""
    people = [change.subject for change in changes if isinstance(change.subject, Officer)]
    now_as = {officer.pk: officer for officer in lock_officers([by, *people])}
    require(now_as[by.pk].is_staff)
    for rows in (BoroughCommandUnit.objects.all(), Borough.objects.all(), Partner.objects.all()):
        pks: list[Any] = [change.subject.pk for change in changes if isinstance(change.subject, rows.model)]
        list(rows.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def _subject(change: Change) -> dict[str, Subject]:
    match change.subject:
        case Officer():
            return {"person": change.subject}
        case BoroughCommandUnit():
            return {"bcu": change.subject}
        case Borough():
            return {"borough": change.subject}
        case Partner():
            return {"partner": change.subject}
    return {}


def _require_alone(row: ProposedChange) -> None:
    """Raise ActionError if an open proposal is about the same account, address, team, borough or partner."""
    same = Q(person=row.person_id, person__isnull=False)
    same |= Q(bcu=row.bcu_id, bcu__isnull=False) | Q(borough=row.borough_id, borough__isnull=False)
    same |= Q(partner=row.partner_id, partner__isnull=False)
    if row.kind == Kind.NEW_ACCOUNT:
        same = Q(kind=Kind.NEW_ACCOUNT, after__email__iexact=row.after["email"])
    if ProposedChange.objects.filter(same, proposal__in=Proposal.objects.open(timezone.now())).exists():
        raise ActionError(f"A change to {row.about} is already proposed. Have it answered, or withdraw it, first.")


def _lock_open(proposal: Proposal) -> None:
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("asked_by")
    proposal.refresh_from_db(from_queryset=rows)
    if not proposal.is_open(timezone.now()):
        raise TransitionNotAllowed("Someone has already answered this, or its 7 days are over.")


def _answer(proposal: Proposal, answer: Answer, *, by: Officer) -> None:
    save_changes(proposal, answer=answer, answered_by=by, answered_at=timezone.now())


def _record(kind: SecurityEventKind, proposal: Proposal, *, by: Officer) -> None:
    """Write one line. It names the person if the proposal is about one alone."""
    changes = list(proposal.changes.select_related("person"))
    subject = changes[0].person if len(changes) == 1 else None
    record_security_event(kind, officer=by, subject=subject, count=len(changes), reason=proposal.reason)
