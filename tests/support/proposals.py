"""Changes that two administrators make, as they make them."""

from administration.models import ProposedChange
from administration.proposals.actions import Change, agree, propose
from tests.support.people import make_administrator

Kind = ProposedChange.Kind


def change_by_two(subject, kind=Kind.ACCOUNT, **after):
    """Propose these values and agree to them. Return the administrator who agreed."""
    proposal = propose([Change(kind=kind, subject=subject, after=after)], by=make_administrator(), reason="Needed")
    second = make_administrator()
    agree(proposal, by=second)
    if subject is not None:
        subject.refresh_from_db()
    return second


def reopen_by_two(person):
    """Let someone whose account was closed sign in again."""
    return change_by_two(person, Kind.REOPENING, is_active=True)
