"""She asks for other times on her page, and what comes of it. And the day when all of them have passed."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings import actions, emails, jobs
from bookings.booking_request import NewWish, WishedTime
from bookings.models import Booking, Walk, to_go_to
from bookings.promise import promise_of
from bookings.queue import flags_of
from bookings.statuses import CancelReason, Channel, EventKind, OfferAnswer, Status, WalkStatus, Whereabouts
from outbox.models import Message
from tests.bookings.test_returning import PIN, page_of
from tests.support.factories import BookingFactory, WalkFactory, WishFactory, in_days, needs_hold, scheduled_booking
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PLACE = "Nunhead station, the ticket machines"


def new_wish(*days, place=PLACE, **also):
    times = [WishedTime(date=london.today() + datetime.timedelta(days=day), start=datetime.time(12)) for day in days]
    return NewWish(wishes=tuple(times), meeting_place=place, **{"weekday_evenings": False, "weekends": False, **also})


def typed(day, start="12pm", place=PLACE):
    date = london.today() + datetime.timedelta(days=day)
    parts = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    return {**parts, "first_start": start, "meeting_place": place, "also": ["weekends"]}


def kinds(booking):
    return [event.kind for event in booking.events.all()]


@pytest.fixture
def booked(southwark, team):
    """Her walk is in ten days, and we answered long ago."""
    return scheduled_booking(team, borough=southwark, answered_at=in_days(-3))


@pytest.fixture
def asking(booked):
    actions.change_wish(booked, wish=new_wish(14, 15))
    return booked


# --- She asks -------------------------------------------------------------------------------------------------------


def test_change_of_a_waiting_booking_replaces_the_wish_and_starts_the_clock(client):
    booking = BookingFactory(answer_due_at=in_days(1), confirmed_at=None)

    response = client.post(page_of(booking) + "change/", typed(20))

    booking = Booking.objects.get()
    wished = london.today() + datetime.timedelta(days=20)
    assert response.status_code == 302
    assert [(wish.round, wish.rank, wish.date) for wish in booking.wishes_now()] == [(2, 1, wished)]
    assert len(booking.wishes_before()) == 1
    assert booking.contact.meeting_place == PLACE
    assert booking.contact.former_meeting_place == "Peckham Rye station, main entrance"
    assert booking.weekends is True
    assert booking.needed_at == london.to_instant(wished, datetime.time(12))
    assert booking.answer_due_at == booking.bcu.answer_due_at(timezone.now(), booking.needed_at)
    assert booking.confirmed_at is not None
    assert booking.asked_again_at is None
    assert kinds(booking) == [EventKind.CONFIRMED, EventKind.ASKED_AGAIN]


def test_change_of_a_scheduled_walk_goes_back_to_the_inspector_and_the_plan_stands(client, booked):
    walk, page = booked.walk, page_of(booked)

    client.post(page + "change/", typed(14))

    booking = Booking.objects.get()
    text = " ".join(client.get(page).text.split())
    due = london.long_date(booking.answer_due_at)
    assert (booking.status, booking.walk) == (Status.SCHEDULED, walk)
    assert booking.asks_again
    assert booking.answered_at is None
    assert f"We will answer by <strong>{due}</strong>. Until then what is arranged stands." in text
    assert walk.meeting_place in text
    assert PLACE in text
    assert "Asked for another time" in [flag.text for flag in flags_of(booking, asked={})]
    assert promise_of(booking, now=timezone.now()).words.startswith("answer by")


def test_change_tells_her_and_the_team_that_the_plan_stands(asking, settings):
    to_her, to_team = Message.objects.order_by("number")

    assert to_her.recipient == "maya@example.com"
    assert f"Until we answer, your walk stays as it is: {london.long_date(asking.walk.start_at)}, 6:30pm" in to_her.text
    assert PLACE in to_her.text
    assert to_team.recipient == asking.bcu.inbox
    assert "The walk stands until you answer her" in to_team.text
    assert "Maya" not in to_team.text
    assert f"{settings.PUBLIC_URL}/staff/walks/{asking.walk.pk}/" in to_team.text


def test_change_while_an_offer_is_open_refuses_it_and_it_is_our_turn_by_the_new_promise(inspector, southwark):
    booking = BookingFactory(borough=southwark, answer_due_at=in_days(1))
    times = [actions.OfferedTime(start_at=in_days(8 + each), place="Place") for each in range(2)]
    actions.offer_times(booking, by=inspector, version=booking.version, times=times)

    actions.change_wish(booking, wish=new_wish(20))

    booking = Booking.objects.get()
    to_team = Message.objects.in_thread(emails.team_booking_thread(booking)).get()
    assert (booking.status, booking.is_owed_an_answer) == (Status.WAITING, True)
    assert {offer.answer for offer in booking.offers.all()} == {OfferAnswer.NO}
    assert booking.answer_due_at == booking.bcu.answer_due_at(timezone.now(), booking.needed_at)
    assert Booking.objects.to_answer_by(booking.answer_due_at).contains(booking)
    assert kinds(booking) == [EventKind.OFFERED, EventKind.OFFER_REFUSED, EventKind.ASKED_AGAIN]
    assert f"we answer by {london.long_date(booking.answer_due_at)}" in to_team.text


def test_cancelled_while_she_asks_for_an_earlier_time_she_is_looked_for_when_her_walk_was_to_begin(booked, inspector):
    actions.change_wish(booked, wish=new_wish(5))

    actions.cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")

    there = Booking.objects.filter(to_go_to(booked.walk.start_at))
    assert booked.needs_somebody_there(booked.walk.start_at)
    assert there.contains(booked)


def test_change_pressed_twice_asks_once(booked):
    for _ in range(2):
        actions.change_wish(booked, wish=new_wish(14, 15))

    assert kinds(booked) == [EventKind.ASKED_AGAIN]
    assert booked.wishes.count() == 3


def test_change_again_keeps_every_round(asking):
    actions.change_wish(asking, wish=new_wish(16))

    assert [(wish.round, wish.rank) for wish in asking.wishes.all()] == [(3, 1), (2, 1), (2, 2), (1, 1)]
    assert len(asking.wishes_before()) == 2


def test_change_needed_sooner_than_the_walk_comes_first_in_the_queue(booked):
    actions.change_wish(booked, wish=new_wish(6))

    assert booked.needed_at < booked.walk.start_at


def test_change_after_a_late_answer_says_so_for_the_figures():
    late = BookingFactory(answer_due_at=in_days(-1))
    in_time = BookingFactory(answer_due_at=in_days(1))

    for booking in (late, in_time):
        actions.change_wish(booking, wish=new_wish(20))

    assert [booking.events.last().code for booking in (late, in_time)] == ["late", ""]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (typed(2), "First choice must be between"),
        (typed(70), "First choice must be between"),
        (typed(14, start="5am"), "First choice must start between 7am and 10pm"),
        ({}, "First choice"),
        (typed(14, place="x" * 501), "Meeting place must be 500 characters or fewer"),
    ],
    ids=["notice", "horizon", "earliest", "nothing", "long place"],
)
def test_change_keeps_the_rules_of_asking(answers, error, client, booked):
    response = client.post(page_of(booked) + "change/", answers)

    assert response.status_code == 422
    assert error in response.text
    assert not booked.events.exists()


def test_change_to_a_time_that_the_clocks_skip_is_refused(client, booked):
    spring = next(
        day
        for day in (datetime.date(london.today().year + 1, 3, 31) - datetime.timedelta(days=n) for n in range(7))
        if day.weekday() == 6
    )
    bcu = booked.bcu
    bcu.horizon_days, bcu.earliest = 400, datetime.time(0)
    bcu.save()

    response = client.post(page_of(booked) + "change/", typed((spring - london.today()).days, start="1:30am"))

    assert response.status_code == 422
    assert "1:30am" in response.text


def test_change_gives_an_interpreter_as_long_as_the_first_asking_does(client):
    booking = BookingFactory(contact__needs=["bsl"])

    response = client.post(page_of(booking) + "change/", typed(14))
    with pytest.raises(actions.MoveNotAllowed):
        actions.change_wish(booking, wish=new_wish(14))

    assert "because finding an interpreter takes 21 days" in response.text
    assert not booking.events.exists()


@pytest.mark.parametrize(("place", "pin"), [(PLACE, None), ("Peckham Rye station, main entrance", [51.47, -0.07])])
def test_change_of_the_place_takes_its_pin_away(place, pin):
    booking = BookingFactory(contact__pin=[51.47, -0.07])

    actions.change_wish(booking, wish=new_wish(14, place=place))

    booking.contact.refresh_from_db()
    assert booking.contact.pin == pin


def test_change_form_begins_with_what_she_asked_for(client, booked):
    form = client.get(page_of(booked) + "change/").context["form"]

    assert form.initial["first_date"] == booked.wishes_now()[0].date
    assert form.initial["meeting_place"] == "Peckham Rye station, main entrance"


def test_change_form_leaves_out_times_that_are_not_possible_any_more(client):
    booking = BookingFactory(needed_at=in_days(-1))

    response = client.get(page_of(booking) + "change/")

    assert response.status_code == 200
    assert "first_date" not in response.context["form"].initial


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WAITING, Status.OFFERED, Status.SCHEDULED}))
def test_change_is_refused_once_we_have_given_a_final_answer(status, client, booked):
    booked.status = status
    booked.outcome_code = {"declined": "other", "cancelled_by_us": "illness"}.get(status, "")
    booked.save()

    response = client.get(page_of(booked) + "change/")
    with pytest.raises(actions.MoveNotAllowed):
        actions.change_wish(booked, wish=new_wish(14))

    assert response.status_code == 302
    assert not booked.events.exists()


def test_change_is_refused_once_the_walk_has_begun(booked):
    booked.walk.start_at = timezone.now()
    booked.walk.save()

    with pytest.raises(actions.MoveNotAllowed):
        actions.change_wish(booked, wish=new_wish(14))


def test_change_makes_the_inspector_who_is_about_to_schedule_look_again(inspector, team, plan):
    booking = BookingFactory()
    seen = booking.version
    actions.change_wish(booking, wish=new_wish(14))

    with pytest.raises(actions.MoveNotAllowed):
        actions.schedule_booking(booking, by=inspector, version=seen, plan=plan, officers=team)


def test_change_is_said_on_her_page_alone_where_her_post_is_read(booked):
    booked.channel = Channel.DISCREET
    booked.save()

    actions.change_wish(booked, wish=new_wish(14))

    assert [message.recipient for message in Message.objects.all()] == [booked.bcu.inbox]


# --- An inspector answers -------------------------------------------------------------------------------------------


def test_booking_page_shows_old_and_new_wishes(client, inspector, asking):
    client.force_login(inspector)

    text = client.get(f"/staff/bookings/{asking.pk}/").text

    for wish in asking.wishes.all():
        assert str(wish) in text
    assert PLACE in text
    assert "Peckham Rye station, main entrance" in text
    assert "The plan stands" in text


def test_change_page_takes_the_time_that_she_asked_for(client, inspector, asking):
    client.force_login(inspector)

    form = client.get(f"/staff/walks/{asking.walk.pk}/change/?wish=2&of={asking.pk}").context["form"]

    assert form.initial["date"] == london.today() + datetime.timedelta(days=15)
    assert form.initial["start"] == datetime.time(12)
    assert form.initial["meeting_place"] == PLACE


@pytest.mark.parametrize("query", ["", "?wish=2", "?wish=9&of={}", "?wish=x&of=y"])
def test_change_page_begins_with_the_plan_where_no_wish_was_chosen(query, client, inspector, asking):
    client.force_login(inspector)

    form = client.get(f"/staff/walks/{asking.walk.pk}/change/{query.format(asking.pk)}").context["form"]

    assert form.initial["date"] == asking.walk.date


def test_change_walk_to_another_time_answers_her(asking, inspector, team, plan):
    moved = actions.WalkPlan(**{**vars(plan), "start_at": in_days(14, 12, 0)})

    actions.change_walk(asking.walk, by=inspector, version=1, plan=moved, officers=team, arranged=needs_hold(asking))

    asking.refresh_from_db()
    assert not asking.asks_again
    assert asking.answered_at is not None
    assert asking.needed_at == moved.start_at


def test_change_walk_to_other_officers_answers_nothing(asking, inspector, officer, plan):
    same = actions.WalkPlan(**{**vars(plan), "start_at": asking.walk.start_at})
    asking.bcu.min_officers = 1
    asking.bcu.save()

    actions.change_walk(
        asking.walk, by=inspector, version=1, plan=same, officers=[officer], arranged=needs_hold(asking)
    )

    asking.refresh_from_db()
    assert asking.asks_again
    assert asking.answered_at is None


def test_plan_stands_is_told_kindly_with_the_card(client, asking, inspector):
    client.force_login(inspector)
    answer = {"version": asking.version, "words": "Nobody is free that week. Would Monday do?"}

    response = client.post(f"/staff/bookings/{asking.pk}/plan-stands/", answer)

    asking.refresh_from_db()
    told = Message.objects.order_by("number").last()
    page = client.get(page_of(asking)).text
    assert response.status_code == 302
    assert kinds(asking) == [EventKind.ASKED_AGAIN, EventKind.PLAN_STANDS]
    assert (asking.asks_again, asking.status, asking.needed_at) == (False, Status.SCHEDULED, asking.walk.start_at)
    assert asking.answered_at is not None
    for text in (told.text, page):
        assert "Thank you for telling us which times suit you better." in text
        assert "Nobody is free that week. Would Monday do?" in text
        assert "green lantern" in text
    assert told.subject.startswith("As before: your walk")


def test_plan_stands_is_forgotten_on_her_page_with_the_next_news(client, asking, inspector):
    actions.keep_plan(asking, by=inspector, version=asking.version, words="Nobody is free.")

    actions.change_wish(asking, wish=new_wish(18))

    assert "Nobody is free." not in client.get(page_of(asking)).text


def test_plan_stands_is_refused_to_a_stranger_and_after_another_wish(asking, inspector, stranger):
    version = asking.version
    with pytest.raises(PermissionDenied):
        actions.keep_plan(asking, by=stranger, version=version, words="No.")
    actions.change_wish(asking, wish=new_wish(18))

    with pytest.raises(actions.MoveNotAllowed):
        actions.keep_plan(asking, by=inspector, version=version, words="No.")

    assert kinds(asking) == [EventKind.ASKED_AGAIN] * 2


# --- Every time that she chose has passed ---------------------------------------------------------------------------


def test_apology_comes_when_the_last_time_has_passed():
    booking = BookingFactory(needed_at=in_days(3))
    WishFactory(booking=booking, rank=2, date=in_days(5).date())

    jobs.apologise_for_no_answer(in_days(4))
    after_the_first = Message.objects.count()
    jobs.apologise_for_no_answer(in_days(5, 18, 29))
    a_minute_early = Message.objects.count()
    for _ in range(2):
        jobs.apologise_for_no_answer(in_days(5, 18, 31))

    booking.refresh_from_db()
    message = Message.objects.get()
    assert (after_the_first, a_minute_early) == (0, 0)
    assert kinds(booking) == [EventKind.NOT_ANSWERED]
    assert "We are sorry. Every time that you chose has passed" in message.text
    assert "/change/" in message.text


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WAITING, Status.COMPLETED, Status.SCHEDULED}))
def test_apology_is_for_those_who_wait(status):
    BookingFactory(needed_at=in_days(-1), status=status)

    jobs.apologise_for_no_answer(timezone.now())

    assert not Message.objects.exists()


@pytest.mark.parametrize("channel", Channel)
def test_apology_stands_on_her_page_until_she_chooses_again(channel, client):
    booking = BookingFactory(needed_at=in_days(-1), answer_due_at=in_days(-3), channel=channel)
    jobs.apologise_for_no_answer(timezone.now())
    page = page_of(booking)
    client.post(page, {"pin": PIN})

    apology = client.get(page).text
    client.post(page + "change/", typed(20))
    after = client.get(page).text

    booking.refresh_from_db()
    assert "We are sorry that we did not answer" in apology
    assert "We are sorry that we did not answer" not in after
    assert booking.choices_passed_at is None
    assert booking.answer_due_at > timezone.now()
    assert kinds(booking) == [EventKind.NOT_ANSWERED, EventKind.ASKED_AGAIN]
    assert booking.events.last().code == "late"


def test_apology_is_over_once_she_says_yes_to_a_time_and_comes_again_if_that_passes_too(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.apologise_for_no_answer(timezone.now())
    booking.refresh_from_db()
    times = [actions.OfferedTime(start_at=in_days(8), place="Place")]
    actions.offer_times(booking, by=inspector, version=booking.version, times=times)

    actions.accept_offer(booking, offer=booking.offers.get().pk)
    page = client.get(page_of(booking)).text
    for _ in range(2):
        jobs.apologise_for_no_answer(in_days(9))

    assert "You said yes to" in page
    assert "We are sorry that we did not answer" not in page
    assert kinds(booking).count(EventKind.NOT_ANSWERED) == 2


def test_apology_is_made_once_for_the_same_times_though_she_refuses_an_offer(inspector, southwark):
    booking = BookingFactory(borough=southwark, needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.apologise_for_no_answer(timezone.now())
    booking.refresh_from_db()
    times = [actions.OfferedTime(start_at=in_days(8), place="Place")]
    actions.offer_times(booking, by=inspector, version=booking.version, times=times)

    actions.refuse_offers(booking, offer=booking.offers.get().pk)
    jobs.apologise_for_no_answer(timezone.now())

    assert kinds(booking).count(EventKind.NOT_ANSWERED) == 1


def test_apology_is_not_repeated_when_her_walk_is_cut_short(client, inspector, southwark, team, plan):
    booking = BookingFactory(borough=southwark, needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.apologise_for_no_answer(timezone.now())
    booking.refresh_from_db()
    walk = actions.schedule_booking(booking, by=inspector, version=booking.version, plan=plan, officers=team)
    Walk.objects.update(start_at=timezone.now() - datetime.timedelta(minutes=20))

    actions.call_away(walk, by=team[0], where=Whereabouts.ALONE)
    page = client.get(page_of(booking)).text

    assert "You are first in line for another time" in page
    assert "We are sorry that we did not answer" not in page


def test_apology_is_on_the_inspectors_list(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, needed_at=in_days(-1), contact__name="Paula Passed")
    other = BookingFactory(borough=southwark, contact__name="Wanda Waiting")
    jobs.apologise_for_no_answer(timezone.now())
    client.force_login(inspector)

    page = client.get("/staff/bookings/")
    listed = client.get("/staff/bookings/?state=passed").text

    assert list(page.context["passed"]) == [booking]
    assert "All her times passed" in page.text
    assert booking.contact.name in listed
    assert other.contact.name not in listed.split("<tbody")[1]


def test_apology_comes_again_when_the_next_round_passes_too():
    booking = BookingFactory(needed_at=in_days(-1))
    jobs.apologise_for_no_answer(timezone.now())
    actions.change_wish(Booking.objects.get(), wish=new_wish(14))

    jobs.apologise_for_no_answer(in_days(14))

    assert kinds(booking) == [EventKind.NOT_ANSWERED, EventKind.ASKED_AGAIN, EventKind.NOT_ANSWERED]


def test_apology_after_a_walk_was_cut_short_comes_once_she_has_chosen_and_that_has_passed(client):
    cut_short = WalkFactory(status=WalkStatus.CUT_SHORT, start_at=in_days(-1), ended_at=in_days(-1, 18, 50))
    booking = BookingFactory(needed_at=cut_short.ended_at, cut_short_walk=cut_short)
    jobs.apologise_for_no_answer(timezone.now())
    before = kinds(booking)
    actions.change_wish(Booking.objects.get(), wish=new_wish(14))

    jobs.apologise_for_no_answer(in_days(14))

    page = client.get(page_of(booking)).text
    assert before == []
    assert kinds(booking) == [EventKind.ASKED_AGAIN, EventKind.NOT_ANSWERED]
    assert "Choose other times" in page
    assert "you need do nothing" not in page


def test_walks_of_several_women_say_who_else_would_move(client, inspector, team, asking):
    scheduled_booking(team, walk=asking.walk, borough=asking.borough)
    client.force_login(inspector)

    text = client.get(f"/staff/walks/{asking.walk.pk}/change/").text

    assert "2 women share this walk. A change moves all of them." in text
