"""Jobs that write to followers, and forget those who did not confirm or can't be reached. Each is safe to run twice."""

import datetime

from figures.following import actions
from figures.following.emails import THREAD_PREFIX
from figures.models.followers import FollowedArea, Follower
from figures.models.snapshots import Snapshot
from outbox.jobs import BATCH, for_each
from outbox.models import Message
from outbox.statuses import UNDELIVERED
from walkandtalk.lib import london

SEND_FROM, SEND_UNTIL = datetime.time(9), datetime.time(18)
"""Snapshots are made just after midnight, when a phone that lights up would be noticed."""


def send_updates(now: datetime.datetime) -> None:
    """Tell followers of a new quarter, by day."""
    newest = Snapshot.objects.newest()
    if newest and SEND_FROM <= london.local(now).time() < SEND_UNTIL:
        rows = Follower.objects.to_tell_of(newest).order_by("pk")
        for_each(rows[:BATCH], lambda follower: actions.send_update(follower, newest, now=now))


def forget_unconfirmed(now: datetime.datetime) -> None:
    """Forget the areas that nobody confirmed within a week."""
    rows = FollowedArea.objects.never_confirmed(now).order_by("pk")
    for_each(rows[:BATCH], actions.forget_unconfirmed)


def forget_unreachable(now: datetime.datetime) -> None:
    """Forget the addresses that bounced or were refused."""
    lost = Message.objects.filter(thread__startswith=THREAD_PREFIX, state__in=UNDELIVERED, resolved_at=None)
    for_each(lost.order_by("number")[:BATCH], actions.settle_undelivered)
