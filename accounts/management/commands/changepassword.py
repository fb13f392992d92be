"""Django's command, with a line in the security log."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access
from boroughs.models.officers import Officer


class Command(changepassword.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        done = super().handle(*args, **options)
        officer = Officer.objects.get(email=options["username"] or getpass.getuser())
        end_access(officer)
        record_security_event(Kind.PASSWORD_CHANGED, subject=officer)
        return done
