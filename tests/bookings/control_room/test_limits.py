"""How often officers can be checked, so that nobody guesses the words (docs/rules.md#the-control-rooms-check)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RateCount, SecurityEvent, SecurityEventKind
from bookings.control_room.actions import (
    WRONG_PER_NUMBER_A_DAY,
    WRONG_PER_WALK_A_DAY,
    TooManyChecks,
)
from tests.support.control_room import ADDRESS, START, WORDS, WRONG, check
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking

pytestmark = pytest.mark.django_db

UNKNOWN = "0123456789ABC"


def refusal(call):
    with pytest.raises(TooManyChecks) as refused:
        call()
    return str(refused.value)


def limit_lines():
    return list(SecurityEvent.objects.filter(kind=SecurityEventKind.LIMIT_REACHED).values_list("officer", flat=True))


def test_operator_has_a_number_of_checks_an_hour_right_or_wrong(operator, colleague, booking, settings, traveller):
    settings.CHECKS_PER_PERSON_AN_HOUR = 3
    answers = [check(operator, reference=booking.reference), check(operator, "99XX"), check(operator, "98XX")]

    words = refusal(lambda: check(operator, reference=booking.reference))
    of_colleague = check(colleague, reference=booking.reference)
    traveller.shift(datetime.timedelta(hours=1))

    assert answers == [True, False, False]
    assert words == (
        "There were too many checks in this hour. You can check again from 7pm. "
        "Until then, ring the duty number of the borough’s team."
    )
    assert of_colleague
    assert check(operator, reference=booking.reference)


def test_network_has_a_number_of_checks_an_hour(operator, colleague, booking, settings):
    settings.CHECKS_PER_NETWORK_AN_HOUR = 2
    check(operator, reference=booking.reference)
    check(colleague, reference=booking.reference)

    assert "You can check again from 7pm" in refusal(lambda: check(operator, reference=booking.reference))
    assert check(operator, reference=booking.reference, network="198.51.100.1")


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("by", ["reference", "number"])
def test_five_wrong_words_close_a_reference_or_number_whether_it_exists_or_not(
    is_known, by, operator, colleague, booking, officer
):
    known = {"reference": booking.reference, "number": officer.shoulder_number}
    asked = {by: known[by] if is_known else {"reference": UNKNOWN, "number": "99XX"}[by]}
    assert not any(check(operator, **asked, words=WRONG) for _try in range(WRONG_PER_NUMBER_A_DAY))

    words = refusal(lambda: check(colleague, **asked, network="198.51.100.1"))

    assert words == (
        "This reference or number was checked with wrong words too often today, so we don’t check it any more. "
        "Ring the duty number of the borough’s team, and ask them to call the caller back."
    )


def test_right_words_use_up_nothing(operator, booking):
    assert all(check(operator, reference=booking.reference) for _time in range(WRONG_PER_NUMBER_A_DAY + 1))
    assert not check(operator, reference=booking.reference, words=WRONG)
    assert check(operator, reference=booking.reference)


def test_refusal_comes_before_anything_is_looked_up(operator, booking, settings):
    settings.CHECKS_PER_PERSON_AN_HOUR = 1
    check(operator, reference=booking.reference)

    with CaptureQueriesContext(connection) as queries:
        refusal(lambda: check(operator, reference=booking.reference))

    (only,) = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert "accounts_ratecount" in only


def test_wrong_words_for_one_walk_count_together_and_then_even_right_ones_get_a_no(
    operator, booking, companion, officer, second_officer, southwark
):
    """Two references and two numbers would otherwise give twenty tries."""
    for asked in ({"reference": booking.reference}, {"number": officer.shoulder_number}):
        for _try in range(WRONG_PER_WALK_A_DAY // 2):
            assert not check(operator, **asked, words=WRONG)
    other = WalkFactory(bcu=southwark.bcu, officers=OfficerFactory.create_batch(2, bcu=southwark.bcu), start_at=START)
    elsewhere = scheduled_booking([officer], walk=other, borough=southwark)

    assert not check(operator, reference=companion.reference)
    assert not check(operator, second_officer.shoulder_number)
    assert check(operator, reference=elsewhere.reference)


def test_nine_wrong_words_for_one_walk_leave_it_open(operator, booking, companion, officer):
    for _try in range(5):
        check(operator, reference=booking.reference, words=WRONG)
    for _try in range(4):
        check(operator, officer.shoulder_number, words=WRONG)

    assert check(operator, reference=companion.reference)


def test_references_that_nobody_has_close_no_walk(operator, booking):
    for number in range(WRONG_PER_WALK_A_DAY + 1):
        check(operator, f"{number}ZZ", words=WRONG)

    assert check(operator, reference=booking.reference)


def test_refused_page_says_what_to_do_keeps_what_was_typed_and_is_logged_once(as_operator, operator, booking, settings):
    settings.CHECKS_PER_PERSON_AN_HOUR = 1
    as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS})

    pages = [as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS}) for _press in range(2)]

    assert [page.status_code for page in pages] == [429, 429]
    assert "ring the duty number of the borough’s team" in pages[0].text
    assert pages[0].context["form"]["words"].value() == WORDS
    assert limit_lines() == [operator.pk]


def test_limit_of_a_network_names_nobody(as_operator, booking, settings):
    settings.CHECKS_PER_NETWORK_AN_HOUR = 1
    for _press in range(2):
        as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS})

    assert limit_lines() == [None]


def test_counts_hold_nothing_that_was_typed(operator, booking):
    check(operator, reference=booking.reference, words=WRONG)

    assert {len(count.key_hash) for count in RateCount.objects.all()} == {64}
