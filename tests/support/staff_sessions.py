"""A session in another browser."""

import time

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import StaffSession


def sign_in_elsewhere(officer, browser="Safari on iPhone"):
    now = int(time.time())
    store = SessionStore()
    store.update({HASH_SESSION_KEY: officer.get_session_auth_hash(), "seen_at": now, "signed_in_at": now})
    store.save()
    return StaffSession.objects.create(officer=officer, session_key=store.session_key, browser=browser)
