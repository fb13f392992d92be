import datetime
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from bookings import actions, emails, jobs
from bookings.models import Booking, BookingContact, Draft, Event, Link, ReadLog, Walk
from bookings.statuses import OPEN, CancelReason, DeclineReason, EventKind, Status, WalkStatus
from outbox.models import Message, State
from tests.support.factories import BookingFactory, OfficerFactory, WalkFactory, in_days, scheduled_booking
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

PERIOD = datetime.timedelta(days=90)
DELETED = "Details have been deleted"
LIFT = "Lift at both ends, walked by Sergeant Stone"
WORDS = "Come to the library instead"


@pytest.fixture
def scheduled(request_of_hers, inspector, team, plan):
    """A booking that came to its walk as all of them do, with everything that was written on the way."""
    return schedule(request_of_hers, inspector, team, plan)


def schedule(request_of_hers, inspector, team, plan):
    draft, _ = Draft.objects.start()
    booking = actions.request_booking(draft, request=request_of_hers)
    actions.confirm_booking(booking)
    arranged = [actions.Arranged(need="step_free", how=LIFT, agreed_otherwise=False)]
    actions.schedule_booking(
        booking, by=inspector, version=booking.version, plan=plan, officers=team, arranged=arranged
    )
    return booking


def walk_it(booking, officer):
    Walk.objects.filter(pk=booking.walk_id).update(start_at=timezone.now())
    walk = Walk.objects.get(pk=booking.walk_id)
    actions.start_walk(walk, by=officer)
    actions.end_walk(walk, by=officer)
    booking.refresh_from_db()


ENDINGS = {
    "completed": lambda booking, officer, inspector: walk_it(booking, officer),
    "cancelled by her": lambda booking, officer, inspector: actions.cancel_booking_by_her(booking),
    "cancelled by us": lambda booking, officer, inspector: actions.cancel_booking_by_us(
        booking, by=inspector, version=booking.version, reason=CancelReason.OTHER, words=WORDS
    ),
}


@pytest.fixture
def cancelled(scheduled, inspector):
    actions.cancel_booking_by_us(
        scheduled, by=inspector, version=scheduled.version, reason=CancelReason.OTHER, words=WORDS
    )
    return scheduled


def in_time(moment):
    """Run the job at the moment from which the booking is to be forgotten."""
    jobs.forget_contacts(moment + PERIOD)


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_forget_contacts_when_it_ended_so_many_days_ago_and_no_sooner(ending, scheduled, officer, inspector):
    before = timezone.now()
    ending(scheduled, officer, inspector)
    after = timezone.now()

    in_time(before)
    too_soon = BookingContact.objects.get().name
    in_time(after)

    assert too_soon == "Maya O'Brien"
    assert BookingContact.objects.get().name == ""


def test_forget_contacts_of_a_request_that_was_not_hers(southwark):
    booking = BookingFactory(confirmed_at=None, asked_at=timezone.now() - PERIOD)
    before = timezone.now()
    actions.disown_booking(booking)

    in_time(before)
    too_soon = BookingContact.objects.get().name
    in_time(timezone.now())

    assert too_soon == "Maya Example"
    assert BookingContact.objects.get().name == ""


def test_forget_contacts_of_a_request_that_was_declined(inspector):
    booking = BookingFactory(asked_at=timezone.now() - PERIOD)
    before = timezone.now()
    actions.decline_booking(
        booking, by=inspector, version=booking.version, reason=DeclineReason.OTHER, alternatives=[], words=WORDS
    )

    in_time(before)
    too_soon = BookingContact.objects.get().name
    in_time(timezone.now())

    assert too_soon == "Maya Example"
    assert BookingContact.objects.get().name == ""
    assert [event.note for event in booking.events.all()] == ["", ""]


def test_forget_contacts_goes_by_the_period_of_the_settings(cancelled, settings):
    settings.KEEP_ENDED_DAYS = 30

    jobs.forget_contacts(timezone.now() + datetime.timedelta(days=30))

    assert BookingContact.objects.get().name == ""


