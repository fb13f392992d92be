"""She is offered other times, and picks one or none."""

import datetime
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from bookings import actions, emails, jobs
from bookings.models import Booking, Link, Offer
from bookings.promise import due_after_offer
from bookings.statuses import Channel, DeclineReason, EventKind, OfferAnswer, Status
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days
from tests.support.form_data import offer_data
from tests.support.lock_waits import wait_until_somebody_waits_for_a_lock
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def times(*days):
    return [actions.OfferedTime(start_at=in_days(each), place=f"Place {each}") for each in days]


def offer(booking, inspector, *days):
    actions.offer_times(booking, by=inspector, version=booking.version, times=times(*days))
    return list(booking.offers.open())


def to_her(booking):
    return [message.kind for message in Message.objects.in_thread(emails.her_thread(booking))]


def to_team(booking):
    return list(Message.objects.in_thread(emails.team_booking_thread(booking)))


# --- Offering


def test_offer_times_makes_it_her_turn_and_tells_her_when_and_where_about(booking, inspector):
    first, second = offer(booking, inspector, 8, 9)

    message = Message.objects.in_thread(emails.her_thread(booking)).get()
    assert booking.status == Status.OFFERED
    assert (first.start_at, second.place, first.round) == (in_days(8), "Place 9", 1)
    assert booking.answered_at is not None
    assert [event.kind for event in booking.events.all()] == [EventKind.OFFERED]
    assert message.subject == f"Can you come at another time? {booking.spoken_reference}"
    assert f"{first.when}. Place 8" in message.text
    assert "/offer/" in message.text


def test_offer_times_leaves_what_asks_her_whether_it_was_her(booking, inspector):
    emails.request_received(booking, wishes=[])

    offer(booking, inspector, 8)

    assert [message.state for message in Message.objects.in_thread(emails.her_thread(booking))] == [
        "pending",
        "pending",
    ]


def test_offer_times_runs_out_in_three_days_or_12_hours_before_the_first(booking, southwark, inspector):
    (far,) = offer(booking, inspector, 8)
    soon, _also = offer(BookingFactory(borough=southwark), inspector, 2, 9)

    assert far.expires_at - far.offered_at == datetime.timedelta(days=3)
    assert soon.expires_at == in_days(2) - datetime.timedelta(hours=12)


def test_offer_times_to_an_unconfirmed_woman_holds_nothing_but_time_and_area(booking, inspector):
    booking.confirmed_at = None
    booking.save()

    offer(booking, inspector, 8)

    text = Message.objects.get().text
    for hers in ("07700", "Step-free", "stick", "main entrance", "Inspector"):
        assert hers not in text


def test_offer_times_to_a_discreet_woman_says_only_that_there_is_news(southwark, inspector):
    booking = BookingFactory(borough=southwark, channel=Channel.DISCREET)

    offer(booking, inspector, 8)

    message = Message.objects.get()
    assert message.subject == "Your appointment"
    assert "Place 8" not in message.text + message.html


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "one to 3 times"),
        ([5, 6, 7, 8], "one to 3 times"),
        ([5, 5], "another one"),
        ([0, 5], "at least 24 hours away"),
    ],
)
def test_offer_times_refuses_what_she_could_not_choose_from(chosen, said, booking, inspector):
    with pytest.raises(actions.BookingError, match=said):
        offer(booking, inspector, *chosen)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING


def test_offer_times_at_most_three_times(booking, inspector):
    for _round in range(3):
        (one,) = offer(booking, inspector, 8)
        actions.refuse_offers(booking, offer=one.pk)

    with pytest.raises(actions.BookingError, match="has been offered times 3 times"):
        offer(booking, inspector, 8)

    assert [each.round for each in Offer.objects.all()] == [1, 2, 3]


def test_offer_times_waits_for_her_answer(booking, inspector):
    offer(booking, inspector, 8)

    with pytest.raises(actions.MoveNotAllowed, match="has not answered the last offer"):
        offer(booking, inspector, 9)


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {Status.WAITING, Status.OFFERED, Status.SCHEDULED, "completed"})
)
def test_offer_times_refused_once_it_has_moved_on(status, southwark, inspector):
    booking = BookingFactory(borough=southwark, status=status)

    with pytest.raises(actions.MoveNotAllowed):
        offer(booking, inspector, 8)

    assert not Offer.objects.exists()


def test_offer_times_refused_to_an_inspector_of_another_bcu(booking, stranger):
    with pytest.raises(PermissionDenied):
        offer(booking, stranger, 8)


