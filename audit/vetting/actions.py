"""The vetting gate: an auditor keeps an officer off walks, or allows them again (docs/rules.md#kept-off-walks)."""

from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from bookings.on_the_day.unavailability.actions import IN_USE, make_available_if_no_entry_remains, take_off_walks
from boroughs.models.officers import Officer, is_auditor
from boroughs.models.unavailability import Unavailability
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walks.locks import all_or_in_use, lock_officers

YOURSELF = "You can’t decide this about yourself. Another auditor has to do it."
KEPT_OFF_ALREADY = "They’re already kept off walks."
NOT_KEPT_OFF = "They’re not kept off walks."


def keep_off_walks(officer: Officer, *, by: Officer, reason: str) -> None:
    """Take the officer off all walks at once, and let nobody give them another. Nobody but auditors can tell."""
    with all_or_in_use(IN_USE):
        locked = _lock(officer, by=by)
        if Unavailability.objects.filter(officer=locked, is_vetting=True).exists():
            raise TransitionNotAllowed(KEPT_OFF_ALREADY)
        Unavailability.objects.create(officer=locked, by=by, is_vetting=True)
        record_security_event(Kind.KEPT_OFF_WALKS, officer=by, subject=locked, reason=reason)
        take_off_walks(locked)


def allow_on_walks(officer: Officer, *, by: Officer, reason: str) -> None:
    """End the gate. If their team said that they are not available, they still are not."""
    with all_or_in_use(IN_USE):
        locked = _lock(officer, by=by)
        deleted, _rows = Unavailability.objects.filter(officer=locked, is_vetting=True).delete()
        if not deleted:
            raise TransitionNotAllowed(NOT_KEPT_OFF)
        record_security_event(Kind.ALLOWED_ON_WALKS, officer=by, subject=locked, reason=reason)
        make_available_if_no_entry_remains(locked)


def _lock(officer: Officer, *, by: Officer) -> Officer:
    """Lock both, and return the officer as they are now. Only another auditor may decide."""
    now_as = {each.pk: each for each in lock_officers([officer, by])}
    require(is_auditor(now_as[by.pk]))
    if officer.pk == by.pk:
        raise ActionError(YOURSELF)
    return now_as[officer.pk]