@pytest.mark.parametrize("status", sorted(OPEN))
def test_forget_contacts_leaves_what_is_open(status, team):
    booking = scheduled_booking(team, asked_at=timezone.now() - 20 * PERIOD)
    Booking.objects.filter(pk=booking.pk).update(status=status)

    jobs.forget_contacts(timezone.now() + 40 * PERIOD)

    assert BookingContact.objects.get().name == "Maya Example"
    assert Walk.objects.get().meeting_place == "Peckham Rye station, by the flower stall"
    assert list(Booking.objects.open_too_long(timezone.now() + 40 * PERIOD)) == [booking]


def test_open_too_long_waits_for_the_walk(team):
    walk = WalkFactory(officers=team, start_at=in_days(5))
    booking = scheduled_booking(team, walk=walk)
    Booking.objects.filter(pk=booking.pk).update(needed_at=in_days(-5))

    assert not Booking.objects.open_too_long(in_days(90, hour=0)).exists()
    assert Booking.objects.open_too_long(in_days(96)).exists()


def test_forget_booking_is_refused_while_it_is_open(scheduled):
    with pytest.raises(actions.MoveNotAllowed):
        actions.forget_booking(scheduled)

    assert BookingContact.objects.get().name == "Maya O'Brien"


def test_forget_booking_leaves_no_field_of_contact(cancelled):
    names = [field.name for field in BookingContact._meta.fields if field.name != "booking"]
    no_text = {"companions": 2, "may_pass_on": True, "accompanied": True, "once_pin_until": timezone.now()}
    all_filled = {**dict.fromkeys(names, "x"), "phone_rules": ["call"], "needs": ["bsl"], "about": ["place"], **no_text}
    contact = BookingContact.objects.get()
    for name, value in all_filled.items():
        setattr(contact, name, value)
    contact.save()

    actions.forget_booking(cancelled)

    contact = BookingContact.objects.get()
    assert {name: getattr(contact, name) for name in names if getattr(contact, name)} == {}
    assert (contact.needs, contact.phone_rules) == ([], [])


def test_forget_booking_leaves_nothing_of_the_walk_nor_of_any_message(cancelled, team, inspector):
    said_before = [message.text for message in Message.objects.all()]
    numbers = list(Message.objects.order_by("number").values_list("pk", "number", "dedupe_key"))

    actions.forget_booking(cancelled)

    walk = Walk.objects.get()
    assert {walk.meeting_place, walk.finish_place, walk.phrase_they, walk.phrase_you} == {""}
    assert walk.pin is None
    assert {event.note for event in Event.objects.all()} == {""}
    assert all(said_before)
    assert len(numbers) == 7  # received, scheduled and cancelled to her; scheduled and cancelled to two officers
    for message in Message.objects.all():
        assert (message.recipient, message.subject, message.text, message.html) == ("", "", "", "")
        assert message.attachments == []
    assert list(Message.objects.order_by("number").values_list("pk", "number", "dedupe_key")) == numbers
    assert not Message.objects.unsent().exists()


def test_forget_booking_forgets_what_the_team_was_told_of_this_walk_alone(
    request_of_hers, inspector, team, plan, scheduled
):
    others = [OfficerFactory(bcu=team[0].bcu) for _ in range(2)]
    other = schedule(request_of_hers, inspector, others, plan)
    for booking, officer in ((scheduled, team[0]), (other, others[0])):
        actions.leave_walk(booking.walk, by=officer)
    actions.cancel_booking_by_her(scheduled)

    actions.forget_booking(scheduled)

    said = {message.dedupe_key.split(":")[1]: message for message in Message.objects.filter(kind="team_officer_left")}
    assert said[str(scheduled.walk_id)].text == ""
    assert plan.meeting_place in said[str(other.walk_id)].text
    assert said[str(other.walk_id)].state != State.SUPERSEDED
    of_the_officer_who_left = Message.objects.filter(thread=f"officer:{team[0].pk}:{scheduled.walk_id}")
    assert [message.text for message in of_the_officer_who_left] == [""]


def test_forget_booking_sends_nothing_that_waits(cancelled):
    Message.objects.filter(thread=f"her:{cancelled.pk}").update(state=State.PENDING)

    actions.forget_booking(cancelled)

    states = Message.objects.filter(thread=f"her:{cancelled.pk}").values_list("state", flat=True)
    assert set(states) == {State.SUPERSEDED}


