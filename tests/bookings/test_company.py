"""Women who walk together: asked, offered a place, and told nothing of one another."""

from dataclasses import replace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import actions, emails, jobs
from bookings.calendar import calendar_attachments
from bookings.models import Agreement, Booking, Offer, Walk
from bookings.statuses import CancelReason, Channel, EventKind, OfferAnswer, Status, WalkStatus, Word
from bookings.walk_card import WalkCard
from outbox.models import Message, State
from tests.bookings.test_offers import to_her
from tests.support.factories import (
    AgreementFactory,
    BookingFactory,
    WalkFactory,
    in_days,
    needs_hold,
    scheduled_booking,
)
from tests.support.threads import at_once
from tests.support.world import token_for
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(southwark, team):
    """A woman on a walk, who said that others may join."""
    booking = scheduled_booking(team, borough=southwark, contact__name="Frieda First")
    agree(booking)
    return booking


@pytest.fixture
def waiting(southwark):
    return BookingFactory(borough=southwark, contact__name="Wanda Waiting")


def agree(booking):
    AgreementFactory(booking=booking, answer=Word.YES, answered_at=timezone.now())


def offer_place(booking, walk, inspector):
    booking.refresh_from_db()
    actions.offer_place(booking, by=inspector, version=booking.version, walk=walk, place="Peckham")
    return booking.offers.open().get()


def join(booking, walk, inspector):
    actions.accept_place(booking, offer=offer_place(booking, walk, inspector).pk)
    return booking


def also_coming(booking):
    booking.refresh_from_db()
    return next(line.text for line in WalkCard.of(booking).lines() if line.name == "also_coming")


def her_messages(booking):
    return Message.objects.in_thread(emails.her_thread(booking))


# --- Asking those who have the walk


def test_ask_company_asks_each_woman_and_says_nothing_of_anybody(southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark)

    actions.ask_company(booking.walk, by=inspector, version=1, most=3)

    message = her_messages(booking).get()
    assert booking.agreements.get().answer == ""
    assert booking.walk.capacity == 3
    assert "At most 3 women would walk in all" in message.text
    assert [event.kind for event in booking.events.all()] == [EventKind.COMPANY_ASKED]


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_ask_company_refused_where_her_post_is_not_hers_alone(channel, southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark, channel=channel)

    with pytest.raises(actions.BookingError, match="kept apart"):
        actions.ask_company(booking.walk, by=inspector, version=1, most=3)

    assert not Agreement.objects.exists()


def test_ask_company_refused_to_somebody_else(first, stranger):
    with pytest.raises(PermissionDenied):
        actions.ask_company(first.walk, by=stranger, version=1, most=3)


def test_answer_company_tells_the_team_and_takes_back_places_at_a_no(first, waiting, inspector):
    offer = offer_place(waiting, first.walk, inspector)

    actions.answer_company(first, may_join=False)

    waiting.refresh_from_db()
    offer.refresh_from_db()
    told = Message.objects.in_thread(emails.team_thread(first.walk)).get()
    hers = her_messages(waiting).last()
    assert (waiting.status, offer.answer) == (Status.WAITING, OfferAnswer.WITHDRAWN)
    assert told.subject.startswith("Nobody may join")
    assert "Frieda" not in hers.text + told.text
    assert "we have to take them back" in hers.text


def test_answer_company_on_her_page_by_pressing_alone(first, client):
    page = reverse("my_walk:page", args=[token_for(first)])

    client.get(f"{page}company/")
    untouched = Agreement.objects.get().answer
    client.post(f"{page}company/", {"may_join": "no"})

    assert (untouched, Agreement.objects.get().answer) == (Word.YES, Word.NO)
    assert "You said no. Nobody joins, and nobody is told why." in client.get(page).text


# --- Offering a place


def test_place_that_is_taken_back_is_not_offered_to_her_any_more(first, waiting, inspector):
    offer_place(waiting, first.walk, inspector)
    waiting.refresh_from_db()

    actions.withdraw_offers(waiting, by=inspector, version=waiting.version)

    sent = [(message.kind, message.state) for message in her_messages(waiting)]
    assert sent == [("place_offered", State.SUPERSEDED), ("offer_ended", State.PENDING)]


def test_offer_place_says_how_many_come_and_no_more(first, waiting, inspector):
    offer = offer_place(waiting, first.walk, inspector)

    message = her_messages(waiting).get()
    waiting.refresh_from_db()
    assert (waiting.status, waiting.walk, offer.start_at) == (Status.OFFERED, None, first.walk.start_at)
    assert "Also coming: One other woman. At most 4 women in all" in message.text
    for secret in ("Frieda", "flower stall", "green lantern", "Olive", first.spoken_reference):
        assert secret not in message.text + message.html


