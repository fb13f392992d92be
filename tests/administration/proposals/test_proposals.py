"""Two administrators: one proposes, another agrees, and everyone concerned is told."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.account_closure.actions import close_account
from administration.bulk.actions import move_people
from administration.models import ANSWER_WITHIN, Answer, Proposal, ProposedChange
from administration.people.actions import change_details
from administration.proposals.actions import Change, agree, propose, refuse
from administration.proposals.jobs import expire_proposals
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    scheduled_booking,
)
from tests.support.lock_waits import press_while_locked
from tests.support.people import make_administrator
from tests.support.second_factors import add_passkey
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.locks import lock_officers

pytestmark = pytest.mark.django_db

Role = Officer.Role
K = ProposedChange.Kind


@pytest.fixture
def other():
    return make_administrator()


def ask(subject, by, kind=K.ACCOUNT, **after):
    return propose([Change(kind=kind, subject=subject, after=after)], by=by, reason="She was promoted")


def new_account(role, bcu, **more):
    code = bcu.code if bcu is not None else None
    return {"email": "new@example.com", "name": "Nia New", "role": role, "bcu": code, "leads_walks": False, **more}


def told(kind="account_powers_changed"):
    return {message.recipient for message in Message.objects.filter(kind=kind)}


def lines():
    return [(event.kind, event.officer, event.subject, event.change) for event in SecurityEvent.objects.order_by("pk")]


# --- Who asks and who agrees ------------------------------------------------------------------------------------------

CHANGES = {
    "a new inspector": lambda w: (K.NEW_ACCOUNT, None, new_account(Role.INSPECTOR, w["bcu"])),
    "a new lead": lambda w: (K.NEW_ACCOUNT, None, new_account(Role.LEAD, None)),
    "a new administrator": lambda w: (K.NEW_ACCOUNT, None, new_account(Role.ADMINISTRATOR, None)),
    "a new auditor": lambda w: (K.NEW_ACCOUNT, None, new_account(Role.AUDITOR, None)),
    "a new control room": lambda w: (K.NEW_ACCOUNT, None, new_account(Role.CONTROL_ROOM, None)),
    "role": lambda w: (K.ACCOUNT, w["officer"], {"role": "inspector"}),
    "work email": lambda w: (K.ACCOUNT, w["officer"], {"email": "other@example.com"}),
    "BCU of an inspector": lambda w: (K.ACCOUNT, w["inspector"], {"bcu": "CN"}),
    "leading walks": lambda w: (K.ACCOUNT, w["officer"], {"leads_walks": False}),
    "second factor": lambda w: (K.SECOND_FACTOR, w["officer"], {}),
    "reactivation": lambda w: (K.REOPENING, w["closed"], {"is_active": True}),
    "nominated inspector": lambda w: (K.TEAM, w["bcu"], {"nominated_inspector": w["stranger"].pk}),
    "inbox": lambda w: (K.TEAM, w["bcu"], {"inbox": "friend@example.com"}),
    "duty number": lambda w: (K.TEAM, w["bcu"], {"duty_number": "020 7946 0999"}),
    "text number": lambda w: (K.TEAM, w["bcu"], {"text_number": "07700 900999"}),
    "BCU of a borough": lambda w: (K.BOROUGH, w["southwark"], {"bcu": "CN"}),
}
# Who may propose and who may agree. Only an administrator does either, and nobody both, nor about their own account.
PEOPLE = """
                propose  agree
officer         no       no
inspector       no       no
lead            no       no
auditor         no       no
control_room    no       no
administrator   yes      no
other           -        yes
"""


def _table():
    rows = [line.split() for line in PEOPLE.strip().splitlines()[1:]]
    return {who: (may_propose, may_agree) for who, may_propose, may_agree in rows}


def is_done(act):
    """Return whether the act is allowed, and take back what it did."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except (PermissionDenied, ActionError):
        return "no"
    return "yes"


