"""The last invitation that a person got, as an administrator sees it."""

import datetime
from dataclasses import dataclass
from typing import Self

from accounts.emails import account_thread
from accounts.models import PasswordLink
from boroughs.models.officers import Officer
from outbox.models import Message


@dataclass(frozen=True)
class LastInvitation:
    message: Message | None
    works_until: datetime.datetime | None
    """When its link ends, or None if it has ended already."""

    @classmethod
    def of(cls, person: Officer, *, now: datetime.datetime) -> Self:
        message = Message.objects.in_thread(account_thread(person)).filter(kind="account_invited").last()
        links = PasswordLink.objects.working(now).filter(officer=person, purpose=PasswordLink.Purpose.INVITATION)
        works_until = [link.expires_at for link in links if link.was_sent_to(person.email)]
        return cls(message, next(iter(works_until), None))
