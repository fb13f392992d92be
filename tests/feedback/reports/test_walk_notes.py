"""Walk notes: permission to add and read them, and their erasure."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bookings.retention.actions import erase_booking
from bookings.statuses import Status
from boroughs.geography.map_points import MapPoint
from feedback import jobs
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote
from feedback.places.locating import note_place
from outbox.models import Message
from outbox.statuses import State as MessageState
from tests.support.factories import WalkFactory, scheduled_booking
from tests.support.feedback_factories import ConcernFactory, make_completed_booking, make_report_submission
from tests.support.walk_notes import add_walk_note, post_correction, record_concern
from walkandtalk.lib.rows import save_changes
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


# --- What she said about a place

ABOUT_A_PLACE = {"place_kinds": ["lighting"], "place": "The dark corner", "map_point": "51.46851,-0.06902"}


def post_note(client, booking, user, **said):
    client.force_login(user)
    page = client.get(reverse("feedback:walk_note", args=[booking.walk.pk]))
    form = page.context["form"]
    shown = {name: form[name].value() for name in ("submission", "booking", "light")}
    return client.post(page.request["PATH_INFO"], shown | said)


def test_note_about_a_place_makes_a_concern_at_the_same_place_as_others(completed_booking, officer, client):
    other = ConcernFactory()
    note_place(other, MapPoint(51.46801, -0.06902), other.report.borough.gss)

    response = post_note(client, completed_booking, officer, noted=["as_planned"], **ABOUT_A_PLACE, consent="yes")

    concern = Concern.objects.get(report__by_officer=officer)
    assert response.status_code == 302
    assert (concern.kind, concern.place, concern.consent) == ("lighting", "The dark corner", True)
    assert (concern.report.booking, concern.report.walk) == (completed_booking, completed_booking.walk)
    assert concern.reported_place == other.reported_place
    assert Concern.objects.recorded_for(completed_booking).get().may_be_corrected
    assert WalkNote.objects.get().noted == ["as_planned"]


def test_note_and_concern_sent_twice_are_saved_once_and_she_gets_one_message(completed_booking, officer):
    said = {"submission": uuid.uuid4(), "agreed": "We ask for a lamp.", "about_a_place": make_report_submission()}
    for _ in range(2):
        add_walk_note(completed_booking, officer, **said)

    assert (WalkNote.objects.count(), Concern.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="recorded_notes").exclude(state=MessageState.SUPERSEDED).count() == 1


def test_note_without_a_place_makes_no_concern_although_the_light_is_filled_in(completed_booking, officer, client):
    response = post_note(client, completed_booking, officer, noted=["as_planned"])

    assert response.status_code == 302
    assert (WalkNote.objects.count(), Concern.objects.count()) == (1, 0)


def test_place_alone_makes_no_empty_note(completed_booking, officer, client):
    response = post_note(client, completed_booking, officer, **ABOUT_A_PLACE)

    assert response.status_code == 302
    assert (WalkNote.objects.count(), Concern.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"place_kinds": ["lighting"]}, "Enter where this was"),
        ({"place": "The dark corner"}, "Tick what worried her there"),
        ({"map_point": "51.46801,-0.06902"}, "Tick what worried her there"),
        ({}, "Tap how it was, or write something down"),
    ],
)
def test_half_a_place_is_asked_for_and_nothing_is_saved(said, error, completed_booking, officer, client):
    response = post_note(client, completed_booking, officer, agreed="A lamp." if said else "", **said)

    assert [line["text"] for line in response.context["error_summary"]] == [error]
    assert not WalkNote.objects.exists()


@pytest.mark.parametrize(
    ("start_at", "light"),
    [
        (datetime.datetime(2026, 12, 1, 13, 0, tzinfo=datetime.UTC), "daylight"),
        (datetime.datetime(2026, 12, 1, 15, 30, tzinfo=datetime.UTC), "dusk"),  # the sun sets at 3:55pm
        (datetime.datetime(2026, 12, 1, 19, 0, tzinfo=datetime.UTC), "dark"),
        (datetime.datetime(2026, 12, 1, 7, 15, tzinfo=datetime.UTC), "dusk"),  # it rises at 7:44am
        (datetime.datetime(2026, 6, 21, 18, 30, tzinfo=datetime.UTC), "daylight"),  # 7:30pm in London
    ],
)
def test_light_is_that_of_the_time_of_the_walk(start_at, light, officer, client):
    booking = make_completed_booking([officer], start_at=start_at)
    with time_machine.travel(start_at + datetime.timedelta(hours=2)):
        client.force_login(officer)
        page = client.get(reverse("feedback:walk_note", args=[booking.walk.pk]))

    assert page.context["form"]["light"].value() == light


def test_map_begins_at_the_meeting_place(completed_booking, officer, client):
    save_changes(completed_booking.walk, map_coordinates=[51.47001, -0.06802])
    client.force_login(officer)

    page = client.get(reverse("feedback:walk_note", args=[completed_booking.walk.pk]))

    assert 'data-about="51.47001,-0.06802"' in page.text


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
