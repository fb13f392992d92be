"""The words of the last search, so that its results can be read again after a look at one of them.

They are kept for 15 minutes, encrypted for the inspector in the session of her browser, and are in no address.
"""

import base64
import time
from datetime import timedelta

from django.http import HttpRequest

from boroughs.models.officers import Officer
from walkandtalk.lib.encryption import decrypt, encrypt

KEPT_FOR = timedelta(minutes=15)
SESSION_KEY = "search"


def keep_words(request: HttpRequest, words: str, *, of: Officer) -> None:
    sealed = encrypt(words, place=_place(of))
    until = int(time.time() + KEPT_FOR.total_seconds())
    request.session[SESSION_KEY] = {"until": until, "sealed": base64.b64encode(sealed).decode()}


def read_words(request: HttpRequest, *, of: Officer) -> str:
    """Return the words, or "" if there are none or they are too old."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return ""
    if kept["until"] < time.time():
        del request.session[SESSION_KEY]
        return ""
    return decrypt(base64.b64decode(kept["sealed"]), place=_place(of))


def _place(officer: Officer) -> str:
    return f"search.words.{officer.pk}"