def test_forget_booking_keeps_a_walk_that_another_woman_still_needs(cancelled):
    other = BookingFactory(status=Status.COMPLETED, walk=cancelled.walk)

    actions.forget_booking(cancelled)
    kept = Walk.objects.get().meeting_place
    actions.forget_booking(other)

    assert kept == "Peckham Rye station, by the flower stall"
    assert Walk.objects.get().meeting_place == ""


def test_forget_booking_keeps_what_is_counted(cancelled):
    def counts():
        return [model.objects.count() for model in (Booking, BookingContact, Walk, Message)]

    before, status, version = counts(), cancelled.status, cancelled.version

    actions.forget_booking(cancelled)

    booking = Booking.objects.get()
    assert counts() == before
    assert (booking.status, booking.version, booking.outcome_code) == (status, version, "other")
    assert booking.wishes.count() == 2


def test_forget_contacts_twice_is_once(cancelled):
    in_time(timezone.now())
    first = Booking.objects.get().forgotten_at
    in_time(timezone.now())
    actions.forget_booking(cancelled)

    assert Booking.objects.get().forgotten_at == first
    assert Event.objects.filter(kind=EventKind.FORGOTTEN, booking=cancelled, by=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_forget_contacts_from_beat_and_loop_at_once_is_once(cancelled):
    at_once(*[lambda: in_time(timezone.now())] * 4)

    assert BookingContact.objects.get().name == ""
    assert Event.objects.filter(kind=EventKind.FORGOTTEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_forget_booking_of_two_women_at_once_forgets_their_walk(cancelled):
    other = BookingFactory(status=Status.COMPLETED, walk=cancelled.walk)
    held = threading.Event()

    def forget_the_other():
        held.wait()
        actions.forget_booking(Booking.objects.get(pk=other.pk))
        connection.close()

    thread = threading.Thread(target=forget_the_other)
    thread.start()
    with transaction.atomic():
        actions.forget_booking(cancelled)
        held.set()
        thread.join(timeout=0.5)
    thread.join()

    assert Walk.objects.get().meeting_place == ""


@pytest.mark.django_db(transaction=True)
def test_link_asked_for_while_she_is_being_forgotten_is_not_sent(cancelled):
    cancelled = Booking.objects.select_related("contact", "bcu").get()
    address = cancelled.contact.email
    held = threading.Event()

    def send_again():
        held.wait()
        actions.send_link_again(cancelled, request_id="1")
        connection.close()

    thread = threading.Thread(target=send_again)
    thread.start()
    with transaction.atomic():
        actions.forget_booking(Booking.objects.get())
        held.set()
        thread.join(timeout=0.5)
        waited = thread.is_alive()
    thread.join()

    assert address
    assert waited
    assert {message.recipient for message in Message.objects.all()} == {""}
    assert not Link.objects.exists()


def test_forget_contacts_takes_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    BookingFactory.create_batch(3, status=Status.DECLINED)

    in_time(timezone.now())
    first = Booking.objects.exclude(forgotten_at=None).count()
    in_time(timezone.now())

    assert (first, Booking.objects.exclude(forgotten_at=None).count()) == (2, 3)


def test_forget_contacts_does_not_need_history():
    BookingFactory(status=Status.DECLINED, asked_at=timezone.now() - PERIOD)

    jobs.forget_contacts(timezone.now())

    assert BookingContact.objects.get().name == ""


def test_expire_booking_forgets_at_once(request_of_hers):
    draft, _ = Draft.objects.start()
    booking = actions.request_booking(draft, request=request_of_hers)

    jobs.expire_unconfirmed_bookings(timezone.now() + datetime.timedelta(days=7))

    booking.refresh_from_db()
    assert booking.status == Status.EXPIRED
    assert (booking.contact.name, booking.contact.email_hmac, booking.links.count()) == ("", "", 0)
    assert (Message.objects.get().state, Message.objects.get().text) == (State.SUPERSEDED, "")


def test_expire_unconfirmed_bookings_goes_by_the_period_of_the_settings(settings):
    settings.KEEP_UNCONFIRMED_DAYS = 3
    BookingFactory(confirmed_at=None, asked_at=timezone.now() - datetime.timedelta(days=3))

    jobs.expire_unconfirmed_bookings(timezone.now())

    assert Booking.objects.get().status == Status.EXPIRED


# --- Ways back to what is forgotten ----------------------------------------------------------------------------------


def test_no_link_reference_or_pin_opens_what_is_forgotten(client, officer):
    booking = BookingFactory(status=Status.DECLINED)
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    actions.forget_booking(booking)

    page = client.get(reverse("my_walk:page", args=[token]))
    with pytest.raises(actions.PinWrong):
        actions.open_by_reference(reference=booking.reference, pin="402817", network="192.0.2.1")
    actions.ask_for_link(booking.reference, network="192.0.2.1")
    jobs.send_links_again(timezone.now())

    assert page.status_code == 404
    assert not Link.objects.exists()
    assert not Message.objects.exists()


def test_her_page_says_that_her_details_are_deleted(client):
    booking = BookingFactory(status=Status.DECLINED, outcome_code="no_officers")
    actions.forget_booking(booking)
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=in_days(30))

    text = client.get(reverse("my_walk:page", args=[token])).text

    assert "Your details have been deleted." in text
    assert "no officers are free" in text


def test_staff_page_says_that_details_are_deleted(client, inspector, cancelled):
    client.force_login(inspector)
    page = reverse("staff:booking", args=[cancelled.pk])
    before = client.get(page).text
    actions.forget_booking(cancelled)

    text = client.get(page).text

    assert "Maya O&#x27;Brien" in before
    for invented in ("She would like us to suggest", "None told", "She gave no number", "Show her number"):
        assert invented not in text
    assert DELETED in text
    assert "Her details deleted" in text
    assert "Cancelled by us" in text


def test_walk_page_says_that_details_are_deleted(client, inspector, scheduled, officer):
    client.force_login(inspector)
    walk_it(scheduled, officer)
    page = reverse("staff:walk", args=[scheduled.walk_id])
    before = client.get(page).text
    actions.forget_booking(scheduled)

    text = client.get(page).text

    assert "She is" in before
    assert DELETED in text
    for empty in ("She is", "Say or show", "<dt>Meet</dt>"):
        assert empty not in text
    assert client.post(reverse("staff:phone", args=[scheduled.walk_id, scheduled.pk])).status_code == 404
    assert not ReadLog.objects.filter(field="phone").exists()


def test_forget_contacts_takes_old_walks_to_which_nothing_leads_and_no_others(cancelled, team, southwark):
    """Cut short twice: her booking knows the second walk only, and both are over."""
    over, old = {"status": WalkStatus.CUT_SHORT, "start_at": in_days(-91)}, {"bcu": southwark.bcu}
    first, second, younger = (WalkFactory(**old, **over) for _each in range(3))
    Walk.objects.filter(pk=younger.pk).update(start_at=in_days(-88))
    Booking.objects.update(cut_short_walk=second)

    jobs.forget_contacts(timezone.now())

    forgotten = set(Walk.objects.exclude(forgotten_at=None))
    assert forgotten == {first}
    assert [walk.meeting_place for walk in forgotten] == [""]


def test_lists_of_an_evening_are_deleted_a_week_later(scheduled, officer):
    with transaction.atomic():
        emails.officer_tonight(officer, [scheduled.walk], now=timezone.now())
    end = scheduled.walk.end_at

    jobs.forget_history(end + datetime.timedelta(days=6))
    kept = Message.objects.filter(kind="tonight").count()
    jobs.forget_history(end + datetime.timedelta(days=7))

    assert kept == 1
    assert not Message.objects.filter(kind="tonight").exists()


# --- History ---------------------------------------------------------------------------------------------------------


def test_forget_history_after_six_years_and_no_sooner(cancelled, inspector):
    actions.read_phone(cancelled, by=inspector)
    now = timezone.now().replace(month=6, day=1)
    Event.objects.update(at=now)
    ReadLog.objects.update(at=now)
    lines = Event.objects.count()

    jobs.forget_history(now.replace(year=now.year + 6) - datetime.timedelta(seconds=1))
    before = (Event.objects.count(), ReadLog.objects.count())
    jobs.forget_history(now.replace(year=now.year + 6))

    assert before == (lines, 1)
    assert (Event.objects.count(), ReadLog.objects.count()) == (0, 0)
    assert Booking.objects.exists()
