"""An officer falls out, and we ask whether one will do."""

import dataclasses
import datetime
import re

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings import actions
from bookings.actions.moves import move_booking
from bookings.models import Booking, Event, OneOfficerQuestion, Walk
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message
from tests.support.factories import BookingFactory, OfficerFactory, WalkFactory, in_days, scheduled_booking
from tests.support.form_data import plan_data
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

YES, NO = True, False
NO_NEEDS = {"contact__needs": [], "contact__needs_details": ""}


def left_alone(officer, other, **fields):
    """A booking whose other officer has just said that she can't make it."""
    booking = scheduled_booking([officer, other], **fields)
    actions.leave_walk(booking.walk, by=other)
    return booking


@pytest.fixture
def booking(officer, second_officer):
    return left_alone(officer, second_officer)


def walk_of(booking):
    return Walk.objects.select_related("bcu").get(bookings=booking)


def ask(booking, by):
    walk = walk_of(booking)
    actions.ask_about_one(walk, by=by, version=walk.revision)


def answer(booking, will_do):
    question = OneOfficerQuestion.objects.open().get(booking=booking)
    actions.answer_about_one(Booking.objects.get(pk=booking.pk), question=question.pk, will_do=will_do)


def is_listed(booking, inspector):
    return Walk.objects.visible_to(inspector).short_of_officers(timezone.now()).filter(bookings=booking).exists()


def kinds_to(booking):
    return list(Message.objects.filter(thread=f"her:{booking.pk}").order_by("number").values_list("kind", flat=True))


# --- Asked


def test_asked_she_is_written_to_and_the_walk_stays_on_the_list(booking, inspector, officer):
    ask(booking, inspector)

    message = Message.objects.get(thread=f"her:{booking.pk}", kind="asked_about_one")
    assert officer.called in message.text
    assert "/who-comes/" in message.text
    assert is_listed(booking, inspector)
    assert walk_of(booking).is_short


def test_discreetly_the_message_says_nothing(officer, second_officer, inspector):
    booking = left_alone(officer, second_officer, channel=Channel.DISCREET)

    ask(booking, inspector)

    message = Message.objects.filter(thread=f"her:{booking.pk}").order_by("number").last()
    assert message.subject == "Your appointment"
    for word in ("police", "officer", "Olive", "one of"):
        assert word not in message.text


def test_never_a_woman_who_needs_two(officer, second_officer, inspector, client):
    booking = left_alone(officer, second_officer, contact__needs=["two_officers"])

    with pytest.raises(actions.BookingError, match="two officers, never one"):
        ask(booking, inspector)

    client.force_login(inspector)
    page = client.get(reverse("staff:walk", args=[booking.walk_id]))
    assert "two officers, never one" in page.text
    assert reverse("staff:ask_about_one", args=[booking.walk_id]) not in page.text
    assert not OneOfficerQuestion.objects.exists()


def test_on_a_shared_walk_one_who_needs_two_is_enough(officer, second_officer, inspector):
    booking = left_alone(officer, second_officer)
    BookingFactory(walk=booking.walk, status=Status.SCHEDULED, contact__needs=["two_officers"])

    with pytest.raises(actions.BookingError, match="two officers, never one"):
        ask(booking, inspector)


def test_asked_only_while_one_is_left(officer, second_officer, inspector):
    enough = scheduled_booking([officer, second_officer])
    nobody = left_alone(
        officer, second_officer, walk=WalkFactory(officers=[officer, second_officer], start_at=in_days(3))
    )
    actions.leave_walk(walk_of(nobody), by=officer)

    for booking in (enough, nobody):
        with pytest.raises(actions.BookingError, match="only when one is left"):
            ask(booking, inspector)


def test_asked_once(booking, inspector):
    ask(booking, inspector)

    with pytest.raises(actions.BookingError, match="has not answered yet"):
        ask(booking, inspector)


def test_asked_of_an_older_walk_is_refused_and_says_who_was_first(booking, inspector, client):
    walk = walk_of(booking)
    ask(booking, inspector)
    client.force_login(inspector)

    response = client.post(reverse("staff:ask_about_one", args=[walk.pk]), {"version": walk.revision})

    assert response.status_code == 409
    assert "Asked whether one officer will do" in response.text
    assert "Ines Inspector" in response.text


