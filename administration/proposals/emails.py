"""Messages about proposals. They name staff and teams, never a requester, and nobody in a subject."""

import datetime
from collections.abc import Collection
from dataclasses import asdict

from django.conf import settings
from django.utils import timezone

from administration.models import LABELS, Answer, Proposal
from administration.proposals.applying import Notice
from boroughs.models.officers import Officer
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url

SIGNS_OUT = {LABELS["role"], LABELS["email"]}
"""Changes that end every session."""


def send_proposal(proposal: Proposal) -> None:
    """Tell every other administrator, because any of them may agree."""
    values: Context = {
        "who": proposal.asked_by.name,
        "what": proposal.in_short,
        "until": london.time_and_date(proposal.ends_at),
        "page": _page(proposal),
    }
    for other in _administrators_but(proposal.asked_by):
        _queue("account_change_proposed", proposal, other.email, values, expires_at=proposal.ends_at, to=other.pk)


def send_answer(proposal: Proposal) -> None:
    """Tell the administrator who proposed it what another one answered, and the others, who were asked as well."""
    assert proposal.answered_by is not None  # noqa: S101  # it has just been answered
    values: Context = {
        "who": proposal.answered_by.name,
        "asked_by": proposal.asked_by.name,
        "what": proposal.in_short,
        "is_agreed": proposal.answer == Answer.AGREED,
        "page": _page(proposal),
    }
    for other in _administrators_but(proposal.answered_by):
        is_own = other.pk == proposal.asked_by_id
        _queue("account_change_answered", proposal, other.email, {**values, "is_own": is_own}, to=other.pk)


def send_unanswered(proposal: Proposal) -> None:
    """Tell the administrator who proposed it that nobody answered in time."""
    values: Context = {"what": proposal.in_short, "page": _page(proposal)}
    _queue("account_change_unanswered", proposal, proposal.asked_by.email, values, to=proposal.asked_by_id)


def send_powers_changed(proposal: Proposal, notices: Collection[Notice]) -> list[str]:
    """Tell everyone of what concerns them, and the auditor of all of it. Return their addresses but the auditor's."""
    addresses = sorted({address for notice in notices for address in notice.addresses} - {settings.AUDITOR_EMAIL})
    for number, address in enumerate(addresses):
        _send_lines(proposal, address, [notice for notice in notices if address in notice.addresses], to=number)
    _send_lines(proposal, settings.AUDITOR_EMAIL, notices, to="auditor")
    return addresses


def _administrators_but(officer: Officer) -> list[Officer]:
    others = Officer.objects.filter(role=Officer.Role.ADMINISTRATOR, is_active=True)
    return list(others.exclude(pk=officer.pk).order_by("pk"))


def _page(proposal: Proposal) -> str:
    return public_url("proposals:proposal", str(proposal.pk))


def _send_lines(proposal: Proposal, address: str, notices: Collection[Notice], *, to: object) -> None:
    lines = [{"about": notice.about, **asdict(line)} for notice in notices for line in notice.lines]
    values: Context = {
        "at": london.time_and_date(proposal.answered_at or timezone.now()),
        "lines": lines,
        "proposed_by": proposal.asked_by.name,
        "agreed_by": proposal.answered_by.name if proposal.answered_by is not None else "",
        "was_signed_out": any(line["label"] in SIGNS_OUT for line in lines),
    }
    _queue("account_powers_changed", proposal, address, values, to=to)


def _queue(
    kind: str,
    proposal: Proposal,
    recipient: str,
    values: Context,
    *,
    to: object,
    expires_at: datetime.datetime | None = None,
) -> None:
    """Queue a message in a thread of its own, so that none waits for another."""
    key = f"proposal:{proposal.pk}:{kind}:{to}"
    content = render(kind, values)
    queue_message(
        dedupe_key=key, thread=key, recipient=recipient, sender=settings.FROM_EMAIL, expires_at=expires_at, **content
    )