@pytest.mark.parametrize(
    ("hers", "said"),
    [
        ({"channel": Channel.DISCREET}, "never put together"),
        ({"channel": Channel.NONE}, "never put together"),
    ],
)
def test_offer_place_never_to_a_woman_whose_post_is_not_hers_alone(hers, said, first, southwark, inspector):
    booking = BookingFactory(borough=southwark, **hers)

    with pytest.raises(actions.BookingError, match=said):
        offer_place(booking, first.walk, inspector)

    assert not Offer.objects.exists()


def test_offer_place_never_to_a_restricted_woman(first, camden, inspector, stranger):
    """Her handler looks after her, and officers of the handler's BCU walk with her: alone."""
    walk = WalkFactory(bcu=inspector.bcu)
    booking = BookingFactory(borough=camden, handler=inspector)

    with pytest.raises(actions.BookingError, match="never put together"):
        offer_place(booking, walk, inspector)


def test_offer_place_never_on_a_walk_with_a_restricted_or_discreet_woman(waiting, southwark, team, inspector):
    discreet = scheduled_booking(team, borough=southwark, channel=Channel.DISCREET)
    agree(discreet)

    with pytest.raises(actions.BookingError, match="kept apart"):
        offer_place(waiting, discreet.walk, inspector)

    assert not Walk.objects.with_a_place(timezone.now()).exists()


@pytest.mark.parametrize("answer", ["", Word.NO])
def test_offer_place_waits_for_the_yes_of_every_woman_on_it(answer, first, waiting, southwark, inspector):
    second = scheduled_booking([], walk=first.walk, borough=southwark)
    AgreementFactory(booking=second, answer=answer, answered_at=timezone.now() if answer else None)

    with pytest.raises(actions.BookingError, match="Not every woman"):
        offer_place(waiting, first.walk, inspector)


def test_offer_place_refused_where_the_walk_is_full_or_near(first, waiting, inspector):
    Walk.objects.update(capacity=1)
    with pytest.raises(actions.BookingError, match="full"):
        offer_place(waiting, first.walk, inspector)

    Walk.objects.update(capacity=2, start_at=timezone.now() + timezone.timedelta(hours=23))
    with pytest.raises(actions.BookingError, match="less than 24 hours"):
        offer_place(waiting, first.walk, inspector)


def test_offer_place_refused_before_her_needs_are_arranged(first, southwark, inspector):
    booking = BookingFactory(borough=southwark, contact__arranged_by=False)

    with pytest.raises(actions.BookingError, match="Step-free"):
        offer_place(booking, first.walk, inspector)


# --- Her yes, and her no


def test_accept_place_books_her_at_once_and_tells_everybody_only_what_is_theirs(first, waiting, inspector, team):
    waiting.confirmed_at = None
    waiting.save()

    join(waiting, first.walk, inspector)

    waiting.refresh_from_db()
    theirs = her_messages(first).get()
    assert (waiting.status, waiting.walk, waiting.needed_at) == (Status.SCHEDULED, first.walk, first.walk.start_at)
    assert waiting.confirmed_at is not None
    assert [e.kind for e in waiting.events.all()][-2:] == [EventKind.OFFER_ACCEPTED, EventKind.SCHEDULED]
    assert to_her(waiting)[-1] == "scheduled"
    assert also_coming(waiting) == also_coming(first) == "One other woman"
    assert "Another woman is coming too." in theirs.text
    assert "Wanda" not in theirs.text
    assert "Frieda" not in her_messages(waiting).last().text
    assert Message.objects.filter(thread__startswith="officer:").count() == len(team)


def test_accept_place_brings_her_company_into_the_words_of_the_others(first, southwark, inspector):
    booking = BookingFactory(borough=southwark, contact__companions=2)

    join(booking, first.walk, inspector)

    assert also_coming(first) == "One other woman, and people whom they bring"
    assert also_coming(booking) == "2 people you bring; One other woman"


def test_refuse_offers_leaves_the_walk_as_it_was(first, waiting, inspector):
    offer = offer_place(waiting, first.walk, inspector)

    actions.refuse_offers(waiting, offer=offer.pk)

    assert waiting.status == Status.WAITING
    assert to_her(first) == []


def test_change_of_the_walk_takes_open_places_back(first, waiting, inspector, team, plan):
    offer = offer_place(waiting, first.walk, inspector)

    actions.change_walk(first.walk, by=inspector, version=1, plan=plan, officers=team)

    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING
    with pytest.raises(actions.MoveNotAllowed, match="not free any more"):
        actions.accept_place(waiting, offer=offer.pk)


