"""Whether a proposed change would be valid. Asked when it is proposed, and again when it is carried out."""

from copy import copy

from django.core.exceptions import ValidationError

from accounts.force_sign_in.rules import is_break_glass_email
from administration.models import ProposedChange
from administration.proposals.values import Subject, fields
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError

Kind = ProposedChange.Kind


def check(change: ProposedChange) -> None:
    """Raise ActionError with the reason if the change would leave an account, a team or a borough that is not valid."""
    row = _changed_row(change)
    try:
        if isinstance(row, Officer):
            check_address(row.email, before=str(change.before.get("email", row.email)) if change.before else "")
        row.full_clean(exclude=["password"] if isinstance(row, Officer) else None)
    except ValidationError as error:
        raise ActionError(" ".join(_named(change, text) for text in error.messages)) from error


def _changed_row(change: ProposedChange) -> Subject:
    """Return the account, team or borough as it would be, unsaved."""
    row = copy(change.subject) or Officer()
    for name, value in fields(change.after).items():
        setattr(row, name, value)
    return row


def check_address(email: str, *, before: str) -> None:
    """Let nobody become the account for emergencies, or take its place, by a change of address."""
    is_taken, was_taken = is_break_glass_email(email), is_break_glass_email(before)
    if is_taken and not was_taken:
        raise ValidationError("Enter another address. This one is reserved for the account for emergencies.")
    if was_taken and not is_taken:
        raise ValidationError("Leave this address as it is. It belongs to the account for emergencies.")


def _named(change: ProposedChange, text: str) -> str:
    return f"{change.after['name']}: {text}" if change.kind == Kind.NEW_ACCOUNT else text
