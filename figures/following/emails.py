"""Messages to followers. They name no area and no service, because someone else may read her inbox."""

import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from figures.models.followers import CONFIRM_WITHIN, Follower
from figures.models.snapshots import Snapshot
from outbox.actions import queue_message
from outbox.composing.compose import render
from walkandtalk.lib import tokens

THREAD_PREFIX = "follower:"
DISCREET_URLCONF = "walkandtalk.discreet_urls"
KEEP_UPDATE = datetime.timedelta(days=30)
"""The content of an update is erased with the first one after this."""


def follower_thread(follower: UUID) -> str:
    return f"{THREAD_PREFIX}{follower}"


def follower_of_thread(thread: str) -> UUID:
    return UUID(thread.removeprefix(THREAD_PREFIX))


def confirm(follower: Follower, token: str, *, now: datetime.datetime) -> None:
    """Ask whether it was them, at an address that anyone can have typed."""
    key = f"follower_confirm:{tokens.short_hmac(token)}"
    _write(follower, "follower_confirm", key=key, link=_url("updates:confirm", token), expires_at=now + CONFIRM_WITHIN)


def update(follower: Follower, snapshot: Snapshot, *, now: datetime.datetime) -> None:
    """Say that there is something new to read."""
    key = f"follower_update:{snapshot.first_day}"
    link = _url("updates:open", follower.token)
    _write(follower, "follower_update", key=key, link=link, expires_at=now + KEEP_UPDATE)


def _write(follower: Follower, kind: str, *, key: str, link: str, expires_at: datetime.datetime) -> None:
    stop = _url("updates:stop", follower.token)
    queue_message(
        dedupe_key=f"follower:{follower.pk}:{key}",
        thread=follower_thread(follower.pk),
        recipient=follower.email,
        sender=settings.DISCREET_FROM_EMAIL,
        expires_at=expires_at,
        unsubscribe_url=stop,
        **render(kind, {"link": link, "stop": stop}, is_discreet=True),
    )


def _url(name: str, token: str) -> str:
    return f"{settings.DISCREET_URL}{reverse(name, urlconf=DISCREET_URLCONF, args=[token])}"
