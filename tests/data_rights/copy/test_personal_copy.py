"""The copy has everything that is hers and nothing else: a canary in every field that we hold about her."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.manage.security_history import security_history
from bookings.models.links import Link
from bookings.statuses import EventKind, Status
from data_rights.copy.builder import build_copy
from data_rights.copy.event_audiences import SHOWN_EVENTS
from data_rights.copy.showing import as_json
from tests.support.canary_scene import (
    HERS,
    HERS_IN_OTHER_WORDS,
    NOT_ABOUT_HER,
    OF_STAFF,
    canary,
    make_canary_scene,
    personal_fields,
)
from tests.support.data_rights import link_to
from tests.support.factories import BookingFactory, InspectorFactory
from tests.support.requester_pages import PIN
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

OF_STAFF_ALONE = [
    "canary note of note_added",
    "canary note of handed_over",
    "canary note of claim_taken_over",
    "canary note of safeguarding",
    "canary note of requester_absent",
    "canary diverted note",
    "canary crime reference",
    "Canary Claimer",
    "Canary Safeguarder",
]
"""Notes for colleagues, safeguarding, and what an officer noted that was diverted."""
IN_NEITHER = ["Canary Reader", "canary to an officer", "canary officer subject", "canary html", "canary recipient"]


@pytest.fixture
def scene(southwark, team, inspector):
    return make_canary_scene(southwark, team, inspector)


@pytest.fixture(params=["page", "file"])
def copy(request, client, scene):
    """The copy as she reads it, on the page or in the file."""
    page = link_to("copy", scene)
    read = client.post(page, {"pin": PIN})["Location"]
    return client.get(read if request.param == "page" else read.replace("read/", "appointment.json")).text


def test_every_field_has_a_decision():
    decided = [HERS, HERS_IN_OTHER_WORDS, OF_STAFF, NOT_ABOUT_HER]

    assert set().union(*decided) == personal_fields()
    assert sum(map(len, decided)) == len(personal_fields())


def test_every_kind_of_event_has_a_decision():
    assert set(SHOWN_EVENTS) == set(EventKind)


def test_copy_has_every_field_that_is_hers(copy):
    assert {name for name in HERS if canary(name) not in copy} == set()


def test_copy_leaves_out_staff_notes_and_who_looked(copy):
    of_staff = [canary(name) for name in OF_STAFF]

    assert [words for words in [*of_staff, *OF_STAFF_ALONE, *IN_NEITHER] if words in copy] == []


def test_copy_has_our_words_to_her_from_every_event_that_she_may_know(copy):
    hers = [kind for kind, event in SHOWN_EVENTS.items() if event is not None and event.has_note]

    assert [kind for kind in hers if f"canary note of {kind.value}" not in copy] == []
    assert len(hers) > 30


def test_copy_tells_her_in_words_to_her_what_happened(copy):
    labels = [str(event.label) for event in SHOWN_EVENTS.values() if event is not None]

    assert [label for label in labels if label not in copy] == []
    assert [label for label in labels if re.search(r"\b(she|her|hers|requester)\b", label, re.IGNORECASE)] == []
    assert len(labels) > 60


def test_copy_opens_nothing(copy, scene, client):
    """It may lie on a table or in a folder: no link in it works."""
    tokens = [part for part in copy.replace('"', "/").split("/") if Link.objects.open(part, *Link.Purpose) is not None]

    page_itself = {link for link in tokens if f"/my-walk/{link}/" in copy}
    assert "https://walk.example.com" not in copy
    assert set(tokens) == page_itself


def test_copy_says_what_it_leaves_out_and_how_to_ask(copy, scene):
    for words in ("Two inspectors check these", scene.spoken_reference, scene.bcu.duty_number, "We only count them"):
        assert words in copy


def test_copy_says_whether_a_pin_is_set_and_not_which(scene):
    contact = as_json(build_copy(scene))["contact"]

    assert contact["has_pin"] is True
    assert scene.contact.pin_hmac not in json.dumps(as_json(build_copy(scene)))


def test_copy_of_a_cancelled_booking_shows_the_place_that_she_knew(scene):
    scene.status, scene.outcome_code = Status.CANCELLED_BY_US, "illness"
    scene.contact.cancelled_meeting_place = "canary cancelled place"

    walk = build_copy(scene).walk

    assert walk.meeting_place == "canary cancelled place"
    assert (walk.officers, walk.officers_phrase, walk.finish_place, walk.card) == ([], "", "", [])


def test_copy_of_an_unconfirmed_booking_names_no_officer(scene):
    scene.confirmed_at = None

    walk = build_copy(scene).walk

    assert (walk.officers, walk.officers_phrase, walk.requester_phrase) == ([], "", "")


def test_copy_of_a_scheduled_walk_has_the_card(booked):
    card = build_copy(booked).walk.card

    assert any("Peckham Rye station, by the flower stall" in line for line in card)
    assert not any("http" in line for line in card)


# --- The command for two inspectors


def export(booking, *approvers, notes=True):
    printed = StringIO()
    emails = [argument for who in approvers for argument in ("--approved-by", who.email)]
    call_command("export_person", str(booking), *(["--with-staff-notes"] if notes else []), *emails, stdout=printed)
    return printed.getvalue()


def test_export_without_approval_is_the_copy(scene):
    printed = export(scene.spoken_reference, notes=False)

    assert canary("BookingContact.name") in printed
    assert [words for words in OF_STAFF_ALONE if words in printed] == []
    assert "staff_notes" not in json.loads(printed)


def test_export_approved_by_two_inspectors_has_the_staff_notes(scene, inspector):
    second = InspectorFactory(bcu=scene.bcu)
    before = [event.pk for event in scene.events.all()]

    printed = export(scene.pk, inspector, second)

    of_staff = [canary(name) for name in OF_STAFF]
    assert [words for words in [*of_staff, *OF_STAFF_ALONE] if words not in printed] == []
    assert [words for words in IN_NEITHER if words in printed] == []
    approvals = scene.events.filter(kind=EventKind.COPY_EXPORT_APPROVED)
    approved = approvals.exclude(pk__in=before).values_list("by", flat=True)
    assert set(approved) == {inspector.pk, second.pk}


def test_export_refuses_one_inspector_twice_a_stranger_an_officer_and_nobody(scene, inspector, stranger, officer):
    second = InspectorFactory(bcu=scene.bcu, is_active=False)
    events = scene.events.count()

    for approvers in [(), (inspector,), (inspector, inspector), (inspector, stranger), (inspector, officer)]:
        with pytest.raises(CommandError):
            export(scene.pk, *approvers)
    with pytest.raises(CommandError):
        export(scene.pk, inspector, second)

    assert scene.events.count() == events


def test_export_of_a_restricted_booking_needs_its_nominated_inspector(scene, inspector, stranger):
    colleagues = [InspectorFactory(bcu=stranger.bcu) for _ in range(2)]
    scene.nominated_inspector = stranger
    scene.save()

    for approvers in [(inspector, InspectorFactory(bcu=scene.bcu)), colleagues]:
        with pytest.raises(CommandError):
            export(scene.pk, *approvers)
    printed = export(scene.pk, stranger, colleagues[0])

    assert json.loads(printed)["staff_notes"]["nominated_inspector"] == stranger.display_name
    assert stranger.display_name not in export(scene.pk, notes=False)


def test_export_leaves_a_trace_that_she_reads_on_her_page(southwark):
    booking = BookingFactory(borough=southwark)

    export(booking.pk, notes=False)

    assert [str(line.what) for line in security_history(booking)] == ["A copy of your details was printed for you"]


@pytest.mark.parametrize("state", ["frozen_at", "erasure_due_at"])
def test_export_is_refused_during_a_freeze_and_while_her_details_are_being_deleted(scene, state):
    exports = scene.events.filter(kind=EventKind.COPY_EXPORTED).count()
    save_changes(scene, **{state: timezone.now()})

    with pytest.raises(CommandError, match="nobody can have a copy"):
        export(scene.pk, notes=False)

    assert scene.events.filter(kind=EventKind.COPY_EXPORTED).count() == exports


def test_export_of_an_unknown_booking_is_refused(db):
    with pytest.raises(CommandError, match="No booking"):
        export("K7QX-M2PD-9TRWE", notes=False)
