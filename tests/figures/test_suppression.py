"""Figures that identify nobody: small numbers and restricted bookings."""

from functools import reduce

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from figures.comparison import compare
from figures.counting import Tally
from figures.showing import HIDDEN_CELL, HIDDEN_TEXT, Cell, compare_figure, format_figure
from figures.tallies.counted import ALL
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


COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=6)
SHARES = st.lists(st.integers(0, 120).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))), min_size=1)


def compared(code, of, shares):
    """Return the cells of each BCU and of London for these parts and what they are of."""
    bcus = [BoroughCommandUnit(pk=number + 1, name=str(number)) for number in range(len(shares))]
    tallies = {bcu.pk: Tally(**{of: base, code: part}) for bcu, (part, base) in zip(bcus, shares, strict=True)}
    total = reduce(Tally.plus, tallies.values())
    comparison = compare({**tallies, ALL: total}, bcus)
    return [comparison.cells_of(bcu)[code] for bcu in (*bcus, None)]


@given(SHARES, st.data())
def test_no_part_of_a_cell_tells_a_small_part_of_a_share(shares, data):
    """Cells stay the same when parts from 1 to 4, of those or of the rest, become other small numbers."""

    def other(part, base):
        small = range(1, 5)
        if base < 10:
            return data.draw(st.integers(0, base))
        if part in small:
            return data.draw(st.sampled_from(small))
        return base - data.draw(st.sampled_from(small)) if base - part in small else part

    others = [(other(part, base), base) for part, base in shares]

    assert compared("in_time", "due", shares)[:-1] == compared("in_time", "due", others)[:-1]


@given(COUNTS)
def test_hidden_counts_are_all_alike_and_shown_ones_are_not_small(counts):
    *cells, total = compared("requested", "not_mine", [(count, 0) for count in counts])

    for count, cell in zip(counts, cells, strict=True):
        assert cell == HIDDEN_CELL or (cell.number == count and not 0 < count < 5)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell == HIDDEN_CELL]
    assert total == HIDDEN_CELL or not hidden or (len(hidden) > 1 and sum(hidden) >= 10)


@pytest.mark.parametrize(
    ("part", "base", "cell"),
    [
        (2, 9, HIDDEN_CELL),
        (0, 0, HIDDEN_CELL),
        (16, 20, Cell("≥ 80%", "at least 16 of 20", ">=80", None, 80)),
        (3, 20, Cell("< 25%", "fewer than 5 of 20", "<25", None, 25)),
        (331, 335, Cell("≥ 98%", "at least 331 of 335", ">=98", 98, 98)),
        (1, 753, Cell("< 1%", "fewer than 5 of 753", "<1", 1, 1)),
        (17, 20, Cell("≥ 80%", "at least 16 of 20", ">=80", None, 80)),
        (30, 60, Cell("50%", "30 of 60 (50%)", "50", 50, 50, misses_target=True)),
    ],
)
def test_cell_of_a_share_says_no_more_than_its_words(part, base, cell):
    (shown, _total) = compared("in_time", "due", [(part, base)])

    assert shown == cell
