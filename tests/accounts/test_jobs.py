"""Expired sessions and old sign-in records are deleted."""

import datetime

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.jobs import delete_expired_sessions, delete_old_sign_ins
from tests.support.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_expired_sessions_go_and_others_stay(client, inspector):
    client.force_login(inspector)
    live = Session.objects.get()
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())

    delete_expired_sessions(timezone.now())

    assert Session.objects.get() == live


def test_sign_in_records_go_after_a_year(client, inspector):
    client.post("/staff/sign-in/", {"username": "other@example.com", "password": "wrong"})
    client.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD})
    made = [AccessAttempt.objects.count(), AccessLog.objects.count()]
    now = timezone.now()

    delete_old_sign_ins(now + datetime.timedelta(days=364))
    kept = [AccessAttempt.objects.count(), AccessLog.objects.count()]
    delete_old_sign_ins(now + datetime.timedelta(days=366))

    assert made == kept
    assert all(made)
    assert [AccessAttempt.objects.count(), AccessLog.objects.count()] == [0, 0]
