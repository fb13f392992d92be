"""A woman can read that someone asked about her officers, and so can her inspector."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from bookings.control_room.jobs import record_failed_checks
from bookings.events import get_history, load_history
from bookings.manage.freeze.actions import freeze_booking
from bookings.statuses import Channel, EventKind, Status
from data_rights.copy.builder import build_copy
from outbox.models import Message
from tests.support.control_room import WORDS, WRONG, check
from tests.support.discreet_search import revealing_words
from tests.support.query_counts import count_queries
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import tokens
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

YES_LINE = "Someone checked your officers by 101 at 6pm."
NO_LINE = "Someone asked 101 about your walk at 6pm, with the wrong words. We told them nothing."


@pytest.fixture
def ask(operator):
    """Ask as a caller does. The job that tells of wrong words runs at once."""

    def ask_once(words=WORDS, number="", reference=""):
        answer = check(operator, number, words, reference=reference)
        record_failed_checks(timezone.now())
        return answer

    return ask_once


def events_of(booking):
    return [(event.kind, event.by) for event in booking.events.all()]


def words_beside_the_officers(page):
    return re.findall(r'<p class="acts__note govuk-!-display-none-print">([^<]*)</p>', page)


def fold_of(page):
    folds = re.findall(r"<details([^>]*)>(.*?)</details>", page, re.DOTALL)
    found = [(attributes, words) for attributes, words in folds if "Who asked about" in words]
    return (found[0][0].strip(), " ".join(re.sub(r"<[^>]*>", " ", found[0][1]).split())) if found else None


# --- Events -----------------------------------------------------------------------------------------------------------


def test_yes_by_reference_is_in_the_history_of_that_booking_alone(ask, operator, booking, companion):
    ask(reference=booking.reference)

    assert events_of(booking) == [(EventKind.WALK_CHECKED, operator)]
    assert events_of(companion) == []


def test_yes_by_shoulder_number_is_in_the_history_of_each_booking_on_the_walk(ask, operator, booking, companion):
    ask(number="11AS")

    assert events_of(booking) == events_of(companion) == [(EventKind.WALK_CHECKED, operator)]


def test_wrong_words_for_her_reference_are_in_her_history_once_at_the_time_of_the_call(
    operator, booking, companion, traveller
):
    asked_at = timezone.now()
    check(operator, reference=booking.reference, words=WRONG)
    traveller.shift(datetime.timedelta(minutes=5))

    for _run in range(2):
        record_failed_checks(timezone.now())

    (event,) = booking.events.all()
    assert (event.kind, event.by, event.at) == (EventKind.WALK_CHECK_FAILED, operator, asked_at)
    assert events_of(companion) == []


def test_wrong_words_for_a_shoulder_number_worry_none_of_the_women(ask, booking, companion):
    ask(WRONG, number="11AS")

    assert events_of(booking) == events_of(companion) == []


def test_reference_outside_its_time_is_in_no_history(ask, booking, traveller):
    traveller.shift(datetime.timedelta(hours=-3))

    assert not ask(reference=booking.reference)
    assert events_of(booking) == []


def test_job_that_was_down_for_days_tells_later(operator, booking, traveller):
    check(operator, reference=booking.reference, words=WRONG)
    traveller.shift(datetime.timedelta(days=6))

    record_failed_checks(timezone.now())

    assert events_of(booking) == [(EventKind.WALK_CHECK_FAILED, operator)]


def test_inspector_reads_both_with_the_name_of_the_operator(ask, operator, booking):
    ask(reference=booking.reference)
    ask(WRONG, reference=booking.reference)

    load_history(booking)
    assert {(line.what, line.by) for line in get_history(booking)} == {
        ("Control room told a caller that these are our officers", operator),
        ("Someone asked the control room with the wrong words", operator),
    }


def test_check_sends_nobody_a_message_and_changes_no_version(ask, booking):
    version = booking.version
    ask(reference=booking.reference)
    ask(WRONG, reference=booking.reference)

    booking.refresh_from_db()
    assert booking.version == version
    assert not Message.objects.exists()


# --- Her page ---------------------------------------------------------------------------------------------------------


def test_page_says_it_beside_the_officers_tonight_and_in_a_folded_list_afterwards(ask, client, booking, traveller):
    page = create_page_link(booking)
    before = client.get(page).text
    for _call in range(2):
        ask(reference=booking.reference)
        ask(WRONG, reference=booking.reference)

    tonight = client.get(page).text
    traveller.shift(datetime.timedelta(hours=12))
    in_the_morning = client.get(page).text
    save_changes(booking, status=Status.COMPLETED)
    afterwards = client.get(page).text

    assert (words_beside_the_officers(before), fold_of(before)) == ([], None)
    assert words_beside_the_officers(tonight) == [YES_LINE, NO_LINE]
    assert words_beside_the_officers(in_the_morning) == words_beside_the_officers(afterwards) == []
    attributes, words = fold_of(afterwards)
    assert attributes == 'class="fold govuk-!-display-none-print"'
    assert words.startswith("Who asked about your officers")
    assert words.count(f"{YES_LINE} Tuesday 8 December 2026") == 2
    assert words.count(f"{NO_LINE} Tuesday 8 December 2026") == 2


def test_neutral_page_names_no_police_and_no_walk(ask, booking, settings):
    save_changes(booking, channel=Channel.DISCREET)
    save_changes(booking.contact, pin_hmac=tokens.pin_hmac(booking.pk, PIN))
    client = Client(headers={"host": settings.DISCREET_URL.split("//")[1]})
    page = create_page_link(booking).replace("/my-walk/", "/r/")
    ask(reference=booking.reference)
    ask(WRONG, reference=booking.reference)

    client.post(page, {"pin": PIN})
    shown = client.get(page).text

    beside = words_beside_the_officers(shown)
    assert sorted(beside) == [
        "Someone asked about your appointment at 6pm. We told them nothing.",
        "Someone checked your appointment at 6pm.",
    ]
    _attributes, words = fold_of(shown)
    assert words.startswith("Who asked about your appointment")
    assert revealing_words(" ".join([*beside, words])) == []


def test_new_address_that_she_has_not_confirmed_shows_neither(ask, client, booking):
    ask(reference=booking.reference)
    page = create_page_link(booking, email=booking.contact.email)
    shown = client.get(page).text
    save_changes(booking.contact, address_unconfirmed_since=timezone.now())

    hidden = client.get(page).text

    assert words_beside_the_officers(shown) == [YES_LINE]
    assert words_beside_the_officers(hidden) == []
    assert fold_of(hidden) is None


def test_frozen_page_says_nothing_and_tells_her_later(ask, client, booking):
    page = create_page_link(booking)
    freeze_booking(booking)
    ask(reference=booking.reference)

    frozen = client.get(page).text
    save_changes(booking, frozen_at=None)

    assert "asked about" not in frozen
    assert YES_LINE not in frozen
    assert words_beside_the_officers(client.get(page).text) == [YES_LINE]


def test_page_takes_the_same_queries_for_one_check_and_for_many(ask, client, booking):
    page = create_page_link(booking)
    ask(reference=booking.reference)
    one = count_queries(client, page)
    for _call in range(4):
        ask(reference=booking.reference)

    assert count_queries(client, page) == one


def test_copy_has_both(ask, booking):
    ask(reference=booking.reference)
    ask(WRONG, reference=booking.reference)

    events = {event.what for event in build_copy(booking).events}

    assert events >= {"Someone checked your officers by 101", "Someone asked 101 about your walk, with the wrong words"}
