"""The briefing sheet says what to do before a walk, and what happened after it."""

import pytest
from django.utils import timezone

from bookings.on_the_day.actions import end_walk, start_walk
from tests.support.factories import scheduled_booking
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


@pytest.fixture
def briefing(client, officer, walk_tonight):
    client.force_login(officer)
    return lambda: client.get(staff_address("on_the_day:briefing", walk_tonight)).text


def test_briefing_of_a_coming_walk_has_the_phrase_and_speaks_of_one_woman(briefing, walk_tonight):
    text = briefing()

    assert walk_tonight.officers_phrase in text
    assert "Use the name above, and keep what she needs between you and her." in text
    assert "They know" not in text


def test_briefing_of_a_shared_walk_speaks_of_several(briefing, walk_tonight, team, southwark):
    scheduled_booking(team, borough=southwark, walk=walk_tonight, contact__name="Nadia Second")

    text = briefing()

    assert "2 women" in text
    assert "They know nothing about one another." in text


def test_briefing_of_an_ended_walk_says_what_happened(briefing, walk_tonight, tonight, officer):
    start_walk(walk_tonight, by=officer)
    end_walk(walk_tonight, by=officer)

    text = " ".join(briefing().split())

    assert f"<strong>Ended safely</strong> at {london.clock(timezone.now())}." in text
    assert "Completed" in text
    assert tonight.contact.name in text
    said_before = (walk_tonight.officers_phrase, "Print this page", "between you and her")
    assert [words for words in said_before if words in text] == []
