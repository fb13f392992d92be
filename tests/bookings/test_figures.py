"""How we keep what we promise, in figures: what each counts, who reads it, and what no number gives away."""

import csv
import datetime
import io
import json

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from bookings import actions, emails
from bookings.booking_request import NewWish, WishedTime
from bookings.figures import FIGURES, compare, last_days, month_of, of_one_bcu
from bookings.figures.counting import Tally, by_bcu, by_month
from bookings.figures.showing import HIDDEN, shown, side_by_side
from bookings.jobs import apologise_for_no_answer
from bookings.models import Booking, Draft, Walk
from bookings.statuses import Status
from outbox.models import Message, State
from tests.support.factories import BookingFactory, WalkFactory, in_days
from tests.support.query_counts import queries_of
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PAGE = "staff:figures"
HOUR = datetime.timedelta(hours=1)


def figure(code):
    return next(figure for figure in FIGURES if figure.code == code)


def now_of(bcu, days=28):
    return by_bcu(Booking.objects.filter(handler=None), last_days(days, now=timezone.now())).get(bcu.pk, Tally())


def answered(southwark, hours, *, kept=True, **fields):
    """She asked ten days ago and had her first answer so many hours later."""
    asked = timezone.now() - datetime.timedelta(days=10)
    answer = asked + hours * HOUR
    due = answer + (1 if kept else -1) * HOUR
    fields = {"asked_at": asked, "first_answered_at": answer, "answered_at": answer, "first_due_at": due} | fields
    return BookingFactory(borough=southwark, **fields)


@pytest.fixture
def asked(request_of_hers):
    draft, _cookie = Draft.objects.start()
    return actions.request_booking(draft, request=request_of_hers)


def walked(southwark, status, *, days=-2, **fields):
    walk = WalkFactory(bcu=southwark.bcu, start_at=in_days(days))
    fields = {"needed_at": walk.start_at, "status": status} | fields
    return BookingFactory(borough=southwark, walk=walk, **fields)


# --- What is counted ------------------------------------------------------------------------------------------------


def test_waits_are_those_of_first_answers(southwark, bcu):
    for hours in range(1, 12):
        answered(southwark, hours)
    BookingFactory(borough=southwark)

    tally = now_of(bcu)

    assert (tally.asked, tally.answers, tally.median, tally.ninetieth) == (12, 11, 6 * HOUR, 10 * HOUR)
    assert shown(figure("median"), tally, exact=True) == "6 hours"


def test_first_read_in_time_is_by_the_end_of_the_next_working_day(southwark, bcu):
    monday = london.today() - datetime.timedelta(days=london.today().weekday() + 14)
    asked = london.to_instant(monday, datetime.time(11))
    due = london.to_instant(monday + datetime.timedelta(days=1), datetime.time(17))

    def one(read=None, answered=None, **fields):
        return BookingFactory(
            borough=southwark, asked_at=asked, first_read_at=read, first_answered_at=answered, **fields
        )

    one(read=due)
    one(read=due + HOUR, answered=due + HOUR)
    one(answered=due - HOUR)
    one()
    one(status=Status.EXPIRED)
    BookingFactory(borough=southwark, first_read_at=timezone.now())
    gone = one()
    with time_machine.travel(due - HOUR):
        actions.cancel_booking_by_her(gone)

    tally = now_of(bcu)

    assert (tally.read_due, tally.read_in_time) == (5, 2)
    assert shown(figure("read_in_time"), tally, exact=True) == "2 of 5 (40%)"


def test_answered_in_time_counts_those_whose_day_has_come(southwark, bcu):
    gone = {"first_answered_at": None, "answered_at": None}
    answered(southwark, 3)
    answered(southwark, 4, kept=False)
    answered(southwark, 5, **gone)
    answered(southwark, 6, **gone, status=Status.EXPIRED)
    BookingFactory(borough=southwark, first_due_at=in_days(3))
    late = answered(southwark, 7, **gone)
    with time_machine.travel(late.first_due_at - HOUR):
        actions.cancel_booking_by_her(late)

    assert (now_of(bcu).due, now_of(bcu).in_time) == (4, 1)


