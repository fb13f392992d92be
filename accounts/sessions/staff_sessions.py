"""The browsers in which someone has signed in: which are open, and signing them out."""

import datetime
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from accounts.models import StaffSession
from accounts.sessions.browsers import browser_in_words
from boroughs.models.officers import Officer

SESSION_KEY = "staff_session"


@dataclass(frozen=True)
class OpenSession:
    """One line of the list. `seen_at` is right to half a minute."""

    row: StaffSession
    seen_at: datetime.datetime
    is_this: bool


def list_session(request: HttpRequest, officer: Officer) -> None:
    """List the session that has just started. Only `renew_key` may change its key after that."""
    browser = browser_in_words(request.headers.get("User-Agent", ""))
    row = StaffSession.objects.create(officer=officer, session_key=_key(request), browser=browser)
    request.session[SESSION_KEY] = row.pk


def keep_signed_in(request: HttpRequest, officer: Officer) -> None:
    """Keep this browser signed in, with a new key, after an act that has ended all of this person's sessions."""
    update_session_auth_hash(request, officer)
    _list_new_key(request)


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, and keep it on the list of whoever is signed in with it."""
    request.session.cycle_key()
    _list_new_key(request)


def _list_new_key(request: HttpRequest) -> None:
    if SESSION_KEY in request.session:
        StaffSession.objects.filter(pk=request.session[SESSION_KEY]).update(session_key=_key(request))


def _key(request: HttpRequest) -> str:
    key = request.session.session_key
    assert key is not None  # noqa: S101  # the session has been saved
    return key


def open_sessions(officer: Officer, *, this: str | None) -> list[OpenSession]:
    """Return the sessions in which this person is signed in, the newest first. `this` is the key of the current one."""
    rows = list(StaffSession.objects.visible_to(officer).order_by("-started_at", "-pk"))
    seen = _seen_at(officer, [row.session_key for row in rows])
    return [
        OpenSession(row, seen_at=seen[row.session_key], is_this=row.session_key == this)
        for row in rows
        if row.session_key in seen
    ]


def _seen_at(officer: Officer, keys: list[str]) -> dict[str, datetime.datetime]:
    """Return when each session that has not ended was last used, by its key."""
    valid = officer.get_session_auth_hash()
    contents = {row.session_key: row.get_decoded() for row in Session.objects.filter(session_key__in=keys)}
    return {
        key: datetime.datetime.fromtimestamp(content["seen_at"], datetime.UTC)
        for key, content in contents.items()
        if content.get(HASH_SESSION_KEY) == valid
    }
