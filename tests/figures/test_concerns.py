"""Figures of concerns, for leads: how many women told us, what changed, and no number that points to one of them."""

import datetime
import uuid

import pytest
from django.utils import timezone

from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.statuses import State
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import ConcernFactory
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "/staff/concern-figures/"


@pytest.fixture
def client(client, lead):
    client.force_login(lead)
    return client


def make_concerns(borough, count, *, days=-1, **fields):
    """Make concerns of as many women, told so many days ago."""
    return [
        ConcernFactory(report__booking=BookingFactory(borough=borough), reported_at=in_days(days), **fields)
        for _ in range(count)
    ]


def answer(concern, *, days_later, to=State.ACCEPTED):
    return ConcernEvent.objects.record(
        concern, to_state=to, at=concern.reported_at + datetime.timedelta(days=days_later)
    )


def figures(client, query=""):
    """Return the texts of the page, by the name of the row."""
    context = client.get(PAGE + query).context
    return {"London": context["total"]} | {row.name: row.texts for row in (*context["bcus"], *context["groups"])}


def test_women_who_told_us_by_bcu_and_kind(client, southwark, camden):
    make_concerns(southwark, 6)
    make_concerns(camden, 5, kind="followed")
    make_concerns(camden, 5, kind="", safe_place=True)
    make_concerns(camden, 9, days=-40)

    shown = figures(client)

    assert [shown[name][0] for name in ("London", southwark.bcu.name, camden.bcu.name)] == ["16", "6", "10"]
    assert [shown[name][0] for name in ("The place itself", "People", "Help nearby", "Good spots")] == [
        "6",
        "5",
        "0",
        "5",
    ]
    assert figures(client, "?period=90")["London"][0] == "25"


def test_one_woman_with_many_concerns_is_one_woman(client, southwark, camden):
    person = uuid.uuid4()
    make_concerns(southwark, 9, report__person_key=person)
    make_concerns(camden, 12)

    shown = figures(client)

    assert [shown[name][0] for name in ("London", southwark.bcu.name)] == ["13", "not shown"]


def test_today_counts_women_too(client, southwark):
    make_concerns(southwark, 9, report__person_key=uuid.uuid4())

    context = client.get("/staff/today/london/").context

    assert context["total"][-1].text == "not shown"


def test_answered_in_time(client, southwark):
    concerns = make_concerns(southwark, 20, days=-20)
    for concern in concerns[:13]:
        answer(concern, days_later=13)
    for concern in concerns[13:16]:
        answer(concern, days_later=15)
    answer(concerns[16], days_later=2, to=State.SCREENING)
    for concern in make_concerns(southwark, 5, days=-20, state=State.WITHDRAWN):
        answer(concern, days_later=1, to=State.WITHDRAWN)
    make_concerns(southwark, 5, days=-10)

    assert figures(client)["London"][1] == "13 of 20 (65%)"


def test_something_was_done_and_is_better(client, southwark):
    for number, concern in enumerate(make_concerns(southwark, 20, days=-60)):
        event = answer(concern, days_later=50, to=State.RESOLVED)
        said = {"answer": "yes" if number < 14 else "no", "answered_at": in_days(-1)}
        FollowUpQuestion.objects.create(event=event, asked_at=in_days(-2), **said)
    answer(make_concerns(southwark, 1, days=-60)[0], days_later=20, to=State.RESOLVED)

    assert figures(client)["London"][2:] == ["20", "14 of 20 (70%)"]


def test_small_numbers_and_what_would_reveal_them_are_not_shown(client, southwark, camden):
    make_concerns(southwark, 4)
    make_concerns(camden, 7)

    shown = figures(client)

    assert {shown[name][0] for name in (southwark.bcu.name, camden.bcu.name)} == {"not shown"}
    assert shown["London"][0] == "11"


def test_restricted_concerns_are_counted_nowhere(client, southwark, stranger):
    for _ in range(6):
        ConcernFactory(report__booking=BookingFactory(borough=southwark, nominated_inspector=stranger))

    assert {texts[0] for texts in figures(client).values()} == {"0"}


def test_lead_reads_no_concern(client, southwark):
    (concern,) = make_concerns(southwark, 1, place="Choumert Road", text="They shouted.")

    page = client.get(PAGE).text

    assert not [detail for detail in ("Choumert", "shouted", concern.reference, str(concern.pk)) if detail in page]
    assert [client.get(f"/staff/concerns/{path}").status_code for path in ("", f"{concern.pk}/", "find/")] == [
        403,
        404,
        403,
    ]


def test_page_takes_no_more_queries_for_more_rows(client, southwark, camden):
    make_concerns(southwark, 1)
    one = count_queries(client, PAGE)
    for concern in [*make_concerns(southwark, 3, kind="followed"), *make_concerns(camden, 3, days=-20)]:
        answer(concern, days_later=1, to=State.RESOLVED)

    assert count_queries(client, PAGE) == one <= 15


@pytest.mark.parametrize("query", ["?period=nonsense", "?period=2026-13"])
def test_invalid_period_shows_the_last_28_days(query, client, bcu):
    assert "Last 28 days, by BCU" in client.get(PAGE + query).text


def test_months_begin_at_midnight_in_london(client, southwark, time_machine):
    time_machine.move_to(datetime.datetime(2026, 8, 15, tzinfo=datetime.UTC))
    for concern in make_concerns(southwark, 6):
        concern.reported_at = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)  # 12:30am on 1 July
        concern.save()

    assert [figures(client, f"?period=2026-0{month}")["London"][0] for month in (6, 7)] == ["0", "6"]
    assert timezone.now().month == 8