def test_an_answer_is_counted_by_what_happens(asked, inspector, bcu):
    actions.confirm_booking(asked)
    assert asked.first_due_at == asked.answer_due_at

    with time_machine.travel(timezone.now() + 5 * HOUR, tick=False):
        actions.decline_booking(
            asked, by=inspector, version=asked.version, reason="no_officers", alternatives=["other_time"], words=""
        )
    with time_machine.travel(timezone.now() + 6 * HOUR):
        tally = now_of(bcu)

    assert (tally.asked, tally.answers, tally.declined) == (1, 1, 1)
    assert abs(tally.median - 5 * HOUR) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(("after", "moves"), [(-HOUR, True), (HOUR, False)])
def test_other_times_before_our_answer_move_the_first_promise_unless_it_was_broken(after, moves, asked):
    before = asked.first_due_at
    with time_machine.travel(before + after):
        wish = WishedTime(date=london.today() + datetime.timedelta(days=20), start=datetime.time(18))
        other = NewWish(wishes=(wish,), weekday_evenings=False, weekends=False, meeting_place="Nunhead station")
        actions.change_wish(asked, wish=other)

    asked.refresh_from_db()
    assert asked.answer_due_at > before
    assert asked.first_due_at == (asked.answer_due_at if moves else before)


def test_what_became_of_walks_is_counted_by_their_day(southwark, bcu):
    for status in (Status.COMPLETED, Status.CANCELLED_BY_US, Status.MISSED_BY_US, Status.MISSED_BY_HER):
        walked(southwark, status)
    walked(southwark, Status.CANCELLED_BY_HER)
    walked(southwark, Status.COMPLETED, days=-40)
    walked(southwark, Status.CANCELLED_BY_US, days=5)

    tally = now_of(bcu)

    assert (tally.planned, tally.walked, tally.cancelled_by_us, tally.missed_by_us) == (4, 1, 1, 1)
    assert now_of(bcu, 90).walked == 2


def test_times_that_passed_unanswered_are_missed_by_us_whatever_she_chooses_next(asked, bcu):
    with time_machine.travel(asked.needed_at + datetime.timedelta(days=2)):
        apologise_for_no_answer(timezone.now())
        wish = WishedTime(date=london.today() + datetime.timedelta(days=20), start=datetime.time(18))
        other = NewWish(wishes=(wish,), weekday_evenings=False, weekends=False, meeting_place="")
        actions.change_wish(asked, wish=other)

        assert (now_of(bcu).passed, now_of(bcu).missed_by_us) == (1, 1)


def tell(booking, state, kind="scheduled", **fields):
    number = Message.objects.count()
    sent_at = booking.walk.start_at - HOUR if state == State.SENT else None
    return Message.objects.create(
        dedupe_key=f"booking:{booking.pk}:{kind}:{number}:her",
        kind=kind,
        thread=emails.her_thread(booking),
        message_id=f"<{booking.pk}-{number}@example.com>",
        recipient="maya@example.com",
        subject="Your walk",
        text="Your walk",
        state=state,
        sent_at=sent_at,
        created_at=booking.walk.start_at - 30 * HOUR,
        **fields,
    )


@pytest.mark.parametrize("state", [State.FAILED, State.BOUNCED, State.EXPIRED])
def test_not_told_is_a_message_that_did_not_arrive(state, southwark, bcu):
    tell(walked(southwark, Status.MISSED_BY_HER), state)
    tell(walked(southwark, Status.COMPLETED), State.SENT)

    assert (now_of(bcu).not_told, now_of(bcu).planned) == (1, 2)


@pytest.mark.parametrize("how", ["seen_at", "reached_at", "told_at", "settled", "newer", "link"])
def test_told_another_way_before_the_walk_is_told(how, southwark, bcu):
    booking = walked(southwark, Status.COMPLETED)
    before = booking.walk.start_at - HOUR
    tell(
        booking,
        State.BOUNCED,
        **({"settled_at": before} if how == "settled" else {}),
        kind="link" if how == "link" else "changed",
    )
    if how == "newer":
        tell(booking, State.SENT)
    if how.endswith("_at"):
        Booking.objects.update(**{how: before})

    assert now_of(bcu).not_told == 0

    Booking.objects.update(seen_at=None, reached_at=None, told_at=None)
    Message.objects.filter(state=State.SENT).delete()
    Message.objects.update(settled_at=booking.walk.start_at + HOUR, kind="changed")
    Booking.objects.update(reached_at=booking.walk.start_at + HOUR)
    assert now_of(bcu).not_told == 1


