"""An administrator begins with the texts, BCUs and officers that need her."""

import datetime

import pytest
from django.utils import timezone

from administration.models import ProposedChange
from administration.proposals.actions import Change, propose
from administration.staffing.queries import staffing_of_teams
from boroughs.models.texts import HelpContact, Statement
from boroughs.upkeep import find_upkeep
from tests.support.factories import InspectorFactory, OfficerFactory
from tests.support.people import make_administrator
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "/staff/today/administrator/"


def text(*, owner="Legal", checked_days_ago=0):
    """Return the fields of a text with an owner, and the day when she checked it."""
    checked = checked_days_ago is not None and timezone.now().date() - datetime.timedelta(days=checked_days_ago)
    return {"owner": owner, "checked_on": checked or None}


def found(title, now=None):
    """Return the rows under this title."""
    return next((each.rows for each in find_upkeep(now or timezone.now()) if each.duty.title == title), [])


def test_start_page_of_an_administrator_is_today(client, administrator):
    client.force_login(administrator)

    assert client.get("/staff/").headers["Location"] == PAGE


@pytest.mark.parametrize(
    ("fields", "is_found"),
    [
        ({}, False),
        ({"owner": ""}, True),
        ({"checked_days_ago": None}, True),
        ({"checked_days_ago": 367}, True),
    ],
    ids=["checked", "no owner", "never checked", "checked long ago"],
)
@pytest.mark.parametrize("kind", ["statement", "contact"])
def test_texts_without_an_owner_or_a_check_within_a_year(kind, fields, is_found):
    if kind == "statement":
        row = Statement.objects.create(code=Statement.Code.CAMERAS, **text(**fields))
    else:
        row = HelpContact.objects.create(name="Our line", number="020 7946 0000", **text(**fields))
    title = {"statement": "Statements to check", "contact": "Help contacts to check"}[kind]

    assert (row in found(title)) is is_found


@pytest.mark.parametrize(
    ("field", "value", "is_found"),
    [
        ("inbox", "team@Mail.Example.org", True),
        ("inbox", "team@notexample.com", False),
        ("duty_number", "+44 20 7946 0101", True),
        ("duty_number", "+44 (0)20 7946 0101", True),
        ("duty_number", "07700 900123", True),
        ("duty_number", "020 7946 1101", False),
    ],
)
def test_bcus_that_cannot_be_reached(southwark, field, value, is_found):
    bcu = southwark.bcu
    bcu.inbox, bcu.duty_number = "as@met.police.uk", "020 7230 1212"
    setattr(bcu, field, value)
    bcu.save()

    assert (bcu in found("Inbox or duty number still an example")) is is_found
    (shown,) = [each for each in staffing_of_teams() if each.bcu == bcu]
    assert bool(shown.inbox_problem or shown.duty_number_problem) is is_found


def test_bcus_that_lack_people(southwark, camden):
    bcu = southwark.bcu
    all_of_them = ["No inspector", "Too few officers lead walks", "No nominated inspector"]
    before = {title: bcu in found(title) for title in all_of_them}
    InspectorFactory(bcu=bcu)
    OfficerFactory.create_batch(bcu.min_officers, bcu=bcu, leads_walks=True)
    bcu.nominated_inspector = InspectorFactory(bcu=camden.bcu)
    bcu.save()

    assert before == dict.fromkeys(all_of_them, True)
    assert not [title for title in all_of_them if bcu in found(title)]


def test_officers_whom_nobody_can_check_or_who_may_have_left(southwark):
    now = timezone.now()
    unnumbered = OfficerFactory(bcu=southwark.bcu, leads_walks=True, shoulder_number="")
    away = OfficerFactory(bcu=southwark.bcu, leads_walks=True, last_login=now - datetime.timedelta(days=91))
    OfficerFactory(bcu=southwark.bcu, is_active=False, last_login=now - datetime.timedelta(days=91))
    OfficerFactory(bcu=southwark.bcu, leads_walks=True, last_login=now)

    assert (found("No shoulder number"), found("Haven’t signed in for 90 days")) == ([unnumbered], [away])


def test_page_links_each_row_and_takes_no_more_queries_for_more(client, administrator, southwark, camden):
    client.force_login(administrator)
    one = count_queries(client, PAGE)
    OfficerFactory.create_batch(11, bcu=southwark.bcu, leads_walks=True, shoulder_number="")

    page = client.get(PAGE).text

    assert f"/admin/boroughs/boroughcommandunit/{southwark.bcu.pk}/change/" in page
    assert 'href="/admin/boroughs/officer/">and more' in page
    assert count_queries(client, PAGE) == one <= 15


def test_one_administrator_is_too_few_and_two_are_enough(client, administrator, officer):
    title = "Only one administrator"
    assert found(title) == [administrator]

    second = make_administrator()

    assert found(title) == []
    propose(
        [Change(kind=ProposedChange.Kind.ACCOUNT, subject=officer, after={"role": "inspector"})],
        by=second,
        reason="Why",
    )
    client.force_login(administrator)
    assert "Needs a second administrator" in client.get(PAGE).text


def test_page_with_nothing_to_do_says_so(client, administrator):
    make_administrator()
    Statement.objects.update(**text())
    HelpContact.objects.update(**text())
    client.force_login(administrator)

    assert "Nothing is waiting for you" in client.get(PAGE).text
