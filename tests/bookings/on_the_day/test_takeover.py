"""An officer offers her walk to a colleague, who takes it over or says no."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.takeover.actions import (
    INSPECTOR_DECIDES,
    accept_takeover,
    ask_colleague,
    decline_takeover,
    find_free_colleagues,
    reason_not_to_offer,
    withdraw_takeover,
)
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import OfficerFactory, WalkFactory, in_days, scheduled_booking
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.duties import DutyDay
from walks.models.takeovers import Takeover
from walks.models.walks import Assignment, Walk
from walks.statuses import TakeoverAnswer, WalkStatus

pytestmark = pytest.mark.django_db

WALKS = "/staff/walks/"


@pytest.fixture
def booking(team, southwark):
    return scheduled_booking(team, borough=southwark, contact__needs=[], contact__needs_details="")


@pytest.fixture
def walk(booking):
    return booking.walk


@pytest.fixture
def colleague(bcu):
    return OfficerFactory(bcu=bcu, name="Sara Okafor")


@pytest.fixture
def takeover(walk, officer, colleague):
    return ask_colleague(walk, by=officer, colleague=colleague)


def officers_of(walk):
    return Walk.objects.get(pk=walk.pk).live_officers()


def answer_of(takeover):
    return Takeover.objects.get(pk=takeover.pk).answer


def test_asking_changes_nothing_and_tells_the_colleague_alone(takeover, walk, team, colleague):
    message = Message.objects.get()

    assert officers_of(walk) == team
    assert (message.kind, message.recipient) == ("officer_takeover_question", colleague.email)
    assert message.expires_at == walk.start_at - datetime.timedelta(hours=1)
    assert [word for word in ("Maya", walk.meeting_place, walk.officers_phrase) if word in message.text] == []


def test_accepting_puts_the_colleague_in_her_place_and_tells_everybody_once(takeover, booking, walk, team, colleague):
    old_phrase = walk.officers_phrase

    accept_takeover(takeover, by=colleague)

    booking.refresh_from_db()
    assert set(officers_of(walk)) == {team[1], colleague}
    assert booking.walk.officers_phrase != old_phrase
    assert booking.acknowledgement.acknowledged_at is None
    sent = sorted((message.kind, message.recipient) for message in Message.objects.filter(superseded_at=None))
    assert sent == sorted(
        [
            ("changed", booking.contact.email),
            ("officer_assigned", colleague.email),
            ("officer_released", team[0].email),
            ("officer_walk_changed", team[1].email),
        ]
    )
    assert colleague.name in Message.objects.get(kind="changed").text
    assert answer_of(takeover) == TakeoverAnswer.ACCEPTED


def test_declining_tells_the_officer_who_asked(takeover, walk, team, colleague):
    decline_takeover(takeover, by=colleague)

    assert officers_of(walk) == team
    assert Message.objects.get(kind="officer_takeover_declined").recipient == team[0].email
    assert answer_of(takeover) == TakeoverAnswer.DECLINED


def test_a_withdrawn_question_cannot_be_accepted(takeover, officer, colleague):
    withdraw_takeover(takeover, by=officer)

    with pytest.raises(TransitionNotAllowed):
        accept_takeover(takeover, by=colleague)
    assert Message.objects.get().superseded_at is not None


def test_history_says_who_asked_whom_and_the_answer(takeover, walk, officer, colleague):
    accept_takeover(takeover, by=colleague)

    events = walk.events.filter(kind__startswith="takeover")
    assert [(event.kind, event.by, event.note) for event in events] == [
        (EventKind.TAKEOVER_ASKED, officer, f"{colleague.display_name}."),
        (EventKind.TAKEOVER_ACCEPTED, colleague, f"{officer.display_name}."),
    ]


@pytest.mark.parametrize("action", [accept_takeover, decline_takeover])
def test_only_the_colleague_answers(action, takeover, second_officer):
    with pytest.raises(PermissionDenied):
        action(takeover, by=second_officer)


def test_only_the_officer_who_asked_withdraws(takeover, colleague):
    with pytest.raises(PermissionDenied):
        withdraw_takeover(takeover, by=colleague)


def walk_moved(walk, officer):
    Walk.objects.filter(pk=walk.pk).update(start_at=walk.start_at + datetime.timedelta(hours=2))


def walk_cancelled(walk, officer):
    Walk.objects.filter(pk=walk.pk).update(status=WalkStatus.CANCELLED)


def officer_left(walk, officer):
    withdraw_from_walk(walk, by=officer)


@pytest.mark.parametrize("change", [walk_moved, walk_cancelled, officer_left])
def test_question_ends_when_the_walk_changes(change, takeover, walk, officer, colleague):
    change(walk, officer)

    takeover = Takeover.objects.get(pk=takeover.pk)
    assert not Takeover.objects.open(timezone.now()).exists()
    with pytest.raises(TransitionNotAllowed):
        accept_takeover(takeover, by=colleague)
    assert colleague not in officers_of(walk)


def test_question_ends_an_hour_before_the_walk(takeover, walk, colleague, time_machine):
    time_machine.move_to(walk.start_at - datetime.timedelta(minutes=60))

    assert not Takeover.objects.open(timezone.now()).exists()
    with pytest.raises(TransitionNotAllowed):
        accept_takeover(takeover, by=colleague)


def test_only_free_colleagues_of_the_team_are_listed(walk, team, bcu, camden, inspector, colleague):
    busy, away = OfficerFactory(bcu=bcu), OfficerFactory(bcu=bcu)
    OfficerFactory(bcu=camden.bcu)
    OfficerFactory(bcu=bcu, leads_walks=False)
    WalkFactory(bcu=bcu, officers=[busy], start_at=walk.start_at)
    DutyDay.objects.create(officer=away, date=walk.date, kind="leave", set_by=inspector)

    assert find_free_colleagues(walk) == [colleague]


def test_second_question_of_the_same_officer_is_refused_while_the_first_is_open(takeover, walk, officer, bcu):
    with pytest.raises(TransitionNotAllowed, match="already asked"):
        ask_colleague(walk, by=officer, colleague=OfficerFactory(bcu=bcu))


def test_needs_and_consent_to_one_officer_leave_it_to_the_inspector(team, southwark, walk):
    needs = scheduled_booking(
        team, borough=southwark, walk=WalkFactory(bcu=walk.bcu, officers=team, start_at=in_days(12))
    )
    agreed = WalkFactory(bcu=walk.bcu, officers=team, start_at=in_days(13), one_officer_agreed_at=timezone.now())

    assert [reason_not_to_offer(each) for each in (needs.walk, agreed)] == [INSPECTOR_DECIDES] * 2
    assert reason_not_to_offer(walk) == ""


def test_colleague_who_got_another_walk_first_is_refused(takeover, walk, colleague):
    WalkFactory(bcu=walk.bcu, officers=[colleague], start_at=walk.start_at)

    with pytest.raises(ActionError, match="on another walk"):
        accept_takeover(takeover, by=colleague)
    assert answer_of(takeover) == ""


@pytest.mark.django_db(transaction=True)
def test_colleague_asked_by_both_officers_accepts_both_at_once(takeover, walk, second_officer, colleague):
    other = ask_colleague(walk, by=second_officer, colleague=colleague)

    def accept(question):
        try:
            accept_takeover(Takeover.objects.get(pk=question.pk), by=colleague)
        except ActionError as error:
            return str(error)

    results = run_concurrently(lambda: accept(takeover), lambda: accept(other))

    assert results.count(None) == 1
    assert Assignment.objects.filter(walk=walk, is_live=True).count() == 2
    assert [answer_of(takeover), answer_of(other)].count(TakeoverAnswer.ACCEPTED) == 1


def test_my_walks_shows_the_colleague_day_time_and_ward_only(client, takeover, booking, walk, officer, colleague):
    client.force_login(colleague)
    text = client.get(WALKS).text

    shown = ("Asked to take over", booking.ward.name if booking.ward else booking.borough.name, officer.display_name)
    assert [word for word in shown if word not in text] == []
    assert [word for word in ("Maya", walk.meeting_place, walk.officers_phrase) if word in text] == []


def test_my_walks_of_somebody_else_does_not_show_it(client, takeover, second_officer):
    client.force_login(second_officer)

    assert "Asked to take over" not in client.get(WALKS).text


def test_officer_offers_her_walk_and_withdraws_it(client, walk, officer, colleague):
    client.force_login(officer)
    page = staff_address("on_the_day:walk", walk)
    offered = client.post(
        staff_address("on_the_day:ask_colleague", walk), {"colleague": colleague.pk}, follow=True
    ).text
    takeover = Takeover.objects.get()
    withdrawn = client.post(f"/staff/take-over/{takeover.pk}/withdraw/", follow=True).text

    assert f"We’ve asked {colleague.display_name}." in offered
    assert "Offer my walk to a colleague" not in offered
    assert "You’re still on this walk." in withdrawn
    assert "Offer my walk to a colleague" in client.get(page).text


def test_inspector_sees_the_open_question(client, takeover, walk, inspector, colleague):
    client.force_login(inspector)

    text = client.get(staff_address("on_the_day:walk", walk), follow=True).text

    assert f"{colleague.display_name} to take over" in text


def test_colleague_accepts_on_her_page(client, takeover, walk, colleague):
    client.force_login(colleague)
    response = client.post(f"/staff/take-over/{takeover.pk}/accept/", follow=True)

    assert "You’re on this walk now." in response.text
    assert colleague in officers_of(walk)


def test_stranger_finds_no_question(client, takeover, stranger):
    client.force_login(stranger)

    assert client.post(f"/staff/take-over/{takeover.pk}/accept/").status_code == 404
