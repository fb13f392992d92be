"""A form that an officer sent after her session had ended: kept until she signs in again, and shown to nobody else.

It is encrypted for her in the session of her browser. The answers come from this request, so they are in no address.
"""

import base64
import json
import time
from datetime import timedelta

from django.http import HttpRequest, QueryDict

from boroughs.models.officers import Officer
from walkandtalk.lib.encryption import decrypt, encrypt

KEPT_FOR = timedelta(minutes=15)
SESSION_KEY = "unsent_form"
PAGES_WITH_SECRETS = ("account_login", "account_reauthenticate", "mfa_")
"""Beginnings of the names in accounts/allauth_urls.py, which have no namespace."""
CSRF_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


def keep_unsent_form(request: HttpRequest, officer: Officer) -> None:
    """Keep what was posted to a staff page. Never keep passwords: those of `accounts`, and those in Django's admin."""
    if not _may_be_kept(request):
        return
    typed = [(name, values) for name, values in request.POST.lists() if name != CSRF_TOKEN]
    request.session[SESSION_KEY] = {
        "officer": officer.pk,
        "path": request.path,
        "until": int(time.time() + KEPT_FOR.total_seconds()),
        "sealed": base64.b64encode(encrypt(json.dumps(typed), place=_place(officer))).decode(),
    }


def is_form_kept(request: HttpRequest) -> bool:
    kept = request.session.get(SESSION_KEY)
    return kept is not None and kept["until"] > time.time()


def read_unsent_form(request: HttpRequest, officer: Officer) -> QueryDict | None:
    """Return what this officer sent to this address. Delete it if it is sent, too old or another officer's."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    is_here = kept["path"] == request.path
    if not is_form_kept(request) or kept["officer"] != officer.pk or (is_here and request.method == "POST"):
        del request.session[SESSION_KEY]
        return None
    return _unseal(kept["sealed"], officer) if is_here else None


def _may_be_kept(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or request.method != "POST" or not match.route.startswith("staff/"):
        return False
    return match.app_name != "accounts" and not match.view_name.startswith(PAGES_WITH_SECRETS)


def _unseal(sealed: str, officer: Officer) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, values in json.loads(decrypt(base64.b64decode(sealed), place=_place(officer))):
        typed.setlist(name, values)
    return typed


def _place(officer: Officer) -> str:
    return f"unsent.form.{officer.pk}"
