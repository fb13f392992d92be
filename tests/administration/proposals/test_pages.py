"""The pages on which an administrator proposes, reads and answers."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from administration.models import Proposal, ProposedChange
from administration.proposals.actions import Change, propose
from bookings.models.claims import Claim
from boroughs.models.officers import Officer
from tests.support.factories import (
    PASSWORD,
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    scheduled_booking,
)
from tests.support.people import make_administrator
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

K = ProposedChange.Kind


@pytest.fixture
def as_administrator(client, administrator):
    client.post("/staff/sign-in/", {"username": administrator.email, "password": PASSWORD})
    return client


@pytest.fixture
def proposal(inspector, southwark):
    ClaimFactory(booking=BookingFactory(borough=southwark), officer=inspector)
    change = Change(kind=K.ACCOUNT, subject=inspector, after={"role": "lead", "email": "lea@example.com"})
    return propose([change], by=make_administrator(), reason="She leads the scheme now")


def address(name, *args):
    return reverse(f"proposals:{name}", args=args)


def test_page_shows_before_after_why_and_what_colleagues_take_over(as_administrator, proposal, inspector):
    text = as_administrator.get(address("proposal", proposal.pk)).text

    assert "She leads the scheme now" in text
    assert "Colleagues take over: 1 booking" in text
    rows = [row for row in ("Role", "Inspector", "Lead", inspector.email, "lea@example.com") if row not in text]
    assert rows == []
    assert "Maya" not in text


def test_one_press_agrees_and_a_second_one_is_told_so(as_administrator, proposal, inspector):
    page = address("proposal", proposal.pk)

    first, second = as_administrator.post(page), as_administrator.post(page)

    inspector.refresh_from_db()
    assert (first.status_code, second.status_code, inspector.role) == (302, 409, "lead")
    assert "Someone has already answered this" in second.text
    assert not Claim.objects.exists()


def test_page_asks_to_confirm_ten_minutes_after_signing_in(as_administrator, proposal, inspector):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11), tick=False):
        answers = [getattr(as_administrator, method)(address("proposal", proposal.pk)) for method in ("get", "post")]

    inspector.refresh_from_db()
    assert {answer["Location"].partition("?")[0] for answer in answers} == {"/staff/confirm/password/"}
    assert inspector.role == "inspector"


def test_own_proposal_has_no_button_to_agree_but_one_to_withdraw(client, proposal):
    client.force_login(proposal.asked_by)

    text = client.get(address("proposal", proposal.pk)).text
    client.post(address("refuse", proposal.pk))

    assert ("and I agree" in text, "Withdraw this" in text) == (False, True)
    assert Proposal.objects.get().answer == "withdrawn"


def test_list_and_today_show_what_waits_for_whom(client, as_administrator, proposal, administrator):
    def shown(page):
        return proposal.in_short in as_administrator.get(page).text

    assert (shown(address("list")), shown("/staff/today/administrator/")) == (True, True)
    as_administrator.force_login(proposal.asked_by)
    assert (shown(address("list")), shown("/staff/today/administrator/")) == (True, False)


def test_list_takes_no_more_queries_for_more_proposals(as_administrator, proposal):
    before = count_queries(as_administrator, address("list"))
    by = make_administrator()
    for _number in range(3):
        propose([Change(kind=K.ACCOUNT, subject=InspectorFactory(), after={"role": "lead"})], by=by, reason="Why")

    assert count_queries(as_administrator, address("list")) == before


def test_what_was_typed_stays_beside_what_is_wrong_with_it(as_administrator, officer, inspector):
    form = {"role": "inspector", "bcu": officer.bcu_id, "email": inspector.email, "reason": "She was promoted"}

    page = as_administrator.post(reverse("people:powers", args=[officer.pk]), form)

    assert page.status_code == 422
    assert "Another officer already signs in with this email address." in page.text
    assert "She was promoted" in page.text


def test_nothing_is_proposed_without_a_reason(as_administrator, officer, bcu):
    pages = {
        reverse("people:powers", args=[officer.pk]): {"role": "inspector", "bcu": bcu.pk, "email": officer.email},
        reverse("people:start_again", args=[officer.pk]): {},
        reverse("people:reopen", args=[OfficerFactory(is_active=False).pk]): {},
        reverse("teams:team", args=[bcu.pk]): {"inbox": "new@example.com", "duty_number": bcu.duty_number},
    }

    answers = [as_administrator.post(page, form) for page, form in pages.items()]

    assert {answer.status_code for answer in answers} == {422}
    assert {"Enter why this is needed" in answer.text for answer in answers} == {True}
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("name", ["people:powers", "people:reopen", "people:start_again", "teams:team"])
def test_unknown_rows_are_not_found(name, as_administrator):
    assert as_administrator.get(reverse(name, args=[999999])).status_code == 404


def test_administrators_pages_name_no_requester(as_administrator, officer, second_officer):
    scheduled_booking([officer, second_officer])
    change = Change(kind=K.ACCOUNT, subject=officer, after={"leads_walks": False})
    proposal = propose([change], by=make_administrator(), reason="She asked")

    text = as_administrator.get(address("proposal", proposal.pk)).text

    assert "Colleagues take over: 1 walk" in text
    assert not [word for word in ("Maya", "Peckham", "900123") if word in text]


def test_powers_of_someone_who_left_are_not_changed(as_administrator, officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False)

    page = as_administrator.get(reverse("people:powers", args=[officer.pk]))

    assert page.status_code == 302
