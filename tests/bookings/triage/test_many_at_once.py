"""Acts on many bookings: each goes through its own action, and a summary says what was done, what not, and why."""

from uuid import uuid4

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.need_to_know import SHIFT
from bookings.read_log import record_reason
from bookings.statuses import EventKind, ReadReason, Status
from bookings.triage.claims.actions import SAME_NOTE_WITHIN
from bookings.triage.many.forms import MOST_TICKED
from bookings.triage.many.pages import NOT_HERS
from outbox.models import Message
from tests.support.concurrency import act_after_first_read, run_concurrently
from tests.support.decisions import decline_now
from tests.support.factories import BookingFactory, ClaimFactory
from tests.support.many import QUEUE, do, done, left, open_act, ticks
from tests.support.staff_client import StaffClient

pytestmark = pytest.mark.django_db

CLAIM, NOTE, HAND_OVER, DECLINE = (
    "triage:claim_many",
    "triage:add_note_to_many",
    "triage:hand_over_many",
    "triage:decline_many",
)
DECLINED = {"reason": "no_officers", "alternatives": ["other_time"], "words": "Try a weekday."}


@pytest.fixture
def as_inspector(inspector):
    return signed_in(inspector)


def signed_in(person):
    """Return a client that answers no question by itself."""
    client = StaffClient(gives_reasons=False)
    client.force_login(person)
    return client


@pytest.fixture
def mine(southwark, inspector):
    return [ClaimFactory(booking__borough=southwark, officer=inspector).booking for _each in range(2)]


@pytest.fixture
def not_mine(southwark):
    return BookingFactory(borough=southwark, contact__name="Zora Zimmermann")


@pytest.fixture
def stale(southwark, inspector):
    """A booking as the queue showed it, which has been declined since."""
    booking = ClaimFactory(booking__borough=southwark, officer=inspector).booking
    decline_now(Booking.objects.get(pk=booking.pk), inspector, message="No.")
    return booking


@pytest.fixture
def elsewhere(camden, southwark, stranger):
    """A booking of another BCU, and one of this place that only an inspector elsewhere may see."""
    return [BookingFactory(borough=camden), BookingFactory(borough=southwark, nominated_inspector=stranger)]


def statuses(*bookings):
    return [Booking.objects.get(pk=booking.pk).status for booking in bookings]


def notes(booking):
    return [event.note for event in Event.objects.filter(booking=booking, kind=EventKind.NOTE_ADDED)]


def answers_for(name, other_bcu):
    return {
        CLAIM: {},
        NOTE: {"note": "Ring after 5pm."},
        HAND_OVER: {"to": other_bcu.pk, "note": "Nearer to you."},
        DECLINE: DECLINED,
    }[name]


def has_happened(name, booking, inspector):
    booking = Booking.objects.get(pk=booking.pk)
    return {
        CLAIM: Claim.objects.filter(booking=booking, officer=inspector).exists(),
        NOTE: notes(booking) == ["Ring after 5pm."],
        HAND_OVER: booking.bcu_id != inspector.bcu_id,
        DECLINE: booking.status == Status.DECLINED,
    }[name]


# --- The page of an act -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [CLAIM, NOTE, HAND_OVER, DECLINE])
def test_page_lists_them_as_the_queue_names_them_and_does_nothing(name, as_inspector, mine, not_mine):
    page = open_act(as_inspector, name, *mine, not_mine)

    assert "Maya Example" in page.text
    assert "Z." in page.text
    assert not [word for word in ["Zora", "07700", "Peckham Rye", "stick"] if word in page.text]
    assert not Event.objects.filter(booking=not_mine).exists()
    assert statuses(*mine, not_mine) == [Status.WAITING] * 3
    assert Claim.objects.count() == len(mine)


def test_address_never_has_an_id_and_leads_back_to_the_same_list(as_inspector, mine, not_mine):
    queue = as_inspector.get(f"{QUEUE}?state=open&unread=on").text
    page = open_act(as_inspector, NOTE, not_mine, list_shown="?state=open&unread=on&nonsense=1")
    nothing = as_inspector.post(reverse(NOTE) + "?state=open&unread=on", {})

    assert f'formaction="{reverse(NOTE)}?state=open&amp;unread=on"' in queue
    assert f'href="{QUEUE}?state=open&amp;unread=on"' in page.text
    assert nothing["Location"] == f"{QUEUE}?state=open&unread=on"
    assert [str(message) for message in get_messages(nothing.wsgi_request)] == ["Tick at least one booking."]