def test_asked_by_nobody_but_its_inspector(booking, officer, stranger):
    for nobody in (officer, stranger):
        with pytest.raises(PermissionDenied):
            ask(booking, nobody)


# --- Answered


def test_yes_settles_the_walk_with_a_new_phrase_and_the_card(booking, inspector):
    before = walk_of(booking).phrase_they
    ask(booking, inspector)

    answer(booking, YES)

    walk = walk_of(booking)
    card = Message.objects.filter(thread=f"her:{booking.pk}").order_by("number").last()
    assert walk.one_officer_at is not None
    assert not walk.is_short
    assert not is_listed(booking, inspector)
    assert walk.phrase_they != before
    assert card.kind == "changed"
    assert walk.phrase_they in card.text
    assert card.text.index("One officer walks with you, as you agreed.") < card.text.index(walk.meeting_place)
    assert Message.objects.get(kind="team_one_officer_answered").subject.startswith("One officer will do:")


def test_no_gives_it_back_to_the_inspector(booking, inspector):
    before = walk_of(booking).phrase_they
    ask(booking, inspector)

    answer(booking, NO)

    walk = walk_of(booking)
    told = Message.objects.get(kind="team_one_officer_answered")
    assert (told.recipient, told.subject[:24]) == (inspector.bcu.inbox, "One officer will not do:")
    assert is_listed(booking, inspector)
    assert (walk.one_officer_at, walk.phrase_they) == (None, before)
    assert kinds_to(booking) == ["asked_about_one"]
    assert Event.objects.filter(booking=booking, kind=EventKind.ONE_WILL_NOT_DO).count() == 1


def test_on_a_shared_walk_everybody_has_to_say_yes(booking, inspector):
    other = BookingFactory(walk=booking.walk, status=Status.SCHEDULED)
    ask(booking, inspector)

    answer(booking, YES)
    after_one = walk_of(booking).is_short
    answer(other, YES)

    assert after_one
    assert not walk_of(booking).is_short


def test_on_a_shared_walk_one_no_is_a_no(booking, inspector):
    other = BookingFactory(walk=booking.walk, status=Status.SCHEDULED)
    ask(booking, inspector)
    answer(booking, NO)

    assert walk_of(booking).is_short
    assert not OneOfficerQuestion.objects.open().exists()
    assert not OneOfficerQuestion.objects.filter(booking=other, answer="yes").exists()


def test_whoever_joins_later_has_agreed_to_nothing(booking, inspector):
    ask(booking, inspector)
    answer(booking, YES)
    joins = BookingFactory(walk=walk_of(booking))

    move_booking(joins, Status.SCHEDULED, kind=EventKind.SCHEDULED, by=inspector)

    assert walk_of(booking).is_short
    assert is_listed(booking, inspector)


# --- Said on the phone


@pytest.fixture
def rings(officer, second_officer, inspector):
    """She allows calls, and has been asked."""
    booking = left_alone(officer, second_officer, contact__phone_rules=["call"], **NO_NEEDS)
    ask(booking, inspector)
    return booking


def on_the_phone(booking):
    question = OneOfficerQuestion.objects.get(booking=booking)
    return reverse("staff:spoken_answer", args=[booking.walk_id, question.pk])


@pytest.mark.parametrize(("said", "is_short"), [("yes", False), ("no", True)])
def test_inspector_writes_down_what_she_said_on_the_phone(said, is_short, rings, inspector, client):
    client.force_login(inspector)
    page = client.get(reverse("staff:walk", args=[rings.walk_id])).text

    client.post(on_the_phone(rings), {"answer": said, "spoken": "on"})

    event = rings.events.last() if is_short else rings.events.get(kind=EventKind.ONE_WILL_DO)
    assert on_the_phone(rings) in page
    assert walk_of(rings).is_short is is_short
    assert (event.by, event.note) == (inspector, "She said it on the phone.")