@pytest.mark.parametrize("name", CHANGES)
def test_who_proposes_and_who_agrees(name, request, bcu, southwark, camden, officer, inspector, stranger, other):
    people = {who: other if who == "other" else request.getfixturevalue(who) for who in _table()}
    closed = OfficerFactory(bcu=bcu, is_active=False)
    add_passkey(officer)
    kind, subject, after = CHANGES[name](
        {**people, "bcu": bcu, "southwark": southwark, "stranger": stranger, "closed": closed}
    )
    found = {who: is_done(lambda who=who: ask(subject, people[who], kind, **after)) for who in people}
    proposal = ask(subject, people["administrator"], kind, **after)

    result = {who: (found[who], is_done(lambda who=who: agree(proposal, by=people[who]))) for who in people}

    assert {**result, "other": ("-", result["other"][1])} == _table()


def test_nobody_agrees_to_a_change_of_their_own_account(administrator, other):
    proposal = ask(other, administrator, email="mine@example.com")

    with pytest.raises(ActionError, match="your own account"):
        agree(proposal, by=other)
    agree(proposal, by=make_administrator())

    other.refresh_from_db()
    assert other.email == "mine@example.com"


def test_proposal_of_someone_who_is_no_longer_an_administrator_is_not_agreed_to(administrator, other, officer):
    proposal = ask(officer, administrator, role="inspector")
    Officer.objects.filter(pk=administrator.pk).update(is_active=False)

    with pytest.raises(ActionError, match="no longer an administrator"):
        agree(proposal, by=other)


def test_database_refuses_to_let_anyone_agree_alone(administrator, officer):
    proposal = ask(officer, administrator, role="inspector")
    answer = {"answer": Answer.AGREED, "answered_by": administrator, "answered_at": timezone.now()}

    with pytest.raises(IntegrityError, match="nobody_agrees_to_their_own_proposal"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**answer)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"role": "inspector administrator"}, "value too long|everyone_has_exactly_one_role"),
        ({"role": "insp+admin"}, "everyone_has_exactly_one_role"),
        ({"role": Role.AUDITOR}, "only_officers_and_inspectors_lead_walks"),
    ],
)
def test_database_gives_everyone_one_role(change, constraint, officer):
    with pytest.raises(Exception, match=constraint), transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(**change)


# --- When ------------------------------------------------------------------------------------------------------------


def test_nothing_changes_before_another_agrees_or_after_a_refusal(administrator, other, officer):
    proposal = ask(officer, administrator, role="inspector", email="friend@example.com")
    refuse(proposal, by=other)

    with pytest.raises(TransitionNotAllowed):
        agree(proposal, by=other)
    officer.refresh_from_db()
    assert (officer.role, officer.email != "friend@example.com") == ("officer", True)
    assert told("account_change_answered") == {administrator.email}


def test_own_proposal_is_withdrawn_and_not_refused(administrator, officer):
    proposal = ask(officer, administrator, role="inspector")

    refuse(proposal, by=administrator)

    assert (proposal.answer, told("account_change_answered")) == (Answer.WITHDRAWN, set())


def test_seven_days_are_seven_days(administrator, other, officer):
    proposal = ask(officer, administrator, role="inspector")

    with time_machine.travel(proposal.asked_at + ANSWER_WITHIN, tick=False):
        with pytest.raises(TransitionNotAllowed):
            agree(proposal, by=other)
        assert not Proposal.objects.waiting_for(other, timezone.now()).exists()
        ask(officer, administrator, role="inspector")  # it no longer stands in the way


def test_what_has_changed_meanwhile_is_not_overwritten(administrator, other, officer):
    proposal = ask(officer, administrator, role="inspector")
    Officer.objects.filter(pk=officer.pk).update(role=Role.LEAD, leads_walks=False)

    with pytest.raises(ActionError, match="has changed since"):
        agree(proposal, by=other)


