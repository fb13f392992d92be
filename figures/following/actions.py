"""Actions of someone who follows areas. Their address alone says who they are (docs/rules.md#following-an-area)."""

import datetime

from django.db import transaction

from accounts.limits import RateLimit
from accounts.models import RateCount
from bookings.request_form.actions import DAY, stay_within_limits
from figures.following import emails
from figures.models.followers import FollowedArea, Follower
from figures.models.snapshots import Snapshot
from outbox.actions import erase_thread, mark_resolved, resolve_thread
from outbox.models import Message
from outbox.statuses import State, Step
from walkandtalk.lib.rows import save_changes

ASKED_OF_AN_ADDRESS_A_DAY = 3


@transaction.atomic
def ask_to_follow(area: str, *, email: str, network: str, now: datetime.datetime) -> None:
    """Send this address one message that asks whether it was them.

    A known address gets the same message, for the same work. An address gets few of these a day,
    whoever asks. Further requests change nothing and get the same answer.
    """
    stay_within_limits(network, email="", what="update")
    if RateCount.objects.increment_all(address=_limit_of_address(email)):
        return
    follower = Follower.objects.add(email)
    emails.confirm(follower, FollowedArea.objects.ask(follower, area, now=now), now=now)


def _limit_of_address(email: str) -> RateLimit:
    return RateLimit(f"update to {email.strip().lower()}", DAY, ASKED_OF_AN_ADDRESS_A_DAY)


@transaction.atomic
def confirm_area(area: FollowedArea, *, now: datetime.datetime) -> None:
    """Follow this area from the next update on. What is published already is no news to someone who begins."""
    follower = Follower.objects.lock(area.follower_id)
    if follower is None or not FollowedArea.objects.filter(pk=area.pk, confirmed_at=None).exists():
        return
    if not follower.confirmed_areas:
        newest = Snapshot.objects.newest()
        save_changes(follower, told_of=newest.first_day if newest else None)
    save_changes(area, confirmed_at=now)


@transaction.atomic
def send_update(follower: Follower, snapshot: Snapshot, *, now: datetime.datetime) -> None:
    """Write once about this quarter, whatever number of areas they follow, and erase what earlier messages said."""
    locked = Follower.objects.to_tell_of(snapshot).lock(follower.pk)
    if locked is None:
        return
    erase_thread(emails.follower_thread(locked.pk), expired_by=now)
    emails.update(locked, snapshot, now=now)
    save_changes(locked, told_of=snapshot.first_day)


@transaction.atomic
def stop_updates(follower: Follower) -> None:
    """Forget the address, its areas and our messages to it."""
    if Follower.objects.lock(follower.pk) is not None:
        thread = emails.follower_thread(follower.pk)
        erase_thread(thread)
        resolve_thread(thread)
        follower.delete()


@transaction.atomic
def forget_unconfirmed(area: FollowedArea) -> None:
    """Forget an area that nobody confirmed, and the address if it follows no other."""
    follower = Follower.objects.lock(area.follower_id)
    if follower is None:
        return
    FollowedArea.objects.filter(pk=area.pk, confirmed_at=None).delete()
    if not follower.areas.exists():
        stop_updates(follower)


@transaction.atomic
def settle_undelivered(message: Message) -> None:
    """Forget an address that its mail server refused. After a fault of ours the next update is tried as usual."""
    is_refused = message.state == State.BOUNCED or message.log.filter(step=Step.REFUSED).exists()
    follower = Follower.objects.lock(emails.follower_of_thread(message.thread))
    if follower is not None and is_refused:
        stop_updates(follower)
    mark_resolved(message)


def forget_address(email_hmacs: list[str]) -> None:
    """Stop the updates to an address whose owner asked us to delete everything."""
    if email_hmacs and (follower := Follower.objects.filter(email_hmac__in=email_hmacs).first()) is not None:
        stop_updates(follower)
