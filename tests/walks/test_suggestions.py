import datetime

import pytest
from django.utils import timezone

from tests.support.factories import OfficerFactory, WalkFactory, WardFactory, in_days
from walks.models.walks import Assignment
from walks.planning.suggestions import Slot, Team


@pytest.fixture
def slot():
    return Slot(start_at=in_days(10), minutes=60)


def suggest(bcu, *, slot, ward_ids, except_walk=None):
    return Team.load(bcu, slot=slot, except_walk=except_walk).suggest(slot, ward_ids=ward_ids)


def names(suggestions):
    return [suggestion.officer.name for suggestion in suggestions]


def test_suggest_offers_only_officers_who_can_be_assigned(bcu, officer, inspector, camden, slot):
    OfficerFactory(bcu=camden.bcu)
    OfficerFactory(bcu=bcu, leads_walks=False)
    OfficerFactory(bcu=bcu, is_active=False)

    assert names(suggest(bcu, slot=slot, ward_ids=set())) == ["Olive Officer"]


def test_suggest_orders_by_availability_ward_walks_and_name(bcu, slot):
    ward = WardFactory()
    busy, tired, _fresh, _local = (
        OfficerFactory(bcu=bcu, name=name, ward=ward if name in ("Busy", "Local") else None)
        for name in ("Busy", "A Tired", "B Fresh", "Local")
    )
    WalkFactory(bcu=bcu, officers=[busy], start_at=slot.start_at)
    WalkFactory(bcu=bcu, officers=[tired], start_at=timezone.now() - datetime.timedelta(days=3))

    suggestions = suggest(bcu, slot=slot, ward_ids={ward.pk})

    assert [(suggestion.officer.name, suggestion.reason) for suggestion in suggestions] == [
        ("Local", f"Free then · Duty not known: ask her · Her ward, {ward.name} · No walks in the 60 days before"),
        ("B Fresh", "Free then · Duty not known: ask her · No walks in the 60 days before"),
        ("A Tired", "Free then · Duty not known: ask her · 1 walk in the 60 days before"),
        (
            "Busy",
            f"On another walk then · Duty not known: ask her · Her ward, {ward.name} · No walks in the 60 days before",
        ),
    ]


@pytest.mark.parametrize(
    ("minutes_later", "is_free"), [(-91, True), (-90, True), (-89, False), (0, False), (89, False), (90, True)]
)
def test_suggest_counts_the_gap_after_both_walks(minutes_later, is_free, bcu, officer, slot):
    WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at + datetime.timedelta(minutes=minutes_later))

    (suggestion,) = suggest(bcu, slot=slot, ward_ids=set())

    assert suggestion.is_free == is_free


def test_suggest_ignores_a_walk_the_officer_left(bcu, officer, slot):
    WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at)
    Assignment.objects.update(is_live=False)

    (suggestion,) = suggest(bcu, slot=slot, ward_ids=set())

    assert suggestion.is_free


def test_suggest_ignores_the_walk_being_changed(bcu, officer, slot):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at)

    (suggestion,) = suggest(bcu, slot=slot, ward_ids=set(), except_walk=walk)

    assert suggestion.is_free


def test_suggest_counts_no_rest_after_the_walk_being_changed(bcu, officer, slot):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at)
    next_morning = Slot(start_at=slot.start_at + datetime.timedelta(hours=10), minutes=60)

    (moved,) = suggest(bcu, slot=next_morning, ward_ids=set(), except_walk=walk)
    (another,) = suggest(bcu, slot=next_morning, ward_ids=set())

    assert (moved.rest, another.rest) == ("", "9 hours of rest")


def test_suggest_does_not_mention_availability_without_a_time(bcu, officer):
    (suggestion,) = suggest(bcu, slot=None, ward_ids=set())

    assert suggestion.reason == "No walks in the 60 days before"


def test_suggest_counts_only_recent_walks(bcu, officer, slot):
    WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at - datetime.timedelta(days=61))
    WalkFactory(bcu=bcu, officers=[officer], start_at=slot.start_at + datetime.timedelta(days=3))

    (suggestion,) = suggest(bcu, slot=slot, ward_ids=set())

    assert suggestion.recent_walks == 0


def test_suggest_takes_four_queries_for_any_number_of_officers(bcu, slot, django_assert_num_queries):
    OfficerFactory.create_batch(5, bcu=bcu, ward=WardFactory())

    with django_assert_num_queries(4):
        suggest(bcu, slot=slot, ward_ids=set())


def test_walks_of_a_team_are_asked_for_by_the_end_that_has_an_index(slot):
    start, end = slot.span
    queries = [Assignment.objects.busy_between(start, end), Assignment.objects.starting_between(start, end)]
    (index,) = Assignment._meta.indexes

    assert [str(query.query).count('upper("walks_assignment"."period") >') for query in queries] == [1, 1]
    assert [str(expression) for expression in index.expressions] == ["F(officer)", "F(period__endswith)"]
