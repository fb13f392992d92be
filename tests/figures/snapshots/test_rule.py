"""An adversary reads everything that is published, and learns of no number that is not."""

import csv
import datetime
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from figures.models.snapshots import Snapshot
from figures.open_data.figure_files import figures_csv
from figures.snapshots import rule
from figures.snapshots.actions import publishable_numbers
from figures.snapshots.measures import CONCERNS, GROUPS, LONDON, MEASURES, cells, follows, sums
from figures.snapshots.rule import FEWEST, FEWEST_WALKS, FEWEST_WOMEN, STEP, Counted, Sum, publish

BCUS = ["AS", "AW", "CE", "CN", "EA", "NA"]
MOST = 10_000
"""More than any number that these tests make."""


class Adversary:
    """Knows every published number, what adds up to what, and how numbers are rounded."""

    def __init__(self, published, sums, known):
        self.cells = {cell: column for column, cell in enumerate(published)}
        self.bounds = [
            (known[cell],) * 2 if cell in known else self.bounds_of(number) for cell, number in published.items()
        ]
        self.equations = np.zeros((len(sums), len(self.cells)))
        for row, each in enumerate(sums):
            self.equations[row, self.cells[each.total]] = 1
            for part in each.parts:
                self.equations[row, self.cells[part]] = -1

    @staticmethod
    def bounds_of(number):
        return (0, MOST) if number is None else (max(FEWEST, number - STEP // 2), number + STEP // 2)

    def range_of(self, cell):
        """Return the least and the most that the true number can be."""
        return self.optimum(cell, 1), -self.optimum(cell, -1)

    def optimum(self, cell, sign):
        goal = np.zeros(len(self.cells))
        goal[self.cells[cell]] = sign
        nothing = np.zeros(len(self.equations))
        found = linprog(goal, A_eq=self.equations, b_eq=nothing, bounds=self.bounds)
        assert found.status == 0, found.message
        return found.fun


def read_files(*quarters):
    """Publish these counts as quarters, and return what the file of all figures says, and what adds up in it.

    The pages, the report and the JSON show the same snapshots. The home page adds up four published numbers, which
    tells nothing new: it knows no count.
    """
    days = (datetime.date(2026, 1, 1), datetime.date(2026, 4, 1))
    numbers = [publishable_numbers(counts, BCUS) for counts in quarters]
    snapshots = [Snapshot(first_day=day, numbers=of_day) for day, of_day in zip(days, numbers, strict=False)]
    published = {
        (row["quarter"], row["area_code"], measure.code): int(row[measure.code]) if row[measure.code] else None
        for row in csv.DictReader(StringIO(figures_csv(snapshots, {})))
        for measure in MEASURES
        if measure.is_sum
    }
    in_quarters = [
        Sum((quarter, *each.total), tuple((quarter, *part) for part in each.parts))
        for quarter in {cell[0] for cell in published}
        for each in SUMS
    ]
    return published, in_quarters


def findings(published, sums, known=()):
    """Return the cells that are not published, and of which the adversary learns that they are below the rule.

    Or what they are, to less than ten: a count may be kept back because too few women or walks are behind it.
    """
    known = dict(known)
    adversary = Adversary(published, sums, known)
    hidden = [cell for cell, number in published.items() if number is None and cell not in known]
    learnt = {cell: adversary.range_of(cell) for cell in hidden}
    return [cell for cell, (least, most) in learnt.items() if most < FEWEST - 0.01 or most - least < FEWEST - 0.01]


@st.composite
def quarters(draw):
    """Draw the counts of a quarter in six BCUs, with groups that add up, and BCUs that add up to London."""
    busy = draw(st.sampled_from([3, 12, 40]))
    numbers = st.integers(0, busy) | st.integers(0, 3 * busy)
    counted = st.builds(Counted, number=numbers, women=st.integers(0, 3 * busy), walks=st.integers(0, 3 * busy))
    summed = [measure.code for measure in MEASURES if measure.is_sum and measure is not CONCERNS]
    counts = {(bcu, code): draw(counted) for bcu in BCUS for code in summed}
    for bcu in BCUS:
        counts[bcu, CONCERNS.code] = add_up(counts[bcu, group.code] for group in GROUPS.values())
    for code in [*summed, CONCERNS.code]:
        counts[LONDON, code] = add_up(counts[bcu, code] for bcu in BCUS)
    return counts


def add_up(counts):
    counts = list(counts)
    return Counted(**{name: sum(getattr(each, name) for each in counts) for name in ("number", "women", "walks")})


SUMS = sums(BCUS)
FOLLOWS = follows(BCUS)
LIMITS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@settings(LIMITS, max_examples=20)
@given(quarters(), quarters())
def test_no_difference_of_published_numbers_reveals_one_that_is_not(first, second):
    assert findings(*read_files(first, second)) == []


@settings(LIMITS, max_examples=20)
@given(quarters(), st.sampled_from(BCUS))
def test_an_inspector_who_knows_the_numbers_of_their_own_bcu_learns_of_no_other(counts, bcu):
    published, in_quarters = read_files(counts)
    known = {("2026-Q1", *cell): count.number for cell, count in counts.items() if cell[0] == bcu}

    assert findings(published, in_quarters, known) == []


def test_adversary_finds_what_only_the_second_hidden_number_hides(monkeypatch):
    monkeypatch.setattr(rule, "_hide_parts", lambda counts, sums, few: few)

    @settings(LIMITS, phases=[Phase.generate])  # one finding is enough, and need not be the smallest
    @given(quarters())
    def learns_nothing(counts):
        assert findings(*read_files(counts)) == []

    with pytest.raises(AssertionError):
        learns_nothing()


@LIMITS
@given(quarters())
def test_whatever_is_published_is_enough_and_rounded(counts):
    for cell, number in publish(counts, SUMS, FOLLOWS).items():
        if number is not None:
            assert counts[cell].is_enough
            assert number % STEP == 0
            assert abs(number - counts[cell].number) <= STEP // 2


ENOUGH = Counted(number=FEWEST, women=FEWEST_WOMEN, walks=FEWEST_WALKS)


@pytest.mark.parametrize("too_few", [{"number": 9}, {"women": 4}, {"walks": 4}])
def test_ten_of_five_women_on_five_walks_are_enough_and_one_less_is_not(too_few):
    counts = {"enough": ENOUGH, "too few": replace(ENOUGH, **too_few)}

    assert publish(counts, [], {}) == {"enough": 10, "too few": None}


def test_others_are_hidden_smallest_first_until_one_who_knows_the_largest_learns_nothing():
    numbers = {"a": 2, "b": 50, "c": 11, "d": 12, "e": 30}
    parts = {name: replace(ENOUGH, number=number) for name, number in numbers.items()}
    counts = {**parts, "all": replace(ENOUGH, number=105)}

    published = publish(counts, [Sum("all", tuple(parts))], {})

    assert published == {"a": None, "b": 50, "c": None, "d": None, "e": None, "all": 105}


def test_total_is_hidden_when_all_its_parts_are_and_say_too_much():
    counts = {name: replace(ENOUGH, number=number) for name, number in (("a", 6), ("b", 7), ("all", 13))}

    assert publish(counts, [Sum("all", ("a", "b"))], {}) == {"a": None, "b": None, "all": None}


def test_total_that_hides_another_is_not_given_away_by_its_own_parts():
    numbers = {"other": 3, "all": 60, "a": 20, "b": 40, "further": 70, "top": 133}
    counts = {name: replace(ENOUGH, number=number) for name, number in numbers.items()}

    published = publish(counts, [Sum("top", ("all", "other", "further")), Sum("all", ("a", "b"))], {})

    assert [name for name, number in published.items() if number is None] == ["other", "all", "a", "further"]


def test_number_is_hidden_with_the_count_that_it_follows():
    """A median beside two hidden counts would tell which of them is the small one."""
    counts = {"walks": replace(ENOUGH, walks=4), "days": replace(ENOUGH, days=6.6)}

    assert publish(counts, [], {"days": "walks"}) == {"walks": None, "days": None}
    assert all((area, "median_days_to_walk") in FOLLOWS for area in [LONDON, *BCUS])


def test_what_anyone_can_send_lifts_nothing_over_the_limit_and_is_shown():
    led_to_a_walk = {"fakes": replace(ENOUGH, number=9, shown=500), "real": replace(ENOUGH, shown=500)}

    assert publish(led_to_a_walk, [], {}) == {"fakes": None, "real": 500}


def test_median_is_published_in_whole_days_if_enough_is_behind_it():
    median = replace(ENOUGH, days=6.6)

    assert publish({"days": median, "few": replace(median, women=4)}, [], {}) == {"days": 7, "few": None}


def test_every_published_sum_is_known_to_the_rule():
    """A new figure that is London's sum, or a part of all concerns, must not be forgotten there."""
    totals = {each.total for each in SUMS}
    of_london = {(LONDON, measure.code) for measure in MEASURES if measure.is_sum}
    assert of_london <= totals
    assert {(area, CONCERNS.code) for area in [LONDON, *BCUS]} <= totals
    assert {part for each in SUMS for part in each.parts} | totals <= set(cells(BCUS))
