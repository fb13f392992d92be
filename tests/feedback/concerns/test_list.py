"""The list of concerns: its tabs and filters, which every page of a concern keeps."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from feedback.statuses import State
from tests.support.factories import InspectorFactory, WardFactory, in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking

pytestmark = pytest.mark.django_db

LIST = "/staff/concerns/"
OWNED = {"state": State.ACCEPTED, "review_date": REVIEW_DATE}


@pytest.fixture
def client(client, inspector):
    client.force_login(inspector)
    return client


@pytest.fixture
def ward(southwark):
    return WardFactory(borough=southwark, name="Rye Lane")


def shown(client, query=""):
    return [row.concern for row in client.get(LIST + query).context["rows"]]


def counts(client, query=""):
    return {tab.label: tab.count for tab in client.get(LIST + query).context["tabs"]}


def test_tabs_say_how_many_wait_whatever_the_filter(client, southwark, inspector):
    colleague = InspectorFactory(bcu=inspector.bcu)
    ConcernFactory()
    ConcernFactory(state=State.SCREENING, owner=inspector)
    ConcernFactory(owner=inspector, **OWNED)
    ConcernFactory(owner=colleague, **OWNED)
    ConcernFactory(state=State.NO_ACTION, owner=inspector)

    expected = {
        "To check": "2",
        "Being looked into": "2",
        "Mine": "2",
        "Nobody’s": "1",
        "Ended": "",
        "All": "",
    }
    assert counts(client) == counts(client, "?show=all&kind=followed") == expected


def test_tabs_of_mine_and_nobodys(client, southwark, inspector):
    mine, nobodys = ConcernFactory(owner=inspector, **OWNED), ConcernFactory()
    ConcernFactory(owner=InspectorFactory(bcu=inspector.bcu), **OWNED)

    assert (shown(client, "?show=mine"), shown(client, "?show=nobodys")) == ([mine], [nobodys])


@pytest.mark.parametrize(
    "query",
    [
        "kind=followed",
        "kind=all-people",
        "ward={ward}",
        "owner={owner}",
        "since={day}",
        "until={day}",
        "since={day}&until={day}",
    ],
)
def test_filters(query, client, ward, inspector):
    day = in_days(-10)
    booking = make_completed_booking([inspector], borough=ward.borough, ward=ward)
    colleague = InspectorFactory(bcu=inspector.bcu)
    fitting = ConcernFactory(kind="followed", report__booking=booking, reported_at=day, owner=colleague, **OWNED)
    other_day = in_days(-12 if "until" not in query else -8)
    ConcernFactory(kind="lighting", reported_at=other_day, owner=inspector, **OWNED)

    query = query.format(ward=ward.gss, owner=colleague.pk, day=day.date())

    assert shown(client, f"?show=open&{query}") == [fitting]


def test_filter_of_good_spots(client, southwark):
    spot = ConcernFactory(kind="", safe_place=True)
    ConcernFactory()

    assert shown(client, "?kind=safe") == [spot]


@pytest.mark.parametrize(
    "query",
    ["show=nonsense", "kind=nonsense", "ward=E05000000", "owner=999999", "since=yesterday", "until=31-31-31", "kind='"],
)
def test_invalid_filters_are_ignored(query, client, southwark):
    concern = ConcernFactory()

    assert shown(client, f"?{query}") == [concern]


def test_owners_and_wards_of_other_bcus_are_no_choices(client, stranger, southwark, camden):
    elsewhere = WardFactory(borough=camden, name="Kentish Town")

    page = client.get(LIST).text

    assert stranger.name not in page
    assert elsewhere.name not in page


def queries(response, address):
    """Return the query strings of the links, forms and buttons of the page that lead to this address."""
    found = re.findall(r'(?:href|action|formaction)="([^"]*)"', response.text.replace("&amp;", "&"))
    return {urlsplit(link).query for link in found if urlsplit(link).path == address}


def test_filters_are_kept_in_every_step(client, southwark, inspector, bcu):
    query = f"show=open&kind=lighting&owner={inspector.pk}"
    InspectorFactory(bcu=bcu)
    oldest, concern, newest = (
        ConcernFactory(owner=inspector, reported_at=in_days(-days), **OWNED) for days in (3, 2, 1)
    )
    ConcernFactory(kind="followed", owner=inspector, reported_at=in_days(-2), **OWNED)
    page, answer, hand_over = (
        reverse(f"feedback:{name}", args=[concern.pk]) for name in ("concern", "answer", "hand_over")
    )
    at_list, at_page = client.get(f"{LIST}?{query}"), client.get(f"{page}?{query}")
    at_answer, at_hand_over = client.get(f"{answer}?{query}"), client.get(f"{hand_over}?{query}")

    answered = client.post(f"{answer}?{query}", {"outcome": "no_action", "words": "It is private.", "version": 0})

    assert (at_page.context["before"], at_page.context["after"]) == (newest, oldest)
    neighbours = [reverse("feedback:concern", args=[each.pk]) for each in (newest, oldest)]
    assert [queries(at_page, address) for address in (answer, hand_over, *neighbours)] == [{query}] * 4
    assert [queries(each, page) for each in (at_list, at_answer, at_hand_over)] == [{query}] * 3
    assert query in queries(at_page, LIST)
    assert answered.headers["Location"] == f"{page}?{query}"
    assert client.get(answered.headers["Location"]).context["after"] == oldest


def test_button_of_a_row_leads_to_the_concern_with_the_filters_of_the_list(client, southwark):
    concern = ConcernFactory()
    query = "show=nobodys&kind=lighting"
    take = reverse("feedback:take", args=[concern.pk])

    assert queries(client.get(f"{LIST}?{query}"), take) == {query}
    taken = client.post(f"{take}?{query}")
    assert taken.headers["Location"] == f"{reverse('feedback:concern', args=[concern.pk])}?{query}"


def test_screening_leads_back_to_the_list_with_its_filters(client, southwark):
    concern = ConcernFactory()
    query = "?show=to_check&kind=lighting"

    response = client.post(
        reverse("feedback:concern", args=[concern.pk]) + query, {"outcome": "screening", "version": 0}
    )

    assert response.headers["Location"] == LIST + query


def test_concern_opened_from_elsewhere_has_no_neighbours(client, southwark):
    concern, _other = ConcernFactory(), ConcernFactory()

    context = client.get(reverse("feedback:concern", args=[concern.pk])).context

    assert (context["before"], context["after"]) == (None, None)


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "Overdue, "), (0, "Today"), (5, "")], ids=["overdue", "today", "later"]
)
def test_row_says_when_its_owner_looks_again(days, words, client, southwark, inspector):
    day = in_days(days).date()
    ConcernFactory(state=State.ACCEPTED, owner=inspector, review_date=day)

    (row,) = client.get(f"{LIST}?show=open").context["rows"]

    assert (row.is_late, row.is_due_today) == (days < 0, days == 0)
    assert words in client.get(f"{LIST}?show=open").text


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("to_check", "appears here as soon as"),
        ("open", "Accept a concern under “To check”"),
        ("mine", "Assign one to yourself under “Nobody’s”"),
        ("nobodys", "has an owner"),
        ("ended", "when you say what came of it"),
        ("all", "appear here as soon as"),
        ("all&kind=followed", "Clear the filters"),
    ],
)
def test_empty_list_says_what_to_do(tab, words, client):
    assert words in client.get(f"{LIST}?show={tab}").text


def test_day_filter_counts_london_days(client, southwark):
    just_before_midnight = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)  # 12:30am on 2 July in London
    concern = ConcernFactory(reported_at=just_before_midnight)

    assert shown(client, "?since=2026-07-02") == [concern]
    assert shown(client, "?until=2026-07-01") == []
