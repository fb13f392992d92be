"""An officer reads what became of the concerns that she noted, and no more."""

import pytest
from django.utils import timezone

from bookings.models.read_log import ReadLog
from feedback.statuses import State
from tests.support.factories import OfficerFactory
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "/staff/concerns/mine/"


@pytest.fixture
def booking(team, southwark):
    return make_completed_booking(team, borough=southwark)


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


def note(booking, officer, **fields):
    return ConcernFactory(report__booking=booking, report__walk=booking.walk, report__by_officer=officer, **fields)


def test_list_has_her_own_concerns_newest_first(as_officer, booking, officer, second_officer):
    older, newer = note(booking, officer), note(booking, officer)
    type(older).objects.filter(pk=older.pk).update(reported_at=timezone.now() - timezone.timedelta(days=1))
    note(booking, second_officer)
    ConcernFactory(report__booking=booking, report__walk=booking.walk)  # sent by the requester herself

    assert as_officer.get(PAGE).context["concerns"] == [newer, older]


def test_list_shows_neither_words_nor_place_and_logs_nothing(as_officer, booking, officer):
    concern = note(booking, officer, place="Behind the library", text="I cannot see the ground.")

    text = as_officer.get(PAGE).text

    assert concern.kind_label in text
    assert [word for word in ("Behind the library", "I cannot see", booking.contact.name) if word in text] == []
    assert not ReadLog.objects.exists()


@pytest.mark.parametrize("hidden", ["diverted", "erased", "being deleted"])
def test_list_hides_what_nobody_may_see(hidden, as_officer, booking, officer):
    fields = {
        "diverted": {"state": State.DIVERTED, "external_reference": "CAD 1"},
        "erased": {"erased_at": timezone.now()},
        "being deleted": {},
    }
    note(booking, officer, **fields[hidden])
    if hidden == "being deleted":
        type(booking).objects.update(erasure_due_at=timezone.now())

    assert as_officer.get(PAGE).context["concerns"] == []


def test_empty_list_says_what_to_do(as_officer):
    assert "press “Note a concern for her”" in as_officer.get(PAGE).text


def test_list_takes_the_same_queries_for_three_concerns_as_for_one(as_officer, booking, officer):
    note(booking, officer)
    query_count = count_queries(as_officer, PAGE)
    note(booking, officer)
    note(booking, officer)

    assert count_queries(as_officer, PAGE) == query_count <= 15


def test_list_refused_to_an_inspector(client, inspector, bcu):
    OfficerFactory(bcu=bcu)
    client.force_login(inspector)

    assert client.get(PAGE).status_code == 403
