"""A cookie marks a browser on which a person has signed in before, so that wrong passwords of others don't stop her.

It may be the computer of a station, so it has a mark for each of the last few people. A mark holds a time, random bits,
an HMAC of the bits with the account, and one of all with the account, its password and its `access_version`. It names
nobody and opens nothing, and whatever ends her sessions ends it.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from boroughs.models.officers import Officer

MOST_PEOPLE = 10
"""The people of one browser. Of more, those who signed in last are known."""
MARK = re.compile(r"([0-9a-f]{8})\.([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Mark:
    """One mark of the cookie. `whose` shows to which account it belongs, even when `proof` is of an old password."""

    when: str
    bits: str
    whose: str
    proof: str

    def __str__(self) -> str:
        return f"{self.when}.{self.bits}.{self.whose}.{self.proof}"


def find_mark(request: HttpRequest, account: Officer | None) -> str | None:
    """Return the random bits of this person's mark, by which her tries are counted, or None if she has none here.

    A name that is nobody's takes the same number of HMACs.
    """
    person = account if account is not None else Officer()
    session_hash = person.get_session_auth_hash()
    bits = [
        mark.bits
        for mark in _marks(request)
        if constant_time_compare(_prove(mark.when, mark.bits, person, session_hash), mark.proof)
    ]
    return bits[0] if bits and account is not None and account.is_active else None


def remember_browser(request: HttpRequest, response: HttpResponse, officer: Officer) -> None:
    """Mark this browser as one of hers. She has just proved that she knows her password.

    Marks of her earlier passwords go, so that they take no place of a colleague.
    """
    # Her bits are kept, so that signing in again gives nobody more tries.
    when, bits = f"{int(timezone.now().timestamp()):08x}", find_mark(request, officer) or secrets.token_hex(16)
    proof = _prove(when, bits, officer, officer.get_session_auth_hash())
    mine = Mark(when, bits, _sign_owner(bits, officer), proof)
    others = [mark for mark in _marks(request) if mark.whose != _sign_owner(mark.bits, officer)]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ":".join(map(str, [mine, *others][:MOST_PEOPLE])),
        max_age=settings.KNOWN_BROWSER_LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )


def _marks(request: HttpRequest) -> Iterator[Mark]:
    """Yield each mark that has not expired."""
    oldest = timezone.now() - settings.KNOWN_BROWSER_LIFE
    for text in request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "").split(":")[:MOST_PEOPLE]:
        parts = MARK.fullmatch(text)
        if parts is not None and datetime.fromtimestamp(int(parts[1], 16), oldest.tzinfo) > oldest:
            yield Mark(*parts.groups())


def _sign_owner(bits: str, person: Officer) -> str:
    return _hmac(f"{bits} {person.pk}")[:32]


def _prove(when: str, bits: str, person: Officer, session_hash: str) -> str:
    return _hmac(f"{when} {bits} {person.pk} {session_hash}")


def _hmac(text: str) -> str:
    return salted_hmac("accounts.known_browsers", text, algorithm="sha256").hexdigest()