def test_figures_stay_when_she_is_forgotten(southwark, bcu):
    lost = walked(southwark, Status.MISSED_BY_US, first_due_at=in_days(-4), first_answered_at=in_days(-6))
    Booking.objects.update(asked_at=in_days(-8))
    tell(lost, State.BOUNCED)
    before = now_of(bcu)
    lost.refresh_from_db()

    actions.forget_booking(lost)

    assert now_of(bcu) == before
    assert (before.asked, before.answers, before.in_time, before.missed_by_us, before.not_told) == (1, 1, 1, 1, 1)


def test_months_are_londons(southwark, bcu):
    """A minute before midnight on 31 March, which is an hour earlier in UTC."""
    for minute in (59, 60):
        at = datetime.datetime(2026, 3, 31, 22, tzinfo=datetime.UTC) + minute * datetime.timedelta(minutes=1)
        BookingFactory(borough=southwark, asked_at=at)
    now = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
    march, april = (month_of(datetime.date(2026, month, 1), now=now) for month in (3, 4))

    found = by_month(Booking.objects.all(), last_days(90, now=now))

    assert {month: tally.asked for month, tally in found.items()} == {
        datetime.date(2026, 3, 1): 1,
        datetime.date(2026, 4, 1): 1,
    }
    assert [by_bcu(Booking.objects.all(), each)[bcu.pk].asked for each in (march, april)] == [1, 1]


# --- What no number gives away --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "base", "words", "to_her_inspector"),
    [
        (0, 0, "none was due", "none was due"),
        (2, 9, "too few to say", "2 of 9 (22%)"),
        (0, 20, "0 of 20 (0%)", "0 of 20 (0%)"),
        (4, 20, "fewer than 5 of 20", "4 of 20 (20%)"),
        (5, 20, "5 of 20 (25%)", "5 of 20 (25%)"),
        (16, 20, "all but fewer than 5 of 20", "16 of 20 (80%)"),
        (20, 20, "20 of 20 (100%)", "20 of 20 (100%)"),
    ],
)
def test_small_shares_are_told_to_the_inspector_of_those_women_alone(part, base, words, to_her_inspector):
    tally = Tally(due=base, in_time=part)

    assert shown(figure("in_time"), tally, exact=False) == words
    assert shown(figure("in_time"), tally, exact=True) == to_her_inspector


def test_a_wait_of_few_is_not_told():
    few = Tally(answers=9, median=HOUR)

    assert shown(figure("median"), few, exact=False) == "too few to say"
    assert shown(figure("median"), Tally(answers=10, median=26 * HOUR), exact=False) == "1 day 2 hours"


@pytest.mark.parametrize(
    ("counts", "words", "total"),
    [
        ([0, 7, 30], ["0", "7", "30"], True),
        ([1, 7, 30], [HIDDEN, HIDDEN, HIDDEN], True),
        ([1, 9, 30], [HIDDEN, HIDDEN, "30"], True),
        ([1, 1, 30], [HIDDEN, HIDDEN, HIDDEN], True),
        ([4, 4, 4], [HIDDEN] * 3, True),
        ([1, 1, 0], [HIDDEN, HIDDEN, "0"], False),
        ([3, 0, 0], [HIDDEN, "0", "0"], False),
    ],
)
def test_small_counts_cannot_be_worked_out_from_the_total(counts, words, total):
    assert side_by_side(figure("asked"), [Tally(asked=count) for count in counts]) == (words, total)


def test_a_single_share_that_is_hidden_hides_the_total_too(bcu, camden, southwark):
    told = [Tally(due=40, in_time=30), Tally(due=20, in_time=18)]
    both = [Tally(due=20, in_time=17), Tally(due=20, in_time=18)]

    assert side_by_side(figure("in_time"), told)[1] is False
    assert side_by_side(figure("in_time"), both)[1] is True


