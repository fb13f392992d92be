"""A second inspector agrees before a colleague changes how the requester is reached.

docs/rules.md#a-second-inspector
"""

from django.db import transaction
from django.utils import timezone

from bookings.approvals import emails
from bookings.decisions.spoken_with import SpokenWith, check_spoken_with
from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.approvals import Approval, ApprovalQuerySet
from bookings.models.bookings import Booking
from bookings.notices.security_notices import current_route
from bookings.permissions import can_decide
from bookings.statuses import ContactMethod, EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

APPROVAL_REQUESTED = (
    "A second inspector has to agree to this. We’ve asked your colleagues. "
    "When one has agreed, come back here within the hour and press the button again."
)


class ApprovalNeeded(ActionError):
    """A second inspector has to agree to this act first."""


def needs_approval(booking: Booking, act: EventKind, method: ContactMethod, *, email: str = "") -> bool:
    """Return whether a second inspector has to agree: unless they spoke by phone, and if no notice could reach her.

    A freeze can be lifted by phone without one, because the inspector is from another BCU. A new address needs one: the
    notice goes only there, and never to the earlier address, which may be the abuser's.
    """
    if method != ContactMethod.PHONE:
        return True
    if act == EventKind.UNFROZEN:
        return email not in ("", booking.contact.email)
    return current_route(booking) is None


def authorise(booking: Booking, act: EventKind, spoken: SpokenWith, *, by: Officer, email: str = "") -> Officer | None:
    """Check that this inspector may act now, and return the second inspector if one had to agree.

    The caller holds the booking's lock. Raise ActionError if she has not opened the requester's number in the last
    hour, or ApprovalNeeded if nobody has agreed yet. An approval is used once.
    """
    check_spoken_with(booking, spoken, by=by)
    if not needs_approval(booking, act, spoken.method, email=email):
        return None
    # What was agreed to is encrypted, so it is compared here and not in the query.
    asked = (spoken.method, spoken.place, email)
    usable = _usable(booking, act, by=by)
    approval = next((row for row in usable if (row.method, row.place, row.email) == asked), None)
    if approval is None:
        raise ApprovalNeeded("A second inspector has to agree first. Ask them now: they have an hour to answer.")
    save_changes(approval, used_at=timezone.now())
    return approval.approved_by


@transaction.atomic
def request_approval(booking: Booking, act: EventKind, spoken: SpokenWith, *, by: Officer, email: str = "") -> Approval:
    """Ask the other inspectors of the team, and the nominated inspector elsewhere. Asking twice asks once."""
    lock_booking(booking)
    require(can_decide(by, booking))
    for pending in Approval.objects.pending(timezone.now()).filter(booking=booking, act=act, requested_by=by):
        if (pending.method, pending.place, pending.email) == (spoken.method, spoken.place, email):
            return pending
    approval = Approval.objects.create(
        booking=booking, act=act, method=spoken.method, place=spoken.place, email=email, requested_by=by
    )
    event = record(EventKind.APPROVAL_REQUESTED, booking=booking, by=by, code=spoken.method, note=spoken.place)
    emails.approval_requested(booking, event, approval)
    return approval


@transaction.atomic
def approve(approval: Approval, *, by: Officer) -> None:
    """Agree to a colleague's act. She then has an hour to carry it out."""
    booking = approval.booking
    lock_booking(booking)
    now = timezone.now()
    require(Approval.objects.visible_to(by).filter(pk=approval.pk).exists())
    approval.refresh_from_db(from_queryset=Approval.objects.select_related("booking"))
    if not approval.is_pending(now):
        raise TransitionNotAllowed("Someone has answered this already, or the hour is over.")
    save_changes(approval, approved_by=by, approved_at=now)
    record(EventKind.APPROVED, booking=booking, by=by)


def usable_approval(booking: Booking, act: EventKind, *, by: Officer) -> Approval | None:
    """Return the newest approval that this inspector can still use for this act, to show what was agreed to."""
    return _usable(booking, act, by=by).last()


def _usable(booking: Booking, act: EventKind, *, by: Officer) -> ApprovalQuerySet:
    approvals = Approval.objects.usable(timezone.now()).filter(booking=booking, act=act, requested_by=by)
    return approvals.order_by("approved_at")
