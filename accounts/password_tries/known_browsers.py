"""A cookie marks a browser on which a person has signed in before, so that wrong passwords of others don't stop her.

It may be the computer of a station, so it has a mark for each of the last few people. A mark holds a time, random bits,
and an HMAC of both with the account, its password and its `access_version`. It names nobody and opens nothing, and
whatever ends her sessions ends it.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from boroughs.models.officers import Officer

MOST_PEOPLE = 10
"""The people of one browser. Of more, those who signed in last are known."""
MARK = re.compile(r"([0-9a-f]{8})\.([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)


def find_mark(request: HttpRequest, account: Officer | None) -> str | None:
    """Return the random bits of this person's mark, by which her tries are counted, or None if she has none here.

    A name that is nobody's takes the same work.
    """
    marks = [bits for when, bits, hmac in _marks(request) if constant_time_compare(_sign(account, when, bits), hmac)]
    return marks[0] if marks and account is not None and account.is_active else None


def remember_browser(request: HttpRequest, response: HttpResponse, officer: Officer) -> None:
    """Mark this browser as one of hers. She has just proved that she knows her password."""
    mine = find_mark(request, officer)  # kept, so that signing in again gives nobody more tries
    when, bits = f"{int(timezone.now().timestamp()):08x}", mine or secrets.token_hex(16)
    others = [".".join(parts) for parts in _marks(request) if parts[1] != mine]
    marks = [".".join([when, bits, _sign(officer, when, bits)]), *others]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ":".join(marks[:MOST_PEOPLE]),
        max_age=settings.KNOWN_BROWSER_LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )


def _marks(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of each mark that has not expired: when it was made, its random bits, and the HMAC."""
    oldest = timezone.now() - settings.KNOWN_BROWSER_LIFE
    for text in request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "").split(":")[:MOST_PEOPLE]:
        mark = MARK.fullmatch(text)
        if mark is not None and datetime.fromtimestamp(int(mark[1], 16), oldest.tzinfo) > oldest:
            yield mark[1], mark[2], mark[3]


def _sign(account: Officer | None, when: str, bits: str) -> str:
    whose = f"{account.pk} {account.get_session_auth_hash()}" if account is not None else ""
    return salted_hmac("accounts.known_browsers", f"{when} {bits} {whose}", algorithm="sha256").hexdigest()
