"""Django's command, with a line in the security log."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer


class Command(createsuperuser.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        known = list(Officer.objects.values_list("pk", flat=True))
        done = super().handle(*args, **options)
        # A colleague may have added someone meanwhile, on a page that has written its line.
        recorded = SecurityEvent.objects.filter(kind=Kind.ACCOUNT_CREATED, subject__isnull=False).values("subject")
        for officer in Officer.objects.exclude(pk__in=known).exclude(pk__in=recorded):
            record_security_event(Kind.ACCOUNT_CREATED, subject=officer, change=f"> {officer.role}")
        return done
