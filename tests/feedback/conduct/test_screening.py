"""An inspector who checks a concern sends what is about an officer to professional standards."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bookings.locks import PageOutOfDate
from feedback.concerns.actions import divert_concern_to_standards
from feedback.models.concerns import Concern
from feedback.statuses import State
from outbox.models import Message
from tests.support.feedback_factories import ConcernFactory, make_completed_booking

pytestmark = pytest.mark.django_db

WORDS = "The tall officer kept touching my arm."


@pytest.fixture
def concern(officer, inspector):
    return ConcernFactory(report__booking=make_completed_booking([officer]), text=WORDS, place="By the lido")


def to_standards():
    return Message.objects.filter(kind="standards_conduct")


def page_of(concern):
    return reverse("feedback:concern", args=[concern.pk])


def test_concern_about_an_officer_is_sent_and_erased_here(concern, as_inspector, inspector, settings):
    concern.corrections.create(place="At the station", text="It was at the station.")

    response = as_inspector.post(page_of(concern), {"outcome": "conduct", "version": 1})

    message, booking = to_standards().get(), concern.report.booking
    concern.refresh_from_db()
    assert response.status_code == 302
    assert message.recipient == settings.CONDUCT_INBOX
    told = (WORDS, "By the lido", "It was at the station.", concern.kind_label, inspector.display_name)
    for words in (*told, booking.spoken_reference):
        assert words in message.text
    assert (concern.state, concern.external_reference) == (State.DIVERTED, "Professional standards")
    assert (concern.text, concern.place) == ("", "")
    assert [(each.place, each.text) for each in concern.corrections.all()] == [("", "")]
    assert not Concern.objects.visible_to(inspector).exists()
    assert as_inspector.get(page_of(concern)).status_code == 404


def test_correction_that_the_inspector_has_not_read_stops_it(concern, inspector):
    concern.corrections.create(place="", text="It was someone else.")

    with pytest.raises(PageOutOfDate):
        divert_concern_to_standards(concern, by=inspector, version=0)

    assert not to_standards().exists()
    concern.refresh_from_db()
    assert concern.text == WORDS


def test_inspector_who_was_on_the_walk_cannot_send_it(inspector):
    concern = ConcernFactory(report__booking=make_completed_booking([inspector]), text=WORDS)

    with pytest.raises(PermissionDenied):
        divert_concern_to_standards(concern, by=inspector)

    assert not to_standards().exists()


def test_outcome_is_not_offered_without_an_inbox(concern, as_inspector, settings):
    offered = as_inspector.get(page_of(concern)).text
    settings.CONDUCT_INBOX = ""

    page = as_inspector.get(page_of(concern)).text
    response = as_inspector.post(page_of(concern), {"outcome": "conduct", "version": 0})

    assert 'value="conduct"' in offered
    assert 'value="conduct"' not in page
    assert "If it’s about an officer’s conduct too." in page
    assert response.status_code != 302
    concern.refresh_from_db()
    assert (concern.state, to_standards().exists()) == (State.REPORTED, False)
