"""The auditor's page of the security log."""

import datetime
import re

import pytest
import time_machine

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from audit.security.words import PARTS_OF_THE_SERVICE
from tests.support.addresses import every_address
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

LOG = "/staff/audit/security/"


@pytest.fixture
def as_auditor(client, auditor):
    client.force_login(auditor)
    return client


def rows(page):
    """Return the cells of each row, as someone reads them."""
    table = page.text.partition("<tbody")[2].partition("</tbody>")[0]
    found = []
    for row in table.split("</tr>")[:-1]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        found.append([" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells])
    return found


def test_line_names_people_and_teams_and_no_email_address(as_auditor, inspector, administrator):
    with time_machine.travel(datetime.datetime(2026, 7, 1, 10, 5, tzinfo=datetime.UTC)):
        record_security_event(Kind.ROLE_CHANGED, officer=administrator, subject=inspector, change="officer > inspector")

    page = as_auditor.get(LOG)

    day, who, what, whose = rows(page)[0]
    assert day == "Wednesday 1 July 2026 11:05:00"
    assert who == administrator.display_name
    assert what == "Role changed From Officer to Inspector"
    assert whose == f"{inspector.display_name} {inspector.bcu.name}"
    assert "@" not in page.text.partition("<tbody")[2]


@pytest.mark.parametrize(
    ("kind", "about", "what"),
    [
        (Kind.BCU_CHANGED, {"change": "AS > CN"}, "BCU changed From AS to CN"),
        (Kind.BCU_CHANGED, {"change": "AS > "}, "BCU changed From AS"),
        (Kind.ACCOUNT_CREATED, {"change": "> lead"}, "Account created As Lead"),
        (Kind.NOMINATED, {"change": "AS"}, "Nominated for a BCU’s restricted bookings AS"),
        (Kind.TEAM_RULES_CHANGED, {"change": "AS"}, "Rules of a BCU changed AS"),
        (Kind.TEXT_CHANGED, {"change": "Help contact 3"}, "Help contact or statement changed Help contact 3"),
        (Kind.FORBIDDEN, {"route": "triage:queue"}, f"{Kind.FORBIDDEN.label} Bookings (triage:queue)"),
        (Kind.FORBIDDEN, {"route": ""}, Kind.FORBIDDEN.label),
        (Kind.LIMIT_REACHED, {"route": "metrics"}, "Reached a limit metrics"),
        (Kind.LOG_EXPORTED, {"count": 0, "reason": "Complaint 12"}, "Downloaded a log 0 rows Complaint 12"),
    ],
)
def test_line_says_what_happened_in_words(kind, about, what, as_auditor):
    record_security_event(kind, **about)

    assert rows(as_auditor.get(LOG))[0][2] == what


def test_failed_sign_in_says_whose_name_it_was_or_that_it_is_nobodys(as_auditor, inspector):
    record_security_event(Kind.SIGN_IN_FAILED, subject=inspector)
    record_security_event(Kind.SIGN_IN_FAILED)

    unknown, known = rows(as_auditor.get(LOG))

    assert [unknown[1], unknown[3]] == ["Nobody signed in", "No account has this name"]
    assert known[3].startswith(inspector.display_name)


def test_account_that_nobody_on_a_page_made_was_made_by_a_command(as_auditor, inspector):
    record_security_event(Kind.ACCOUNT_CREATED, subject=inspector)

    assert rows(as_auditor.get(LOG))[0][1] == "A command on the server"


def test_search_by_person_leads_to_lines_by_and_about_her_without_her_name(as_auditor, inspector, officer):
    mine = record_security_event(Kind.SIGNED_IN, officer=inspector)
    about_me = record_security_event(Kind.DEACTIVATED, officer=officer, subject=inspector)
    record_security_event(Kind.SIGNED_IN, officer=officer)

    answer = as_auditor.post(LOG, {"person": inspector.email, "kind": ""})
    page = as_auditor.get(answer["Location"])

    assert answer["Location"] == f"{LOG}?person={inspector.pk}"
    assert [line.event for line in page.context["lines"]] == [about_me, mine]


def test_search_by_kind_and_day(as_auditor, inspector):
    day = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)  # half past midnight on 1 July in London
    for at, kind in (
        (day, Kind.SIGNED_IN),
        (day, Kind.SIGNED_OUT),
        (day - datetime.timedelta(hours=1), Kind.SIGNED_IN),
    ):
        with time_machine.travel(at):
            record_security_event(kind, officer=inspector)

    form = {"person": "", "kind": Kind.SIGNED_IN, "day_day": "1", "day_month": "7", "day_year": "2026"}
    answer = as_auditor.post(LOG, form)
    page = as_auditor.get(answer["Location"])

    assert answer["Location"] == f"{LOG}?kind=signed_in&day=2026-07-01"
    assert [line.event.kind for line in page.context["lines"]] == [Kind.SIGNED_IN]


def test_search_for_nobody_says_so(as_auditor):
    page = as_auditor.post(LOG, {"person": "Nemo"})

    assert page.status_code == 422
    assert "Nobody here has this name" in page.text


@pytest.mark.parametrize("query", ["person=x", "kind=all", "day=yesterday", "after=x", "after=99999999999999999999999"])
def test_nonsense_in_the_address_is_left_out(query, as_auditor, inspector):
    record_security_event(Kind.SIGNED_IN, officer=inspector)

    assert len(rows(as_auditor.get(f"{LOG}?{query}"))) == 1


def test_pages_follow_one_another_newest_first_with_the_same_queries(as_auditor, inspector, officer):
    for number in range(120):
        record_security_event(Kind.SIGNED_IN, officer=inspector if number % 2 else officer)
    as_auditor.get(LOG)

    pages, costs = [as_auditor.get(LOG)], []
    while last := pages[-1].context["last"]:
        costs.append(count_queries(as_auditor, LOG, {"after": last}))
        pages.append(as_auditor.get(LOG, {"after": last}))

    shown = [line.event.pk for page in pages for line in page.context["lines"]]
    assert shown == sorted(SecurityEvent.objects.values_list("pk", flat=True), reverse=True)
    assert len(pages) == 3
    assert len(set(costs)) == 1
    assert costs[0] <= 6


@pytest.mark.parametrize("person", ["officer", "inspector", "lead", "administrator"])
def test_lines_are_for_auditors_alone(person, client, request):
    user = request.getfixturevalue(person)
    record_security_event(Kind.SIGNED_IN, officer=user)
    client.force_login(user)

    assert client.get(LOG).status_code == 403
    assert not SecurityEvent.objects.visible_to(user).exists()


def test_auditor_who_has_left_sees_nothing(auditor):
    record_security_event(Kind.SIGNED_IN, officer=auditor)
    auditor.is_active = False

    assert not SecurityEvent.objects.visible_to(auditor).exists()


def test_each_staff_address_has_a_part_of_the_service_in_words():
    namespaces = {address.name.partition(":")[0] for address in every_address() if address.is_for_staff}

    assert namespaces - set(PARTS_OF_THE_SERVICE) == set()


def test_every_kind_fits_its_column_and_has_words():
    assert all(len(kind) <= 24 and kind.label for kind in Kind)
