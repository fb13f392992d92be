"""An act on many is undone with one press, while its messages are held."""

import pytest
import time_machine
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.statuses import Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import ClaimFactory
from tests.support.many import do

pytestmark = pytest.mark.django_db

ANSWERS = {"reason": "no_officers", "alternatives": ["other_time"]}


@pytest.fixture
def declined(as_inspector, southwark, inspector, settings):
    """Three bookings that were declined with one press, and the page that said so."""
    settings.UNDO_SECONDS = 30
    bookings = [ClaimFactory(booking__borough=southwark, officer=inspector).booking for _each in range(3)]
    return bookings, do(as_inspector, "triage:decline_many", *bookings, **ANSWERS)


def undo(client):
    return client.post(reverse("undo:undo_all"), follow=True).text


def test_summary_offers_to_undo_all_of_them(declined):
    _bookings, page = declined

    assert f'action="{reverse("undo:undo_all")}"' in page.text
    assert "Undo all 3" in " ".join(page.text.split())


def test_one_press_undoes_all_of_them(as_inspector, declined):
    text = undo(as_inspector)

    assert "3 of 3 undone." in text
    assert set(Booking.objects.values_list("status", flat=True)) == {Status.WAITING}
    assert set(Message.objects.values_list("state", flat=True)) == {State.UNDONE}
    assert "There’s nothing left to undo." in undo(as_inspector)


def test_one_that_has_changed_since_stops_no_other(as_inspector, declined):
    bookings, _page = declined
    Booking.objects.filter(pk=bookings[1].pk).update(channel="none")

    text = undo(as_inspector)

    assert "2 of 3 undone." in text
    assert "1 not undone. Someone has changed this since you decided" in text


def test_none_is_undone_once_the_messages_have_gone(as_inspector, declined):
    with time_machine.travel(UndoableDecision.objects.latest("release_at").release_at, tick=False):
        text = undo(as_inspector)

    assert "3 not undone." in text
    assert set(Booking.objects.values_list("status", flat=True)) == {Status.DECLINED}
