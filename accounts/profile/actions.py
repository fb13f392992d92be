"""Changes to one's own account."""

from django.db import transaction

from accounts.models import SecurityEventKind
from accounts.new_passwords.emails import send_password_set
from accounts.second_factor.tries import forget_wrong_second_steps
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def change_own_password(officer: Officer, hashed: str) -> Officer:
    """Save the hash of her new password, end her sessions and feeds, and return her as she is then.

    Hashing takes a second. If her access has ended meanwhile, the new password must not bring it back.
    """
    now = lock_account(officer)
    require(now.is_active and now.access_version == officer.access_version)
    save_changes(now, password=hashed)
    end_access(now)
    forget_wrong_second_steps(now)
    send_password_set(now, record_security_event(SecurityEventKind.PASSWORD_CHANGED, officer=now, subject=now))
    return now
