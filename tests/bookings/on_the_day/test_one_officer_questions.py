"""One-officer questions to requesters."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bookings.models.one_officer import OneOfficerQuestion
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.statuses import Channel, Status
from outbox.models import Message
from tests.support.factories import BookingFactory, WalkFactory, in_days, scheduled_booking
from tests.support.one_officer import (
    NO,
    answer_latest_question,
    ask_about_one_officer,
    get_walk,
    is_listed_as_short,
    leave_one_officer,
)
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db


def test_asking_sends_a_message_and_keeps_the_walk_in_the_queue(one_officer_booking, inspector, officer):
    ask_about_one_officer(one_officer_booking, inspector)

    message = Message.objects.get(thread=f"requester:{one_officer_booking.pk}", kind="one_officer_question")
    assert officer.display_name in message.text
    assert "/who-comes/" in message.text
    assert is_listed_as_short(one_officer_booking, inspector)
    assert get_walk(one_officer_booking).is_short


def test_discreet_question_reveals_nothing(officer, second_officer, inspector):
    booking = leave_one_officer(officer, second_officer, channel=Channel.DISCREET)

    ask_about_one_officer(booking, inspector)

    message = Message.objects.filter(thread=f"requester:{booking.pk}").order_by("number").last()
    assert message.subject == "Your appointment"
    for word in ("police", "officer", "Olive", "one of"):
        assert word not in message.text


def test_asking_refused_if_the_requester_needs_two_officers(officer, second_officer, inspector, client):
    booking = leave_one_officer(officer, second_officer, contact__needs=["two_officers"])

    with pytest.raises(ActionError, match="always needs two officers"):
        ask_about_one_officer(booking, inspector)

    client.force_login(inspector)
    page = client.get(reverse("on_the_day:walk", args=[booking.walk_id]))
    assert "always needs two officers" in page.text
    assert reverse("on_the_day:ask_about_one_officer", args=[booking.walk_id]) not in page.text
    assert not OneOfficerQuestion.objects.exists()


def test_asking_refused_if_one_requester_on_a_shared_walk_needs_two(officer, second_officer, inspector):
    booking = leave_one_officer(officer, second_officer)
    BookingFactory(walk=booking.walk, status=Status.SCHEDULED, contact__needs=["two_officers"])

    with pytest.raises(ActionError, match="always needs two officers"):
        ask_about_one_officer(booking, inspector)


def test_asking_needs_exactly_one_officer_left(officer, second_officer, inspector):
    staffed_booking = scheduled_booking([officer, second_officer])
    nobody = leave_one_officer(
        officer, second_officer, walk=WalkFactory(officers=[officer, second_officer], start_at=in_days(3))
    )
    withdraw_from_walk(get_walk(nobody), by=officer)

    for booking in (staffed_booking, nobody):
        with pytest.raises(ActionError, match="down to one officer and needs more"):
            ask_about_one_officer(booking, inspector)


def test_asking_twice_is_refused(one_officer_booking, inspector):
    ask_about_one_officer(one_officer_booking, inspector)

    with pytest.raises(ActionError, match="already asked"):
        ask_about_one_officer(one_officer_booking, inspector)


def test_asking_from_an_outdated_page_names_the_colleague_who_asked(one_officer_booking, inspector, client):
    walk = get_walk(one_officer_booking)
    ask_about_one_officer(one_officer_booking, inspector)
    client.force_login(inspector)

    response = client.post(reverse("on_the_day:ask_about_one_officer", args=[walk.pk]), {"version": walk.version})

    assert response.status_code == 409
    assert "Asked whether one officer will do" in response.text
    assert "Ines Inspector" in response.text


def test_asking_refused_to_other_staff(one_officer_booking, officer, stranger):
    for nobody in (officer, stranger):
        with pytest.raises(PermissionDenied):
            ask_about_one_officer(one_officer_booking, nobody)


def test_answers_of_a_restricted_walk_go_to_its_nominated_inspector(officer, second_officer, stranger, inspector):
    stranger.email = "nominated_inspector@example.com"
    stranger.save()
    for person in (officer, second_officer):
        person.bcu = stranger.bcu
        person.save()
    walk = WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger, officers=[officer, second_officer])
    booking = leave_one_officer(officer, second_officer, walk=walk, nominated_inspector=stranger)

    with pytest.raises(PermissionDenied):
        ask_about_one_officer(booking, inspector)
    ask_about_one_officer(booking, stranger)
    answer_latest_question(booking, NO)

    assert Message.objects.get(kind="team_one_officer_answered").recipient == "nominated_inspector@example.com"