@pytest.mark.parametrize("name", [CLAIM, NOTE, HAND_OVER, DECLINE])
def test_ids_of_other_teams_and_of_nobody_get_the_same_answer(name, as_inspector, elsewhere, camden):
    answers = answers_for(name, camden.bcu) | {"save": "yes"}

    posted = [{"ticked": ticks(*elsewhere), **answers}, {"ticked": [f"{uuid4()}:1"], **answers}]
    refused = [as_inspector.post(reverse(name), data) for data in posted]

    said = [[str(message) for message in get_messages(response.wsgi_request)] for response in refused]
    assert [response.status_code for response in refused] == [302, 302]
    assert said[0] == said[1][:1] == ["None of the ticked bookings is in your queue any more."]


def test_get_leads_to_the_queue(as_inspector):
    assert as_inspector.get(reverse(DECLINE)).status_code == 302


def test_at_most_one_page_of_bookings(as_inspector, inspector, southwark):
    bookings = [BookingFactory(borough=southwark) for _each in range(MOST_TICKED + 1)]

    refused = do(as_inspector, CLAIM, *bookings)
    accepted = do(as_inspector, CLAIM, *bookings[1:])

    assert refused.status_code == 302
    assert len(done(accepted)) == MOST_TICKED


def test_page_names_those_that_are_not_hers_beforehand(as_inspector, mine, not_mine):
    page = open_act(as_inspector, NOTE, mine[0], not_mine)

    assert page.text.count(NOT_HERS) == 1
    assert "Add the note" in page.text
    assert "Add the note" not in open_act(as_inspector, NOTE, not_mine).text


@pytest.mark.parametrize(
    ("name", "wrong"),
    [(NOTE, {"note": " "}), (HAND_OVER, {"to": "", "note": "x"}), (DECLINE, {**DECLINED, "alternatives": []})],
)
def test_answer_that_is_missing_is_asked_for_again_and_nothing_is_lost(name, wrong, as_inspector, mine):
    page = do(as_inspector, name, *mine, **wrong)

    assert page.status_code == 422
    assert all(tick in page.text for tick in ticks(*mine))
    assert not Event.objects.filter(booking__in=mine).exists()


@pytest.mark.parametrize("name", [CLAIM, NOTE, HAND_OVER, DECLINE])
def test_number_of_queries_does_not_grow_with_the_bookings(name, as_inspector, inspector, southwark):
    def queries_for(number):
        bookings = [ClaimFactory(booking__borough=southwark, officer=inspector).booking for _each in range(number)]
        open_act(as_inspector, name, *bookings)
        with CaptureQueriesContext(connection) as queries:
            open_act(as_inspector, name, *bookings)
        return len(queries)

    assert queries_for(2) == queries_for(12) <= 15


# --- What is done, and what is not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NOTE, HAND_OVER, DECLINE])
def test_mine_are_done_and_the_others_say_why_not(
    name, as_inspector, inspector, mine, not_mine, stale, elsewhere, camden
):
    ids = ticks(*mine, not_mine, stale, *elsewhere)
    before = [(booking.pk, booking.version) for booking in Booking.objects.filter(pk__in=[b.pk for b in elsewhere])]

    summary = as_inspector.post(reverse(name), {"ticked": ids, "save": "yes", **answers_for(name, camden.bcu)})

    assert all(has_happened(name, booking, inspector) for booking in mine)
    assert done(summary) >= {booking.pk for booking in mine}
    assert left(summary)[not_mine.pk] == NOT_HERS
    assert not has_happened(name, not_mine, inspector)
    if name != NOTE:
        assert f"“Declined” by {inspector.display_name}" in left(summary)[stale.pk]
    assert "2 ticked bookings aren’t in your queue any more." in summary.text
    assert not {booking.pk for booking in elsewhere} & {*done(summary), *left(summary)}
    assert [(b.pk, b.version) for b in Booking.objects.filter(pk__in=[b.pk for b in elsewhere])] == before
    assert not Event.objects.filter(booking__in=elsewhere).exists()


def test_claim_takes_those_of_nobody_and_leaves_those_of_colleagues(
    as_inspector, inspector, not_mine, elsewhere, southwark
):
    hers = ClaimFactory(booking__borough=southwark, officer__name="Bea Boateng").booking

    summary = do(as_inspector, CLAIM, not_mine, hers, *elsewhere)

    assert done(summary) == {not_mine.pk}
    assert "Inspector Bea Boateng has been assigned this since" in left(summary)[hers.pk]
    assert Claim.objects.get(booking=hers).officer != inspector
    assert not Claim.objects.filter(booking__in=elsewhere).exists()


