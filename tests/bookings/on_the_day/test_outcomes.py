"""The outcome of a walk, as an inspector records it afterwards."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.actions import end_walk, report_nobody_came, start_walk
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.permissions import possible_outcomes
from bookings.statuses import Status
from outbox.models import Message
from tests.support.on_the_day import advance_clock, messages_of_kind, record_requester_absent
from tests.support.requester_pages import create_page_link
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("outcome", "becomes", "kind"),
    [
        (Status.COMPLETED, WalkStatus.COMPLETED, None),
        (Status.OFFICERS_ABSENT, WalkStatus.NOT_HELD, "officers_absent"),
        (Status.REQUESTER_ABSENT, WalkStatus.NOT_HELD, "requester_absent"),
    ],
)
def test_inspector_records_the_outcome_of_an_unended_walk(
    outcome, becomes, kind, client, walk_tonight, tonight, inspector
):
    with advance_clock(91):
        client.force_login(inspector)
        response = client.post(
            staff_address("on_the_day:record_outcome", tonight),
            {"outcome": outcome, "version": tonight.version},
            follow=True,
        )

    walk_tonight.refresh_from_db()
    tonight.refresh_from_db()
    assert response.status_code == 200
    assert (tonight.status, walk_tonight.status, walk_tonight.ended_at) == (outcome, becomes, walk_tonight.end_at)
    assert [message.kind for message in Message.objects.all()] == ([kind] if kind else [])


def test_recording_that_officers_were_absent_apologises(client, tonight, inspector):
    with advance_clock(91):
        record_outcome(tonight, by=inspector, version=tonight.version, outcome=Status.OFFICERS_ABSENT)
        requester_page = client.get(create_page_link(tonight)).text

    text = messages_of_kind("officers_absent").get().text
    assert "you were there" in text.lower()
    assert "We’re sorry" in text
    assert "/tell-us/" in text
    assert "/request/" in text
    assert "We’re sorry we weren’t there" in requester_page


@pytest.mark.parametrize("pressed", ["ended", "not there"])
def test_inspector_can_overrule_what_the_officers_recorded(pressed, walk_tonight, tonight, team, inspector):
    with advance_clock(45):
        if pressed == "ended":
            start_walk(walk_tonight, by=team[0])
            end_walk(walk_tonight, by=team[0])
        else:
            record_requester_absent(tonight, team[0])
        tonight.refresh_from_db()
        assert possible_outcomes(tonight, timezone.now()) == []
        report_nobody_came(tonight)

        record_outcome(tonight, by=inspector, version=tonight.version, outcome=Status.OFFICERS_ABSENT)

    assert tonight.status == Status.OFFICERS_ABSENT


def test_outcome_refused_before_the_end(client, tonight, inspector):
    client.force_login(inspector)

    assert client.get(staff_address("on_the_day:record_outcome", tonight)).status_code == 302
    with pytest.raises(TransitionNotAllowed):
        record_outcome(tonight, by=inspector, version=tonight.version, outcome=Status.COMPLETED)


def test_outcome_refused_to_officers_and_strangers(tonight, officer, stranger):
    for by in (officer, stranger):
        with advance_clock(91), pytest.raises(PermissionDenied):
            record_outcome(tonight, by=by, version=tonight.version, outcome=Status.COMPLETED)