def test_last_place_taken_takes_the_other_offers_back(first, waiting, southwark, inspector):
    Walk.objects.update(capacity=2)
    other = BookingFactory(borough=southwark)
    offers = [offer_place(each, first.walk, inspector) for each in (waiting, other)]

    actions.accept_place(waiting, offer=offers[0].pk)
    with pytest.raises(actions.MoveNotAllowed, match="not free any more"):
        actions.accept_place(other, offer=offers[1].pk)

    other.refresh_from_db()
    assert other.status == Status.WAITING
    assert to_her(other)[-1] == "offer_ended"


def test_accept_place_refused_where_fewer_may_walk_by_now(first, waiting, inspector):
    offer = offer_place(waiting, first.walk, inspector)
    Walk.objects.update(capacity=1)

    with pytest.raises(actions.MoveNotAllowed, match="not free any more"):
        actions.accept_place(waiting, offer=offer.pk)


def test_no_place_and_no_yes_while_the_walk_is_short_of_officers(first, waiting, southwark, inspector, officer):
    offer = offer_place(waiting, first.walk, inspector)
    actions.leave_walk(first.walk, by=officer)

    with pytest.raises(actions.MoveNotAllowed, match="officers are changing"):
        actions.accept_place(waiting, offer=offer.pk)
    with pytest.raises(actions.BookingError, match="too few officers"):
        offer_place(BookingFactory(borough=southwark), first.walk, inspector)

    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED


# --- One leaves


@pytest.mark.parametrize("who", ["her", "us"])
def test_one_who_leaves_cancels_nothing_for_the_rest(who, first, waiting, inspector, team):
    join(waiting, first.walk, inspector)

    if who == "her":
        actions.cancel_booking_by_her(waiting)
    else:
        actions.cancel_booking_by_us(
            waiting, by=inspector, version=waiting.version, reason=CancelReason.OTHER, words=""
        )

    first.refresh_from_db()
    assert (first.status, first.walk.status, first.walk.live_officers()) == ("scheduled", "scheduled", team)
    assert also_coming(first) == "Nobody else"
    assert "Another woman is not coming any more." in her_messages(first).last().text
    if who == "us":
        assert "The officers will not wait for you." in her_messages(waiting).last().text


def test_woman_cancelled_alone_is_looked_for_and_told_of_where_she_was_to_be(
    first, waiting, inspector, team, plan, client
):
    join(waiting, first.walk, inspector)
    was, place, walk = first.walk.start_at, first.walk.meeting_place, first.walk
    first.refresh_from_db()
    actions.cancel_booking_by_us(first, by=inspector, version=first.version, reason=CancelReason.ILLNESS, words="")
    walk.refresh_from_db()
    moved = replace(plan, start_at=in_days(13), meeting_place="Nunhead station")
    hold = needs_hold(waiting)
    actions.change_walk(walk, by=inspector, version=walk.revision, plan=moved, officers=team, arranged=hold)

    first = Booking.objects.get(pk=first.pk)
    actions.send_news_again(first, by=inspector)
    page = client.get(reverse("my_walk:page", args=[token_for(first)])).text
    with time_machine.travel(was, tick=False):
        jobs.alert_of_tonight(timezone.now())
        client.force_login(inspector)
        to_do = client.get(reverse("staff:bookings")).text.partition("Somebody has to go there now")[2]
    with time_machine.travel(in_days(13), tick=False):
        jobs.alert_of_tonight(timezone.now())

    assert f"{london.local(was):%Y%m%dT%H%M}".encode() in calendar_attachments(first, "CANCEL")[0].content
    news, go = her_messages(first).last(), Message.objects.get(kind="team_go_there")
    assert f"Please do not go to {place}. Your place on the walk on {london.long_date(was)}" in news.text
    for text in (page, go.text, to_do.partition("</section>")[0]):
        assert place in text
    for text in (news.text, page, go.text):
        assert london.long_date(was) in text
        assert "Nunhead" not in text


def test_woman_who_leaves_hides_no_change_that_is_still_unsent(first, waiting, inspector, team, plan):
    walk = first.walk
    join(waiting, walk, inspector)
    moved = replace(plan, start_at=in_days(12), meeting_place="Nunhead station")
    for change in (moved, replace(moved, start_at=in_days(13))):
        walk.refresh_from_db()
        hold = needs_hold(first, waiting)
        actions.change_walk(walk, by=inspector, version=walk.revision, plan=change, officers=team, arranged=hold)

    waiting.refresh_from_db()
    actions.cancel_booking_by_her(waiting)

    message = her_messages(first).last()
    said = message.text.partition("WHAT CHANGED\n")[2].partition("\n\n")[0].splitlines()
    assert said[0] == "- Another woman is coming too."
    assert said[-1] == "- Another woman is not coming any more."
    assert "- The meeting place is now Nunhead station." in said
    assert [line for line in said if "date" in line] == [f"- The date is now {london.long_date(in_days(13))}."]
    assert len(said) == len(set(said))


