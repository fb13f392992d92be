"""Yes or no: when the control room can confirm officers, and that every no is the same."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.manage.freeze.actions import freeze_booking
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.statuses import Status
from tests.support.control_room import ADDRESS, END, START, WORDS, WRONG, check, close_check
from tests.support.decisions import cancel_now
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from tests.support.people import make_control_room
from walkandtalk.lib.rows import save_changes
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

HOURS = {number: datetime.timedelta(hours=number) for number in range(-3, 24)}
SECOND = datetime.timedelta(seconds=1)
VALUES = re.compile(r"'[^']*'(::\w+)?|\b\d+\b|\bNULL\b")


def answer_to(client, number, words=WORDS):
    """Type both, press Enter, and return the page to which that leads."""
    return client.post(ADDRESS, {"number": number, "words": words}, follow=True)


def heading(page):
    return re.search(r"<h1[^>]*>([^<]*)</h1>", page.text)[1].strip()


# --- What is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["{0}", "{0:.4}-{1}-{2}", " {0} ", "{3}"])
def test_reference_in_any_spelling_gets_a_yes(spelling, as_operator, booking):
    reference = booking.reference
    typed = spelling.format(reference, reference[4:8], reference[8:], reference.lower())

    assert heading(answer_to(as_operator, typed)) == "Yes"


@pytest.mark.parametrize("typed", ["11AS", "11as", " 11 as", "11-AS"])
def test_shoulder_number_in_any_spelling_gets_a_yes(typed, as_operator, booking, officer):
    assert officer.shoulder_number == "11AS"
    assert heading(answer_to(as_operator, typed)) == "Yes"


@pytest.mark.parametrize("words", ["green lantern", "Green Lantern!", "  GREEN-LANTERN ", "greenlantern"])
def test_words_in_any_spelling_get_a_yes(words, as_operator, booking):
    assert heading(answer_to(as_operator, booking.reference, words)) == "Yes"


@pytest.mark.parametrize(
    "words", ["silver river", "green", "lantern green", "green lanterns", "green lantern silver river"]
)
def test_other_words_get_a_no_and_so_does_her_reply(words, as_operator, booking):
    assert booking.walk.requester_phrase == "silver river"
    assert heading(answer_to(as_operator, booking.reference, words)) == "No"
    assert heading(answer_to(as_operator, "11AS", words)) == "No"


@pytest.mark.parametrize(("number", "words"), [("", WORDS), ("maya", WORDS), ("11AS", ""), ("11AS", " .! ")])
def test_page_asks_for_what_is_missing_and_keeps_what_was_typed(number, words, as_operator):
    page = as_operator.post(ADDRESS, {"number": number, "words": words})

    assert page.status_code == 422
    assert page.context["form"]["number"].value() == number
    assert page.context["form"]["words"].value() == words


# --- Which walks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (START + HOURS[-2] - SECOND, False),
        (START + HOURS[-2], True),
        (END, True),
        (END + HOURS[2], True),
        (END + HOURS[2] + SECOND, False),
    ],
)
def test_yes_is_from_two_hours_before_the_walk_to_two_hours_after(at, answer, operator, booking, traveller):
    traveller.move_to(at)

    assert check(operator, reference=booking.reference) is answer
    assert check(operator, "11AS") is answer


@pytest.mark.parametrize(("ended_at", "last"), [(END - HOURS[1] / 2, END + HOURS[2]), (END + HOURS[1], END + HOURS[3])])
def test_later_end_counts_the_planned_or_the_real_one(ended_at, last, operator, booking, traveller):
    save_changes(booking, status=Status.COMPLETED)
    save_changes(booking.walk, status=WalkStatus.COMPLETED, ended_at=ended_at)

    traveller.move_to(last)
    just_in_time = check(operator, reference=booking.reference)
    traveller.shift(1)

    assert just_in_time
    assert not check(operator, reference=booking.reference)


@pytest.mark.parametrize(
    "going_on", [{"status": WalkStatus.UNDER_WAY, "started_at": START}, {"officer_with_requester_at": START}]
)
def test_walk_that_nobody_has_ended_goes_on_until_twelve_hours_after_its_start(going_on, operator, booking, traveller):
    save_changes(booking.walk, **going_on)

    traveller.move_to(START + HOURS[12] - SECOND)
    late = check(operator, reference=booking.reference)
    traveller.shift(1)

    assert late
    assert not check(operator, reference=booking.reference)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (WalkStatus.SCHEDULED, True),
        (WalkStatus.UNDER_WAY, True),
        (WalkStatus.COMPLETED, True),
        (WalkStatus.CUT_SHORT, True),
        (WalkStatus.NOT_HELD, False),
        (WalkStatus.CANCELLED, False),
    ],
)
def test_only_walks_that_take_place_get_a_yes(status, answer, operator, booking):
    save_changes(booking.walk, status=status)

    assert check(operator, reference=booking.reference) is answer
    assert check(operator, "11AS") is answer


def test_officers_who_see_her_home_after_a_walk_was_cut_short_get_a_yes(operator, booking):
    save_changes(booking.walk, status=WalkStatus.CUT_SHORT, ended_at=START)
    save_changes(booking, status=Status.WAITING, walk=None, cut_short_walk=booking.walk)

    assert check(operator, reference=booking.reference)
    assert check(operator, "11AS")


def test_cancelled_booking_gets_a_no_and_its_walk_only_if_others_are_on_it(operator, booking, inspector):
    cancel_now(booking, inspector)

    assert not check(operator, reference=booking.reference)
    assert not check(operator, "11AS")


def test_walk_that_goes_on_without_a_cancelled_booking_keeps_its_officers(operator, booking, companion, inspector):
    save_changes(booking, status=Status.CANCELLED_BY_REQUESTER)

    assert not check(operator, reference=booking.reference)
    assert check(operator, reference=companion.reference)
    assert check(operator, "11AS")


def test_officer_must_be_on_the_walk(operator, booking, officer, southwark):
    other = OfficerFactory(bcu=southwark.bcu)
    walk = WalkFactory(bcu=southwark.bcu, officers=[other], start_at=START, officers_phrase=WRONG)
    scheduled_booking([other], walk=walk, borough=southwark)

    assert not check(operator, other.shoulder_number)
    assert check(operator, other.shoulder_number, WRONG)
    assert not check(operator, officer.shoulder_number, WRONG)


def test_officer_who_has_left_the_walk_gets_a_no_at_once(operator, booking, officer, second_officer):
    withdraw_from_walk(booking.walk, by=officer)

    booking.walk.refresh_from_db()
    assert not check(operator, officer.shoulder_number)
    assert check(operator, second_officer.shoulder_number)


def test_officer_whose_account_was_closed_gets_a_no(operator, booking, officer):
    save_changes(officer, is_active=False)

    assert not check(operator, officer.shoulder_number)


def test_walk_that_every_officer_has_left_gets_a_no(operator, booking):
    booking.walk.assignments.update(is_live=False)

    assert not check(operator, reference=booking.reference)


def test_officer_with_two_walks_near_each_other_is_confirmed_on_both(operator, booking, officer, southwark, traveller):
    later = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=END + HOURS[1], officers_phrase="amber violin")
    second = scheduled_booking([officer], walk=later, borough=southwark)

    traveller.move_to(END)

    assert check(operator, "11AS", "green lantern")
    assert check(operator, "11AS", "amber violin")
    assert [list(each.events.values_list("kind", flat=True)) for each in (booking, second)] == [["walk_checked"]] * 2


def test_frozen_and_restricted_walks_go_ahead_so_their_officers_are_confirmed(operator, booking, companion, stranger):
    freeze_booking(booking)
    save_changes(companion, nominated_inspector=stranger)

    assert check(operator, reference=booking.reference)
    assert check(operator, reference=companion.reference)


def test_booking_that_is_being_deleted_is_unknown(operator, booking):
    save_changes(booking, erasure_due_at=END)

    assert not check(operator, reference=booking.reference)
    assert not check(operator, "11AS")


# --- Every no is the same ---------------------------------------------------------------------------------------------


def cancel(booking):
    save_changes(booking.walk, status=WalkStatus.CANCELLED)


def move_to_another_day(booking):
    save_changes(booking.walk, start_at=START + HOURS[23])


def leave_without_officers(booking):
    booking.walk.assignments.update(is_live=False)


def leave_short_of_officers(booking):
    booking.walk.assignments.first().delete()


def close_by_wrong_words(booking):
    close_check(make_control_room(), booking.walk)


HAPPENINGS = [cancel, move_to_another_day, leave_without_officers, leave_short_of_officers, close_by_wrong_words]


def work_of(client, number, words):
    """Return the page that answers, and every SQL statement it took, without values."""
    with CaptureQueriesContext(connection) as queries:
        page = answer_to(client, number, words)
    return page, [VALUES.sub("?", query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_every_no_about_a_reference_takes_the_same_queries_and_shows_the_same_page(happens, as_operator, booking):
    answer_to(as_operator, "A123456789BCD")  # the counts of this hour have their rows now
    wrong, work = work_of(as_operator, booking.reference, WRONG)
    unknown, of_unknown = work_of(as_operator, "0123456789ABC", WORDS)
    happens(booking)
    page, other = work_of(as_operator, booking.reference, WORDS)

    assert heading(wrong) == heading(unknown) == heading(page) == "No"
    assert without_token(wrong) == without_token(unknown) == without_token(page)
    assert work == of_unknown == other
    assert len(work) > 8


def test_every_no_about_a_shoulder_number_takes_the_same_queries(as_operator, booking):
    answer_to(as_operator, "99XX")
    wrong, work = work_of(as_operator, "11AS", WRONG)
    unknown, other = work_of(as_operator, "98XX", WRONG)

    assert without_token(unknown) == without_token(wrong)
    assert other == work


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.text)


def test_yes_takes_the_same_queries_however_many_walks_there_are(as_operator, booking, southwark):
    answer_to(as_operator, booking.reference)
    _page, few = work_of(as_operator, booking.reference, WORDS)
    for _walk in range(5):
        officer = OfficerFactory(bcu=southwark.bcu)
        walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=START)
        scheduled_booking([officer], walk=walk, borough=southwark)
    _page, many = work_of(as_operator, booking.reference, WORDS)

    assert many == few


def test_page_says_nothing_of_the_walk(as_operator, booking, officer, second_officer):
    pages = [answer_to(as_operator, booking.reference), answer_to(as_operator, officer.shoulder_number)]

    hers = [
        *(booking.contact.name, booking.contact.email, booking.spoken_reference, booking.reference),
        *(booking.walk.meeting_place, "6:30pm", "Southwark", "Central South", WORDS, booking.walk.requester_phrase),
        *(officer.name, second_officer.name, officer.shoulder_number, second_officer.shoulder_number),
    ]
    assert [heading(page) for page in pages] == ["Yes", "Yes"]
    assert [words for page in pages for words in hers if words in page.text] == []