def test_nothing_is_written_down_before_she_was_rung(rings, inspector, client):
    client.force_login(inspector)

    response = client.post(on_the_phone(rings), {"answer": "yes"})

    assert response.status_code == 422
    assert OneOfficerQuestion.objects.open().exists()


def test_nobody_answers_for_a_woman_who_may_not_be_rung(booking, inspector, client):
    ask(booking, inspector)
    client.force_login(inspector)

    page = client.get(reverse("staff:walk", args=[booking.walk_id])).text
    response = client.post(on_the_phone(booking), {"answer": "yes", "spoken": "on"})
    question = OneOfficerQuestion.objects.open().get().pk

    assert on_the_phone(booking) not in page
    assert response.status_code == 403
    with pytest.raises(PermissionDenied):
        actions.answer_about_one(booking, question=question, will_do=True, told=inspector)
    assert OneOfficerQuestion.objects.open().exists()


# --- Things change meanwhile


def plan_of(walk):
    return actions.WalkPlan(
        start_at=walk.start_at,
        minutes=walk.minutes,
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place,
        duty_number=walk.duty_number,
    )


def replace(booking, inspector, officers):
    walk = walk_of(booking)
    actions.change_walk(walk, by=inspector, version=walk.revision, plan=plan_of(walk), officers=officers)


@pytest.mark.parametrize("was_answered", [False, True])
def test_another_officer_ends_the_question_and_what_was_agreed(was_answered, booking, inspector, officer):
    ask(booking, inspector)
    if was_answered:
        answer(booking, YES)

    replace(booking, inspector, [officer, OfficerFactory(bcu=officer.bcu)])

    walk = walk_of(booking)
    assert not OneOfficerQuestion.objects.open().exists()
    assert walk.one_officer_at is None
    assert walk.least_officers == 2


def move_an_hour(booking, inspector, officers):
    walk = walk_of(booking)
    later = dataclasses.replace(plan_of(walk), start_at=walk.start_at + datetime.timedelta(hours=1))
    actions.change_walk(walk, by=inspector, version=walk.revision, plan=later, officers=officers)


def test_what_was_agreed_holds_where_the_walk_moves_and_for_nobody_else(rings, inspector, officer):
    answer(rings, YES)
    before = walk_of(rings).start_at

    move_an_hour(rings, inspector, [officer])
    with pytest.raises(actions.BookingError, match="at least 2 officers"):
        move_an_hour(rings, inspector, [OfficerFactory(bcu=officer.bcu)])

    walk = walk_of(rings)
    assert walk.start_at == before + datetime.timedelta(hours=1)
    assert walk.one_officer_at is not None
    assert walk.live_officers() == [officer]


def test_change_page_takes_the_one_officer_who_was_agreed(rings, inspector, officer, client):
    answer(rings, YES)
    walk = walk_of(rings)
    client.force_login(inspector)
    page = reverse("staff:change", args=[walk.pk])

    shown = client.get(page).text
    response = client.post(page, {**plan_data([officer], days=5), "version": walk.revision})

    assert "Or leave the one who is on it" in shown
    assert response.status_code == 302
    assert walk_of(rings).revision > walk.revision


def test_last_officer_leaves_and_the_rule_is_two_again(booking, inspector, officer):
    ask(booking, inspector)
    answer(booking, YES)

    actions.leave_walk(walk_of(booking), by=officer)

    assert walk_of(booking).one_officer_at is None
    assert is_listed(booking, inspector)


@pytest.mark.parametrize("who", ["her", "us"])
def test_cancelled_there_is_nothing_left_to_answer(who, booking, inspector):
    ask(booking, inspector)
    question = OneOfficerQuestion.objects.get()
    fresh = Booking.objects.get(pk=booking.pk)

    if who == "her":
        actions.cancel_booking_by_her(fresh)
    else:
        actions.cancel_booking_by_us(fresh, by=inspector, version=fresh.version, reason="illness", words="")

    with pytest.raises(actions.MoveNotAllowed):
        actions.answer_about_one(Booking.objects.get(pk=booking.pk), question=question.pk, will_do=True)
    question.refresh_from_db()
    assert question.answer == "withdrawn"


