"""Walk notes: permission to add and read them, and their erasure."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bookings.retention.actions import erase_booking
from bookings.statuses import Status
from feedback import jobs
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote
from tests.support.factories import WalkFactory, scheduled_booking
from tests.support.walk_notes import add_walk_note, post_correction, record_concern
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


# --- Writing and reading


def test_only_officers_and_inspector_of_the_walk_can_add_a_note(
    completed_booking, officer, second_officer, inspector, stranger
):
    add_walk_note(completed_booking, officer, words="Bring a torch.")
    add_walk_note(completed_booking, inspector, words="Read.")

    for nobody in (second_officer, stranger):
        with pytest.raises(PermissionDenied):
            add_walk_note(completed_booking, nobody, words="Not hers.")
    assert WalkNote.objects.count() == 2


def test_note_needs_a_walk_that_has_started(officer):
    booking = scheduled_booking([officer])

    with pytest.raises(PermissionDenied):
        add_walk_note(booking, officer, words="Early.")


def test_note_sent_twice_is_saved_once(completed_booking, officer):
    submission = uuid.uuid4()
    for _ in range(2):
        add_walk_note(completed_booking, officer, submission=submission, noted=["as_planned"])

    assert WalkNote.objects.count() == 1


def test_note_page_refuses_an_empty_note(completed_booking, officer, client):
    client.force_login(officer)

    response = client.post(
        reverse("feedback:walk_note", args=[completed_booking.walk.pk]),
        {"submission": str(uuid.uuid4()), "booking": str(completed_booking.pk)},
    )

    assert response.status_code == 422
    assert "Tap how it was, or write something down" in response.text


def test_note_page_shows_notes(completed_booking, officer, inspector, client):
    add_walk_note(completed_booking, officer, noted=["another_walk"], agreed="A lamp.", words="Bring a torch.")
    client.force_login(inspector)

    page = client.get(reverse("feedback:walk_note", args=[completed_booking.walk.pk]))
    walk_page = client.get(reverse("on_the_day:walk", args=[completed_booking.walk.pk]))

    for expected in ("She would like another walk", "A lamp.", "Bring a torch.", officer.display_name):
        assert expected in page.text
    assert reverse("feedback:walk_note", args=[completed_booking.walk.pk]) in walk_page.text


def test_only_the_nominated_inspector_can_note_a_restricted_walk(stranger, inspector, client):
    walk = WalkFactory(
        bcu=stranger.bcu,
        nominated_inspector=stranger,
        status=WalkStatus.COMPLETED,
        started_at=timezone.now(),
        start_at=timezone.now(),
    )
    scheduled_booking([stranger], walk=walk, nominated_inspector=stranger)
    answers = {}

    for user in (stranger, inspector):
        client.force_login(user)
        answers[user.name] = client.get(reverse("feedback:walk_note", args=[walk.pk])).status_code

    assert answers == {stranger.name: 200, inspector.name: 404}


# --- Erasure and encryption


def test_note_is_erased_with_its_booking(completed_booking, officer):
    add_walk_note(completed_booking, officer, noted=["ring_her"], agreed="A lamp.", words="Bring a torch.")
    jobs.erase_due_walk_notes(timezone.now())
    note = WalkNote.objects.get()
    completed_booking.status = Status.COMPLETED
    erase_booking(completed_booking)

    jobs.erase_due_walk_notes(timezone.now())

    erased_note = WalkNote.objects.get()
    assert (note.agreed, note.words, note.noted) == ("A lamp.", "Bring a torch.", ["ring_her"])
    assert (erased_note.agreed, erased_note.words, erased_note.noted) == ("", "", [])
    assert erased_note.erased_at is not None


def test_notes_are_not_readable_in_the_database(completed_booking, officer, requester_pages):
    record_concern(completed_booking, officer)
    post_correction(requester_pages, Concern.objects.get())
    add_walk_note(completed_booking, officer, noted=["ring_her"], agreed="Kanarienlampe", words="Kanarientaschenlampe")

    with connection.cursor() as cursor:
        for table in ("feedback_walknote", "feedback_correction", "feedback_concern"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = str(cursor.fetchall())
            for secret in ("Kanarien", "Three men", "The bridge", "library", "ring_her"):
                assert secret not in text
