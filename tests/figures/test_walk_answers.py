"""Answers of women about their walks: months that are over, from five answers on, and nothing that points to one."""

import datetime
from collections import defaultdict

import pytest

from feedback.models.walk_answers import WalkAnswer, WalkAnswers
from tests.support.query_counts import count_queries
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PAGE = "/staff/figures/walks/"
TOO_FEW = None
"""The row of too few answers, and of none: it isn’t there."""


def month_before(month):
    return (month - datetime.timedelta(days=1)).replace(day=1)


@pytest.fixture
def last_month():
    return month_before(london.today().replace(day=1))


def add(bcu, month, *, question="listened", **counts):
    for answer, count in counts.items():
        for _ in range(count):
            WalkAnswers.objects.add(bcu, {question: WalkAnswer(answer)}, month=month)


def shown(client, who, query=""):
    """Return the texts of the first question by the name of the row, with None for a row that isn't shown."""
    client.force_login(who)
    table = client.get(PAGE + query).context["tables"][0]
    return defaultdict(lambda: None, {row.name: row.texts for row in table.rows})


def test_inspector_reads_the_months_of_her_own_bcu(client, inspector, bcu, camden, last_month):
    add(bcu, last_month, yes=20, partly=6, no=5)
    add(camden.bcu, last_month, yes=40)

    assert shown(client, inspector) == {f"{last_month:%B %Y}": ["20 of 31 (65%)", "6", "5", "31"]}
    page = client.get(PAGE).text
    assert ("Other months: fewer than 5 answers." in page, "All months: fewer than 5 answers." in page) == (True, True)


def test_nobody_walks_again_partly(client, inspector, bcu, last_month):
    add(bcu, last_month, question="again", partly=5)
    client.force_login(inspector)

    assert [str(column) for column in client.get(PAGE).context["tables"][2].columns] == [
        "Yes",
        "Maybe",
        "No",
        "Answers",
    ]


def test_lead_compares_every_bcu_in_one_month(client, lead, bcu, camden, last_month):
    add(bcu, last_month, yes=20)
    add(camden.bcu, month_before(last_month), yes=7, no=8)

    assert shown(client, lead)[bcu.name] == ["20 of 20 (100%)", "0", "0", "20"]
    assert shown(client, lead)[camden.bcu.name] == TOO_FEW
    earlier = shown(client, lead, f"?month={month_before(last_month):%Y-%m}")
    assert (earlier[bcu.name], earlier[camden.bcu.name]) == (TOO_FEW, ["7 of 15 (47%)", "0", "8", "15"])


def test_month_that_is_not_over_is_shown_to_nobody(client, inspector, lead, bcu):
    this_month = london.today().replace(day=1)
    add(bcu, this_month, yes=30)

    for who, query in ((inspector, ""), (lead, f"?month={this_month:%Y-%m}")):
        assert not shown(client, who, query)


@pytest.mark.parametrize(
    ("counts", "texts"),
    [
        ({"yes": 4}, TOO_FEW),
        ({"yes": 5}, ["5", "0", "0", "5"]),
        ({"yes": 4, "no": 1}, ["not shown", "0", "not shown", "not shown"]),
        ({"yes": 12, "no": 1}, ["at least 9 of 13", "not shown", "not shown", "13"]),
        ({"yes": 2, "partly": 6, "no": 6}, ["fewer than 5 of 14", "not shown", "not shown", "14"]),
        ({"yes": 30, "partly": 7, "no": 4}, ["30 of 41 (73%)", "not shown", "not shown", "41"]),
    ],
)
def test_small_numbers_are_hidden_with_whatever_would_reveal_them(counts, texts, client, inspector, bcu, last_month):
    add(bcu, last_month, **counts)

    assert shown(client, inspector)[f"{last_month:%B %Y}"] == texts


def test_page_needs_the_same_queries_for_one_row_and_for_two(client, lead, bcu, camden, last_month):
    add(bcu, last_month, yes=5)
    client.force_login(lead)

    one = count_queries(client, PAGE)
    add(camden.bcu, last_month, yes=5)

    assert count_queries(client, PAGE) == one
