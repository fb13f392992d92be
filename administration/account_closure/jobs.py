"""The job that finishes what the force's own sign-in begins when it refuses someone who has left."""

import datetime

from accounts.models import UnfinishedClosure
from administration.account_closure.actions import finish_closure
from outbox.jobs import BATCH, for_each


def finish_closures(_now: datetime.datetime) -> None:
    """Hand on what people have left whose accounts are closed already."""
    for_each(UnfinishedClosure.objects.select_related("officer").order_by("pk")[:BATCH], finish_closure)