@pytest.mark.parametrize("lent", [{"name": "Grace Good"}, {"shoulder_number": "77AS"}, {"bcu": "CN"}])
def test_person_of_a_proposal_is_who_they_were_when_it_was_made(lent, administrator, other, officer, camden):
    """Otherwise someone could borrow a name, or be moved to a BCU that nobody agreed to."""
    proposal = ask(officer, administrator, role="inspector")
    if "bcu" in lent:
        move_people([officer], camden.bcu, by=administrator, reason="The teams were merged")
    else:
        change_details(officer, lent, by=administrator)

    with pytest.raises(ActionError, match="has changed since"):
        agree(proposal, by=other)


def test_nothing_of_a_closed_account_changes_but_that_it_opens(administrator, other, officer):
    proposal = ask(officer, administrator, role="inspector")
    close_account(officer, by=administrator)

    with pytest.raises(ActionError, match="has changed since"):
        agree(proposal, by=other)
    refuse(proposal, by=other)
    with pytest.raises(ActionError, match="This account is closed"):
        ask(officer, administrator, role="inspector")
    with pytest.raises(ActionError, match="This account is closed"):
        change_details(officer, {"name": "Grace Good"}, by=administrator)


def test_nobody_refuses_what_is_about_their_own_account(administrator, other):
    proposal = ask(other, administrator, role="lead")

    with pytest.raises(ActionError, match="your own account"):
        refuse(proposal, by=other)


def test_unanswered_proposal_ends_and_its_administrator_is_told_once(administrator, officer):
    proposal = ask(officer, administrator, role="inspector")
    expire_proposals(timezone.now())
    assert not told("account_change_unanswered")

    with time_machine.travel(proposal.asked_at + ANSWER_WITHIN, tick=False):
        expire_proposals(timezone.now())
        expire_proposals(timezone.now())

    proposal.refresh_from_db()
    assert proposal.answer == Answer.EXPIRED
    assert [message.recipient for message in Message.objects.filter(kind="account_change_unanswered")] == [
        administrator.email
    ]


def test_one_change_of_a_person_at_a_time(administrator, other, officer):
    ask(officer, administrator, role="inspector")

    with pytest.raises(ActionError, match="already proposed"):
        ask(officer, other, email="other@example.com")


def test_one_person_proposes_only_so_much_in_an_hour(administrator, other, officer, second_officer, settings):
    settings.PROPOSALS_PER_PERSON_AN_HOUR = 2
    with time_machine.travel(timezone.now().replace(minute=10), tick=False):
        for _time in range(2):
            refuse(ask(officer, administrator, leads_walks=False), by=administrator)
        with pytest.raises(ActionError, match=r"You’ve proposed 2 times in this hour\. You can propose more from"):
            ask(officer, administrator, leads_walks=False)
        ask(second_officer, other, leads_walks=False)
    with time_machine.travel(timezone.now().replace(minute=10) + datetime.timedelta(hours=1), tick=False):
        ask(officer, administrator, leads_walks=False)

    assert Proposal.objects.count() == 4


def test_what_changes_nothing_is_not_proposed(administrator, officer):
    with pytest.raises(ActionError, match="haven’t changed anything"):
        ask(officer, administrator, role="officer", leads_walks=True)


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ({"email": "taken@example.com"}, "already signs in with this email address"),
        ({"role": "lead"}, "Only officers and inspectors can lead walks"),
        ({"bcu": None}, "Select a BCU"),
    ],
)
def test_what_would_not_be_valid_is_not_proposed(after, sentence, administrator, officer):
    OfficerFactory(email="taken@example.com")

    with pytest.raises(ActionError, match=sentence):
        ask(officer, administrator, **after)


def test_all_changes_of_a_proposal_or_none(administrator, other, officer, second_officer):
    people = (officer, second_officer)
    changes = [Change(kind=K.ACCOUNT, subject=person, after={"leads_walks": False}) for person in people]
    proposal = propose(changes, by=administrator, reason="They asked")
    Officer.objects.filter(pk=second_officer.pk).update(leads_walks=False)

    with pytest.raises(ActionError):
        agree(proposal, by=other)

    officer.refresh_from_db()
    proposal.refresh_from_db()
    assert (officer.leads_walks, proposal.answer) == (True, "")


