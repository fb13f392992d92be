"""Two administrators: one proposes, another agrees, and everyone concerned is told."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.models import Answer, ProposedChange, Proposal
from administration.proposals.actions import Change, agree, propose, refuse
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import InspectorFactory, OfficerFactory
from tests.support.people import make_administrator
from tests.support.second_factors import add_passkey
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

Role = Officer.Role
K = ProposedChange.Kind
WHY = "She was promoted"


@pytest.fixture
def other(db):
    return make_administrator()


@pytest.fixture
def third(db):
    return make_administrator()


def ask(subject, by, kind=K.ACCOUNT, **after):
    return propose([Change(kind=kind, subject=subject, after=after)], by=by, reason=WHY)


def told(kind="powers_changed"):
    return {message.recipient for message in Message.objects.filter(kind=kind)}


# --- Who asks and who agrees ------------------------------------------------------------------------------------------


def new_account(role, bcu, **more):
    code = bcu.code if bcu is not None else None
    return {"email": "new@example.com", "name": "Nia New", "role": role, "bcu": code, "leads_walks": False, **more}


def every_change(bcu, officer, inspector, stranger, elsewhere):
    """Return each change of power: its kind, its subject and the new values."""
    yield from ((K.NEW_ACCOUNT, None, new_account(role, bcu)) for role in Role if role != Role.OFFICER)
    yield K.ACCOUNT, officer, {"role": "inspector"}
    yield K.ACCOUNT, officer, {"email": "other@example.com"}
    yield K.ACCOUNT, officer, {"leads_walks": False}
    yield K.ACCOUNT, inspector, {"bcu": elsewhere.bcu.code}
    yield K.TEAM, bcu, {"nominated_inspector": stranger.pk}
    yield K.TEAM, bcu, {"inbox": "friend@example.com"}
    yield K.TEAM, bcu, {"duty_number": "020 7946 0999"}
    yield K.TEAM, bcu, {"text_number": "07700 900999"}
    yield K.BOROUGH, elsewhere, {"bcu": bcu.code}
    yield K.SECOND_FACTOR, officer, {}


def test_table_of_changes(bcu, officer, inspector, stranger, camden, administrator, other, auditor, lead):
    closed = OfficerFactory(bcu=bcu, is_active=False)
    changes = [*every_change(bcu, officer, inspector, stranger, camden), (K.REOPENING, closed, {"is_active": True})]
    assert len(changes) == 16
    for kind, subject, after in changes:
        for who in (officer, inspector, lead, auditor):
            with pytest.raises(PermissionDenied):
                ask(subject, who, kind, **after)
        proposal = ask(subject, administrator, kind, **after)
        for who in (officer, inspector, lead, auditor):
            with pytest.raises(PermissionDenied):
                agree(proposal, by=who)
        with pytest.raises(ActionError, match="yourself"):
            agree(proposal, by=administrator)
        with transaction.atomic():
            agree(proposal, by=other)
            proposal.refresh_from_db()
            assert (proposal.answer, proposal.answered_by) == (Answer.AGREED, other)
            transaction.set_rollback(True)
        proposal.refresh_from_db()
        refuse(proposal, by=other)
