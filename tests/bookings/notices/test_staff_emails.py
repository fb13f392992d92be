import pytest

from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import scheduled_booking
from tests.support.sample_messages import (
    KINDS_TO_STAFF,
    REQUESTER_WORDS,
    find_addresses,
    read_whole_message,
    write_to_staff,
)
from walkandtalk.lib import london


@pytest.fixture
def booking(southwark, officer, second_officer):
    """A booking with a scheduled walk."""
    return scheduled_booking([officer, second_officer], borough=southwark)


@pytest.mark.parametrize("kind", KINDS_TO_STAFF)
def test_subjects_to_staff_do_not_say_police(kind, booking, officer):
    assert "police" not in write_to_staff(kind, booking.walk, officer).subject.lower()


@pytest.mark.parametrize("kind", KINDS_TO_STAFF)
def test_messages_to_staff_have_nothing_personal(kind, booking, officer):
    content = read_whole_message(write_to_staff(kind, booking.walk, officer))

    assert [text for text in [*REQUESTER_WORDS, booking.spoken_reference, str(booking.pk)] if text in content] == []
    assert london.long_date(booking.walk.start_at) in content


@pytest.mark.parametrize(
    "kind", ["officer_assigned", "officer_walk_changed", "team_officer_withdrew", "team_nobody_came"]
)
def test_messages_to_staff_say_when_and_where_and_link_to_the_walk(kind, booking, officer, settings):
    message = write_to_staff(kind, booking.walk, officer)

    page = f"{settings.PUBLIC_URL}/staff/walks/{booking.walk.pk}/"
    assert set(find_addresses(message.text + message.html)) == {page}
    assert "6:30pm to 7:30pm (60 minutes), London time" in message.text
    assert "Peckham Rye station, by the flower stall" in message.text


@pytest.mark.parametrize("kind", ["officer_released", "officer_walk_cancelled"])
def test_released_officer_is_told_not_to_go(kind, booking, officer):
    message = write_to_staff(kind, booking.walk, officer)

    assert "You don’t need to go." in message.text
    assert "You don’t need to go." in message.html
    assert message.expires_at is None


def test_officer_is_told_what_changed(booking, officer):
    message = write_to_staff("officer_walk_changed", booking.walk, officer)

    assert "- The walk now lasts 30 minutes.\n" in message.text
    assert "<li>The walk now lasts 30 minutes.</li>" in message.html


def test_newer_message_to_an_officer_supersedes_the_older_message(booking, officer, second_officer):
    first = write_to_staff("officer_assigned", booking.walk, officer)
    another = write_to_staff("officer_assigned", booking.walk, second_officer)
    last = write_to_staff("officer_walk_cancelled", booking.walk, officer)

    states = {message.pk: message.state for message in Message.objects.all()}
    assert states == {first.pk: State.SUPERSEDED, another.pk: State.PENDING, last.pk: State.PENDING}
    assert last.thread == f"officer:{officer.pk}:{booking.walk.pk}"
    assert last.recipient == officer.email


def test_team_is_told_that_a_walk_is_short_of_an_officer(booking, officer):
    booking.walk.assignments.filter(officer=officer).update(is_live=False)

    message = write_to_staff("team_officer_withdrew", booking.walk, officer)

    assert (message.recipient, message.thread) == ("as@example.com", f"bcu:AS:{booking.walk.pk}")
    assert message.text.startswith(
        "PC Olive Officer, 11AS can’t make a walk. It now has 1 officer. It needs at least 2.\n\nFind another"
    )


def test_team_is_told_that_enough_officers_are_left(booking, officer):
    message = write_to_staff("team_officer_withdrew", booking.walk, officer)

    assert "It still has 2 officers." in message.text
    assert "Find another officer" not in message.text


def test_nobody_came_message_to_the_team_never_expires(booking, officer):
    message = write_to_staff("team_nobody_came", booking.walk, officer)

    assert (message.recipient, message.thread) == ("as@example.com", f"bcu:AS:{booking.walk.pk}")
    assert message.subject == f"Nobody came: {london.long_date(booking.walk.start_at)}, 6:30pm"
    assert "A woman may be waiting there alone." in message.text
    assert message.expires_at is None
