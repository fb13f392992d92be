"""The page of the control room shows an answer once, and keeps nothing that was typed."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.models.read_log import ReadLog
from tests.support.control_room import ADDRESS, WORDS, check

pytestmark = pytest.mark.django_db

KINDS = (SecurityEventKind.WALK_CHECKED, SecurityEventKind.WALK_CHECK_FAILED)


def lines():
    fields = ("kind", "officer", "booking_id", "change", "route")
    return list(SecurityEvent.objects.filter(kind__in=KINDS).order_by("pk").values_list(*fields))


def test_operator_begins_here(as_operator):
    response = as_operator.get("/staff/")

    assert response["Location"] == ADDRESS
    assert 'aria-current="page"' in as_operator.get(ADDRESS).text


@pytest.mark.parametrize("words", [WORDS, "blue kettle"])
def test_answer_is_shown_once_at_an_address_that_says_nothing(words, as_operator, booking):
    pressed = as_operator.post(ADDRESS, {"number": booking.reference, "words": words})
    answer, again = as_operator.get(pressed["Location"]), as_operator.get(ADDRESS)

    assert pressed["Location"] == ADDRESS
    assert "“I can’t confirm that." in answer.text or "“Yes, that’s one of our walks" in answer.text
    assert 'name="words"' not in answer.text
    assert 'name="words"' in again.text
    assert again.context["form"]["words"].value() is None
    assert [page["Cache-Control"] for page in (pressed, answer, again)] == ["no-store, private"] * 3


def test_session_keeps_nothing_that_was_typed(as_operator, booking):
    as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS})

    kept = json.dumps(dict(as_operator.session.items()))
    assert '"is_yes": true' in kept
    assert WORDS not in kept
    assert booking.reference not in kept


def test_get_with_what_could_be_typed_checks_nothing(as_operator, booking):
    page = as_operator.get(ADDRESS, {"number": booking.reference, "words": WORDS})

    assert 'name="words"' in page.text
    assert lines() == []


def test_number_of_the_officer_gets_other_words_because_it_says_who_is_there(as_operator, booking):
    by_number = as_operator.post(ADDRESS, {"number": "11AS", "words": WORDS}, follow=True).text
    by_reference = as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS}, follow=True).text

    assert "this yes is about the walk, and not about who is there" not in by_number
    assert "this yes is about the walk, and not about who is there" in by_reference


def test_first_box_has_the_focus_unless_there_is_a_mistake(as_operator):
    assert "autofocus" in as_operator.get(ADDRESS).text
    assert "autofocus" not in as_operator.post(ADDRESS, {}).text


def test_each_check_is_a_line_with_the_booking_and_the_operator(as_operator, operator, booking, companion):
    as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS})
    as_operator.post(ADDRESS, {"number": "11AS", "words": WORDS})
    as_operator.post(ADDRESS, {"number": booking.reference, "words": "blue kettle"})
    as_operator.post(ADDRESS, {"number": "11AS", "words": "blue kettle"})
    as_operator.post(ADDRESS, {"number": "0123456789ABC", "words": WORDS})

    yes, no, who = *KINDS, operator.pk
    first, second = sorted([booking.pk, companion.pk])
    assert lines() == [
        (yes, who, booking.pk, "by reference", ""),
        (yes, who, first, "by shoulder number", ""),
        (yes, who, second, "by shoulder number", ""),
        (no, who, booking.pk, "by reference", ""),
        (no, who, None, "by shoulder number", ""),
        (no, who, None, "by reference", ""),
    ]


def test_check_opens_no_details(as_operator, booking):
    as_operator.post(ADDRESS, {"number": booking.reference, "words": WORDS}, follow=True)

    assert not ReadLog.objects.exists()


def test_no_log_line_has_what_was_typed(as_operator, booking, caplog):
    caplog.set_level(logging.DEBUG)
    for words in (WORDS, "blue kettle"):
        as_operator.post(ADDRESS, {"number": booking.reference, "words": words})
        as_operator.post(ADDRESS, {"number": "11AS", "words": words})

    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    typed = (WORDS, "blue kettle", booking.reference, "11AS")
    assert logged
    assert [line for line in logged if any(words in line for words in typed)] == []


def test_only_the_control_room_can_check(client, booking, inspector, officer, auditor, administrator, lead):
    for person in (inspector, officer, auditor, administrator, lead):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
        with pytest.raises(PermissionDenied):
            check(person, reference=booking.reference)
        assert client.post(ADDRESS, {"number": booking.reference, "words": WORDS}).status_code == 403

    assert lines() == []