def test_claims_stay_within_the_budget_and_the_auditor_is_told_once(as_inspector, inspector, southwark, settings):
    settings.BOOKINGS_PER_PERSON_AN_HOUR = 2
    bookings = [BookingFactory(borough=southwark) for _each in range(4)]

    summary = do(as_inspector, CLAIM, *bookings)

    assert len(done(summary)) == Claim.objects.count() == 2
    assert all("as many bookings as one person may" in why for why in left(summary).values())
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.READING_PAUSED, officer=inspector).count() == 1


def test_reason_of_this_shift_is_enough(inspector, not_mine):
    record_reason([not_mine.pk], ReadReason.COVER, by=inspector)
    early = do(signed_in(inspector), NOTE, not_mine, note="First.")
    with time_machine.travel(timezone.now() + SHIFT):
        late = do(signed_in(inspector), NOTE, not_mine, note="Second.")

    assert done(early) == {not_mine.pk}
    assert left(late) == {not_mine.pk: NOT_HERS}
    assert notes(not_mine) == ["First."]


def test_restricted_booking_goes_through_its_nominated_inspector(southwark, stranger, bcu):
    restricted = BookingFactory(borough=southwark, nominated_inspector=stranger)

    summary = do(signed_in(stranger), HAND_OVER, restricted, to=bcu.pk, note="Yours.")

    assert "She asked us to keep this from" in left(summary)[restricted.pk]


def test_frozen_booking_is_out_of_the_queue(as_inspector, mine, stranger):
    freeze_booking(Booking.objects.get(pk=mine[0].pk))

    summary = do(as_inspector, DECLINE, *mine, **DECLINED)

    assert done(summary) == {mine[1].pk}
    assert summary.context["ticked"].missing == 1
    assert statuses(mine[0]) == [Status.WAITING]


def test_handed_over_while_she_presses_says_no_more_than_gone(as_inspector, mine, camden):
    hand_over = Booking.objects.filter(pk=mine[0].pk)

    with act_after_first_read(Booking, lambda: hand_over.update(bcu=camden.bcu)):
        summary = do(as_inspector, DECLINE, *mine, **DECLINED)

    assert left(summary) == {mine[0].pk: "It isn’t in your queue any more."}
    assert done(summary) == {mine[1].pk}


def test_those_left_stay_ticked_and_carry_the_change_of_which_she_has_read(
    as_inspector, inspector, mine, not_mine, stale
):
    now = Booking.objects.get(pk=stale.pk).version
    Booking.objects.filter(pk=not_mine.pk).update(version=not_mine.version + 1)

    summary = do(as_inspector, HAND_OVER, stale, not_mine, to=inspector.bcu_id, note="x")
    summary = do(as_inspector, DECLINE, stale, not_mine, **DECLINED)

    assert f'value="{stale.pk}:{now}"' in summary.text
    assert f'value="{not_mine.pk}:{not_mine.version}"' in summary.text
    assert summary.text.count("checked") == 2
    assert "Assign to me" in summary.text


def test_what_an_action_reads_for_its_message_is_no_look(as_inspector, mine, not_mine):
    do(as_inspector, DECLINE, mine[0], not_mine, **DECLINED)

    assert [(line.booking_id, line.kinds) for line in ReadLog.objects.all()] == [(mine[0].pk, ["contact"])]


# --- Pressed twice ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [CLAIM, NOTE, HAND_OVER, DECLINE])
def test_second_press_does_nothing_twice(name, as_inspector, inspector, mine, camden):
    answers = answers_for(name, camden.bcu)

    do(as_inspector, name, *mine, **answers)
    events, messages = Event.objects.count(), Message.objects.count()
    do(as_inspector, name, *mine, **answers)

    assert (Event.objects.count(), Message.objects.count()) == (events, messages)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [NOTE, DECLINE])
def test_two_presses_at_the_same_moment_do_it_once(name, inspector, mine, camden):
    def press():
        return do(signed_in(inspector), name, *mine, **answers_for(name, camden.bcu))

    run_concurrently(press, press)

    kind = EventKind.NOTE_ADDED if name == NOTE else EventKind.DECLINED
    assert Event.objects.filter(kind=kind, booking__in=mine).count() == len(mine)


def test_same_note_later_is_another_note(inspector, mine):
    do(signed_in(inspector), NOTE, mine[0], note="Rang her, no answer.")
    with time_machine.travel(timezone.now() + SAME_NOTE_WITHIN):
        do(signed_in(inspector), NOTE, mine[0], note="Rang her, no answer.")

    assert notes(mine[0]) == ["Rang her, no answer."] * 2
