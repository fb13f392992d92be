"""One act for many people: move, close, lead walks. Each person by themselves, and power only with a second one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.left_behind import LeftBehind
from administration.models import Proposal, ProposedChange
from administration.proposals.actions import Change, agree, propose
from audit.alerts.findings import findings
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    RecurringWalkFactory,
    scheduled_booking,
)
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory
from tests.support.people import make_administrator

pytestmark = pytest.mark.django_db
WHY = "The team was split"


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


def address(act, *people):
    return f"/staff/people/{act}/?" + "&".join(f"person={person.pk}" for person in people)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_actions_of_the_list_lead_to_their_pages_and_change_nothing(as_administrator, officer, second_officer):
    acts = {"move": "move", "close": "close", "lead_walks": "lead-walks", "stop_leading_walks": "stop-leading-walks"}
    before = list(Officer.objects.order_by("pk").values())

    for action, page in acts.items():
        ticked = {"action": action, "_selected_action": [officer.pk, second_officer.pk]}
        response = as_administrator.post(reverse("admin:boroughs_officer_changelist"), ticked, follow=True)
        assert response.redirect_chain[-1][0].startswith(f"/staff/people/{page}/?person=")
        assert [row.person for row in response.context["rows"]] == [officer, second_officer]

    assert list(Officer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("people", ["", "?person=0", "?person={}&person=x", "?person={}&person=0", "?person=0x1"])
def test_page_for_unknown_people_is_a_404(people, as_administrator, officer):
    assert as_administrator.get("/staff/people/move/" + people.format(officer.pk)).status_code == 404


def test_move_takes_officers_at_once_and_proposes_everyone_else(
    as_administrator, administrator, officer, second_officer, inspector, camden, southwark, bcu
):
    scheduled_booking([officer, second_officer], borough=southwark)
    there = OfficerFactory(bcu=camden.bcu)
    closed = OfficerFactory(bcu=bcu, is_active=False)
    page = address("move", officer, second_officer, inspector, there, closed)
    listed = {row.person: row.left.walks for row in as_administrator.get(page).context["rows"]}
    assert (listed[officer], listed[inspector]) == (1, 0)

    done = as_administrator.post(page, {"bcu": camden.bcu.pk, "reason": WHY, "has_rung": "on"}, follow=True)

    for person, is_there in ((officer, True), (second_officer, True), (inspector, False), (closed, False)):
        person.refresh_from_db()
        assert (person.bcu == camden.bcu) == is_there
    assert not officer.assignments.filter(is_live=True).exists()
    (change,) = Proposal.objects.get().changes.all()
    assert (change.person, change.after) == (inspector, {"bcu": "CN"})
    assert said(done) == [
        f"Moved: {officer.display_name}, {second_officer.display_name}.",
        f"{there.display_name} stays as they are. They belong to Central North (CN) already.",
        f"{closed.display_name} stays as they are. Their account is closed.",
        *[line for line in said(done) if line.startswith("The other administrators")],
    ]
    assert LogEntry.objects.filter(object_id=str(officer.pk), change_message__contains='"BCU"').exists()


def test_move_tells_the_person_the_new_team_and_the_old_one_in_numbers(
    as_administrator, officer, second_officer, camden, southwark, bcu
):
    scheduled_booking([officer, second_officer], borough=southwark)
    RecurringWalkFactory(bcu=bcu).officers.add(officer)

    as_administrator.post(
        address("move", officer), {"bcu": camden.bcu.pk, "reason": WHY, "has_rung": "on"}, follow=True
    )

    messages = {message.kind: message for message in Message.objects.all()}
    assert messages["account_moved"].recipient == officer.email
    assert messages["team_colleague_joined"].recipient == camden.bcu.inbox
    left = messages["team_colleague_left"]
    assert left.recipient == bcu.inbox
    assert "has moved to Central North" in left.text
    assert "Walks without them: 1" in left.text
    assert "Recurring walks to give another usual officer: 1" in left.text


def test_agreed_move_of_an_inspector_tells_their_team_in_numbers(administrator, southwark, camden, inspector, bcu):
    ClaimFactory(booking=BookingFactory(borough=southwark), officer=inspector)
    change = Change(kind=ProposedChange.Kind.ACCOUNT, subject=inspector, after={"bcu": "CN"})

    agree(propose([change], by=administrator, reason=WHY), by=make_administrator())

    (message,) = Message.objects.filter(kind="team_colleague_left")
    assert message.recipient == bcu.inbox
    assert "Bookings to assign: 1" in message.text
    assert not Message.objects.filter(kind__in=["account_moved", "team_colleague_joined"]).exists()


def test_bulk_asks_for_a_call_if_someone_may_be_on_a_walk(as_administrator, officer, inspector, camden):
    answer = as_administrator.post(address("move", officer), {"bcu": camden.bcu.pk, "reason": WHY})

    assert "Ring the duty number" in str(answer.context["form"].errors)
    assert "has_rung" not in as_administrator.get(address("move", inspector)).context["form"].fields
    officer.refresh_from_db()
    assert officer.bcu != camden.bcu


def test_close_accounts_closes_each_and_says_who_stays(as_administrator, administrator, officer, inspector, bcu):
    page = address("close", officer, inspector, administrator)
    assert as_administrator.get(page).context["without_inspector"] == [bcu]

    done = as_administrator.post(page, {"reason": WHY, "has_rung": "on"}, follow=True)

    assert set(Officer.objects.filter(is_active=False)) == {officer, inspector}
    assert said(done) == [
        f"Closed, and handed on to their teams: {inspector.display_name}, {officer.display_name}.",
        f"{administrator.display_name} stays as they are. "
        "You can’t close your own account. Another administrator has to do it.",
    ]


@pytest.mark.parametrize(("act", "leads_walks"), [("lead-walks", True), ("stop-leading-walks", False)])
def test_leading_walks_is_one_proposal_for_all(act, leads_walks, as_administrator, bcu):
    people = OfficerFactory.create_batch(3, bcu=bcu, leads_walks=not leads_walks)
    same = OfficerFactory(bcu=bcu, leads_walks=leads_walks)

    done = as_administrator.post(address(act, *people, same), {"reason": WHY}, follow=True)

    proposal = Proposal.objects.get()
    assert {change.person for change in proposal.changes.all()} == set(people)
    assert f"{same.display_name} stays as they are. Nothing would change." in said(done)
    assert Officer.objects.filter(pk__in=[person.pk for person in people], leads_walks=leads_walks).count() == 0
    agree(proposal, by=make_administrator())
    assert Officer.objects.filter(pk__in=[person.pk for person in people], leads_walks=leads_walks).count() == 3


def test_nobody_is_half_changed_when_another_is_in_use(as_administrator, officer, second_officer, camden):
    """A proposal about one of them doesn't stop the others."""
    other = InspectorFactory(bcu=officer.bcu)
    propose(
        [Change(kind=ProposedChange.Kind.ACCOUNT, subject=other, after={"role": "lead", "bcu": None})],
        by=make_administrator(),
        reason=WHY,
    )

    done = as_administrator.post(
        address("move", officer, other), {"bcu": camden.bcu.pk, "reason": WHY, "has_rung": "on"}, follow=True
    )

    officer.refresh_from_db()
    assert officer.bcu == camden.bcu
    assert any("is already proposed" in line for line in said(done))