@pytest.mark.django_db(transaction=True)
def test_nobody_agrees_whose_account_is_being_closed(administrator, other, officer):
    proposal, third = ask(officer, administrator, role="inspector"), make_administrator()

    def attempt():
        with pytest.raises(PermissionDenied):
            agree(Proposal.objects.get(pk=proposal.pk), by=other)

    press_while_locked(attempt, lock=lambda: lock_officers([other]), act=lambda: close_account(other, by=third))

    officer.refresh_from_db()
    assert officer.role == Role.OFFICER


@pytest.mark.django_db(transaction=True)
def test_two_proposals_for_one_team_at_once_are_one(administrator, other, bcu):
    def attempt(by, inbox):
        try:
            return type(ask(bcu, by, K.TEAM, inbox=inbox))
        except ActionError as error:
            return type(error)

    outcomes = run_concurrently(
        lambda: attempt(administrator, "one@example.com"), lambda: attempt(other, "two@example.com")
    )

    assert set(outcomes) == {Proposal, ActionError}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_agree_at_once(administrator, other, officer):
    proposal = ask(officer, administrator, email="other@example.com")
    people = [other, make_administrator()]

    def attempt(by):
        try:
            return type(agree(Proposal.objects.get(pk=proposal.pk), by=by))
        except TransitionNotAllowed as error:
            return type(error)

    outcomes = run_concurrently(*(lambda by=by: attempt(by) for by in people))

    assert set(outcomes) == {list, TransitionNotAllowed}
    assert [line[0] for line in lines()].count(Kind.EMAIL_CHANGED) == 1


# --- What follows, and who is told -----------------------------------------------------------------------------------


def test_other_administrators_are_asked_and_not_who_proposed(administrator, other, officer):
    closed = make_administrator()
    Officer.objects.filter(pk=closed.pk).update(is_active=False)

    ask(officer, administrator, role="inspector")

    assert told("account_change_proposed") == {other.email}
    assert officer.name not in Message.objects.get(kind="account_change_proposed").subject


def test_inspector_is_replaced_as_nominated_inspector_and_hears_of_it(administrator, other, bcu, stranger):
    friend = InspectorFactory(bcu=stranger.bcu)
    bcu.nominated_inspector = stranger
    bcu.save()

    agree(ask(bcu, administrator, K.TEAM, nominated_inspector=friend.pk), by=other)

    bcu.refresh_from_db()
    assert bcu.nominated_inspector == friend
    assert told() == {stranger.email, friend.email, bcu.inbox, settings.AUDITOR_EMAIL}
    assert lines()[-2:] == [
        (Kind.NOMINATION_ENDED, other, stranger, bcu.code),
        (Kind.NOMINATED, other, friend, bcu.code),
    ]


def test_old_and_new_inbox_are_told(administrator, other, bcu):
    before = bcu.inbox

    agree(ask(bcu, administrator, K.TEAM, inbox="friend@example.com"), by=other)

    assert told() == {before, "friend@example.com", settings.AUDITOR_EMAIL}


def test_old_address_and_team_are_told_of_a_new_address(administrator, other, inspector, bcu):
    before, version = inspector.email, inspector.access_version

    agree(ask(inspector, administrator, email="friend@example.com"), by=other)

    inspector.refresh_from_db()
    assert told() == {"friend@example.com", bcu.inbox, settings.AUDITOR_EMAIL}
    assert told("account_address_changed") == {before}
    assert inspector.access_version > version
    assert lines()[-1] == (Kind.EMAIL_CHANGED, other, inspector, "")


