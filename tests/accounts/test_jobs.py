"""Expired sessions, and expired rows of the shared cache, are deleted."""

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.jobs import delete_expired_cache_rows, delete_expired_sessions

pytestmark = pytest.mark.django_db


def test_expired_sessions_go_and_others_stay(client, inspector):
    client.force_login(inspector)
    live = Session.objects.get()
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())

    delete_expired_sessions(timezone.now())

    assert Session.objects.get() == live


def test_expired_rows_of_the_shared_cache_go_and_others_stay():
    cache.set("short", 1, timeout=60)
    cache.set("long", 1, timeout=3600)

    delete_expired_cache_rows(timezone.now() + datetime.timedelta(minutes=5))

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {settings.SHARED_CACHE_TABLE}")
        assert [key for (key,) in cursor.fetchall()] == [":1:long"]