def test_change_that_was_sent_is_not_said_again(first, waiting, inspector, team, plan):
    join(waiting, first.walk, inspector)
    Message.objects.update(state=State.SENT, sent_at=timezone.now())

    waiting.refresh_from_db()
    actions.cancel_booking_by_her(waiting)

    assert WalkCard.of(first).changes == ("Another woman is not coming any more.",)
    assert "is coming too" not in her_messages(first).last().text


def test_cancel_walk_of_tells_each_woman_that_nobody_will_be_there(first, waiting, southwark, inspector):
    third = BookingFactory(borough=southwark)
    join(waiting, first.walk, inspector)
    offer_place(third, first.walk, inspector)
    first.refresh_from_db()

    actions.cancel_walk_of(first, by=inspector, version=first.version, reason=CancelReason.ILLNESS, words="")

    for booking in (first, waiting, third):
        booking.refresh_from_db()
    assert [first.status, waiting.status, third.status] == ["cancelled_by_us", "cancelled_by_us", "waiting"]
    assert first.walk.status == WalkStatus.CANCELLED
    for booking in (first, waiting):
        assert "The officers will not be there." in her_messages(booking).last().text


def test_cancel_page_asks_for_whom_only_where_others_are_on_it(first, waiting, inspector, client):
    client.force_login(inspector)
    page = reverse("staff:cancel", args=[first.pk])

    alone = client.get(page).text
    join(waiting, first.walk, inspector)
    first.refresh_from_db()
    shared = client.get(page).text
    client.post(page, {"reason": "illness", "whole_walk": "yes", "version": first.version})

    waiting.refresh_from_db()
    assert ("For whom?" in alone, "For whom?" in shared) == (False, True)
    assert waiting.status == Status.CANCELLED_BY_US


def test_walk_whose_last_woman_leaves_waits_for_who_may_still_say_yes(first, waiting, inspector):
    offer = offer_place(waiting, first.walk, inspector)

    actions.cancel_booking_by_her(first)
    jobs.release_walks(timezone.now())
    stands = Walk.objects.get().status
    actions.refuse_offers(waiting, offer=offer.pk)
    jobs.release_walks(timezone.now())

    assert (stands, Walk.objects.get().status) == (WalkStatus.SCHEDULED, WalkStatus.CANCELLED)
    assert not Walk.objects.get().live_officers()
    assert Message.objects.filter(thread__startswith="officer:", kind="officer_walk_cancelled").count() == 2


# --- At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_at_the_last_place_one_wins_and_the_other_reads_why_and_waits_on(southwark, team, inspector, client):
    first = scheduled_booking(team, borough=southwark)
    agree(first)
    Walk.objects.update(capacity=2)
    both = [BookingFactory(borough=southwark) for _ in range(2)]
    presses = [_press(booking, offer_place(booking, first.walk, inspector)) for booking in both]

    answers = at_once(*presses)

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert "This place is not free any more." in next(a.text for a in answers if a.status_code == 409)
    assert sorted(Booking.objects.exclude(pk=first.pk).values_list("status", flat=True)) == ["scheduled", "waiting"]


def _press(booking, offer):
    path = reverse("my_walk:offer", args=[token_for(booking)])
    return lambda: Client().post(path, {"pick": str(offer.pk), "of": str(offer.pk)})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["cancel", "move", "no"])
@pytest.mark.parametrize("order", [1, -1])
def test_yes_that_crosses_with_a_change_ends_in_one_of_both_orders(order, what, southwark, team, inspector, plan):
    first = scheduled_booking(team, borough=southwark)
    agree(first)
    waiting = BookingFactory(borough=southwark)
    offer = offer_place(waiting, first.walk, inspector)
    acts = {
        "cancel": lambda: actions.cancel_walk_of(
            Booking.objects.get(pk=first.pk), by=inspector, version=1, reason=CancelReason.OTHER, words=""
        ),
        "move": lambda: actions.change_walk(Walk.objects.get(), by=inspector, version=1, plan=plan, officers=team),
        "no": lambda: actions.answer_company(Booking.objects.get(pk=first.pk), may_join=False),
    }

    def act():
        try:
            acts[what]()
        except actions.BookingError as error:
            return str(error)
        return "done"

    yes = _press(waiting, offer)
    answers = at_once(*([yes, act] if order == 1 else [act, yes]))

    answer = next(each for each in answers if not isinstance(each, str))
    waiting.refresh_from_db()
    if answer.status_code == 302:  # her yes came first: she is on the walk, or was cancelled with it
        assert waiting.status == (Status.CANCELLED_BY_US if what == "cancel" else Status.SCHEDULED)
    else:
        assert (answer.status_code, waiting.status) == (409, Status.WAITING)
    assert not waiting.offers.open().exists()