def test_each_reads_only_what_concerns_them(administrator, other, officer, inspector):
    changes = [
        Change(kind=K.ACCOUNT, subject=officer, after={"email": "one@example.com"}),
        Change(kind=K.ACCOUNT, subject=inspector, after={"email": "two@example.com"}),
    ]
    agree(propose(changes, by=administrator, reason="New addresses"), by=other)

    texts = {message.recipient: message.text for message in Message.objects.filter(kind="account_powers_changed")}

    def named(reader):
        return [address for address in ("one@example.com", "two@example.com") if address in texts[reader]]

    assert (named("one@example.com"), named("two@example.com")) == (["one@example.com"], ["two@example.com"])
    assert named(settings.AUDITOR_EMAIL) == ["one@example.com", "two@example.com"]
    assert "She was promoted" not in texts["one@example.com"]


def test_new_account_exists_only_once_agreed_and_is_invited(administrator, other, bcu):
    proposal = ask(None, administrator, K.NEW_ACCOUNT, **new_account(Role.INSPECTOR, bcu, rank="inspector"))
    assert not Officer.objects.filter(email="new@example.com").exists()

    agree(proposal, by=other)

    made = Officer.objects.get(email="new@example.com")
    assert (made.role, made.bcu, made.has_usable_password()) == (Role.INSPECTOR, bcu, False)
    assert told("account_invited") == {"new@example.com"}
    assert told() == {bcu.inbox, settings.AUDITOR_EMAIL}
    assert (Kind.ACCOUNT_CREATED, other, made, "> inspector") in lines()


def test_starting_again_removes_password_and_factors_and_sends_an_invitation(administrator, other, officer):
    add_passkey(officer)

    agree(ask(officer, administrator, K.SECOND_FACTOR), by=other)

    officer.refresh_from_db()
    assert (officer.has_usable_password(), Authenticator.objects.exists()) == (False, False)
    assert told("account_invited") == {officer.email}
    assert told() == {officer.email, settings.AUDITOR_EMAIL}


def test_reopened_account_is_invited_and_the_team_is_told(administrator, other, bcu):
    closed = OfficerFactory(bcu=bcu)
    close_account(closed, by=administrator)

    agree(ask(closed, administrator, K.REOPENING, is_active=True), by=other)

    closed.refresh_from_db()
    assert (closed.is_active, told("account_invited")) == (True, {closed.email})
    assert told() == {closed.email, bcu.inbox, settings.AUDITOR_EMAIL}


def test_inspector_who_moves_leaves_claims_and_keeps_nothing_of_the_old_team(
    administrator, other, inspector, camden, southwark
):
    ClaimFactory(booking=BookingFactory(borough=southwark), officer=inspector)

    agree(ask(inspector, administrator, bcu="CN"), by=other)

    inspector.refresh_from_db()
    assert (inspector.bcu.code, Claim.objects.exists()) == ("CN", False)
    assert not Booking.objects.visible_to(inspector).exists()


def test_inspector_keeps_no_request_that_was_kept_from_the_team_she_moves_to(
    administrator, other, inspector, camden, southwark
):
    third = InspectorFactory(bcu__code="EA", bcu__name="East Area")
    kept = BookingFactory(borough=camden, nominated_inspector=inspector)
    camden.bcu.nominated_inspector = inspector
    camden.bcu.save()

    agree(ask(inspector, administrator, bcu="CN"), by=other)

    kept.refresh_from_db()
    camden.bcu.refresh_from_db()
    assert (kept.nominated_inspector, camden.bcu.nominated_inspector) == (third, None)
    assert camden.bcu.inbox in told()


def test_officer_who_no_longer_leads_walks_comes_off_those_to_come(administrator, other, officer, second_officer):
    walk = scheduled_booking([officer, second_officer]).walk

    agree(ask(officer, administrator, leads_walks=False), by=other)

    assert officer not in walk.live_officers()
    officer.refresh_from_db()
    assert officer.leads_walks_set_by == other


# --- The pages --------------------------------------------------------------------------------------------------------