def test_auditor_gets_one_message_for_a_batch_and_the_log_a_line_each(as_administrator, bcu, camden):
    people = OfficerFactory.create_batch(5, bcu=bcu)

    as_administrator.post(address("move", *people), {"bcu": camden.bcu.pk, "reason": WHY, "has_rung": "on"})

    assert SecurityEvent.objects.filter(kind=Kind.BCU_CHANGED).count() == 5
    (found,) = findings(timezone.now())
    assert found.what == "Changed several accounts at once"
    assert found.more == f"5 accounts or teams, each with a line of its own in the security log. {WHY}"


def test_left_behind_costs_the_same_for_one_and_for_many(southwark, bcu, officer, inspector, django_assert_num_queries):
    colleagues = [officer, *OfficerFactory.create_batch(24, bcu=bcu), inspector]
    scheduled_booking(colleagues[:2], borough=southwark)
    ClaimFactory(booking=BookingFactory(borough=southwark), officer=inspector)
    ClaimFactory(
        booking=BookingFactory(borough=southwark, nominated_inspector=inspector), officer=inspector
    )  # kept from the BCU, so nobody counts it
    ConcernFactory(bcu=bcu, owner=inspector, review_date=REVIEW_DATE)
    RecurringWalkFactory(bcu=bcu).officers.add(officer, colleagues[5])

    with django_assert_num_queries(5):
        left = LeftBehind.of_each(colleagues, timezone.now())

    assert (left[officer.pk].walks, left[officer.pk].recurring_walks) == (1, 1)
    assert (left[inspector.pk].bookings, left[inspector.pk].concerns) == (1, 1)
    assert left[colleagues[5].pk] == LeftBehind(walks=0, walks_going_on=0, bookings=0, concerns=0, recurring_walks=1)
    assert all(left[person.pk] == LeftBehind.by(person, timezone.now()) for person in colleagues)


def test_pages_for_25_people_cost_what_they_cost_for_two(as_administrator, bcu):
    people = OfficerFactory.create_batch(25, bcu=bcu)
    as_administrator.get(address("move", *people[:2]))

    counts = []
    for some in (people[:2], people):
        with CaptureQueriesContext(connection) as asked:
            assert as_administrator.get(address("move", *some)).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]
