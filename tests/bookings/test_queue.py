"""The queue that the inspectors of a BCU share: its filters and order, who has what, notes, and the first reading."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings import actions, paging
from bookings.models import Booking, Event, ReadLog, Wish
from bookings.queue import queue_row
from bookings.statuses import EventKind, Status
from boroughs.models import Officer
from tests.support.factories import (
    BookingFactory,
    BoroughFactory,
    InspectorFactory,
    WalkFactory,
    WardFactory,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu, name="Cora Colleague", rank="sergeant")


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def address(name, row):
    return reverse(f"staff:{name}", args=[row.pk])


def shown(client, **asked):
    return {row.booking.contact.name for row in client.get(QUEUE, asked).context["rows"]}


# --- Filters ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(southwark, bcu, inspector, colleague, officer, second_officer):
    """One booking for each filter, named after what is true of it alone."""
    lambeth = BoroughFactory(gss="E09000022", slug="lambeth", name="Lambeth", bcu=bcu)
    WardFactory(borough=lambeth, gss="E05014104", name="Brixton North")
    plain = {"first_read_at": timezone.now(), "contact__needs": [], "contact__needs_details": ""}

    def one(name, borough=southwark, **fields):
        return BookingFactory(borough=borough, contact__name=name, **plain | fields)

    one("Lambeth", borough=lambeth)
    one("Ward", ward=WardFactory(borough=southwark))
    one("Signs", contact__needs=["bsl"])
    one("Steps", contact__needs=["step_free", "quiet"])
    one("Tells", contact__needs_details="Two dogs")
    one("Morning", needed_at=in_days(10, 9, 0))
    one("Unconfirmed", confirmed_at=None)
    one("Unread", first_read_at=None)
    one("Mine", taken_by=inspector, taken_at=timezone.now())
    one("Hers", taken_by=colleague, taken_at=timezone.now())
    soon = WalkFactory(
        bcu=bcu, officers=[officer, second_officer], start_at=timezone.now() + datetime.timedelta(hours=3)
    )
    scheduled_booking([officer], borough=southwark, walk=soon, contact__name="Soon", **plain)
    return {"Lambeth", "Ward", "Signs", "Steps", "Tells", "Morning", "Unconfirmed", "Unread", "Mine", "Hers", "Soon"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"borough": "E09000022"}, {"Lambeth"}),
        ({"ward": "E05011107"}, {"Ward"}),
        ({"needs": "bsl"}, {"Signs"}),
        ({"needs": "other"}, {"Tells"}),
        ({"needs": "any"}, {"Signs", "Steps", "Tells"}),
        ({"unconfirmed": "on"}, {"Unconfirmed"}),
        ({"not_told": "on"}, {"Soon"}),
        ({"unread": "on"}, {"Unread"}),
        ({"whose": "mine"}, {"Mine"}),
        ({"needs": "any", "borough": "E09000022"}, set()),
        ({"state": "scheduled", "not_told": "on"}, {"Soon"}),
    ],
)
def test_queue_filters(asked, expected, as_inspector, many):
    assert shown(as_inspector, **asked) == expected


def test_queue_filters_what_nobody_has(as_inspector, many, colleague):
    nobody = shown(as_inspector, whose="nobody")
    Officer.objects.filter(pk=colleague.pk).update(is_active=False)

    assert nobody == many - {"Mine", "Hers"}
    assert shown(as_inspector, whose="nobody") == many - {"Mine"}


def test_queue_filters_by_every_time_she_chose_or_by_the_walk_that_she_was_given(as_inspector, southwark, officer):
    evening = BookingFactory(borough=southwark, contact__name="Both", needed_at=in_days(10, 18, 30))
    Wish.objects.create(booking=evening, rank=2, date=in_days(11).date(), start=datetime.time(9))
    Wish.objects.create(booking=evening, round=2, rank=1, date=in_days(12).date(), start=datetime.time(13))
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(10, 20, 0))
    scheduled_booking([officer], borough=southwark, walk=walk, contact__name="Late", wish__start=datetime.time(9))

    found = {time: shown(as_inspector, time=time) for time in ("morning", "afternoon", "evening", "late")}

    assert found == {"morning": {"Both"}, "afternoon": set(), "evening": {"Both"}, "late": {"Late"}}


@pytest.mark.parametrize("asked", [{"borough": "E09000033"}, {"ward": "x"}, {"needs": "pills"}, {"time": "noon"}])
def test_queue_shows_more_and_never_less_where_an_address_makes_no_sense(asked, as_inspector, many):
    assert shown(as_inspector, unconfirmed="on", **asked) == {"Unconfirmed"}


def test_queue_keeps_its_filters_over_pages_and_opens_every_row_once(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    WardFactory(borough=southwark)
    for name in "ABCDE":
        BookingFactory(borough=southwark, contact__name=name, contact__needs=["bsl"])
        BookingFactory(borough=southwark, contact__name=f"not {name}", contact__needs=["quiet"])
    seen, response = [], as_inspector.get(QUEUE, {"needs": "bsl", "borough": southwark.gss})

    while True:
        seen += [row.booking.contact.name for row in response.context["rows"]]
        if response.context["last"] is None:
            break
        following = f"?state=open&amp;borough={southwark.gss}&amp;needs=bsl&amp;after={response.context['last']}"
        assert following in response.text
        response = as_inspector.get(QUEUE + following.replace("&amp;", "&"))

    assert sorted(seen) == list("ABCDE")


def queries_for(client, asked):
    client.get(QUEUE)  # her session is written
    cache.clear()  # the wards of a BCU are kept in memory: this is the worker that has not seen them
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE, asked)
    return len([each for each in queries if "SAVEPOINT" not in each["sql"]])


@pytest.mark.parametrize("asked", [{}, {"needs": "any", "not_told": "on", "whose": "nobody"}])
def test_queue_asks_as_often_for_many_as_for_one_whatever_its_filters(
    asked, as_inspector, southwark, officer, second_officer
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
    one = queries_for(as_inspector, asked)
    add(2)
    add(4)
    end_late(9)

    assert queries_for(as_inspector, asked) == one <= 15


# --- Order -----------------------------------------------------------------------------------------------------------


def test_queue_puts_what_is_owed_or_near_first(as_inspector, southwark, officer):
    def one(name, needed, due, **fields):
        BookingFactory(
            borough=southwark, contact__name=name, needed_at=in_days(needed), answer_due_at=in_days(due), **fields
        )

    one("Due in 4", 30, 4)
    one("Answered, needed in 6", 6, 1, answered_at=timezone.now())
    one("Due 2 days ago", 40, -2)
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(2))
    scheduled_booking([officer], borough=southwark, walk=walk, contact__name="Walks in 2", answered_at=timezone.now())

    names = [row.booking.contact.name for row in as_inspector.get(QUEUE).context["rows"]]

    assert names == ["Due 2 days ago", "Walks in 2", "Due in 4", "Answered, needed in 6"]


def test_queue_of_one_turn_puts_the_soonest_walk_first_and_then_opens_each_once(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name, day in [("C", 12), ("A", 10), ("E", 14), ("B", 11), ("D", 12)]:
        BookingFactory(
            borough=southwark, contact__name=name, needed_at=in_days(day, 18, 30), answer_due_at=in_days(3, 17, 0)
        )
    pages, after = [], ""

    while after is not None:
        context = as_inspector.get(QUEUE, {"after": after}).context
        pages.append([row.booking.contact.name for row in context["rows"]])
        after = context["last"]

    names = [name for page in pages for name in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert (names[:2], sorted(names[2:4]), names[4]) == (["A", "B"], ["C", "D"], "E")


# --- By reference ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}", "{3}"])
def test_find_takes_a_reference_as_it_is_typed(typed, as_inspector, booking):
    plain = booking.reference
    typed = typed.format(plain, booking.spoken_reference, plain.lower(), " ".join(plain))

    response = as_inspector.post("/staff/bookings/find/", {"reference": typed})

    assert response.status_code == 302
    assert response["Location"] == address("booking", booking)


@pytest.mark.parametrize("kept", [False, True])
def test_find_says_the_same_of_what_is_not_hers_and_of_what_is_not_there(
    kept, client, stranger, booking, bcu, inspector
):
    if kept:
        Booking.objects.update(handler=stranger)
    client.force_login(inspector if kept else stranger)

    answers = [
        client.post("/staff/bookings/find/", {"reference": reference})
        for reference in (booking.reference, "0123456789ABC")
    ]

    said = [each.context["error_summary"][0]["text"] for each in answers]
    assert said[0] == said[1]
    assert "has this reference" in said[0]


def test_find_says_what_a_reference_looks_like(as_inspector):
    response = as_inspector.post("/staff/bookings/find/", {"reference": "K7QX"})

    assert response.status_code == 422
    assert "A reference has 13 letters and numbers" in response.text


# --- I have this -----------------------------------------------------------------------------------------------------


def test_take_shows_colleagues_who_has_it_since_when(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(address("take", booking), {"had_by": ""})
    client.force_login(inspector)

    page, queue = client.get(address("booking", booking)), client.get(QUEUE)

    booking.refresh_from_db()
    assert f"{colleague.called}, since {london.clock(booking.taken_at)}" in page.text
    assert "Take it over" in page.text
    assert f"With {colleague.called}" in queue.text


def test_take_by_two_at_once_tells_the_second_who_has_it(client, inspector, colleague, booking):
    actions.take_booking(booking, by=colleague, had_by=None)
    client.force_login(inspector)

    late = client.post(address("take", booking), {"had_by": ""})
    booking.refresh_from_db()
    had_by_first = booking.taken_by
    over = client.post(address("take", booking), {"had_by": colleague.pk})

    booking.refresh_from_db()
    assert (late.status_code, had_by_first) == (409, colleague)
    assert f"{colleague.called} has had this since" in late.context["error_summary"][0]["text"]
    assert (over.status_code, booking.taken_by) == (302, inspector)
    assert Event.objects.get(kind=EventKind.TAKEN_OVER).note == f"Before: {colleague.called}."


def test_take_twice_by_herself_is_one_event_and_stops_no_decision(inspector, booking):
    for _twice in range(2):
        actions.take_booking(booking, by=inspector, had_by=None)

    assert (booking.events.count(), booking.version) == (1, 1)


def test_put_back_is_hers_who_has_it(inspector, colleague, booking):
    actions.take_booking(booking, by=colleague, had_by=None)

    with pytest.raises(actions.MoveNotAllowed, match="Cora Colleague has had this since"):
        actions.put_back(booking, by=inspector)
    actions.put_back(booking, by=colleague)
    with pytest.raises(actions.MoveNotAllowed, match="nobody has it now"):
        actions.take_booking(booking, by=inspector, had_by=colleague.pk)

    assert (booking.taken_by, booking.taken_at) == (None, None)


def test_hand_over_leaves_it_with_nobody(inspector, booking, camden):
    actions.take_booking(booking, by=inspector, had_by=None)
    actions.hand_over_booking(booking, by=inspector, version=1, to=camden.bcu, note="Nearer to you.")

    booking.refresh_from_db()
    assert (booking.taken_by, booking.taken_at) == (None, None)


@pytest.mark.parametrize("person", ["stranger", "officer", "lead"])
def test_nobody_else_takes_puts_back_notes_or_reads(person, booking, request):
    person = request.getfixturevalue(person)
    acts = [
        lambda: actions.take_booking(booking, by=person, had_by=None),
        lambda: actions.put_back(booking, by=person),
        lambda: actions.note_for_colleagues(booking, by=person, note="x"),
        lambda: actions.read_booking(booking, by=person),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


# --- Notes to colleagues ---------------------------------------------------------------------------------------------


def test_note_is_shown_with_who_and_when_and_never_in_the_history(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(address("note", booking), {"note": "<b>She prefers</b> Thursdays"})
    client.force_login(inspector)

    response = client.get(address("booking", booking))

    (note,) = response.context["notes"]
    assert (note.why, note.by) == ("<b>She prefers</b> Thursdays", colleague)
    assert response.text.count("&lt;b&gt;She prefers&lt;/b&gt; Thursdays") == 1


def test_note_stays_with_the_team_that_wrote_it(client, inspector, stranger, booking, camden):
    actions.note_for_colleagues(booking, by=inspector, note="Only for us")
    actions.hand_over_booking(booking, by=inspector, version=1, to=camden.bcu, note="Nearer to you.")
    actions.note_for_colleagues(booking, by=stranger, note="Only for them")
    client.force_login(stranger)

    page = client.get(address("booking", booking))

    assert [note.why for note in page.context["notes"]] == ["Only for them"]
    assert "Only for us" not in page.text


def test_note_is_forgotten_and_none_is_written_afterwards(inspector, southwark):
    booking = BookingFactory(borough=southwark, status=Status.DECLINED)
    actions.note_for_colleagues(booking, by=inspector, note="She prefers Thursdays")
    actions.forget_booking(booking)

    assert [event.note for event in booking.events.all()] == ["", ""]
    with pytest.raises(actions.BookingError, match="deleted"):
        actions.note_for_colleagues(booking, by=inspector, note="Again")


# --- First read within one working day -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["booking", "schedule", "decline"])
def test_opening_a_booking_is_logged_and_the_first_time_is_kept(page, as_inspector, inspector, booking):
    as_inspector.head(address(page, booking))
    as_inspector.get(address(page, booking))
    booking.refresh_from_db()
    first = booking.first_read_at
    as_inspector.get(address(page, booking))

    booking.refresh_from_db()
    assert booking.first_read_at == first is not None
    assert [(read.officer, read.field) for read in ReadLog.objects.all()] == [(inspector, "page")] * 2
    assert booking.version == 1


@pytest.mark.parametrize(
    ("asked", "late_from"),
    [
        ((2026, 11, 25, 10), (2026, 11, 26, 17)),  # a Wednesday
        ((2026, 11, 27, 22), (2026, 11, 30, 17)),  # a Friday night
    ],
)
def test_queue_says_what_nobody_has_read_within_one_working_day(asked, late_from, southwark):
    def instant(year, month, day, hour):
        return london.to_instant(datetime.date(year, month, day), datetime.time(hour))

    booking = BookingFactory(borough=southwark, asked_at=instant(*asked))
    late = instant(*late_from)

    def flag(now):
        return queue_row(booking, now=now, asked={}).flags[0].text

    assert flag(late) == "Not read yet"
    assert flag(late + datetime.timedelta(seconds=1)) == "Not read in time"
