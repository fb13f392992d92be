"""The inspectors' queue: its filters and its order."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models.preferred_times import PreferredTime
from boroughs.models.officers import Officer
from tests.support.factories import (
    BookingFactory,
    BoroughFactory,
    ClaimFactory,
    WalkFactory,
    WardFactory,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib import paging
from walkandtalk.lib.local_cache import local_cache

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


def names_shown(client, **asked):
    return {row.booking.contact.name for row in client.get(QUEUE, {"state": "open"} | asked).context["rows"]}


# --- Filters


@pytest.fixture
def bookings(southwark, bcu, inspector, colleague, officer, second_officer):
    """One booking for each filter, named after the property that only it has."""
    lambeth = BoroughFactory(gss="E09000022", slug="lambeth", name="Lambeth", bcu=bcu)
    WardFactory(borough=lambeth, gss="E05014104", name="Brixton North")
    defaults = {"response_target__first_read_at": timezone.now(), "contact__needs": [], "contact__needs_details": ""}

    def create(name, borough=southwark, **fields):
        return BookingFactory(borough=borough, contact__name=name, **defaults | fields)

    create("Lambeth", borough=lambeth)
    create("Ward", ward=WardFactory(borough=southwark))
    create("Signs", contact__needs=["bsl"])
    create("Steps", contact__needs=["step_free", "quiet"])
    create("Tells", contact__needs_details="Two dogs")
    create("Morning", walk_needed_at=in_days(10, 9, 0))
    create("Unconfirmed", confirmed_at=None)
    create("Unread", response_target__first_read_at=None)
    ClaimFactory(booking=create("Mine"), officer=inspector)
    ClaimFactory(booking=create("Hers"), officer=colleague)
    soon = WalkFactory(
        bcu=bcu, officers=[officer, second_officer], start_at=timezone.now() + datetime.timedelta(hours=3)
    )
    scheduled_booking([officer], borough=southwark, walk=soon, contact__name="Soon", **defaults)
    return {"Lambeth", "Ward", "Signs", "Steps", "Tells", "Morning", "Unconfirmed", "Unread", "Mine", "Hers", "Soon"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"borough": "E09000022"}, {"Lambeth"}),
        ({"ward": "E05011107"}, {"Ward"}),
        ({"needs": "bsl"}, {"Signs"}),
        ({"needs": "other"}, {"Tells"}),
        ({"needs": "any"}, {"Signs", "Steps", "Tells"}),
        ({"state": "unconfirmed"}, {"Unconfirmed"}),
        ({"delivery_problems": "on"}, {"Soon"}),
        ({"unread": "on"}, {"Unread"}),
        ({"state": "mine"}, {"Mine"}),
        ({"needs": "any", "borough": "E09000022"}, set()),
        ({"state": "scheduled", "delivery_problems": "on"}, {"Soon"}),
    ],
)
def test_queue_filters(query, expected, as_inspector, bookings):
    assert names_shown(as_inspector, **query) == expected


def test_queue_filters_unclaimed_bookings(as_inspector, bookings, colleague):
    nobody = names_shown(as_inspector, state="unassigned")
    Officer.objects.filter(pk=colleague.pk).update(is_active=False)

    assert nobody == bookings - {"Mine", "Hers"}
    assert names_shown(as_inspector, state="unassigned") == bookings - {"Mine"}


def test_queue_filters_by_every_preferred_time_or_by_the_scheduled_walk(as_inspector, southwark, officer):
    evening = BookingFactory(borough=southwark, contact__name="Both", walk_needed_at=in_days(10, 18, 30))
    PreferredTime.objects.create(booking=evening, rank=2, date=in_days(11).date(), start=datetime.time(9))
    PreferredTime.objects.create(booking=evening, round=2, rank=1, date=in_days(12).date(), start=datetime.time(13))
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(10, 20, 0))
    scheduled_booking(
        [officer], borough=southwark, walk=walk, contact__name="Late", preferred_time__start=datetime.time(9)
    )

    names = {time: names_shown(as_inspector, time=time) for time in ("morning", "afternoon", "evening", "late")}

    assert names == {"morning": {"Both"}, "afternoon": set(), "evening": {"Both"}, "late": {"Late"}}


@pytest.mark.parametrize("query", [{"borough": "E09000033"}, {"ward": "x"}, {"needs": "pills"}, {"time": "noon"}])
def test_queue_ignores_invalid_filters(query, as_inspector, bookings):
    assert names_shown(as_inspector, state="unconfirmed", **query) == {"Unconfirmed"}


def test_queue_keeps_its_filters_over_pages_and_shows_every_row_once(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    WardFactory(borough=southwark)
    for name in "ABCDE":
        BookingFactory(borough=southwark, contact__name=name, contact__needs=["bsl"])
        BookingFactory(borough=southwark, contact__name=f"not {name}", contact__needs=["quiet"])
    seen, response = [], as_inspector.get(QUEUE, {"state": "open", "needs": "bsl", "borough": southwark.gss})

    while True:
        seen += [row.booking.contact.name for row in response.context["rows"]]
        if response.context["last"] is None:
            break
        following = f"?state=open&amp;borough={southwark.gss}&amp;needs=bsl&amp;after={response.context['last']}"
        assert following in response.text
        response = as_inspector.get(QUEUE + following.replace("&amp;", "&"))

    assert sorted(seen) == list("ABCDE")


def count_queries(client, asked):
    client.get(QUEUE)  # writes the inspector's session
    local_cache.clear()  # as in a worker that has not yet read the wards of a BCU
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE, asked)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize("query", [{}, {"needs": "any", "delivery_problems": "on", "state": "unassigned"}])
def test_queue_takes_the_same_queries_for_many_rows_with_any_filters(
    query, as_inspector, southwark, officer, second_officer
):
    team = [officer, second_officer]
    soon = timezone.now().replace(minute=0) + datetime.timedelta(hours=3)

    def add(hours):
        walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=soon + datetime.timedelta(hours=hours))
        scheduled_booking(team, borough=southwark, walk=walk)

    def end_late(hours):
        late = soon - datetime.timedelta(hours=hours)
        walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=late, status="under_way", started_at=late)
        scheduled_booking(team, borough=southwark, walk=walk)

    add(0)
    end_late(6)
    query_count = count_queries(as_inspector, query)
    add(2)
    add(4)
    end_late(9)

    assert count_queries(as_inspector, query) == query_count <= 15


# --- Order


def test_queue_orders_by_answers_due_and_walks_needed(as_inspector, southwark, officer):
    def create(name, needed, due, **fields):
        BookingFactory(
            borough=southwark, contact__name=name, walk_needed_at=in_days(needed), answer_due_at=in_days(due), **fields
        )

    create("Due in 4", 30, 4)
    create("Answered, needed in 6", 6, 1, answered_at=timezone.now())
    create("Due 2 days ago", 40, -2)
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(2))
    scheduled_booking([officer], borough=southwark, walk=walk, contact__name="Walks in 2", answered_at=timezone.now())

    names = [row.booking.contact.name for row in as_inspector.get(QUEUE, {"state": "open"}).context["rows"]]

    assert names == ["Due 2 days ago", "Walks in 2", "Due in 4", "Answered, needed in 6"]


def test_queue_orders_equal_targets_by_the_soonest_walk_over_pages(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name, day in [("C", 12), ("A", 10), ("E", 14), ("B", 11), ("D", 12)]:
        BookingFactory(
            borough=southwark, contact__name=name, walk_needed_at=in_days(day, 18, 30), answer_due_at=in_days(3, 17, 0)
        )
    pages, after = [], ""

    while after is not None:
        context = as_inspector.get(QUEUE, {"after": after}).context
        pages.append([row.booking.contact.name for row in context["rows"]])
        after = context["last"]

    names = [name for page in pages for name in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert (names[:2], sorted(names[2:4]), names[4]) == (["A", "B"], ["C", "D"], "E")
