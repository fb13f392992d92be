"""Answers are kept for an hour, and can be kept longer without leaving the page."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import make_complete_draft
from walkandtalk.lib import london

KEEP = "/request/keep/"


@pytest.fixture
def woman(client, southwark):
    _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()
    Draft.objects.update(expires_at=in_minutes(5))
    return client


def in_minutes(minutes):
    return timezone.now() + datetime.timedelta(minutes=minutes)


def test_get_does_not_extend_the_answers(woman):
    answer = woman.get(KEEP).json()

    draft = Draft.objects.get()
    assert 290 < answer["seconds"] <= 300
    assert answer["until"] == london.clock(draft.expires_at)
    assert draft.expires_at < in_minutes(6)


def test_post_keeps_the_answers_for_another_hour(woman):
    previous_answers = Draft.objects.get().answers

    answer = woman.post(KEEP).json()

    draft = Draft.objects.get()
    assert 3590 < answer["seconds"] <= 3600
    assert draft.expires_at > in_minutes(59)
    assert draft.answers == previous_answers
    assert woman.cookies[settings.ANSWERS_COOKIE_NAME]["max-age"] == 7200


@pytest.mark.parametrize("minutes", [-1, None])
def test_expired_answers_do_not_come_back(woman, minutes):
    if minutes is None:
        woman.get("/leave")
    Draft.objects.update(expires_at=in_minutes(-1))

    assert woman.post(KEEP).json() == {"seconds": 0}
    assert not Draft.objects.filter(expires_at__gt=timezone.now()).exists()


def test_answers_cannot_be_kept_by_another_browser(woman):
    assert Client().post(KEEP).json() == {"seconds": 0}
    assert Draft.objects.get().expires_at < in_minutes(6)


@pytest.mark.parametrize("path", ["/request/name/", "/request/when/", "/request/contact/", "/request/check/"])
def test_pages_without_javascript_say_how_long_answers_are_kept(woman, path):
    page = woman.get(path).text

    assert (
        f"We’ll delete your answers at <span data-until>{london.clock(Draft.objects.get().expires_at)}</span>" in page
    )