def test_offer_times_refused_to_somebody_who_saw_an_older_version(booking, inspector):
    with pytest.raises(actions.MoveNotAllowed, match="Somebody has changed this"):
        actions.offer_times(booking, by=inspector, version=booking.version - 1, times=times(8))


# --- Her answer


def test_accept_offer_confirms_her_and_brings_it_back_to_the_team_with_that_time(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    _first, second = offer(booking, inspector, 8, 9)

    actions.accept_offer(booking, offer=second.pk)

    booking.refresh_from_db()
    assert (booking.status, booking.needed_at) == (Status.WAITING, in_days(9))
    assert booking.confirmed_at is not None
    assert booking.answered_at is None
    assert booking.accepted_offer() == second
    assert [each.answer for each in Offer.objects.all()] == [OfferAnswer.NO, OfferAnswer.YES]
    assert [event.kind for event in booking.events.all()][1:] == [EventKind.CONFIRMED, EventKind.OFFER_ACCEPTED]
    (told,) = to_team(booking)
    assert told.recipient == booking.bcu.inbox
    assert second.when in told.text
    assert "Maya" not in told.text


def test_accept_offer_twice_says_that_it_was_answered(booking, inspector):
    (one,) = offer(booking, inspector, 8)
    actions.accept_offer(booking, offer=one.pk)

    with pytest.raises(actions.MoveNotAllowed, match="has ended, or you have answered it"):
        actions.accept_offer(booking, offer=one.pk)

    assert len(to_team(booking)) == 1


def test_accept_offer_of_another_woman_is_refused(booking, southwark, inspector):
    (hers,) = offer(BookingFactory(borough=southwark), inspector, 8)
    offer(booking, inspector, 8)

    with pytest.raises(actions.MoveNotAllowed):
        actions.accept_offer(booking, offer=hers.pk)

    hers.refresh_from_db()
    assert hers.is_open


def test_accept_offer_that_ran_out_a_moment_ago_is_refused(booking, inspector):
    (one,) = offer(booking, inspector, 8)
    Offer.objects.update(expires_at=timezone.now())

    with pytest.raises(actions.MoveNotAllowed):
        actions.accept_offer(booking, offer=one.pk)


def test_refuse_offers_brings_it_back_to_the_team(booking, inspector):
    first, _second = offer(booking, inspector, 8, 9)

    actions.refuse_offers(booking, offer=first.pk)

    booking.refresh_from_db()
    assert (booking.status, booking.answered_at, booking.accepted_offer()) == (Status.WAITING, None, None)
    assert {each.answer for each in Offer.objects.all()} == {OfferAnswer.NO}
    assert "Said no to the offer" in to_team(booking)[0].text


def test_a_later_round_makes_an_earlier_yes_no_answer_any_more(booking, inspector):
    (one,) = offer(booking, inspector, 8)
    actions.accept_offer(booking, offer=one.pk)
    (two,) = offer(booking, inspector, 9)

    actions.refuse_offers(booking, offer=two.pk)

    assert Booking.objects.get().accepted_offer() is None


# --- What ends without her answer


def test_lapse_offers_brings_back_what_ran_out_and_tells_both_sides_once(booking, southwark, inspector):
    offer(booking, inspector, 8)
    offer(BookingFactory(borough=southwark), inspector, 8)
    booking.offers.update(expires_at=timezone.now())

    jobs.lapse_offers(timezone.now())
    jobs.lapse_offers(timezone.now())
    actions.lapse_offers(booking)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING
    assert [each.answer for each in booking.offers.all()] == [OfferAnswer.LAPSED]
    assert to_her(booking) == ["offered", "offer_ended"]
    assert [event.kind for event in booking.events.all()] == [EventKind.OFFERED, EventKind.OFFER_LAPSED]
    assert len(to_team(booking)) == 1
    assert Booking.objects.filter(status=Status.OFFERED).count() == 1


def test_withdraw_offers_tells_her(booking, inspector):
    (one,) = offer(booking, inspector, 8)

    actions.withdraw_offers(booking, by=inspector, version=booking.version)

    one.refresh_from_db()
    assert (booking.status, one.answer) == (Status.WAITING, OfferAnswer.WITHDRAWN)
    assert "we have to take them back" in Message.objects.in_thread(emails.her_thread(booking)).last().text


ENDINGS = {
    "declined": lambda booking, inspector: actions.decline_booking(
        booking, by=inspector, version=booking.version, reason=DeclineReason.OTHER, alternatives=[], words="No."
    ),
    "cancelled by her": lambda booking, inspector: actions.cancel_booking_by_her(booking),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_an_offer_ends_with_its_booking(end, booking, inspector):
    (one,) = offer(booking, inspector, 8)

    end(booking, inspector)

    one.refresh_from_db()
    assert one.answer == OfferAnswer.WITHDRAWN


def test_unconfirmed_booking_with_an_open_offer_does_not_expire(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    offer(booking, inspector, 8)
    Booking.objects.update(asked_at=in_days(-8), unconfirmed_since=in_days(-8))

    jobs.expire_unconfirmed_bookings(timezone.now())

    assert Booking.objects.get().status == Status.OFFERED


def test_unconfirmed_booking_whose_offer_lapsed_stands_as_she_is_told(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None, asked_at=in_days(-8))
    offer(booking, inspector, 8)
    booking.offers.update(expires_at=timezone.now())

    jobs.lapse_offers(timezone.now())
    jobs.expire_unconfirmed_bookings(timezone.now())

    booking.refresh_from_db()
    assert (booking.status, booking.asked_at, booking.forgotten_at) == (Status.WAITING, in_days(-8), None)


def test_refuse_offers_confirms_that_it_was_her(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    (one,) = offer(booking, inspector, 8)

    actions.refuse_offers(booking, offer=one.pk)

    booking.refresh_from_db()
    assert booking.confirmed_at is not None


def test_forget_booking_empties_what_was_offered(booking, inspector):
    offer(booking, inspector, 8)
    actions.cancel_booking_by_her(booking)

    actions.forget_booking(booking)

    assert Offer.objects.get().place == ""
    assert {message.text for message in Message.objects.all()} == {""}


# --- The clock


def at(day, hour=12):
    return london.to_instant(datetime.date(2026, 12, day), datetime.time(hour))


@pytest.mark.parametrize(
    ("now", "needed", "due"),
    [
        (at(3), at(30), at(4, 17)),  # a day with her: a day later
        (at(4), at(30), at(7, 17)),  # Saturday: the end of Monday
        (at(3), at(5, 20), at(3, 20)),  # 48 hours before she needs it
        (at(3), at(4), at(3, 17)),  # and never earlier than she was told
    ],
)
def test_due_after_offer_gives_back_the_time_that_was_hers(now, needed, due):
    assert due_after_offer(at(3, 17), offered_at=at(2), now=now, needed_at=needed) == due


def test_offer_that_comes_back_late_is_late_all_the_same(booking, inspector):
    Booking.objects.update(answer_due_at=in_days(-3))
    (one,) = offer(Booking.objects.get(), inspector, 8)

    actions.refuse_offers(booking, offer=one.pk)

    assert Booking.objects.get().answer_due_at < timezone.now()


def test_offer_that_comes_back_gives_the_booking_the_time_that_was_hers(booking, inspector):
    (one,) = offer(booking, inspector, 8)
    due = Booking.objects.get().answer_due_at
    Offer.objects.update(offered_at=timezone.now() - datetime.timedelta(days=1))

    actions.refuse_offers(booking, offer=one.pk)

    assert Booking.objects.get().answer_due_at >= due + datetime.timedelta(days=1)


# --- Pages


def of(name, *args):
    return reverse(name, args=args)


def test_offer_page_offers_what_was_typed(as_inspector, booking):
    response = as_inspector.post(of("staff:offer", booking.pk), {**offer_data(days=8), "version": booking.version})

    assert response["Location"] == of("staff:booking", booking.pk)
    assert (Offer.objects.get().start_at, Offer.objects.get().place) == (in_days(8, 19, 0), "Peckham Rye")


NO_DATE = dict.fromkeys(["first_date_day", "first_date_month", "first_date_year"], "")


@pytest.mark.parametrize(
    ("wrong", "missing"),
    [
        ({"first_start": ""}, {"#id_first_start": "First time must include a time"}),
        ({"first_place": ""}, {"#id_first_place": "First time must include a place"}),
        (
            {"second_start": "7pm", "second_place": "Nunhead"},
            {"#id_second_date_day": "Second time must include a date"},
        ),
        (
            {"third_place": "Nunhead"},
            {
                "#id_third_date_day": "Third time must include a date",
                "#id_third_start": "Third time must include a time",
            },
        ),
        (
            NO_DATE | {"first_start": "soon"},
            {
                "#id_first_date_day": "First time must include a date",
                "#id_first_start": "First time must be a time, like 6:30pm",
            },
        ),
        (
            NO_DATE | {"first_start": "", "first_place": ""},
            {
                "#id_first_date_day": "First time must include a date",
                "#id_first_start": "First time must include a time",
                "#id_first_place": "First time must include a place",
            },
        ),
    ],
)
def test_offer_page_says_all_that_is_missing_and_leads_to_each(wrong, missing, as_inspector, booking):
    response = as_inspector.post(
        of("staff:offer", booking.pk), {**offer_data(days=8), "version": booking.version, **wrong}
    )

    summary = {error["href"]: error["text"] for error in response.context["error_summary"]}
    assert response.status_code == 422
    assert summary == missing


@pytest.mark.parametrize("first_place", ["", "Peckham Rye station, main entrance"])
def test_offer_page_needs_no_first_time_beside_a_second_one(first_place, as_inspector, booking):
    second = {name.replace("first", "second"): value for name, value in offer_data(days=8).items()}

    as_inspector.post(of("staff:offer", booking.pk), {**second, "first_place": first_place, "version": booking.version})

    assert [offer.start_at for offer in booking.offers.all()] == [in_days(8, 19, 0)]


def test_offer_page_keeps_the_form_when_she_cancelled_meanwhile(as_inspector, booking):
    data = {**offer_data(days=8), "version": booking.version}
    actions.cancel_booking_by_her(booking)

    response = as_inspector.post(of("staff:offer", booking.pk), data)

    assert response.status_code == 409
    assert "“Cancelled by her” at" in response.text
    assert 'value="Peckham Rye"' in response.text


def test_take_back_answers_with_what_happened_meanwhile(as_inspector, booking, inspector):
    (one,) = offer(booking, inspector, 8)
    seen = booking.version
    actions.accept_offer(booking, offer=one.pk)

    response = as_inspector.post(of("staff:offer_take_back", booking.pk), {"version": seen})

    assert response.status_code == 409
    assert "“Said yes to an offer” at" in response.text


def test_schedule_page_begins_with_the_time_she_said_yes_to(as_inspector, booking, inspector):
    (one,) = offer(booking, inspector, 8)
    actions.accept_offer(booking, offer=one.pk)

    form = as_inspector.get(of("staff:schedule", booking.pk)).context["form"]

    assert form.initial["date"] == london.local(one.start_at).date()
    assert form.initial["meeting_place"] == "Place 8"


def her_link(booking, name="my_walk:offer"):
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    return of(name, token)


def test_her_page_lists_what_is_offered_and_a_scanner_that_follows_answers_nothing(client, booking, inspector):
    (one,) = offer(booking, inspector, 8)

    page = client.get(her_link(booking, "my_walk:page"))
    form = client.get(her_link(booking))

    assert one.when in page.text
    assert one.when in form.text
    assert Offer.objects.get().is_open


def test_her_yes_and_her_no_are_one_press_each(client, southwark, inspector):
    for pick in ("yes", "none"):
        booking = BookingFactory(borough=southwark)
        (one,) = offer(booking, inspector, 8)
        client.post(her_link(booking), {"pick": str(one.pk) if pick == "yes" else pick, "of": str(one.pk)})

    assert [each.answer for each in Offer.objects.order_by("offered_at")] == [OfferAnswer.YES, OfferAnswer.NO]


def test_her_answer_to_an_offer_taken_back_is_told_so(client, booking, inspector):
    (one,) = offer(booking, inspector, 8)
    actions.withdraw_offers(booking, by=inspector, version=booking.version)

    response = client.post(her_link(booking), {"pick": str(one.pk), "of": str(one.pk)})

    assert response.status_code == 409
    assert "This offer has ended" in response.text


def test_her_answer_to_an_earlier_round_changes_nothing_of_the_later_one(client, booking, inspector):
    (one,) = offer(booking, inspector, 8)
    actions.withdraw_offers(booking, by=inspector, version=booking.version)
    (two,) = offer(booking, inspector, 9)

    picked = client.post(her_link(booking), {"pick": str(one.pk), "of": str(one.pk)})
    refused = client.post(her_link(booking), {"pick": "none", "of": str(one.pk)})

    two.refresh_from_db()
    assert (picked.status_code, refused.status_code) == (422, 409)
    assert two.is_open


@pytest.mark.django_db(transaction=True)
def test_take_back_that_crosses_with_her_yes_waits_and_then_finds_it(southwark, inspector):
    booking = BookingFactory(borough=southwark)
    (one,) = offer(booking, inspector, 8)
    outcome = []

    def take_back():
        try:
            seen = Booking.objects.get(pk=booking.pk)
            actions.withdraw_offers(seen, by=inspector, version=seen.version)
        except actions.BookingError as error:
            outcome.append(str(error))
        finally:
            connection.close()

    thread = Thread(target=take_back)
    with transaction.atomic():
        actions.accept_offer(Booking.objects.get(), offer=one.pk)
        thread.start()
        wait_until_somebody_waits_for_a_lock()
    thread.join()

    assert "“Said yes to an offer”" in outcome[0]
    assert Offer.objects.get().answer == OfferAnswer.YES
