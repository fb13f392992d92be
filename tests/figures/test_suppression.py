"""Figures that identify nobody: small numbers and restricted bookings."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from figures.counting import Tally
from figures.showing import HIDDEN_TEXT, compare_figure, format_figure
from outbox.statuses import State
from tests.support.factories import in_days
from tests.support.figures import HOUR, find_figure, make_booking_of_past_walk, make_message
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

PAGE = "figures:figures"


@pytest.mark.parametrize(
    ("part", "base", "words", "to_her_inspector"),
    [
        (0, 0, "none was due", "none was due"),
        (2, 9, "too few to say", "2 of 9 (22%)"),
        (0, 20, "0 of 20 (0%)", "0 of 20 (0%)"),
        (4, 20, "fewer than 5 of 20", "4 of 20 (20%)"),
        (5, 20, "5 of 20 (25%)", "5 of 20 (25%)"),
        (16, 20, "at least 16 of 20", "16 of 20 (80%)"),
        (20, 20, "20 of 20 (100%)", "20 of 20 (100%)"),
    ],
)
def test_small_shares_are_exact_only_for_the_inspector(part, base, words, to_her_inspector):
    tally = Tally(due=base, in_time=part)

    assert format_figure(find_figure("in_time"), tally, exact=False) == words
    assert format_figure(find_figure("in_time"), tally, exact=True) == to_her_inspector


def test_median_of_few_answers_is_hidden():
    few_answers = Tally(answers=9, median=HOUR)

    assert format_figure(find_figure("median"), few_answers, exact=False) == "too few to say"
    assert format_figure(find_figure("median"), Tally(answers=10, median=26 * HOUR), exact=False) == "1 day 2 hours"


@pytest.mark.parametrize(
    ("counts", "words", "total"),
    [
        ([0, 7, 30], ["0", "7", "30"], True),
        ([1, 7, 30], [HIDDEN_TEXT, HIDDEN_TEXT, HIDDEN_TEXT], True),
        ([1, 9, 30], [HIDDEN_TEXT, HIDDEN_TEXT, "30"], True),
        ([1, 1, 30], [HIDDEN_TEXT, HIDDEN_TEXT, HIDDEN_TEXT], True),
        ([4, 4, 4], [HIDDEN_TEXT] * 3, True),
        ([1, 1, 0], [HIDDEN_TEXT, HIDDEN_TEXT, "0"], False),
        ([3, 0, 0], [HIDDEN_TEXT, "0", "0"], False),
    ],
)
def test_small_counts_cannot_be_derived_from_the_total(counts, words, total):
    assert compare_figure(find_figure("requested"), [Tally(requested=count) for count in counts]) == (words, total)


def test_single_hidden_share_hides_the_total_too(bcu, camden, southwark):
    tallies = [Tally(due=40, in_time=30), Tally(due=20, in_time=18)]
    both = [Tally(due=20, in_time=17), Tally(due=20, in_time=18)]

    assert compare_figure(find_figure("in_time"), tallies)[1] is False
    assert compare_figure(find_figure("in_time"), both)[1] is True


def test_restricted_bookings_are_in_no_figure(client, southwark, bcu, stranger, inspector, lead):
    restricted = make_booking_of_past_walk(
        southwark,
        Status.OFFICERS_ABSENT,
        response_target__first_answer_due_at=in_days(-4),
        response_target__first_answered_at=in_days(-6),
    )
    make_message(restricted, State.BOUNCED)
    pages = {}

    def get_figures(person):
        client.force_login(person)
        return client.get(reverse(PAGE)).text.partition("<h1")[2]

    with time_machine.travel(timezone.now(), tick=False):  # a new month would add a month to later pages
        for when, nominated_inspector in {"seen": None, "kept": stranger}.items():
            Booking.objects.update(nominated_inspector=nominated_inspector)
            Walk.objects.update(nominated_inspector=nominated_inspector)
            for person in (inspector, stranger, lead):
                pages[when, person.name] = get_figures(person)
        Booking.objects.all().delete()
        for person in (inspector, stranger, lead):
            pages["none", person.name] = get_figures(person)

    assert pages["seen", inspector.name] != pages["none", inspector.name]
    for person in (inspector, stranger, lead):
        assert pages["kept", person.name] == pages["none", person.name]
