"""The page that shows administrators how each BCU is staffed."""

import pytest
from django.urls import reverse

from administration.staffing.queries import staffing_of_teams
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement
from tests.support.factories import InspectorFactory, OfficerFactory
from tests.support.page_text import page_text
from tests.support.query_counts import count_queries
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PAGE = "/staff/staffing/"


@pytest.fixture
def team(southwark, camden):
    """A BCU that lacks nothing."""
    bcu = southwark.bcu
    bcu.inbox, bcu.duty_number, bcu.min_officers = "as@met.police.uk", "020 7230 1212", 2
    bcu.nominated_inspector = InspectorFactory(bcu=camden.bcu)
    bcu.save()
    InspectorFactory(bcu=bcu)
    OfficerFactory.create_batch(6, bcu=bcu, leads_walks=True)
    return bcu


def problems(bcu):
    (found,) = [each for each in staffing_of_teams() if each.bcu == bcu]
    names = ("officers", "inspectors", "nominated", "inbox", "duty_number")
    said = {name: words for name in names if (words := getattr(found, f"{name}_problem"))}
    assert found.has_problem is bool(said)
    return said


def test_team_that_lacks_nothing(team):
    assert problems(team) == {}


@pytest.mark.parametrize(
    ("count", "problem"),
    [(1, "Too few for one walk"), (2, "Too few for every evening"), (5, "Too few for every evening")],
)
def test_officers_are_compared_with_one_walk_and_every_evening(team, count, problem):
    leading = Officer.objects.filter(bcu=team, leads_walks=True)
    leading.exclude(pk__in=leading.order_by("pk").values("pk")[:count]).update(leads_walks=False)

    assert problems(team) == {"officers": problem}


def test_closed_accounts_and_other_teams_do_not_count(team, camden):
    Officer.objects.filter(bcu=team).update(is_active=False)
    OfficerFactory.create_batch(6, bcu=camden.bcu, leads_walks=True)

    assert problems(team) == {"officers": "Too few for one walk", "inspectors": "Nobody can answer requests"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"is_active": False}, "Can no longer decide"),
        ({"role": "lead"}, "Can no longer decide"),
        (None, "Nobody yet"),
    ],
)
def test_nominated_inspector_has_to_be_able_to_decide(team, changes, problem):
    if changes is None:
        team.nominated_inspector = None
        team.save()
    else:
        Officer.objects.filter(pk=team.nominated_inspector.pk).update(**changes)

    assert problems(team) == {"nominated": problem}


def test_nominated_inspector_who_moved_into_the_team_cannot_decide(team):
    Officer.objects.filter(pk=team.nominated_inspector.pk).update(bcu=team)

    assert problems(team) == {"nominated": "Can no longer decide"}


@pytest.mark.parametrize(
    ("field", "value", "is_example"),
    [
        ("inbox", "as.walkandtalk@example.com", True),
        ("inbox", "team@Mail.Example.org", True),
        ("inbox", "team@notexample.com", False),
        ("duty_number", "020 7946 0101", True),
        ("duty_number", "+44 20 7946 0101", True),
        ("duty_number", "07700 900123", True),
        ("duty_number", "020 7946 1101", False),
        ("duty_number", "07700 901123", False),
    ],
)
def test_examples_are_told_from_real_contacts(team, field, value, is_example):
    setattr(team, field, value)
    team.save()

    assert problems(team) == ({field: "Still an example"} if is_example else {})


def test_page_says_what_is_wrong_and_leads_to_where_it_is_put_right(client, administrator, southwark, camden):
    southwark.bcu.inbox = "as@example.com"
    southwark.bcu.save()
    client.force_login(administrator)

    page = client.get(PAGE).text

    assert "BCUs need something." in page_text(page)
    assert "as@example.com ! Still an example" in " ".join(page_text(page).split())
    assert f'href="{reverse("teams:team", args=[southwark.bcu.pk])}?from=staffing"' in page
    assert f"?bcu__id__exact={southwark.bcu.pk}" in page
    assert client.get("/admin/boroughs/officer/", {"bcu__id__exact": southwark.bcu.pk}).status_code == 200
    inspectors = {"bcu__id__exact": southwark.bcu.pk, "role__exact": "inspector"}
    assert client.get("/admin/boroughs/officer/", inspectors).status_code == 200


def test_page_says_how_far_the_texts_are_checked(client, administrator):
    Statement.objects.create(code="cameras", text="Cameras", owner="Legal", checked_on=london.today())
    HelpContact.objects.create(name="Line", number="0808 100")
    client.force_login(administrator)

    words = " ".join(page_text(client.get(PAGE).text).split())

    assert f"Statements: Oldest check: {london.long_date(london.today())}." in words
    assert "Help contacts: ! 1 to check. None has been checked yet." in words


def test_page_takes_as_many_queries_for_one_team_as_for_three(client, administrator, southwark, camden):
    client.force_login(administrator)
    before = count_queries(client, PAGE)
    OfficerFactory.create_batch(6, bcu=camden.bcu, leads_walks=True)
    camden.bcu.nominated_inspector = InspectorFactory(bcu=southwark.bcu)
    camden.bcu.save()

    assert count_queries(client, PAGE) == before <= 12