def test_what_is_kept_from_a_bcu_is_in_no_figure(client, southwark, bcu, stranger, inspector, lead):
    kept = walked(southwark, Status.MISSED_BY_US, first_due_at=in_days(-4), first_answered_at=in_days(-6))
    tell(kept, State.BOUNCED)
    pages = {}

    def figures_of(person):
        client.force_login(person)
        return client.get(reverse(PAGE)).text.partition("<h1")[2]

    for when, handler in {"seen": None, "kept": stranger}.items():
        Booking.objects.update(handler=handler)
        Walk.objects.update(handler=handler)
        for person in (inspector, stranger, lead):
            pages[when, person.name] = figures_of(person)
    Booking.objects.all().delete()
    for person in (inspector, stranger, lead):
        pages["none", person.name] = figures_of(person)

    assert pages["seen", inspector.name] != pages["none", inspector.name]
    for person in (inspector, stranger, lead):
        assert pages["kept", person.name] == pages["none", person.name]


# --- Who reads what -------------------------------------------------------------------------------------------------


def test_inspector_reads_her_bcu_and_nobody_elses(client, southwark, camden, inspector):
    for _ in range(3):
        BookingFactory(borough=southwark)
    BookingFactory(borough=camden)
    client.force_login(inspector)

    page = client.get(reverse(PAGE), {"bcu": "CN"}).text

    assert "<strong>3</strong>" in page
    assert "Central North" not in page
    assert all(figure.definition[:40] in page for figure in FIGURES)


def test_lead_reads_all_side_by_side_and_no_name(client, southwark, camden, lead):
    for borough, count in ((southwark, 6), (camden, 7)):
        for _ in range(count):
            BookingFactory(borough=borough, answer_due_at=in_days(-1))
    client.force_login(lead)

    page = client.get(reverse(PAGE), {"period": "90", "bcu": "CN"}).text

    assert "<strong>13</strong>" in page
    assert "Central North, month by month" in page
    assert "Maya" not in page
    assert [words in page for words in ("Late at this moment", '<td class="govuk-table__cell">6</td>')] == [True, True]


@pytest.mark.parametrize("query", ["?period=nonsense", "?period=2026-13", "?bcu=ZZ", "?period=28&bcu=%27"])
def test_an_address_that_makes_no_sense_shows_the_last_28_days(query, client, lead, bcu):
    client.force_login(lead)

    response = client.get(reverse(PAGE) + query)

    assert response.status_code == 200
    assert "Last 28 days, BCU by BCU" in response.text


@pytest.mark.parametrize("who", ["inspector", "lead"])
def test_figures_page_asks_as_often_for_many(who, request, client, southwark, camden):
    client.force_login(request.getfixturevalue(who))
    one = queries_of(client, reverse(PAGE))
    for borough in (southwark, camden):
        for hours in range(3):
            answered(borough, hours)
            walked(borough, Status.COMPLETED, days=-2 - hours)

    assert queries_of(client, reverse(PAGE)) == one <= 15


def test_command_prints_what_the_page_shows(southwark, camden, bcu):
    for _ in range(12):
        answered(southwark, 3)
    answered(camden, 3)
    compared = compare(Booking.objects.all(), [bcu, camden.bcu], last_days(28, now=timezone.now()))

    said, table = io.StringIO(), io.StringIO()
    call_command("figures", stdout=said)
    call_command("figures", "--format=csv", "--period=90", stdout=table)

    found = json.loads(said.getvalue())
    assert found["figures"] == {
        "AS": compared.bcus[bcu.pk],
        "CN": compared.bcus[camden.bcu.pk],
        "London": compared.total,
    }
    assert found["figures"]["AS"]["median"] == "3 hours"
    rows = list(csv.reader(io.StringIO(table.getvalue())))
    assert rows[0] == ["bcu", *(figure.code for figure in FIGURES)]
    assert [row[0] for row in rows[1:]] == ["AS", "CN", "London"]


def test_of_one_bcu_is_exact_for_its_inspector(southwark, bcu):
    answered(southwark, 3)

    told = {
        exact: of_one_bcu(Booking.objects.all(), bcu, last_days(28, now=timezone.now()), exact=exact)
        for exact in (True, False)
    }

    assert (told[True]["asked"], told[False]["asked"]) == ("1", "fewer than 5")
