"""Expired sessions are deleted."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.jobs import delete_expired_sessions

pytestmark = pytest.mark.django_db


def test_expired_sessions_go_and_others_stay(client, inspector):
    client.force_login(inspector)
    live = Session.objects.get()
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())

    delete_expired_sessions(timezone.now())

    assert Session.objects.get() == live
