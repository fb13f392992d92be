"""One act for many people: each in a transaction of their own, so that one who can't be changed stops nobody else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from administration.account_changes import change_account
from administration.account_closure.actions import close_account
from administration.admin_history import record_in_history
from administration.handing_on import IN_USE
from administration.models import Proposal, ProposedChange
from administration.proposals.actions import Change, propose, reason_against
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walks.locks import all_or_in_use, lock_officers

MOST_AT_ONCE = 100
"""The most people of one act: a page of the admin's list."""

CLOSED = "Their account is closed."
NEEDS_TWO = "They’re no longer an officer, so a second administrator has to agree. Choose them again."


@dataclass(frozen=True)
class Outcome:
    """People changed at once, people whose change waits for another administrator, and those left, with why."""

    done: list[Officer] = field(default_factory=list)
    proposed: list[Officer] = field(default_factory=list)
    refused: list[tuple[Officer, str]] = field(default_factory=list)
    proposal: Proposal | None = None


def moves_at_once(person: Officer) -> bool:
    """Return whether one administrator may move this person. Everyone but an officer needs two."""
    return person.role == Officer.Role.OFFICER


def move_people(people: Sequence[Officer], bcu: BoroughCommandUnit, *, by: Officer, reason: str) -> Outcome:
    """Move officers to this BCU now, and propose to move everyone else."""
    require(by.is_staff)
    officers = [person for person in people if moves_at_once(person)]
    done, refused = _each(officers, lambda person: _move(person, bcu, by=by), act="move", by=by, reason=reason)
    changes = [_account(person, bcu=bcu.code) for person in people if not moves_at_once(person)]
    return _propose(changes, by=by, reason=reason, done=done, refused=refused)


def set_leads_walks(people: Sequence[Officer], leads_walks: bool, *, by: Officer, reason: str) -> Outcome:
    """Propose that these people lead walks, or no longer do."""
    require(by.is_staff)
    return _propose([_account(person, leads_walks=leads_walks) for person in people], by=by, reason=reason)


def close_accounts(people: Sequence[Officer], *, by: Officer, reason: str) -> Outcome:
    """Close each account, and hand on what was theirs."""
    require(by.is_staff)
    done, refused = _each(people, lambda person: close_account(person, by=by), act="close", by=by, reason=reason)
    return Outcome(done=done, refused=refused)


def _each(
    people: Sequence[Officer], act_on: Callable[[Officer], object], *, act: str, by: Officer, reason: str
) -> tuple[list[Officer], list[tuple[Officer, str]]]:
    """Act on one after the other. The line of the batch comes first, so that the auditor hears of it in any case."""
    done, refused = [], []
    if people:
        kind = SecurityEventKind.PEOPLE_CHANGED
        record_security_event(kind, officer=by, change=act, count=len(people), reason=reason)
    for person in people:
        try:
            act_on(person)
        except ActionError as error:
            refused.append((person, str(error)))
        else:
            done.append(person)
    return done, refused


def _move(person: Officer, bcu: BoroughCommandUnit, *, by: Officer) -> None:
    with all_or_in_use(IN_USE):
        now_as = {officer.pk: officer for officer in lock_officers([person, by])}
        require(now_as[by.pk].is_staff)
        now = now_as[person.pk]
        if not now.is_active:
            raise ActionError(CLOSED)
        if not moves_at_once(now):
            raise ActionError(NEEDS_TWO)
        if now.bcu_id == bcu.pk:
            raise ActionError(f"They belong to {bcu} already.")
        change_account(now, by=by, announces_move=True, bcu=bcu)
        record_in_history(now, ["bcu"], by=by)


def _account(person: Officer, **after: str | bool) -> Change:
    return Change(kind=ProposedChange.Kind.ACCOUNT, subject=person, after=after)


def _propose(
    changes: Sequence[Change],
    *,
    by: Officer,
    reason: str,
    done: Sequence[Officer] = (),
    refused: Sequence[tuple[Officer, str]] = (),
) -> Outcome:
    """Propose all changes that can be proposed as one."""
    against = [(change, CLOSED if not _person(change).is_active else reason_against(change)) for change in changes]
    possible = [change for change, words in against if not words]
    refused = [*refused, *((_person(change), words) for change, words in against if words)]
    proposed = [_person(change) for change in possible]
    try:
        proposal = propose(possible, by=by, reason=reason) if possible else None
    except ActionError as error:  # someone else was quicker
        refused += [(person, str(error)) for person in proposed]
        proposal, proposed = None, []
    return Outcome(done=list(done), proposed=proposed, refused=list(refused), proposal=proposal)


def _person(change: Change) -> Officer:
    assert isinstance(change.subject, Officer)  # noqa: S101  # `_account` made it
    return change.subject