def test_walk_that_has_begun_is_not_answered_any_more(booking, inspector):
    ask(booking, inspector)
    Walk.objects.update(start_at=in_days(-1))

    with pytest.raises(actions.MoveNotAllowed):
        answer(booking, YES)


@pytest.mark.django_db(transaction=True)
def test_yes_and_a_replacement_at_once_leave_one_truth(officer, second_officer, inspector):
    booking = left_alone(officer, second_officer)
    ask(booking, inspector)
    spare = OfficerFactory(bcu=officer.bcu)

    def attempt(act):
        try:
            act()
        except actions.BookingError:
            return "refused"
        return "done"

    outcomes = at_once(
        lambda: attempt(lambda: answer(booking, YES)),
        lambda: attempt(lambda: replace(booking, inspector, [officer, spare])),
    )

    walk = walk_of(booking)
    assert "done" in outcomes
    assert (walk.one_officer_at is None) == (len(walk.live_officers()) == 2)
    assert not walk.is_short
    assert not OneOfficerQuestion.objects.open().exists()


# --- Her page


@pytest.fixture
def her_page(booking, inspector, client):
    ask(booking, inspector)
    message = Message.objects.get(thread=f"her:{booking.pk}")
    return client, re.search(r"(/my-walk/[^/\s]+/)who-comes/", message.text).group(1)


def test_her_page_leads_to_the_question_and_get_answers_nothing(her_page):
    client, page = her_page

    shown = client.get(page)
    asked = client.get(f"{page}who-comes/")

    assert f"{page}who-comes/" in shown.text
    assert "Is it all right if one comes?" in asked.text
    assert OneOfficerQuestion.objects.open().count() == 1


@pytest.mark.parametrize(("said", "is_short"), [("yes", False), ("no", True)])
def test_she_answers_on_her_page(said, is_short, her_page, booking):
    client, page = her_page
    question = OneOfficerQuestion.objects.get()

    response = client.post(f"{page}who-comes/", {"of": str(question.pk), "answer": said})

    assert response.status_code == 302
    assert walk_of(booking).is_short is is_short
    assert "who-comes" not in client.get(page).text


def test_she_answers_twice_and_reads_how_it_stands(her_page, booking):
    client, page = her_page
    said = {"of": str(OneOfficerQuestion.objects.get().pk), "answer": "no"}
    client.post(f"{page}who-comes/", said)

    response = client.post(f"{page}who-comes/", said)

    assert response.status_code == 409
    assert "This question has been answered, or has ended." in response.text


def test_answer_has_to_be_chosen(her_page):
    client, page = her_page
    question = OneOfficerQuestion.objects.get()

    response = client.post(f"{page}who-comes/", {"of": str(question.pk)})

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == ["Choose yes or no"]


def test_on_the_neutral_host_the_question_names_nobody(officer, second_officer, inspector, client):
    booking = left_alone(officer, second_officer, channel=Channel.DISCREET)
    ask(booking, inspector)
    token = re.search(
        r"/r/([^/\s]+)/", Message.objects.filter(thread=f"her:{booking.pk}").order_by("number").last().text
    ).group(1)
    host = {"host": django_settings.DISCREET_HOST}
    client.post(f"/r/{token}/", {"pin": "402817"}, headers=host)

    page = client.get(f"/r/{token}/who-comes/", headers=host)

    assert "Is it all right if one comes?" in page.text
    for word in ("police", "officer", "Olive", "walk"):
        assert word not in re.sub(r"<[^>]*>", " ", page.text)


def test_questions_of_a_restricted_walk_go_to_its_handler(officer, second_officer, stranger, inspector):
    stranger.email = "handler@example.com"
    stranger.save()
    for each in (officer, second_officer):
        each.bcu = stranger.bcu
        each.save()
    walk = WalkFactory(bcu=stranger.bcu, handler=stranger, officers=[officer, second_officer])
    booking = left_alone(officer, second_officer, walk=walk, handler=stranger)

    with pytest.raises(PermissionDenied):
        ask(booking, inspector)
    ask(booking, stranger)
    answer(booking, NO)

    assert Message.objects.get(kind="team_one_officer_answered").recipient == "handler@example.com"
