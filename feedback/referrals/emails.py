"""Messages to a partner, and to the owner of an improvement when a partner has answered.

What a partner gets names the place and the problem and never a person (docs/rules.md#partners).
"""

from django.conf import settings

from bookings.notices.threads import concern_owner_thread
from feedback.models.improvements import Improvement
from feedback.models.referrals import ASKING_KINDS, Referral, ReferralAnswer, ReferralLink
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url
from walkandtalk.lib.plain_text import one_line


def ask_partner(referral: Referral) -> None:
    """Ask the partner, or ask it again. Each message has a link of its own, and only the newest works."""
    earlier = ReferralLink.objects.filter(referral=referral).first()
    kind = ASKING_KINDS[earlier is not None]
    token = ReferralLink.objects.create_token(referral)
    team = referral.improvement.team
    context = {
        **_about(referral),
        "words": one_line(referral.words),
        "page": public_url("partner_answers:answer", token),
        "sent": london.long_date(earlier.sent_at) if earlier is not None else "",
        "answer_by": london.long_date(referral.answer_due_on),
        "team": team.team_name,
        "team_number": team.duty_number,
    }
    _write_to_partner(referral, kind, context, key=str(ReferralLink.objects.get(referral=referral).pk))


def confirm_answer(referral: Referral, said: ReferralAnswer) -> None:
    """Tell the partner's inbox what was answered by its link, because whoever has the link can answer."""
    team = referral.improvement.team
    context = {
        **_about(referral),
        "answer": said.get_answer_display(),
        "partner": referral.partner.name,
        "date": london.long_date(said.date) if said.date else "",
        "team": team.team_name,
        "team_number": team.duty_number,
    }
    _write_to_partner(referral, "partner_answer_saved", context, key=str(said.pk))


def partner_answered(referral: Referral, said: ReferralAnswer) -> None:
    """Tell the owner that there is an answer to read.

    Without one, the BCU reads it, or the nominated inspector alone if the improvement is kept from the BCU.
    """
    recipient = _reader(referral.improvement)
    if recipient is None:
        return
    page = public_url("improvements:improvement", referral.improvement_id)
    queue_message(
        dedupe_key=f"referral:{referral.pk}:officer_partner_answered:{said.pk}",
        thread=concern_owner_thread(referral.improvement.owner),
        recipient=recipient,
        sender=settings.FROM_EMAIL,
        **render("officer_partner_answered", {"reference": referral.reference, "page": page}),
    )


def _reader(improvement: Improvement) -> str | None:
    if (owner := improvement.current_owner) is not None:
        return owner.email
    nominated = improvement.nominated_inspector
    if nominated is None:
        return improvement.bcu.inbox
    return nominated.email if nominated.is_active else None


def plain_summary(referral: Referral) -> str:
    """Return what a partner's own system reads. Our reference is added when it is sent."""
    improvement = referral.improvement
    lines = [
        f"{improvement.kind_label}. {improvement.change}",
        improvement.where,
        f"Number on the lamp post: {improvement.lamp_number}" if improvement.lamp_number else "",
        improvement.light_for_partners,
        one_line(referral.words),
    ]
    return "\n".join(line for line in lines if line)


def _about(referral: Referral) -> Context:
    improvement = referral.improvement
    return {
        "reference": referral.reference,
        "change": improvement.change,
        "where": improvement.where,
        "borough": improvement.borough.name,
        "kind": improvement.kind_label,
        "light": improvement.light_for_partners,
        "lamp_number": improvement.lamp_number,
    }


def _write_to_partner(referral: Referral, kind: str, context: Context, *, key: str) -> None:
    queue_message(
        dedupe_key=f"referral:{referral.pk}:{kind}:{key}",
        thread=referral.thread,
        recipient=referral.partner.inbox,
        sender=settings.FROM_EMAIL,
        **render(kind, context),
    )
